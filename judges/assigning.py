"""Who judges what: rows → ``judges.matching`` → a draft with its proof → rows, checked once more as they are written."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from judges.conflicts import Conflicts, conflict
from judges.declaring import withdraw
from judges.matching import (
    FAIR_SHARE,
    Plan,
    Problem,
    ProblemError,
    Rule,
    assign,
    at_least,
    at_most,
    dump_duals,
    pose,
    readiness,
    worst_served,
)
from judges.models import Assignment, AssignmentRun, Judge, Round, ScoreSheet
from prize import ledger, policy, post
from prize.governing import Refused
from prize.models import Person

FIELD, BASE = 0.8, 0.2  # what a pair is worth: its field is the judge's, or any pair at all
LOAD_COST = 0.05  # of each review above an even share: fields matter more than a perfectly even load
TIME_LIMIT = 20.0


def entries_of(round: Round) -> QuerySet[Application]:
    """What this round judges: those that its source stage let go on, or all that compete."""
    competing = Application.objects.submitted().filter(edition=round.stage.edition)
    found = Application.objects.advanced(round.source).filter(pk__in=competing) if round.source else competing
    return found.order_by("code")


def judges_of(round: Round) -> list[Judge]:
    return list(Judge.objects.filter(edition=round.stage.edition).active().select_related("person").order_by("code"))


# --- The problem -------------------------------------------------------------------------------------


def problem_of(round: Round, *, locks: list[tuple[str, str]] | None = None) -> Problem:
    """The round as a problem of pure matching. Entries and judges go by their public codes."""
    entries, judges = list(entries_of(round).prefetch_related("submissions")), judges_of(round)
    if not entries or not judges:
        raise Refused(_("There is nothing to assign yet: no entry advanced, or no judge has accepted and pledged."))
    conflicts = Conflicts(round, entries, judges)
    share = len(entries) * round.reviews_per_entry / len(judges)
    return pose(
        entries=[entry.code for entry in entries],
        judges=[judge.code for judge in judges],
        scores=scores(round, entries, judges),
        k=round.reviews_per_entry,
        max_load={judge.code: judge.most_entries or int(share) + 2 for judge in judges},
        min_load={judge.code: min(judge.most_entries or int(share), int(share * 0.9)) for judge in judges},
        forbidden=conflicts.all(),
        locks=locks or [],
        rules=panel_rules(judges),
        floor=FAIR_SHARE,
        load_cost=LOAD_COST,
        seed=f"{round.stage.edition.year}:{round.stage.slug}",
    )


def problem_or_refused(round: Round, *, locks: list[tuple[str, str]] | None = None) -> Problem:
    """What matching cannot even pose, such as a judge of no capacity, is told as it stands: place and remedy."""
    try:
        return problem_of(round, locks=locks)
    except ProblemError as error:
        raise Refused(str(error)) from error


def panel_rules(judges: list[Judge]) -> list[Rule]:
    """An entry's readers should be of different countries, and one of them senior, as far as these judges allow it."""
    countries = {judge.code: str(judge.person.country) or None for judge in judges}
    seniority = {judge.code: judge.seniority or None for judge in judges}
    known = [country for country in countries.values() if country]
    rules = [at_most("country", countries, 1, force="should")] if len(set(known)) < len(known) else []
    return rules + ([at_least("seniority", seniority, {"senior": 1})] if "senior" in seniority.values() else [])


def scores(round: Round, entries: list[Application], judges: list[Judge]) -> dict[tuple[str, str], float]:
    """How well a judge's fields fit an entry's own, between nought and one."""
    domains = {entry.code: domain_of(entry, round.domain_question) for entry in entries}
    return {
        (entry.code, judge.code): BASE + FIELD * (domains[entry.code] in judge.fields)
        for entry in entries
        for judge in judges
    }


def domain_of(entry: Application, question: str) -> str:
    """The entry's field, as it was sealed."""
    sections = entry.sealed.snapshot.get("sections", ()) if entry.sealed else ()
    answers = (answer for part in sections for answer in part["answers"])
    return next((str(answer["value"]) for answer in answers if answer["key"] == question), "")


# --- Draft and release -------------------------------------------------------------------------------


@transaction.atomic
def draft(round: Round, *, by: Person, at: datetime) -> AssignmentRun:
    """Work out a plan and keep it with its proof. Nobody is assigned before it is released."""
    require_office(round, by)
    if Assignment.objects.standing().filter(round=round).exists():
        raise Refused(_("Entries are assigned already. Draft a repair: it fills the holes and moves nothing."))
    return keep(round, problem_or_refused(round), kind="draft", by=by, at=at)


@transaction.atomic
def draft_repair(round: Round, *, by: Person, at: datetime) -> AssignmentRun:
    """A plan that keeps every standing assignment and only fills what recusals and departures left open."""
    require_office(round, by)
    withdraw_lost(round, at)
    standing = Assignment.objects.standing().filter(round=round, application__in=entries_of(round))
    locks = list(standing.values_list("application__code", "judge__code"))
    if not locks:
        raise Refused(_("Nothing is assigned yet, so there is nothing to repair."))
    return keep(round, problem_or_refused(round, locks=locks), kind="repair", by=by, at=at)


def withdraw_lost(round: Round, at: datetime) -> None:
    """Assignments that have come to be forbidden, such as by a recusal that the office recorded."""
    standing = list(Assignment.objects.standing().filter(round=round).select_related("application", "judge__person"))
    conflicts = Conflicts(round, {row.application_id: row.application for row in standing}.values(), ())
    for row in standing:
        reason = conflicts.between(row.application, row.judge)
        if reason:
            withdraw(row, at=at, reason=f"conflict: {reason}")


def keep(round: Round, problem: Problem, *, kind: str, by: Person, at: datetime) -> AssignmentRun:
    plan = assign(problem, time_limit=TIME_LIMIT)
    run = AssignmentRun.objects.create(
        round=round,
        inputs_digest=problem.digest,
        options={"kind": kind, "reviews_per_entry": round.reviews_per_entry, "seed": plan.seed},
        plan=as_data(problem, plan),
        made_by=by,
        made_at=at,
    )
    facts = {"kind": kind, "inputs": problem.digest, "plan": plan.digest, "filled": plan.filled, "wanted": plan.wanted}
    ledger.record(round.stage.edition, "assignment.drafted", subject=run.code, facts=facts, by=by, at=at)
    return run


def as_data(problem: Problem, plan: Plan) -> dict[str, Any]:
    """What is stored of a plan: enough to show it, and to compute its bound again."""
    found = plan.connectivity
    return {
        "pairs": [list(pair) for pair in plan.pairs],
        "loads": dict(plan.loads),
        "filled": plan.filled,
        "wanted": plan.wanted,
        "short": dict(plan.short),
        "quality": plan.quality,
        "bound": plan.bound,
        "gap": plan.gap,
        "share_of_best": plan.share_of_best,
        "status": str(plan.status),
        "reasons": [str(reason) for reason in plan.reasons],
        "causes": [reason._asdict() for reason in plan.reasons],
        "worst_served": [
            {"entry": one.entry, "share": one.share, "eligible": one.eligible}
            for one in worst_served(problem, plan.pairs)
        ],
        "uncovered": [
            {"judge": one.judge, "reviews": one.reviews, "missing": one.missing}
            for one in readiness(problem, plan.pairs)
            if not one.covered
        ],
        "unmet": [unmet._asdict() for unmet in plan.unmet],
        "connectivity": {
            "comparable": bool(found.comparable),
            "groups": [list(group) for group in found.groups],
            "precision": found.precision,
            "fewest_co_judges": found.fewest_co_judges,
        },
        "lines": [{"code": line.code, "unmet": line.unmet, "least": line.least} for line in plan.lines],
        "duals": dump_duals(problem, plan.duals),
        "proofs": {line: dump_duals(problem, duals) for line, duals in plan.proofs.items()},
        "digest": plan.digest,
        "solver": plan.solver,
    }


@transaction.atomic
def release(run: AssignmentRun, *, by: Person, at: datetime) -> list[Assignment]:
    """Assign what the plan says, with an empty sheet for each pair and one letter for each judge. Once."""
    round = run.round
    require_office(round, by)
    if not AssignmentRun.objects.filter(pk=run.pk, released_at=None).update(released_at=at, released_by=by):
        return []
    run.released_at, run.released_by = at, by
    standing = set(Assignment.objects.standing().filter(round=round).values_list("application__code", "judge__code"))
    if run.options["kind"] == "draft" and standing:
        raise Refused(_("Entries have been assigned since this plan was made. Draft a repair instead."))
    pairs = [(entry, judge) for entry, judge in run.plan["pairs"] if (entry, judge) not in standing]
    rows = write(round, pairs, run=run, by=by, at=at)
    for judge_id, count in sorted(Counter(row.judge_id for row in rows).items()):
        announce(run, judge_id, count, at)
    facts = {"assigned": len(rows), "plan": run.plan["digest"]}
    ledger.record(round.stage.edition, "assignment.released", subject=run.code, facts=facts, by=by, at=at)
    return rows


def write(
    round: Round, pairs: list[tuple[str, str]], *, run: AssignmentRun | None, by: Person, at: datetime
) -> list[Assignment]:
    """Write assignments and their sheets. Conflicts are looked up again here, whatever the plan believed."""
    entries = {entry.code: entry for entry in entries_of(round)}
    judges = {judge.code: judge for judge in judges_of(round)}
    gone = [pair for pair in pairs if pair[0] not in entries or pair[1] not in judges]
    conflicts = Conflicts(round, entries.values(), judges.values())
    barred = [p for p in pairs if p not in gone and conflicts.between(entries[p[0]], judges[p[1]])]
    if gone or barred:
        named = ", ".join(f"{entry} – {judges.get(judge, judge)}" for entry, judge in (gone + barred)[:5])
        raise Refused(
            _("%(count)s pairs are no longer possible (%(pairs)s). Draft the plan again.")
            % {"count": len(gone) + len(barred), "pairs": named}
        )
    rows = Assignment.objects.bulk_create(
        Assignment(
            round=round, application=entries[entry], judge=judges[judge], run=run, assigned_at=at, assigned_by=by
        )
        for entry, judge in pairs
    )
    ScoreSheet.objects.bulk_create(ScoreSheet(assignment=row, started_at=at, saved_at=at) for row in rows)
    return rows


def announce(run: AssignmentRun, judge_id: int, count: int, at: datetime) -> None:
    judge = Judge.objects.select_related("person").get(pk=judge_id)
    post.queue(
        "judges.assigned",
        key=f"judges:assigned:{run.code}:{judge.code}",
        to=judge.person,
        at=at,
        edition=run.round.stage.edition,
        about={"run": run.code, "judge": judge.code, "count": count},
    )


@transaction.atomic
def assign_by_hand(round: Round, application: Application, judge: Judge, *, by: Person, at: datetime) -> Assignment:
    """One pair, by the secretariat's own decision. Conflicts bar it as they bar the plan's."""
    require_office(round, by)
    if Assignment.objects.standing().filter(round=round, application=application, judge=judge).exists():
        raise Refused(_("%(judge)s judges this entry already.") % {"judge": judge})
    reason = conflict(round, application, judge)
    if reason:
        raise Refused(
            _("%(judge)s must not judge %(entry)s: %(reason)s.")
            % {"judge": judge, "entry": application.code, "reason": in_words(reason)}
        )
    row = write(round, [(application.code, judge.code)], run=None, by=by, at=at)[0]
    facts = {"entry": application.code, "judge": judge.code}
    ledger.record(round.stage.edition, "assignment.made", subject=application.code, facts=facts, by=by, at=at)
    return row


def in_words(reason: str) -> str:
    return {
        "own": _("it is the judge's own entry"),
        "employer": _("it is of the judge's own organisation"),
        "country": _("it is of the judge's own country"),
        "recused": _("the judge stands aside from it"),
        "panel": _("the judge is not on this category's panel"),
        "language": _("the judge does not read its language"),
    }[reason]


def require_office(round: Round, by: Person) -> None:
    if not policy.is_secretariat(by, round.stage.edition):
        raise Refused(_("Only the secretariat may assign entries."))

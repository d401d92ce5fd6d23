"""Who judges what: rows → ``judges.matching`` → a draft with its proof → rows, checked once more as they are written."""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from judges import posing, repairing
from judges.conflicts import Conflicts, conflict
from judges.explaining import WHY, failure_in_words
from judges.matching import (
    Plan,
    Problem,
    ProblemError,
    assign,
    by_lot,
    dump_duals,
    lock_costs,
    missing_ties,
    readiness,
    repair,
    worst_served,
)
from judges.models import Assignment, AssignmentRun, Judge, Round, ScoreSheet
from judges.posing import (
    Pair,
    crosses,
    entries_of,
    judges_of,
    pairs_in,
    posed,
    problem_of,
    question_of,
    wishes_of,
)
from judges.wishes import AssignmentPart, tighter
from prize import canonical, ledger, policy, post
from prize.governing import Refused
from prize.models import Person
from prize.waking import wake

log = logging.getLogger(__name__)
TIME_LIMIT = 60.0  # seconds, of the best plan: enough for thousands of entries with four rules
MORE_TIME = 10.0  # seconds, of each step after it, should the time be used up
PATIENCE = timedelta(minutes=2)  # no worker that lives needs longer
GIVE_UP = timedelta(hours=1)  # then whoever waits is told, instead of waiting for ever
MOST_TIES = 3  # how often groups that fell apart are tied, before the plan says that they are apart


class OutOfTime(Exception):
    """Not even a draft could be made in the time there is."""


# --- Asking for a plan -------------------------------------------------------------------------------


@transaction.atomic
def ask_for_draft(
    round: Round,
    *,
    by: Person,
    at: datetime,
    anchors: Sequence[str] = (),
    locks: Iterable[Pair] = (),
    wishes: AssignmentPart | None = None,
) -> AssignmentRun:
    """Ask for a plan of the round: a row in the caller's transaction, taken by a worker when that commits.

    ``anchors``: the entries that everybody reads, if they are named and not drawn by lot. ``locks``: pairs that the office
    insists on. ``wishes``: where it asks for something else than the round's rules, which the plan then says.
    """
    require_office(round, by)
    if Assignment.objects.standing().filter(round=round).exists():
        raise Refused(
            _("Entries are assigned already. Draft a repair: it fills the holes and moves as little as it can.")
        )
    asked = wishes or wishes_of(round)
    question = question_of(round, asked, anchors=anchors or None, locks=locks)
    return asked_for(round, asked, question, kind="draft", by=by, at=at)


def ask_again(run: AssignmentRun, tie: Literal["bridges", "anchors"], *, by: Person, at: datetime) -> AssignmentRun:
    """Ask for the same plan again, but with the judges tied closer together, so that their scores can be compared."""
    wishes = tighter(AssignmentPart.model_validate(run.options["wishes"]), tie)
    named = run.question["anchors"] if tie == "bridges" else ()
    locks = pairs_in(run.question.get("locks", ()))
    return ask_for_draft(run.round, by=by, at=at, anchors=named, locks=locks, wishes=wishes)


@transaction.atomic
def ask_for_repair(round: Round, *, by: Person, at: datetime) -> AssignmentRun:
    """Ask for a plan that fills what recusals and departures left open with the fewest moves, and moves nothing begun."""
    require_office(round, by)
    last = AssignmentRun.objects.filter(round=round, released_at__isnull=False).order_by("released_at", "pk").last()
    ties = {part: last.question.get(part) if last else None for part in ("anchors", "bridges")}
    ties["anchors"] = ties["anchors"] or []
    past = repairing.before(round, ties)
    if not past.standing:
        raise Refused(_("Nothing is assigned yet, so there is nothing to repair."))
    asked = (
        AssignmentPart.model_validate(last.options["wishes"]) if last and "wishes" in last.options else wishes_of(round)
    )
    locks = {*past.staying}.intersection(pairs_in(last.question.get("locks", ()) if last else ()))
    question = question_of(
        round, asked, anchors=ties["anchors"], locks=locks, gone=past.gone, spared=past.spared, staying=past.staying
    )
    return asked_for(round, asked, question | {"repair": past.as_data()}, kind="repair", by=by, at=at)


def asked_for(
    round: Round, asked: AssignmentPart, question: dict[str, Any], *, kind: str, by: Person, at: datetime
) -> AssignmentRun:
    try:
        problem_of(question)
    except ProblemError as error:  # what cannot even be posed is told at once: place and remedy
        raise Refused(failure_in_words(failure_of(error), names_of(round))) from error
    run = AssignmentRun.objects.create(
        round=round,
        options={
            "kind": kind,
            "reviews_per_entry": round.reviews_per_entry,
            "seed": question["seed"],
            "anchors": question["anchors"],
            "wishes": asked.model_dump(),
            "beyond_rules": asked != wishes_of(round) or bool(question["locks"]),
        },
        question=question,
        made_by=by,
        made_at=at,
    )
    wake("judges.tasks.work_out_plan", run.pk)
    return run


# --- Working it out -----------------------------------------------------------------------------------


def work_out(run: AssignmentRun, *, at: datetime) -> AssignmentRun:
    """Solve what was asked and keep the plan with its proof. Two workers come to the same, and the first one's stands."""
    if not AssignmentRun.objects.waiting().filter(pk=run.pk).exists():
        run.refresh_from_db()
        return run
    question = deepcopy(run.question)
    try:
        data = repaired(question) if question.get("repair") else drafted(question, run.options["wishes"]["lots"])
    except Exception as error:
        log.exception("plan %s could not be worked out", run.code)
        AssignmentRun.objects.waiting().filter(pk=run.pk).update(failure=failure_of(error))
    else:
        store(run, question, data, at=at)
    run.refresh_from_db()
    return run


def failure_of(error: Exception) -> dict[str, Any]:
    """What is kept of it: whoever reads it gets the words in the own language."""
    if isinstance(error, ProblemError):
        return {"code": error.code, "figures": {k: str(v) for k, v in error.figures.items()}, "said": str(error)}
    if isinstance(error, OutOfTime):
        return {"code": "out_of_time", "figures": {}}
    return {"code": "stopped", "figures": {"error": str(error)}}


def names_of(round: Round) -> dict[str, str]:
    """The judges of its edition by their codes."""
    rows = Judge.objects.filter(edition=round.stage.edition).select_related("person")
    return {judge.code: str(judge) for judge in rows}


@transaction.atomic
def store(run: AssignmentRun, question: dict[str, Any], data: dict[str, Any], *, at: datetime) -> None:
    values = {"question": question, "plan": data, "inputs_digest": data["inputs"]}
    if not AssignmentRun.objects.waiting().filter(pk=run.pk).update(**values):
        return
    facts = {"kind": run.options["kind"], "inputs": data["inputs"], "plan": data["digest"]}
    facts |= {"filled": data["filled"], "wanted": data["wanted"], "moved": len(data.get("moved", ()))}
    facts |= {"insisted": len(question["locks"])} if question.get("locks") else {}
    edition = run.round.stage.edition
    ledger.record(edition, "assignment.drafted", subject=run.code, facts=facts, by=run.made_by, at=at)


def sweep(*, at: datetime) -> int:
    """Work out what has waited for a while: what a lost broker or a dead worker left behind. At last it is given up."""
    waiting = AssignmentRun.objects.waiting().filter(made_at__lte=at - PATIENCE)
    waiting.filter(made_at__lte=at - GIVE_UP).update(failure={"code": "gave_up", "figures": {}})
    return len([work_out(run, at=at) for run in waiting.order_by("pk")])


def draft(
    round: Round,
    *,
    by: Person,
    at: datetime,
    anchors: Sequence[str] = (),
    locks: Iterable[Pair] = (),
    wishes: AssignmentPart | None = None,
) -> AssignmentRun:
    """Ask for a plan and work it out at once, where nobody waits at a page. Nobody is assigned before it is released."""
    return work_out(ask_for_draft(round, by=by, at=at, anchors=anchors, locks=locks, wishes=wishes), at=at)


def draft_repair(round: Round, *, by: Person, at: datetime) -> AssignmentRun:
    return work_out(ask_for_repair(round, by=by, at=at), at=at)


def drafted(question: dict[str, Any], lots: Mapping[str, Any] | None) -> dict[str, Any]:
    """The plan, by lot or the best, and what each lock costs beside the best one without it."""
    if lots:
        problem = problem_of(question)
        data = by_draw(problem, lots["cap"])
    else:
        problem, plan = solved(question)
        data = as_data(problem, plan)
    if question.get("locks"):
        data["lock_costs"] = [one._asdict() for one in lock_costs(problem, time_limit=MORE_TIME)]
    return data


def solved(question: dict[str, Any]) -> tuple[Problem, Plan]:
    """The best plan. Where bridges are wished for and still leave judges apart, an entry for each group is asked to tie it."""
    until = time.monotonic() + TIME_LIMIT
    problem = problem_of(question)
    plan = assign(problem, time_limit=TIME_LIMIT)
    for _time in range(MOST_TIES):
        ties = missing_ties(problem, plan) if question["bridges"] else ()
        if not ties:
            break
        question["rules"] += [posing.as_data(rule) for rule in ties]
        problem = problem_of(question)
        plan = assign(problem, time_limit=max(until - time.monotonic(), MORE_TIME))
    return problem, plan


def repaired(question: dict[str, Any]) -> dict[str, Any]:
    """The plan with the fewest moves, and what it changes."""
    past = question["repair"]
    pairs, scored = pairs_in(past["pairs"]), pairs_in(past["scored"])
    done = repair(posed(question), pairs, lost=past["lost"], scored=scored, time_limit=TIME_LIMIT)
    data = as_data(done.problem, done.plan, scored) | repairing.changes(done, past)
    data["loads"] = {judge: load for judge, load in data["loads"].items() if judge not in past["lost"]}
    return data


def by_draw(problem: Problem, cap: float) -> dict[str, Any]:
    """A plan drawn by lot, with all chances: with the seed, anyone can draw it again."""
    lottery = by_lot(problem, cap=cap, time_limit=TIME_LIMIT)
    plan, chances = lottery.plan, lottery.chances
    if not chances.finished:
        raise OutOfTime
    lots = {
        "cap": cap,
        "expected": chances.expected,
        "bound": chances.bound,
        "duals": dump_duals(problem, chances.duals),
        "chances": [[entry, judge, chance] for (entry, judge), chance in chances.chance.items()],
    }
    return as_data(problem, plan) | {"lots": lots, "share_of_best": lottery.share_of_best}


def as_data(problem: Problem, plan: Plan, scored: Sequence[Pair] = ()) -> dict[str, Any]:
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
            {"entry": one.entry, "share": one.share}
            | {"eligible": one.eligible, "judges": one.judges, "barred": one.barred}
            for one in worst_served(problem, plan.pairs)
        ],
        "uncovered": [
            {"judge": one.judge, "reviews": one.reviews, "missing": one.missing}
            for one in readiness(problem, plan.pairs, scored=scored)
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
        "inputs": problem.digest,
        "digest": canonical.digest([list(pair) for pair in plan.pairs]),  # of who reads what: the ledger holds it
        "solver": plan.solver,
    }


@transaction.atomic
def release(run: AssignmentRun, *, by: Person, at: datetime) -> list[Assignment]:
    """Assign what the plan says, with an empty sheet for each pair and one letter for each judge. Once.

    A repair also withdraws what it moves; should any of that have been begun since, nothing at all is changed.
    """
    round = run.round
    require_office(round, by)
    if not run.is_worked_out:
        raise Refused(_("This plan is not worked out yet, so there is nothing to release."))
    if not AssignmentRun.objects.filter(pk=run.pk, released_at=None).update(released_at=at, released_by=by):
        return []
    run.released_at, run.released_by = at, by
    is_repair = run.options["kind"] == "repair"
    taken = repairing.take_away(run, at=at) if is_repair else []
    standing = set(Assignment.objects.standing().filter(round=round).values_list("application__code", "judge__code"))
    if not is_repair and standing:
        raise Refused(_("Entries have been assigned since this plan was made. Draft a repair instead."))
    pairs = [(entry, judge) for entry, judge in run.plan["pairs"] if (entry, judge) not in standing]
    rows = write(round, pairs, run=run, by=by, at=at)
    tell(run, rows, taken, at=at)
    facts = {"assigned": len(rows), "withdrawn": len(taken), "plan": run.plan["digest"]}
    ledger.record(round.stage.edition, "assignment.released", subject=run.code, facts=facts, by=by, at=at)
    return rows


def write(round: Round, pairs: list[Pair], *, run: AssignmentRun | None, by: Person, at: datetime) -> list[Assignment]:
    """Write assignments and their sheets. Conflicts are looked up again here, whatever the plan believed."""
    entries = {entry.code: entry for entry in entries_of(round)}
    judges = {judge.code: judge for judge in judges_of(round)}
    gone = [pair for pair in pairs if pair[0] not in entries or pair[1] not in judges]
    conflicts = Conflicts(round, entries.values(), judges.values())

    def bars(pair: Pair) -> str:
        crossing = run is not None and bool(run.question) and crosses(run.question, *pair)
        return conflicts.between(entries[pair[0]], judges[pair[1]], crossing=crossing)

    barred = [pair for pair in pairs if pair not in gone and bars(pair)]
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


def tell(run: AssignmentRun, rows: list[Assignment], taken: list[Assignment], *, at: datetime) -> None:
    """One letter for each judge whose list grew, shrank, or did both."""
    given = Counter(row.judge_id for row in rows)
    lost: dict[int, list[str]] = {}
    for row in taken:
        lost.setdefault(row.judge_id, []).append(row.application.code)
    for judge in Judge.objects.select_related("person").filter(pk__in={*given, *lost}).order_by("pk"):
        kind = "changed" if judge.pk in lost else "assigned"
        about = {"run": run.code, "judge": judge.code, "count": given[judge.pk]}
        post.queue(
            f"judges.{kind}",
            key=f"judges:{kind}:{run.code}:{judge.code}",
            to=judge.person,
            at=at,
            edition=run.round.stage.edition,
            about=about | ({"taken": lost[judge.pk]} if judge.pk in lost else {}),
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
            % {"judge": judge, "entry": application.code, "reason": WHY[reason]}
        )
    row = write(round, [(application.code, judge.code)], run=None, by=by, at=at)[0]
    facts = {"entry": application.code, "judge": judge.code}
    ledger.record(round.stage.edition, "assignment.made", subject=application.code, facts=facts, by=by, at=at)
    return row


def require_office(round: Round, by: Person) -> None:
    if not policy.is_secretariat(by, round.stage.edition):
        raise Refused(_("Only the secretariat may assign entries."))

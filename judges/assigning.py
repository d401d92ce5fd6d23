"""Who judges what: rows → ``judges.matching`` → a draft with its proof → rows, checked once more as they are written."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from judges import posing, repairing
from judges.conflicts import Conflicts, conflict
from judges.explaining import WHY
from judges.matching import (
    Plan,
    Problem,
    ProblemError,
    assign,
    by_lot,
    dump_duals,
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
    posed,
    problem_of,
    question_of,
    wishes_of,
)
from judges.wishes import AssignmentPart, tighter
from prize import ledger, policy, post
from prize.governing import Refused
from prize.models import Person

TIME_LIMIT = 20.0
MOST_TIES = 3  # how often groups that fell apart are tied, before the plan says that they are apart


@transaction.atomic
def draft(
    round: Round, *, by: Person, at: datetime, anchors: Sequence[str] = (), wishes: AssignmentPart | None = None
) -> AssignmentRun:
    """Work out a plan and keep it with its proof. Nobody is assigned before it is released.

    ``anchors``: the entries that everybody reads, if they are named and not drawn by lot. ``wishes``: where the office
    asks for something else than the round's rules, which the plan then says.
    """
    require_office(round, by)
    if Assignment.objects.standing().filter(round=round).exists():
        raise Refused(
            _("Entries are assigned already. Draft a repair: it fills the holes and moves as little as it can.")
        )
    asked = wishes or wishes_of(round)
    question = question_of(round, asked, anchors=anchors or None)
    if asked.lots:
        data = by_draw(told(lambda: problem_of(question)), asked.lots.cap)
    else:
        data = as_data(*solved(question))
    return keep(round, asked, question, data, kind="draft", by=by, at=at)


def redraft(run: AssignmentRun, tie: Literal["bridges", "anchors"], *, by: Person, at: datetime) -> AssignmentRun:
    """The same plan again, but with the judges tied closer together, so that their scores can be compared."""
    wishes = tighter(AssignmentPart.model_validate(run.options["wishes"]), tie)
    named = run.question["anchors"] if tie == "bridges" else ()
    return draft(run.round, by=by, at=at, anchors=named, wishes=wishes)


@transaction.atomic
def draft_repair(round: Round, *, by: Person, at: datetime) -> AssignmentRun:
    """A plan that fills what recusals and departures left open with the fewest moves, and moves nothing that is begun."""
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
    question = question_of(
        round, asked, anchors=ties["anchors"], gone=past.gone, spared=past.spared, staying=past.staying
    )
    lost, scored = [judge.code for judge in past.gone], [*past.begun, *past.spared]
    question["repair"] = {"pairs": past.pairs, "lost": lost, "scored": scored}
    done = told(lambda: repair(posed(question), past.pairs, lost=lost, scored=scored, time_limit=TIME_LIMIT))
    data = as_data(done.problem, done.plan, scored) | repairing.changes(done, past)
    data["loads"] = {judge: load for judge, load in data["loads"].items() if judge not in lost}
    return keep(round, asked, question, data, kind="repair", by=by, at=at)


def solved(question: dict[str, Any]) -> tuple[Problem, Plan]:
    """The best plan. Where bridges are wished for and still leave judges apart, an entry for each group is asked to tie it."""
    problem = told(lambda: problem_of(question))
    plan = assign(problem, time_limit=TIME_LIMIT)
    for _time in range(MOST_TIES):
        ties = missing_ties(problem, plan) if question["bridges"] else ()
        if not ties:
            break
        question["rules"] += [posing.as_data(rule) for rule in ties]
        problem = problem_of(question)
        plan = assign(problem, time_limit=TIME_LIMIT)
    return problem, plan


T = TypeVar("T")


def told(work: Callable[[], T]) -> T:
    """What matching cannot even pose, such as a judge of no capacity, is told as it stands: place and remedy."""
    try:
        return work()
    except ProblemError as error:
        raise Refused(str(error)) from error


def by_draw(problem: Problem, cap: float) -> dict[str, Any]:
    """A plan drawn by lot, with all chances: with the seed, anyone can draw it again."""
    lottery = by_lot(problem, cap=cap, time_limit=TIME_LIMIT)
    plan, chances = lottery.plan, lottery.chances
    if not chances.finished:
        raise Refused(_("Time was up before the lots could be drawn. Try again when the server is less busy."))
    lots = {
        "cap": cap,
        "expected": chances.expected,
        "bound": chances.bound,
        "duals": dump_duals(problem, chances.duals),
        "chances": [[entry, judge, chance] for (entry, judge), chance in chances.chance.items()],
    }
    return as_data(problem, plan) | {"lots": lots, "share_of_best": lottery.share_of_best}


def keep(
    round: Round,
    asked: AssignmentPart,
    question: dict[str, Any],
    data: dict[str, Any],
    *,
    kind: str,
    by: Person,
    at: datetime,
) -> AssignmentRun:
    run = AssignmentRun.objects.create(
        round=round,
        inputs_digest=data["inputs"],
        options={
            "kind": kind,
            "reviews_per_entry": round.reviews_per_entry,
            "seed": question["seed"],
            "anchors": question["anchors"],
            "wishes": asked.model_dump(),
            "beyond_rules": asked != wishes_of(round),
        },
        question=question,
        plan=data,
        made_by=by,
        made_at=at,
    )
    facts = {"kind": kind, "inputs": run.inputs_digest, "plan": data["digest"]}
    facts |= {"filled": data["filled"], "wanted": data["wanted"], "moved": len(data.get("moved", ()))}
    ledger.record(round.stage.edition, "assignment.drafted", subject=run.code, facts=facts, by=by, at=at)
    return run


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
            {"entry": one.entry, "share": one.share, "eligible": one.eligible}
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
        "digest": plan.digest,
        "solver": plan.solver,
    }


@transaction.atomic
def release(run: AssignmentRun, *, by: Person, at: datetime) -> list[Assignment]:
    """Assign what the plan says, with an empty sheet for each pair and one letter for each judge. Once.

    A repair also withdraws what it moves; should any of that have been begun since, nothing at all is changed.
    """
    round = run.round
    require_office(round, by)
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

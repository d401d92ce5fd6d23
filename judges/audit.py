"""Invariants of judging, checked on live data."""

from collections.abc import Iterator
from math import isclose
from typing import Any

from django.db.models import F

from judges import computing, marking, posing
from judges.criteria import total
from judges.matching import Problem, ProblemError, count, least_unmet, load_duals, recompute_bound
from judges.matching.reading import pairs_of
from judges.models import Assignment, AssignmentRun, ScoreSheet, Tally
from prize.audit import invariant
from prize.scoring import ScoringError


@invariant("every standing tally is what the counting sheets come to")
def tallies() -> Iterator[str]:
    found = Tally.objects.standing().select_related("round__stage__edition", "category")
    for tally in found:
        try:
            again = computing.compute(tally.round, tally.category, entries=tally.working["entries"])
        except ScoringError as error:
            yield f"{tally.code}: {error}"
            continue
        if again.inputs_digest != tally.inputs_digest:
            yield f"{tally.code}: its sheets or rules are no longer those it was computed from"
        elif again.digest != tally.digest:
            yield f"{tally.code}: computed again, it comes to something else"


@invariant("every plan's bound is what its stored prices come to, without a solver")
def plans() -> Iterator[str]:
    for run in AssignmentRun.objects.exclude(question={}).exclude(inputs_digest=""):
        try:
            problem = posing.problem_of(run.question)
        except ProblemError as error:
            yield f"{run.code}: {error}"
            continue
        if problem.digest != run.inputs_digest:
            yield f"{run.code}: what was asked is no longer what the plan answers"
        elif not isclose(recompute_bound(problem, load_duals(problem, run.plan["duals"])), run.plan["bound"]):
            yield f"{run.code}: added up again, the bound is another"
        else:
            yield from (f"{run.code}: {wrong}" for wrong in recounted(problem, run.plan))


def recounted(problem: Problem, plan: dict[str, Any]) -> Iterator[str]:
    """The quality from the pairs, and the least that must stay unmet on a line from the prices kept with it."""
    cells = pairs_of("pairs", map(tuple, plan["pairs"]), problem.entries, problem.judges)
    if not isclose(count(problem, cells).quality, plan["quality"]):
        yield "counted again, the quality is another"
    for line in plan.get("lines", ()):
        if prices := plan["proofs"].get(line["code"]):
            least = least_unmet(problem, cells, line["code"], load_duals(problem, prices))
            if not isclose(min(least, line["unmet"]), line["least"], abs_tol=1e-6):
                yield f"added up again, the least unmet on line {line['code']} is another"


@invariant("every cast sheet's total and digest are those of its marks")
def sheets() -> Iterator[str]:
    cast = ScoreSheet.objects.filter(cast_at__isnull=False).select_related(
        "assignment__judge", "assignment__application", "assignment__round"
    )
    rounds: dict = {}
    for sheet in cast.prefetch_related("marks__criterion"):
        key = (sheet.assignment.round_id, sheet.assignment.application.category_id)
        leaves = rounds.setdefault(key, marking.leaves_of(sheet))
        marks = {mark.criterion.key: mark.value for mark in sheet.marks.all()}
        if total(marks, leaves) != sheet.total:
            yield f"{sheet.code}: the total is not that of the marks"
        if marking.digest_of(sheet, marks) != sheet.digest:
            yield f"{sheet.code}: the content is not what was cast"


@invariant("no sheet counts of a judge who stands aside or has stepped down")
def aside() -> Iterator[str]:
    counting = ScoreSheet.objects.counting()
    barred = Assignment.objects.filter(
        application__recusals__person=F("judge__person"), application__recusals__lifted_at=None
    )
    for sheet in counting.filter(assignment__in=barred):
        yield f"{sheet.code}: its judge stands aside from the entry"
    for sheet in counting.filter(assignment__judge__stepped_down_at__isnull=False):
        yield f"{sheet.code}: its judge has stepped down"


@invariant("nobody is assigned an entry while standing aside from it")
def assignments() -> Iterator[str]:
    barred = Assignment.objects.standing().filter(
        application__recusals__person=F("judge__person"), application__recusals__lifted_at=None
    )
    for row in barred.select_related("application", "judge__person"):
        yield f"{row.application.code}: {row.judge} stands aside and is still assigned"

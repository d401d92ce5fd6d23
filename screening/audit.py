"""What must hold of screening's live data."""

from collections.abc import Iterator

from applications.models import Application, Outcome
from prize import canonical
from prize.audit import invariant
from prize.models import Edition, Stage
from screening import checking
from screening.computing import compute, results_digest
from screening.indexing import inputs_of
from screening.models import Check, CheckItem, IndexRun, Waiver


@invariant("every index run can be computed again from what it kept, to the last digit")
def index_runs() -> Iterator[str]:
    for run in IndexRun.objects.select_related("formula__edition").prefetch_related("lines__city"):
        if canonical.digest(run.inputs) != run.inputs_digest:
            yield f"{run.code}: its inputs are not those that were sealed"
        lines = compute(run.inputs, shown=False).lines
        if results_digest(run.inputs_digest, lines, run.formula.places) != run.digest:
            yield f"{run.code}: computed again it gives another result"
        stored = {line.city.code: (line.value, line.rank, line.peer_group, line.peer_rank) for line in run.lines.all()}
        again = {line.city: (line.value, line.rank, line.peer_group, line.peer_rank) for line in lines}
        for city in sorted(set(stored) | set(again)):
            if stored.get(city) != again.get(city):
                yield f"{run.code}: {city} has {stored.get(city)}, computed again {again.get(city)}"


@invariant("an index run was computed from the readings that stood when it was run")
def readings_of_runs() -> Iterator[str]:
    for run in IndexRun.objects.select_related("formula__edition"):
        then = {row["city"]: row["readings"] for row in inputs_of(run.formula, run.year, run.run_at)["cities"]}
        for row in run.inputs["cities"]:
            if row["readings"] != then.get(row["city"], {}):
                yield f"{run.code}: {row['city']}"


@invariant("a standing outcome of screening is what the standing checks say")
def outcomes() -> Iterator[str]:
    for stage in Stage.objects.filter(kind=Stage.Kind.SCREENING).select_related("edition"):
        standing = Outcome.objects.standing().filter(stage=stage).select_related("application")
        rows = list(standing)
        verdicts = checking.verdicts_of([row.application for row in rows], stage.edition)
        for row in rows:
            if verdicts[row.application_id].word != row.verdict:
                yield f"{row.application.code}: outcome {row.verdict}, checks {verdicts[row.application_id].word or 'open'}"


@invariant("an exception was granted only where the rules allow one, for a check that had failed")
def waivers() -> Iterator[str]:
    for waiver in Waiver.objects.select_related("application", "item"):
        failed = Check.objects.filter(application=waiver.application, item=waiver.item, result=Check.Result.FAILED)
        if not waiver.item.may_be_waived or not failed.filter(at__lte=waiver.granted_at).exists():
            yield f"{waiver.application.code}: {waiver.item.key}"


@invariant("checks and items belong to one edition")
def editions() -> Iterator[str]:
    for edition in Edition.objects.all():
        items = CheckItem.objects.filter(edition=edition)
        strangers = Check.objects.filter(item__in=items).exclude(
            application__in=Application.objects.filter(edition=edition)
        )
        for check in strangers.select_related("application"):
            yield f"{check.application.code}: {check.item_id}"

"""Tasks of the judges app: each reads the clock and calls one verb."""

from celery import shared_task

from judges import assigning, reminding, tallying
from judges.models import AssignmentRun, Tally
from prize import clock


@shared_task
def close_due_rounds() -> None:
    tallying.close_due(clock.now())


@shared_task
def remind_judges() -> None:
    reminding.remind_due(clock.now())


@shared_task
def work_out_plan(run_id: int) -> None:
    assigning.work_out(AssignmentRun.objects.get(pk=run_id), at=clock.now())


@shared_task
def sweep_plans() -> None:
    assigning.sweep(at=clock.now())


@shared_task
def compute_tally(tally_id: int) -> None:
    tallying.compute(Tally.objects.get(pk=tally_id), at=clock.now())


@shared_task
def sweep_tallies() -> None:
    tallying.sweep(at=clock.now())

"""Tasks of the screening app: each reads the clock and calls one verb."""

from celery import shared_task

from prize import clock
from prize.models import Person
from screening import closing


@shared_task
def close_due_screenings() -> None:
    """Close screening stages whose time is up. One with a gap stays open and stands on the office's list."""
    closing.close_due(by=Person.objects.clock(), at=clock.now())

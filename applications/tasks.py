"""Tasks of the applications app: each reads the clock and calls one verb."""

from celery import shared_task

from applications import calling
from prize import clock


@shared_task
def close_due_calls() -> None:
    calling.close_due(at=clock.now())

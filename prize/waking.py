"""A row that waits for a worker: tell one, as soon as the row is committed. If the broker is away, the sweep will find it."""

from django.db import transaction
from django.utils.module_loading import import_string


def wake(task: str, row_id: int) -> None:
    """``task``: its path, such as ``prize.tasks.deliver_letter``: looked up late, since tasks import the verbs that wake them."""
    transaction.on_commit(lambda: _tell(task, row_id))


def _tell(task: str, row_id: int) -> None:
    from prize.celery import hint  # noqa: PLC0415 - an application that is loading has no Celery yet

    hint(import_string(task), row_id)

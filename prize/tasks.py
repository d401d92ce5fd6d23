"""Tasks of the prize app: each reads the clock and calls one verb."""

from celery import shared_task

from prize import clock, ledger, post
from prize.models import LedgerChain


@shared_task
def deliver_letter(letter_id: int) -> None:
    post.deliver(letter_id, at=clock.now())


@shared_task
def sweep_letters() -> None:
    post.sweep(at=clock.now())


@shared_task
def verify_ledgers() -> None:
    """Fail loudly: a broken chain must reach whoever watches the workers."""
    for chain in LedgerChain.objects.all():
        faults = ledger.verify(chain)
        if faults:
            raise RuntimeError(f"ledger {chain}: entry {faults[0].number}: {faults[0].what}")

"""Invariants of live data, for ``manage.py audit``: run nightly, after a restore, and inside tests."""

from collections.abc import Callable, Iterable, Iterator

from prize import canonical, ledger
from prize.models import Approval, LedgerChain, Motion
from prize.registry import Registry

Invariant = Callable[[], Iterable[str]]
invariants: Registry[Invariant] = Registry("audit")


def invariant(sentence: str) -> Callable[[Invariant], Invariant]:
    """Register a rule that the data must keep; it yields one line for each breach."""
    return invariants.add(sentence)


def breaches() -> Iterator[tuple[str, str]]:
    for sentence, look in invariants.all().items():
        for breach in look():
            yield sentence, breach


@invariant("every ledger verifies")
def ledgers() -> Iterator[str]:
    for chain in LedgerChain.objects.all():
        for fault in ledger.verify(chain):
            yield f"{chain}, entry {fault.number}: {fault.what}"


@invariant("what was voted on or approved is what stands there")
def contents() -> Iterator[str]:
    rows: tuple[Motion | Approval, ...] = (*Motion.objects.all(), *Approval.objects.all())
    for row in rows:
        if canonical.digest(row.content) != row.digest:
            yield f"{row.code}: {row.title}"

"""What the database refuses, whoever asks."""

import pytest
from django.db import DatabaseError, transaction

from prize import ledger, sealing
from prize.models import LedgerEntry


def refused(act):
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        act()


def test_a_ledger_entry_can_be_neither_changed_nor_deleted(edition, karim, at):
    entry = ledger.record(edition, "test.deed", by=karim, at=at, facts={"count": 1})
    refused(lambda: LedgerEntry.objects.filter(pk=entry.pk).update(act="other"))
    refused(lambda: LedgerEntry.objects.filter(pk=entry.pk)._raw_delete("default"))


def test_the_seals_are_there_after_migrate_and_come_back_after_being_lifted(edition, karim, at):
    entry = ledger.record(edition, "test.deed", by=karim, at=at)
    sealing.lift()
    LedgerEntry.objects.filter(pk=entry.pk).update(act="forged")
    sealing.install()
    refused(lambda: LedgerEntry.objects.filter(pk=entry.pk).update(act="again"))
    assert [fault.what for fault in ledger.verify(entry.chain)] != []

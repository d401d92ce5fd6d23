"""The chain of deeds holds, notices what was forged, and can forget a person."""

import hashlib
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from prize import canonical, ledger, sealing
from prize.models import LedgerEntry, LedgerPayload


def deeds(edition, by, at, count=5):
    return [ledger.record(edition, "test.deed", subject=f"N{n}", facts={"n": n}, by=by, at=at) for n in range(count)]


def test_a_chain_of_deeds_holds(edition, karim, at):
    entries = deeds(edition, karim, at)
    assert ledger.verify(entries[0].chain) == []
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[1].previous == entries[0].digest


@pytest.mark.parametrize(
    ("forge", "number"),
    [
        (lambda rows: rows.filter(number=3).update(facts={"n": 99}), 3),
        (lambda rows: rows.filter(number=3).delete(), 4),
        (lambda rows: rows.filter(number=2).update(at="2020-01-01T00:00:00Z"), 2),
        (lambda rows: rows.filter(number=5).delete(), 4),
    ],
    ids=["a changed fact", "a removed entry", "a changed time", "a cut tail"],
)
def test_a_forged_chain_is_found_and_the_place_named(edition, karim, at, forge, number):
    chain = deeds(edition, karim, at)[0].chain
    sealing.lift()  # as somebody with the database in hand could
    LedgerPayload.objects.all().delete() if number == 4 else None
    forge(LedgerEntry.objects.all())
    sealing.install()
    assert number in [fault.number for fault in ledger.verify(chain)]


def test_forgetting_a_person_empties_the_payloads_and_the_chain_still_holds(edition, karim, amina, at):
    kept = ledger.record(edition, "test.deed", by=karim, at=at)
    ledger.record(edition, "test.deed", by=amina, at=at, personal={"note": "Amina called"})
    ledger.record(edition, "test.deed", by=karim, at=at, personal={"told": amina.name}, concerns=[amina])
    assert ledger.forget(amina, at=at) == 2
    bodies = list(LedgerPayload.objects.order_by("entry__number").values_list("body", flat=True))
    assert "Amina" not in json.dumps(bodies)
    assert bodies[0]["by"]["name"] == "Karim"
    assert ledger.verify(kept.chain) == []


def test_a_payload_that_was_changed_instead_of_forgotten_is_found(edition, karim, at):
    entry = ledger.record(edition, "test.deed", by=karim, at=at)
    LedgerPayload.objects.filter(entry=entry).update(body={"by": {"code": "X", "name": "Somebody else"}})
    assert [fault.what for fault in ledger.verify(entry.chain)] == ["its payload is not what was sealed"]


def test_an_address_cannot_enter_the_chain(edition, karim, at):
    with pytest.raises(ValueError, match="personal"):
        ledger.record(edition, "test.deed", by=karim, at=at, facts={"to": "amina@example.org"})


def test_a_stranger_recomputes_the_export_with_the_standard_library_alone(edition, karim, at):
    chain = deeds(edition, karim, at)[0].chain
    previous = "0" * 64
    for line in ledger.export(chain):
        entry = json.loads(line)
        sealed = entry.pop("digest")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == sealed
        assert entry["previous"] == previous
        previous = sealed
    chain.refresh_from_db()
    assert previous == chain.head


def test_the_command_names_the_chain_that_does_not_hold(edition, karim, at, capsys):
    deeds(edition, karim, at)
    call_command("ledger", "verify")
    assert "5 entries hold" in capsys.readouterr().out
    sealing.lift()
    LedgerEntry.objects.filter(number=2).update(act="forged")
    sealing.install()
    with pytest.raises(CommandError, match="do not hold"):
        call_command("ledger", "verify")


def test_many_writers_make_one_unbroken_chain(transactional_db, lifted_seals, edition, karim, at):
    def write():
        try:
            for _deed in range(5):
                ledger.record(edition, "test.deed", by=karim, at=at)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(6 if connection.vendor == "postgresql" else 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain = LedgerEntry.objects.first().chain
    assert chain.length == 5 * len(threads)
    assert ledger.verify(chain) == []


def test_decimals_enter_a_digest_as_strings_only():
    assert canonical.digest({"a": "7.50"}) != canonical.digest({"a": "7.5"})
    with pytest.raises(TypeError, match="string"):
        canonical.digest({"marks": [{"value": 7.5}]})

"""Evidence against a candidate is taken down, ruled on once, and keeps the entry from an award until then."""

from datetime import timedelta

import pytest
from stories.walker import Walker

from ceremony import conferring, verifying
from ceremony.models import Laureate, Objection
from prize import governing
from prize.governing import Refused
from prize.models import LedgerEntry, Motion


@pytest.fixture
def walk(django_capture_on_commit_callbacks):
    return lambda person=None: Walker(person, django_capture_on_commit_callbacks)


def objection_to(entry, *, by, at) -> Objection:
    said = {"name": "Dora", "email": "dora@example.org", "facts": "See the annual report."}
    return verifying.receive(Objection(application=entry, **said), by=by, at=at)


def test_an_objection_is_taken_down_and_ruled_on_once(released, karim, lena, walk):
    gold = Laureate.objects.get(place__award__key="gold")
    office = walk(karim).open("/admin/").follow("Objections").follow("Add objection")
    office.press(
        "Save",
        application=str(gold.application_id),
        name="Dora",
        email="dora@example.org",
        facts="See the annual report.",
    ).reads("was added successfully")
    office.follow(Objection.objects.get().code).follow("Rule on it")
    second = walk(lena).open(office.address)
    office.press("Rule on it", ruling="upheld", reason="The report says so.").reads("The objection is upheld.")
    second.press("Rule on it", ruling="dismissed", reason="I do not think so.").reads(
        "Somebody has ruled on this objection"
    )
    assert Objection.objects.get().ruling == "upheld"
    assert {"objection.received", "objection.ruled"} <= set(LedgerEntry.objects.values_list("act", flat=True))


def test_no_list_is_carried_while_an_objection_to_one_of_its_entries_waits(world, karim, hana, ines, at, walk):
    motion = conferring.propose(world.edition, by=karim, at=at)
    objection = objection_to(world.entries[1], by=karim, at=at)
    for member in (hana, ines):
        governing.vote(motion, "yes", by=member, at=at)
    with pytest.raises(Refused, match=f"An objection to {world.entries[1].code} waits for a ruling"):
        governing.resolve(motion, by=hana, at=at)
    assert not Laureate.objects.exists()
    assert Motion.objects.get().result == ""

    office = walk(karim).open("/admin/").reads("1 objection waits for a ruling")
    office.open(f"/admin/ceremony/award/workbench/{world.edition.pk}/").reads(
        f"Objection to {world.entries[1].code}: not ruled"
    )
    verifying.rule(objection, "dismissed", reason="The report is of another year.", by=karim, at=at)
    office.open(office.address).does_not_read("Objection to")
    governing.resolve(motion, by=hana, at=at + timedelta(minutes=5))
    assert Laureate.objects.count() == 4


def test_an_entry_whose_objection_was_upheld_is_not_honoured(world, karim, hana, ines, at):
    motion = conferring.propose(world.edition, by=karim, at=at)
    objection = objection_to(world.entries[0], by=karim, at=at)
    verifying.rule(objection, "upheld", reason="The report says so.", by=karim, at=at)
    for member in (hana, ines):
        governing.vote(motion, "yes", by=member, at=at)
    with pytest.raises(Refused, match="was upheld. Disqualify the entry or take it off the list"):
        governing.resolve(motion, by=hana, at=at)


def test_an_objection_to_an_entry_that_receives_nothing_stops_nobody(world, karim, carried, at):
    objection_to(world.entries[3], by=karim, at=at)
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    assert Laureate.objects.count() == 4


def test_only_the_secretariat_takes_an_objection_down_or_rules_on_it(world, karim, mio, at):
    with pytest.raises(Refused, match="Only the secretariat may take down"):
        objection_to(world.entries[0], by=mio, at=at)
    with pytest.raises(Refused, match="Only the secretariat may rule"):
        verifying.rule(objection_to(world.entries[0], by=karim, at=at), "dismissed", reason="No.", by=mio, at=at)

"""An award is taken back by two bodies, and everybody can read that it was."""

from datetime import timedelta

import pytest
from factories import ceremony as give
from stories.walker import Walker

from ceremony import revoking
from ceremony.models import Laureate
from prize import ledger
from prize.governing import Refused
from prize.models import LedgerChain, LedgerEntry, Letter


@pytest.fixture
def walk(django_capture_on_commit_callbacks):
    return lambda person=None: Walker(person, django_capture_on_commit_callbacks)


@pytest.fixture
def gold(released):
    return Laureate.objects.select_related("place").get(place__award__key="gold")


def test_an_award_is_taken_back_by_the_committee_and_a_second_person_and_the_public_reads_it(
    gold, karim, lena, hana, ines, walk
):
    office = walk(karim).open(f"/admin/ceremony/laureate/{gold.pk}/change/").follow("Take the award back")
    office.press("Take the award back", reason="The figures were invented.").reads(
        "The motion is before the committee."
    )
    motion = office.address
    again = walk(karim).open(f"/admin/ceremony/laureate/{gold.pk}/change/").follow("Take the award back")
    again.press("Take the award back", reason="Twice.").reads("is before the committee already")
    for member in (hana, ines):
        walk(member).open("/committee/").follow("Take an award back").press("Yes").reads("Your vote is recorded.")
    office.open(motion).follow("Close the vote").press("Close the vote").reads("The motion is carried.")

    visitor = walk().open("/laureates/").reads(gold.name).does_not_read("taken back")
    asker = walk(karim).open("/admin/").follow("Read and decide").follow("Approve this exact content")
    asker.press("Approve this exact content").reads("A second person has to approve it.")
    assert Laureate.objects.standing().filter(pk=gold.pk).exists()
    second = walk(lena).open("/admin/").follow("Read and decide").follow("Approve this exact content")
    second.reads("The figures were invented.").press("Approve this exact content").reads("Approved, and done.")

    visitor.open("/laureates/").reads("Awards taken back", "The figures were invented.")
    visitor.open(f"/laureates/{gold.code}/").reads("This award was taken back on", "The figures were invented.")
    assert Laureate.objects.standing().filter(edition=gold.edition).count() == 3
    entry = LedgerEntry.objects.get(act="laureate.revoked")
    assert entry.subject == gold.code
    (told,) = Letter.objects.filter(kind="ceremony.revoked")
    assert (told.person, told.state) == (gold.application.owner, Letter.State.SENT)
    assert "The figures were invented." in told.body
    assert ledger.verify(LedgerChain.objects.get(edition=gold.edition, kind="deeds")) == []


def test_an_award_taken_back_before_the_announcement_is_never_named(conferred, karim, lena, at, walk):
    silver = Laureate.objects.filter(place__award__key="silver").first()
    Laureate.objects.filter(pk=silver.pk).update(revoked_at=at - timedelta(minutes=1), revoked_reason="In time.")
    give.release(conferred.edition, karim, lena, at=at)
    assert not Letter.objects.filter(kind="ceremony.revoked").exists()
    walk().open("/laureates/").does_not_read(silver.name, "In time.")
    assert walk().open(f"/laureates/{silver.code}/").status == 404


def test_only_the_secretariat_may_propose_it(released, gold, mio, ines, at):
    for person in (mio, ines):
        with pytest.raises(Refused, match="Only the secretariat"):
            revoking.propose(gold, reason="The figures were invented.", by=person, at=at)

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import translation
from factories import ceremony as give

from applications.models import Outcome
from ceremony import announcing
from ceremony.models import Announcement, Laureate
from prize import figures, governing
from prize.governing import Refused
from prize.models import Approval, LedgerEntry, Letter
from prize.saying import said


def letters(kind):
    return set(Letter.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_the_second_persons_approval_announces_the_laureates(conferred, karim, lena, at):
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    assert not Laureate.objects.announced(at).exists()
    governing.approve(approval, approval.digest, by=lena, at=at)
    assert Laureate.objects.announced(at).count() == 4
    assert Announcement.objects.get().digest == announcing.sealed_digest(conferred.edition)


def test_who_asked_cannot_approve(conferred, karim, at):
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    with pytest.raises(Refused, match="second person"):
        governing.approve(approval, approval.digest, by=karim, at=at)
    assert not Laureate.objects.announced(at).exists()


def test_a_list_changed_since_it_was_asked_is_not_released(conferred, karim, lena, at):
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    Laureate.objects.filter(place__award__key="gold").update(revoked_at=at, revoked_reason="False claims.")
    with pytest.raises(Refused, match="list of laureates has changed"):
        governing.approve(approval, approval.digest, by=lena, at=at)
    assert Announcement.objects.get().released_at is None


def test_another_digest_than_the_one_shown_is_refused(conferred, karim, lena, at):
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    with pytest.raises(Refused, match="not the one that was shown"):
        governing.approve(approval, "0" * 64, by=lena, at=at)


def test_a_release_writes_to_every_finalist_and_announces_the_final(released):
    assert letters("ceremony.laureate") == {"Amina", "Bruno", "Oskar", "Petra"}
    assert letters("ceremony.finalist") == {"Nora"}
    assert Outcome.objects.announced().filter(stage__kind="final").count() == 5


def test_the_letters_say_who_received_what_and_nothing_false_to_the_others(
    conferred, karim, lena, at, django_capture_on_commit_callbacks, mailoutbox
):
    with django_capture_on_commit_callbacks(execute=True):
        approval = announcing.ask_release(conferred.edition, by=karim, at=at)
        governing.approve(approval, approval.digest, by=lena, at=at)
    told = {message.to[0]: message for message in mailoutbox}
    assert {address.partition("@")[0] for address in told} == {"amina", "bruno", "oskar", "nora", "petra"}
    assert "People · Gold" in told["amina@example.org"].subject
    assert "could not give it an award" in told["nora@example.org"].body
    assert len(mailoutbox) == 5


def test_an_announcement_happens_once(released, karim, at):
    with pytest.raises(Refused, match="cannot be done twice"):
        announcing.ask_release(released.edition, by=karim, at=at)
    with pytest.raises(Refused, match="cannot be done twice"):
        announcing.release(released.edition, digest=Announcement.objects.get().digest, by=karim, at=at)
    assert LedgerEntry.objects.filter(act="laureates.announced").count() == 1


def test_nobody_is_announced_before_the_committee_decided(world, karim, at):
    with pytest.raises(Refused, match="not conferred yet"):
        announcing.ask_release(world.edition, by=karim, at=at)


def test_a_screening_officer_cannot_ask_for_the_release(conferred, mio, at):
    with pytest.raises(Refused, match="Only the secretariat"):
        announcing.ask_release(conferred.edition, by=mio, at=at)


def test_the_planned_time_changes_only_through_two_people(conferred, karim, lena, at):
    later = at + timedelta(days=1)
    approval = announcing.ask_reschedule(conferred.edition, later, by=karim, at=at)
    assert Announcement.objects.get().due_at == at + timedelta(hours=1)
    governing.approve(approval, approval.digest, by=lena, at=at)
    assert Announcement.objects.get().due_at == later


def test_a_letter_queued_by_mistake_before_the_release_is_withheld(conferred, at):
    from prize import post

    laureate = Laureate.objects.first()
    row = post.queue(
        "ceremony.laureate", key="by mistake", to=laureate.application.owner, at=at, edition=conferred.edition,
        about={"laureate": laureate.code},
    )  # fmt: skip
    assert post.deliver(row.pk, at=at) is False
    row.refresh_from_db()
    assert row.state == Letter.State.WITHHELD


def test_the_number_of_awards_is_public_only_after_the_release(conferred, karim, lena, at):
    assert "awards" not in figures.public_report(conferred.edition)
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    assert figures.public_report(conferred.edition)["awards"] == 4


def test_the_invariants_hold_after_a_release_and_name_a_forged_one(released, at, breaches):
    assert breaches() == []
    other = give.make.make_edition(at, year=2031)
    give.make_announcement(other, at)
    Announcement.objects.filter(edition=other).update(released_at=at)
    assert any("0 releases in the ledger" in breach for breach in breaches())


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_release_once(lifted_seals, conferred, karim, lena, at):
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    twin = Approval.objects.create(
        edition=conferred.edition, act=approval.act, title="twin", content=approval.content, digest=approval.digest,
        asked_by=karim, asked_at=at, expires_at=approval.expires_at,
    )  # fmt: skip

    def approve(row):
        try:
            governing.approve(row, row.digest, by=lena, at=at)
            return "released"
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(approve, [approval, twin]))
    assert results[1] == "released"
    assert "cannot be done twice" in results[0]
    assert LedgerEntry.objects.filter(act="laureates.announced").count() == 1


def test_the_planned_time_is_written_as_the_reader_writes_dates(edition):
    due_at = datetime(2030, 9, 25, 7, 5, tzinfo=UTC)
    assert said(due_at, edition) == "25 September 2030, 16:05 (Seoul)"
    with translation.override("ko"):
        assert said(due_at, edition).startswith("2030년 9월 25일 16:05 (")

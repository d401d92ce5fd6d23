"""A meeting is called, members say whether they come, and who came is recorded."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from factories import prize as make
from stories.walker import Walker

from prize import convening, post
from prize.governing import Refused
from prize.models import Attendance, LedgerEntry, Meeting, Minutes, Reply


@pytest.fixture
def walk(django_capture_on_commit_callbacks):
    return lambda person: Walker(person, django_capture_on_commit_callbacks)


@pytest.fixture
def meeting(promotion, hana, ines, ivo, at):
    return Meeting.objects.create(
        committee=promotion, title={"en": "First session"}, starts_at=at + make.DAY, ends_at=at + 2 * make.DAY
    )


def it_begins(meeting, at):
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=at - timedelta(hours=1))
    meeting.refresh_from_db()


def test_a_member_answers_from_the_letter_and_the_office_begins_with_those_who_come(
    meeting, ines, ivo, karim, walk, at
):
    convening.call(meeting, by=karim, at=at)
    post.sweep(at=at)
    letter = next(one for one in mail.outbox if one.to == [ines.email])
    page = reverse("meeting", args=[meeting.code])
    assert page in letter.body
    assert "say there whether you come" in letter.body
    member = walk(ines).open("/desk/").reads("say whether you come").follow("First session")
    member.press("I come").reads("You said that you come.", "Said that they come 1")
    member.open("/desk/").does_not_read("say whether you come")
    walk(ivo).open(page).press("I come").press("I cannot come").reads(
        "You said that you cannot come.", "1 cannot come."
    )
    it_begins(meeting, at)
    member.open(page).does_not_read("I come")
    office = walk(karim).open(f"/admin/prize/meeting/{meeting.pk}/change/").follow("Record who was there")
    office.press("Record who was there").reads("1 member was there.")
    assert [row.seat.person for row in Attendance.objects.all()] == [ines]
    assert LedgerEntry.objects.get(act="meeting.attended").facts == {"present": 1, "seats": 3}


def test_answers_are_the_members_own_and_end_when_the_meeting_begins(meeting, ines, nora, karim, sign_in, at):
    for person in (nora, karim):
        with pytest.raises(Refused, match="members of the committee"):
            convening.answer(meeting, comes=True, by=person, at=at)
    assert sign_in(nora).post(reverse("meeting_reply", args=[meeting.code]), {"comes": "yes"}).status_code == 404
    with pytest.raises(Refused, match="has begun"):
        convening.answer(meeting, comes=True, by=ines, at=meeting.starts_at)
    assert not Reply.objects.exists()


def test_who_was_there_is_put_right_until_the_minutes_are_adopted(meeting, ines, ivo, karim, hana, at):
    with pytest.raises(Refused, match="not begun"):
        convening.record_attendance(meeting, [ines.seats.get()], by=karim, at=at)
    it_begins(meeting, at)
    with pytest.raises(Refused, match="Only the secretariat"):
        convening.record_attendance(meeting, [ines.seats.get()], by=ines, at=at)
    for seats in ([ines.seats.get()], [ivo.seats.get(), hana.seats.get()]):
        convening.record_attendance(meeting, seats, by=hana, at=at)
    assert {row.seat.person for row in Attendance.objects.all()} == {ivo, hana}
    Minutes.objects.create(meeting=meeting, text="We met.", adopted_at=at, adopted_by=hana)
    with pytest.raises(Refused, match="minutes are adopted"):
        convening.record_attendance(meeting, [ines.seats.get()], by=karim, at=at)

"""Calling a committee to a meeting: one letter to each who sits on it; who says to come, and who came."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prize import ledger, policy, post
from prize.governing import Refused
from prize.models import Attendance, Letter, Meeting, Minutes, Person, Reply, Seat


@transaction.atomic
def call(meeting: Meeting, *, by: Person, at: datetime) -> int:
    """Write to every member who has not been written to about this meeting at this time; return how many."""
    committee = meeting.committee
    if not (policy.is_secretariat(by, committee.edition) or policy.presides(by, committee)):
        raise Refused(_("Only the secretariat and the chair may call a meeting."))
    if meeting.ends_at <= at:
        raise Refused(_("This meeting is over. Change its times before you write to the members."))
    # The time is part of the key: whoever moves a meeting may write again, and nobody gets the same letter twice.
    about, when = {"meeting": meeting.code}, f"{meeting.starts_at:%Y%m%d%H%M}"
    keys = {
        f"prize:meeting:{meeting.code}:{when}:{seat.person.code}": seat.person
        for seat in committee.seats.filter(left_at=None).select_related("person")
    }
    written = set(Letter.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, person in keys.items():
        post.queue("prize.meeting", key=key, to=person, at=at, edition=committee.edition, about=about)
    new = len(keys) - len(written)
    if not new:
        raise Refused(_("Everybody on this committee has been written to about this meeting."))
    ledger.record(committee.edition, "meeting.called", subject=meeting.code, facts={"letters": new}, by=by, at=at)
    return new


# --- Who comes, and who came ------------------------------------------------------------------------


@transaction.atomic
def answer(meeting: Meeting, *, comes: bool, by: Person, at: datetime) -> Reply:
    """A member says whether he or she comes. Said again, the last word before the meeting counts."""
    seat = Seat.objects.held_by(by).filter(committee=meeting.committee_id).first()
    if seat is None:
        raise Refused(_("This meeting is for the members of the committee."))
    if at >= meeting.starts_at:
        raise Refused(_("The meeting has begun. Answers are no longer taken."))
    values = {"comes": comes, "answered_at": at}
    return Reply.objects.update_or_create(meeting=meeting, seat=seat, defaults=values)[0]


def expected(meeting: Meeting) -> list[Seat]:
    """With whom the list of attendance begins: those who are on it already, else those who said that they come."""
    came = Seat.objects.filter(attendances__meeting=meeting)
    rows = came if came.exists() else Seat.objects.filter(replies__meeting=meeting, replies__comes=True, left_at=None)
    return list(rows.select_related("person").order_by("pk"))


@transaction.atomic
def record_attendance(meeting: Meeting, seats: Iterable[Seat], *, by: Person, at: datetime) -> int:
    """Record who was there: exactly these, until the minutes are adopted."""
    committee = meeting.committee
    if not (policy.is_secretariat(by, committee.edition) or policy.presides(by, committee)):
        raise Refused(_("Only the secretariat and the chair may record who was there."))
    if at < meeting.starts_at:
        raise Refused(_("The meeting has not begun."))
    if Minutes.objects.filter(meeting=meeting, adopted_at__isnull=False).exists():
        raise Refused(_("The minutes are adopted. Who was there stands as it is written in them."))
    there = {seat.pk for seat in seats if seat.committee_id == committee.pk}
    meeting.attendances.exclude(seat__in=there).delete()
    for seat in sorted(there):
        Attendance.objects.get_or_create(meeting=meeting, seat_id=seat, defaults={"confirmed_at": at})
    facts = {"present": len(there), "seats": committee.seats.filter(left_at=None).count()}
    ledger.record(committee.edition, "meeting.attended", subject=meeting.code, facts=facts, by=by, at=at)
    return len(there)

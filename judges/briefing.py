"""The briefing: a meeting of the jury at which the criteria and the pages are explained."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from judges.models import Judge
from judges.recruiting import jury_of
from prize import ledger, policy, post
from prize.governing import Refused
from prize.models import Attendance, Committee, Edition, Meeting, Person, Seat
from prize.wording import Wording


@transaction.atomic
def call_briefing(
    edition: Edition,
    *,
    title: Wording | dict[str, str],
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    by: Person,
    at: datetime,
    agenda: Wording | dict[str, str] | None = None,
) -> Meeting:
    """Call the jury to its briefing. Every judge who may be assigned gets one letter, with the calendar's address."""
    jury = jury_of(edition)
    if not (policy.is_secretariat(by, edition) or policy.presides(by, jury)):
        raise Refused(_("Only the secretariat and the chair of the jury may call a briefing."))
    if ends_at <= starts_at:
        raise Refused(_("The briefing ends before it starts: look at the times again."))
    meeting = Meeting.objects.create(
        committee=jury,
        purpose=Meeting.Purpose.BRIEFING,
        title=title,
        agenda=agenda or {},
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
    )
    for judge in Judge.objects.filter(edition=edition).active().select_related("person"):
        key = f"judges:briefing:{meeting.code}:{judge.code}"
        post.queue("judges.briefing", key=key, to=judge.person, at=at, edition=edition, about={"meeting": meeting.code})
    ledger.record(edition, "briefing.called", subject=meeting.code, by=by, at=at)
    return meeting


def briefings(jury: Committee):
    return Meeting.objects.filter(committee=jury, purpose=Meeting.Purpose.BRIEFING).order_by("starts_at")


@transaction.atomic
def confirm(meeting: Meeting, *, by: Person, at: datetime) -> Attendance:
    """A judge confirms to have been briefed, once; before the meeting starts there is nothing to confirm."""
    seat = Seat.objects.held_by(by).filter(committee=meeting.committee_id).first()
    if seat is None:
        raise Refused(_("This briefing is for the jury."))
    if at < meeting.starts_at:
        raise Refused(_("The briefing has not begun. Confirm once you have taken part or seen the recording."))
    attendance, new = Attendance.objects.get_or_create(meeting=meeting, seat=seat, defaults={"confirmed_at": at})
    if new:
        ledger.record(meeting.committee.edition, "briefing.confirmed", subject=meeting.code, by=by, at=at)
    return attendance

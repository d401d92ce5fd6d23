"""Calling a committee to a meeting: one letter to each who sits on it, in the caller's transaction."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prize import ledger, policy, post
from prize.governing import Refused
from prize.models import Letter, Meeting, Person


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

"""Putting an edition's rules to the promotion committee: as they stand in the rows now, bound by their digest."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prize import governing, rulebook
from prize.governing import Refused
from prize.models import Committee, Edition, Meeting, Motion, Person

ACT = "prize.adopt_rules"


@transaction.atomic
def propose(edition: Edition, *, by: Person, at: datetime, reason: str = "", meeting: Meeting | None = None) -> Motion:
    """A motion to adopt exactly these rules."""
    committee = edition.committees.filter(kind=Committee.Kind.PROMOTION).first()
    if committee is None:
        raise Refused(_("This edition has no promotion committee yet. Add one to the rulebook first."))
    if not committee.seats.voting().exists():
        raise Refused(_("Nobody sits on the %(committee)s yet. Seat its members first.") % {"committee": committee})
    content = {"digest": rulebook.export(edition).digest}
    if edition.rules_adopted_at and edition.rules_digest == content["digest"]:
        raise Refused(_("These rules are adopted, and nothing has changed since."))
    if Motion.objects.pending().filter(committee=committee, act=ACT, content=content).exists():
        raise Refused(_("These rules are before the committee already."))
    title = _("Adopt the rules of %(edition)s") % {"edition": edition}
    return governing.propose(committee, ACT, content, title=title, by=by, at=at, reason=reason, meeting=meeting)

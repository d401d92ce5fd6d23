"""This app's letters. Each looks again, at the moment of sending, whether what it says is still so and may be said."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from applications.models import Outcome
from ceremony import inviting
from ceremony.models import Announcement, Guest, Laureate, Offer
from prize.models import Letter
from prize.post import Withheld, Words, letter


@letter("ceremony.laureate", _("you are a laureate"))
def laureate(row: Letter) -> Words:
    found = Laureate.objects.in_order().select_related("application").get(code=row.about["laureate"])
    require_released(row)
    if found.revoked_at:
        raise Withheld(gettext_noop("the award was revoked"))
    return Words("ceremony/letters/laureate.txt", {"laureate": found})


@letter("ceremony.revoked", _("award revoked"))
def revoked(row: Letter) -> Words:
    """The award is taken back. Who was never told of it is not told of this either."""
    found = Laureate.objects.in_order().select_related("application").get(code=row.about["laureate"])
    require_released(row)
    if not found.revoked_at:
        raise Withheld(gettext_noop("the award was not revoked"))
    return Words("ceremony/letters/revoked.txt", {"laureate": found})


@letter("ceremony.finalist", _("result of the final"))
def finalist(row: Letter) -> Words:
    """For those whom the final did not honour; laureates have a letter of their own."""
    outcome = Outcome.objects.select_related("application").get(pk=row.about["outcome"])
    require_released(row)
    if outcome.superseded_at or outcome.announced_at is None:
        raise Withheld(gettext_noop("this outcome does not stand or is not announced"))
    if outcome.verdict == Outcome.Verdict.ADVANCED:
        raise Withheld(gettext_noop("the laureate has a letter of its own"))
    return Words("ceremony/letters/finalist.txt", {"application": outcome.application})


@letter("ceremony.invitation", _("invitation to an occasion"))
def invitation(row: Letter) -> Words:
    guest = Guest.objects.select_related("occasion__edition").get(token=row.about["guest"])
    calendar = inviting.calendar_of(guest.occasion, row.queued_at)
    files = (("invitation.ics", calendar, "text/calendar"),)
    return Words("ceremony/letters/invitation.txt", {"guest": guest, "occasion": guest.occasion}, files)


@letter("ceremony.offer", _("offer to a laureate"))
def offer(row: Letter) -> Words:
    found = Offer.objects.select_related("benefit", "laureate").get(code=row.about["offer"])
    require_released(row)
    if found.answer:
        raise Withheld(gettext_noop("the offer is answered"))
    if found.laureate.revoked_at:
        raise Withheld(gettext_noop("the award was revoked"))
    return Words("ceremony/letters/offer.txt", {"offer": found})


def require_released(row: Letter) -> None:
    """The embargo, asked of the database and not of whoever queued the letter."""
    if not Announcement.objects.filter(edition=row.edition, released_at__isnull=False).exists():
        raise Withheld(gettext_noop("the laureates are not announced"))

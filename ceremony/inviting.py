"""Guests: one letter each, with a link that is enough to answer. Answers may change until the occasion starts."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ceremony.models import Guest, Occasion
from prize import ledger, post
from prize.governing import Refused
from prize.models import Person
from prize.policy import is_secretariat


@transaction.atomic
def invite_all(occasion: Occasion, *, by: Person, at: datetime) -> int:
    """Write to every guest who has not been written to. Pressed twice, nobody gets two letters."""
    if not is_secretariat(by, occasion.edition):
        raise Refused(_("Only the secretariat may send invitations."))
    if at >= occasion.starts_at:
        raise Refused(_("The occasion has begun. Nobody can be invited any more."))
    waiting = list(
        occasion.guests.select_for_update(of=("self",), no_key=True)
        .filter(invited_at=None)
        .order_by("pk")
        .select_related("person")
    )
    for guest in waiting:
        to = guest.person or guest.email
        about = {"guest": guest.token}
        post.queue(
            "ceremony.invitation", key=f"ceremony:invitation:{guest.token}", to=to, at=at, edition=occasion.edition,
            language=guest.language, about=about,
        )  # fmt: skip
    Guest.objects.filter(pk__in=[guest.pk for guest in waiting]).update(invited_at=at)
    if waiting:
        facts = {"guests": len(waiting)}
        ledger.record(occasion.edition, "guests.invited", subject=occasion.code, facts=facts, by=by, at=at)
    return len(waiting)


@transaction.atomic
def answer(
    guest: Guest, choice: str, *, needs: str = "", companion: str = "", language: str = "", at: datetime
) -> Guest:
    """Yes or no, with whom, and in which language one reads; said again, the last word counts."""
    if choice not in Guest.Answer.values:
        raise Refused(_("Answer yes or no."))
    guest = (
        Guest.objects.select_for_update(of=("self",), no_key=True).select_related("occasion__edition").get(pk=guest.pk)
    )
    if not guest.may_answer(at):
        raise Refused(_("The occasion has begun. Answers are closed."))
    comes = choice == Guest.Answer.YES
    guest.answer, guest.answered_at, guest.needs = choice, at, needs.strip()
    guest.companion = companion.strip() if comes else ""
    guest.language = language or guest.language
    guest.save(update_fields=["answer", "answered_at", "needs", "companion", "language"])
    return guest


def waits(occasion: Occasion, request: Any) -> bool:
    """Whether somebody can still be written to."""
    return request.at < occasion.starts_at and occasion.guests.filter(invited_at=None).exists()


def calendar_of(occasion: Occasion, at: datetime) -> bytes:
    """The occasion as a calendar file, in UTC so that no calendar has to know our zone."""
    event = Event()
    event.add("uid", f"{occasion.code}@prize")
    event.add("summary", str(occasion.name))
    event.add("dtstart", occasion.starts_at)
    event.add("dtend", occasion.ends_at)
    event.add("dtstamp", at)
    event.add("location", str(occasion.venue))
    calendar = Calendar()
    calendar.add("prodid", "-//Prize//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical()

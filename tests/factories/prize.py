"""People, an edition with its calendar, and committees."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.test import Client

from prize import clock
from prize.models import Committee, Edition, Organisation, Organiser, Person, Prize, Seat, Stage

DAY = timedelta(days=1)


def make_person(name: str, **fields) -> Person:
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@example.org")
    fields.setdefault("password", "a long enough password")
    return Person.objects.create_user(name=name, **fields)


def sign_in(client: Client, person: Person) -> Client:
    """As the log-in page does it, but at once: the session remembers who signed in, and when."""
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    request: Any = SimpleNamespace(session=session)
    record_authentication(request, person, "password")
    session.save()
    return client


def make_organisation(name: str, **fields) -> Organisation:
    return Organisation.objects.create(name=name, **fields)


def make_edition(at: datetime | None = None, *, open_stage: str = "call", **fields) -> Edition:
    """An edition with two categories, three applicant types and a calendar in which ``open_stage`` is open at ``at``."""
    at = at or clock.now()
    prize, _made = Prize.objects.get_or_create(
        slug="harbour", defaults={"name": {"en": "Harbour Prize", "ko": "항구상"}}
    )
    fields.setdefault("year", 2030)
    fields.setdefault("is_public", True)
    edition = Edition.objects.create(
        prize=prize, name={"en": "Harbour Prize 2030", "ko": "항구상 2030"}, zone="Asia/Seoul", **fields
    )
    edition.regions.create(key="north", name={"en": "North"}, countries=["NO", "SE", "FI"], order=0)
    edition.regions.create(key="east", name={"en": "East"}, countries=["KR", "JP", "VN"], order=1)
    kinds = [
        edition.applicant_types.create(key=key, name={"en": name}, order=order)
        for order, (key, name) in enumerate(
            [("city", "City government"), ("company", "Company"), ("person", "Individual")]
        )
    ]
    for order, (key, name, allowed) in enumerate(
        [("people", "People", kinds[:2]), ("leaders", "Leadership", kinds[2:])]
    ):
        category = edition.categories.create(key=key, name={"en": name}, order=order)
        category.applicant_types.set(allowed)
    make_calendar(edition, at, open_stage)
    return edition


def make_calendar(edition: Edition, at: datetime, open_stage: str) -> None:
    """Six stages of ten days; the open one began five days ago."""
    slugs = ["call", "screening", "second", "final", "ceremony", "aftercare"]
    kinds = [
        Stage.Kind.CALL,
        Stage.Kind.SCREENING,
        Stage.Kind.ROUND,
        Stage.Kind.FINAL,
        Stage.Kind.CEREMONY,
        Stage.Kind.AFTERCARE,
    ]
    start = at - 5 * DAY - slugs.index(open_stage) * 10 * DAY
    for order, (slug, kind) in enumerate(zip(slugs, kinds, strict=True)):
        opens = start + order * 10 * DAY
        edition.stages.create(
            slug=slug, kind=kind, name={"en": slug.title()}, order=order, opens_at=opens, closes_at=opens + 10 * DAY
        )


def make_office(edition: Edition, person: Person, role: str = Organiser.Role.SECRETARIAT) -> Organiser:
    return Organiser.objects.create(prize=edition.prize, person=person, role=role)


def make_committee(edition: Edition, kind: str = "promotion", key: str = "", **fields) -> Committee:
    fields.setdefault("name", {"en": f"{kind} committee".capitalize()})
    return Committee.objects.create(edition=edition, kind=kind, key=key or kind, **fields)


def make_seat(committee: Committee, person: Person, role: str = Seat.Role.MEMBER, **fields) -> Seat:
    return Seat.objects.create(committee=committee, person=person, role=role, **fields)

"""The demonstration: an edition's whole story, told by the real verbs, as far as today.

Each app tells its part in its own ``demo.py``. History happened on 2023's dates; the story moves them by whole days so that the
chosen stage is open today, and every part plays only what has happened by now.
"""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.functional import Promise
from pydantic import BaseModel

from prize import governing, rulebook
from prize.codes import ALPHABET, LENGTH
from prize.models import Committee, Edition, Meeting, Organiser, Person, Seat
from prize.registry import Registry

PASSWORD = "a-prize-for-2023"  # noqa: S105 - printed by the command, for invented people on this machine
ACCOUNTS = {
    "office@demo.example": "secretariat, who asks",
    "office2@demo.example": "secretariat, the second person who approves",
    "screening@demo.example": "screening officer",
    "cochair@demo.example": "co-chair of the promotion committee",
    "member@demo.example": "member of the promotion committee",
    "applicant@demo.example": "applicant",
    "laureate@demo.example": "applicant whose entry is honoured in the end",
    "judge@demo.example": "judge",
    "chair@demo.example": "chair of the jury, who judges too",
    "partner@demo.example": "juror of a partner with a special award",
}

# The day of 2023 that is today, for each stage the story may stop at; without a stage, the edition is over and cared for.
TODAY = {
    "call": date(2023, 6, 6),
    "screening": date(2023, 6, 22),
    "second": date(2023, 7, 13),
    "final": date(2023, 9, 22),
    "ceremony": date(2023, 9, 25),
    "": date(2023, 11, 15),
}
SEOUL = "seoul-2023"

Tell = Callable[["Story"], None]
parts: Registry[tuple[int, str | Promise, Tell]] = Registry("demo")


@dataclass
class Story:
    """What the parts share: the edition, its moved calendar, chance with a seed, and what earlier parts made."""

    edition: Edition
    now: datetime
    say: Callable[[str], None]
    made: dict[str, Any] = field(default_factory=dict)

    def when(self, local: str) -> datetime:
        """A moment of 2023, in the edition's zone, moved to the demonstration's calendar: ``when("2023-06-30 14:00")``."""
        moment = datetime.fromisoformat(local).replace(tzinfo=None) + timedelta(days=self.edition.moved_by_days)
        return moment.replace(tzinfo=self.edition.tz)

    def has_come(self, moment: datetime) -> bool:
        return moment <= self.now

    def chance(self, name: str) -> random.Random:
        """Chance that is the same every time, whatever other parts draw."""
        return random.Random(f"{self.edition.prize.slug}-{self.edition.year}:{name}")  # noqa: S311 - a story, not a secret

    def code(self, *names: object) -> str:
        """A public code that is the same every time."""
        number = int.from_bytes(hashlib.sha256(":".join(map(str, names)).encode()).digest()[:16])
        letters = []
        for _place in range(LENGTH):
            number, rest = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[rest])
        return "".join(letters)


def part(name: str, *, order: int, title: str | Promise) -> Callable[[Tell], Tell]:
    """Add a part of the story; parts are told in this order."""

    def keep(tell: Tell) -> Tell:
        parts.add(name)((order, title, tell))
        return tell

    return keep


def build(stage: str | None, *, now: datetime, say: Callable[[str], None]) -> Edition:
    """Load the rulebook with its calendar moved, and tell the story until now."""
    book = rulebook.read((settings.BASE_DIR / "prize" / "rulebooks" / f"{SEOUL}.yaml").read_text(encoding="utf-8"))
    section = book.sections["prize"]
    zone = ZoneInfo(section.edition.zone)
    days = (now.astimezone(zone).date() - TODAY[stage or ""]).days
    move(book, timedelta(days=days))
    with transaction.atomic():
        loaded_at = datetime(2023, 3, 2, 9, tzinfo=zone) + timedelta(days=days)
        edition = rulebook.load(book, by=Person.objects.clock(), at=loaded_at)
        edition.is_public = edition.is_demonstration = True
        edition.moved_by_days = days
        edition.save(update_fields=["is_public", "is_demonstration", "moved_by_days"])
    tell(Story(edition, now, say))
    open_accounts()
    archive(edition)
    return edition


def open_accounts() -> None:
    """Let the printed accounts sign in: one password, hashed once, and a confirmed address each."""
    people = Person.objects.filter(email__in=ACCOUNTS)
    people.update(password=make_password(PASSWORD))
    for person in people:
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )


def archive(edition: Edition) -> None:
    """Put what was really published of past editions beside the story: facts with their sources."""
    facts = yaml.safe_load((settings.BASE_DIR / "prize" / "archives" / "seoul.yaml").read_text(encoding="utf-8"))
    for past in facts["editions"]:
        Edition.objects.update_or_create(
            prize=edition.prize,
            year=past["year"],
            is_demonstration=False,
            defaults={
                "ordinal": past["ordinal"],
                "name": past["name"],
                "zone": edition.zone,
                "is_public": True,
                "published": past,
            },
        )


def move(book: rulebook.Rulebook, by: timedelta) -> None:
    """Move every date of a rulebook's sections by whole days, wherever it stands."""
    for section in book.sections.values():
        move_dates(section, by)


def move_dates(part: Any, by: timedelta) -> None:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, datetime):
            setattr(part, name, value + by)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, BaseModel):
                move_dates(inner, by)


def tell(story: Story) -> None:
    """Tell the story as far as it has come, part by part; each is one transaction."""
    for _order, title, tell_part in sorted(parts.all().values(), key=lambda entry: entry[0]):
        story.say(str(title))
        with transaction.atomic():
            tell_part(story)


# --- The office and the committee ---------------------------------------------------------------


@part("prize", order=10, title="The office opens, the committee adopts the rules")
def office(story: Story) -> None:
    cast = yaml.safe_load((settings.BASE_DIR / "prize" / "demo_texts" / "people.yaml").read_text(encoding="utf-8"))
    made = story.made
    made["secretariat"] = appoint(story, cast["secretariat"], Organiser.Role.SECRETARIAT, ["office", "office2"])
    made["officers"] = appoint(story, cast["screening_officers"], Organiser.Role.SCREENING_OFFICER, ["screening"])
    committee = made["committee"] = story.edition.committees.get(key="promotion")
    made["jury"] = story.edition.committees.get(key="jury")
    promotion = cast["promotion_committee"]
    made["co_chairs"] = seat(story, committee, promotion["co_chairs"], Seat.Role.CO_CHAIR, ["cochair"])
    made["members"] = seat(story, committee, promotion["members"], Seat.Role.MEMBER, ["member"])
    made["applicant"] = invent(cast["applicant"], "applicant@demo.example")
    made["partner_juror"] = invent(cast["partner_jurors"][0], "partner@demo.example")
    adopt_rules(story, committee)


def invent(record: dict[str, Any], email: str, **fields: Any) -> Person:
    """A fictional person, who cannot sign in unless the address is one of the printed accounts."""
    return Person.objects.create_user(
        email,
        name=record["name"],
        native_name=record.get("native_name", ""),
        country=record.get("country", ""),
        language=record.get("language", "en"),
        is_fictional=True,
        **fields,
    )


def invent_all(records: list[dict[str, Any]], known: list[str], group: str, **fields: Any) -> list[Person]:
    """The first take the printed addresses, the others numbered ones."""
    addresses = known + [f"{group}{n}" for n in range(len(known) + 1, len(records) + 1)]
    return [invent(record, f"{name}@demo.example", **fields) for record, name in zip(records, addresses, strict=False)]


def appoint(story: Story, records: list[dict[str, Any]], role: str, known: list[str]) -> list[Person]:
    people = invent_all(records, known, role, is_staff=True)
    for person in people:
        Organiser.objects.create(prize=story.edition.prize, person=person, role=role)
    return people


def seat(
    story: Story, committee: Committee, records: list[dict[str, Any]], role: str, known: list[str]
) -> list[Person]:
    people = invent_all(records, known, role)
    Seat.objects.bulk_create(Seat(committee=committee, person=person, role=role) for person in people)
    return people


def adopt_rules(story: Story, committee: Committee) -> None:
    begins = story.when("2023-03-10 10:00")
    session = Meeting.objects.create(
        committee=committee,
        title={"en": "First session of the promotion committee", "ko": "추진위원회 제1차 회의"},
        agenda={
            "en": "Evaluation factors, rules and calendar of the first edition.",
            "ko": "평가 요소, 규칙, 일정 논의",
        },
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        place="Video meeting",
    )
    content = {"digest": rulebook.export(story.edition).digest}
    motion = governing.propose(
        committee,
        "prize.adopt_rules",
        content,
        title="Adopt the rules of the first edition",
        reason="Inclusion and citizen-centredness are the evaluation factors. The rules were sent to all members a week ago.",
        meeting=session,
        by=story.made["secretariat"][0],
        at=begins,
    )
    carry(story, motion, begins + timedelta(hours=1), abstaining=1)


def carry(story: Story, motion: Any, at: datetime, *, abstaining: int = 0) -> None:
    """All members vote, the last few abstain, a co-chair closes the vote."""
    people = [*story.made["co_chairs"], *story.made["members"]]
    aside = governing.acts.get(motion.act).recused(motion.content, story.edition)
    voting = [person for person in people if person.pk not in aside]
    for place, person in enumerate(voting):
        governing.vote(motion, "abstain" if place >= len(voting) - abstaining else "yes", by=person, at=at)
    governing.resolve(motion, by=voting[0], at=at)

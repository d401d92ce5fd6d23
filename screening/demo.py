"""The demonstration's screening: cities are measured, every entry is checked, and the outcomes are announced by two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from applications.models import Application
from prize import governing
from prize.demo import Story, part
from prize.models import City, Edition, Person
from screening import checking, clarifying, closing, collecting, comparing, indexing
from screening.checking import Answer
from screening.collecting import Value
from screening.models import CheckItem, Formula, Indicator

SOURCE = "Invented for the demonstration"
YEARS = (2021, 2022)

# What the record of a declined entry calls its reason, and the check item that failed.
FAILED = {
    "incomplete": "complete",
    "duplicate": "one_per_category",
    "out-of-scope": "in_scope",
    "pilot-only": "ongoing_or_finished",
    "late-evidence": "evidence",
    "not-eligible-type": "eligible_applicant",
}
EXCUSED = (
    "The service runs in two districts; the city-wide order takes effect in August, by law.",
    "The new line opened for residents on the last day of the call and has been in daily use since.",
)
QUESTIONS = (
    (
        "Which of the two figures in the summary is the one measured in 2022?",
        "The second. The first is the target of 2024.",
    ),
    (
        "Who signs for the city: the department named in the form, or the utility?",
        "The department. The utility runs the technical side for it.",
    ),
    (
        "The note on measurement gives no date. When was it made?",
        "Between March and May of last year. The pages are in the same order.",
    ),
    (
        "Is the service open to people without a registered address?",
        "Yes, since the beginning. We ask for no document at the counter.",
    ),
    (
        "Has the project received another international award?",
        "No. It was presented at a conference, without a prize.",
    ),
)
MIDDLES = {"high": 0.72, "upper-middle": 0.55, "lower-middle": 0.4, "low": 0.28, "": 0.5}


@dataclass(frozen=True)
class Case:
    """One entry on an officer's desk."""

    application: Application
    record: dict[str, Any]
    officer: Person
    at: datetime
    excuse: str = ""
    question: tuple[str, str] | None = None


@part("screening", order=30, title=_("Cities are measured, every entry is checked"))
def screening(story: Story) -> None:
    edition = Edition.objects.select_related("prize").get(pk=story.edition.pk)
    prefetch_related_objects([edition], "stages", "check_items", "indicators", "regions")
    measure(story, edition)
    items = {item.key: item for item in edition.check_items.all()}
    compare(story, edition)
    for case in cases(story, edition):
        screen(story, case, items)
    announce(story, edition)
    close(story, edition)


# --- Cities ---------------------------------------------------------------------------------------


def measure(story: Story, edition: Edition) -> None:
    """Readings of two years for every city with an entry, and the index that the judges see."""
    at = story.when("2023-06-19 11:00")
    if not story.has_come(at):
        return
    applications = [entry["application"] for entry in story.made["entries"]]
    cities = sorted({row.city for row in applications if row.city}, key=lambda city: city.code)
    indicators = list(edition.indicators.all())
    values = [value for city in cities for value in figures(story, city, indicators)]
    collecting.record_readings(values, by=story.made["officers"][0], at=at)
    run_at = story.when("2023-06-20 15:00")
    if story.has_come(run_at):
        formula = Formula.objects.select_related("edition").get(edition=edition, key="city_index")
        asked = indexing.ask_to_run(formula, year=YEARS[-1], by=story.made["secretariat"][0], at=run_at)
        governing.approve(asked, asked.digest, by=story.made["secretariat"][1], at=run_at + timedelta(minutes=40))


def figures(story: Story, city: City, indicators: list[Indicator]) -> Iterator[Value]:
    """A city's figures: its income group sets the middle, chance the rest, and most things grow a little in a year."""
    chance = story.chance(f"readings {city.code}")
    for indicator in indicators:
        share = min(0.97, max(0.03, chance.gauss(MIDDLES[city.income], 0.14)))
        for year in YEARS:
            yield Value(indicator, city, year, level(indicator, share), SOURCE)
            share = min(0.98, max(0.02, share * grown(indicator, chance)))


def grown(indicator: Indicator, chance: Random) -> float:
    return chance.uniform(0.92, 1.35) if indicator.key == "digital_skills" else chance.uniform(0.97, 1.08)


def level(indicator: Indicator, share: float) -> Decimal:
    """A figure at this share of the way from the bad goalpost to the good one."""
    low, high = float(indicator.low or 0), float(indicator.high or 100)
    way = share if indicator.direction > 0 else 1 - share
    return Decimal(f"{low + way * (high - low):.1f}")


# --- Entries --------------------------------------------------------------------------------------


def compare(story: Story, edition: Edition) -> None:
    """Invented texts share many passages, so only what is entered twice word for word is notable here."""
    at, officer = story.when("2023-06-12 10:00"), story.made["officers"][0]
    if not story.has_come(at):
        return
    for pair in comparing.compare(edition, by=officer, at=at, notable=Fraction(95, 100)):
        if story.has_come(at + timedelta(hours=2)):
            comparing.rule(pair, "same", by=officer, at=at + timedelta(hours=2))


def cases(story: Story, edition: Edition) -> list[Case]:
    """Every entry with its officer and its hour: three officers at work from 12 to 29 June, in no order but chance's."""
    chance, entries = story.chance("screening"), list(story.made["entries"])
    chance.shuffle(entries)
    officers, days = story.made["officers"], working_days(story)
    excuses, questions = special(entries)
    found = []
    for position, entry in enumerate(entries):
        at = days[position * len(days) // len(entries)] + timedelta(minutes=chance.randint(0, 500))
        number, application = entry["record"]["number"], entry["application"]
        application.edition = edition
        officer = officers[position % len(officers)]
        found.append(Case(application, entry["record"], officer, at, excuses.get(number, ""), questions.get(number)))
    return sorted(found, key=lambda case: case.at)


def special(entries: list[dict[str, Any]]) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """Which entries, by number, need an exception or a question: some of those that pass, while there is time to answer."""
    early = [entry["record"] for entry in entries[: len(entries) * 2 // 3]]
    passed = [record["number"] for record in early if "reason" not in record and record["type"] != "individual"]
    excuses = dict(zip(passed[5::20], EXCUSED, strict=False))
    return excuses, dict(zip(passed[10::25], QUESTIONS, strict=False))


def working_days(story: Story) -> list[datetime]:
    """Mornings from 12 to 29 June that were working days then."""
    mornings = [datetime(2023, 6, day, 9) for day in range(12, 30)]  # noqa: DTZ001 - the story gives the zone
    return [story.when(f"{morning:%Y-%m-%d %H:%M}") for morning in mornings if morning.weekday() < 5]


def screen(story: Story, case: Case, items: dict[str, CheckItem]) -> None:
    """One entry, as far as its time has come: perhaps a question first, then every check, perhaps an exception, the verdict."""
    at = ask(story, case) if case.question else case.at
    if at is None or not story.has_come(at + timedelta(minutes=9)):
        return
    application = case.application
    checking.record_all(application, answers_to(case, items), by=case.officer, at=at)
    if case.excuse:
        at += timedelta(minutes=5)
        item, secretary = items["ongoing_or_finished"], story.made["secretariat"][0]
        checking.waive(application, item, reason=case.excuse, by=secretary, at=at)
    checking.decide(application, by=case.officer, at=at + timedelta(minutes=2))


def ask(story: Story, case: Case) -> datetime | None:
    """Ask, and let the owner answer after two days: when the officer can go on, or None while that has not come."""
    question, reply = case.question or ("", "")
    answered_at = case.at + timedelta(days=2, minutes=40)
    if not story.has_come(case.at):
        return None
    due_at = (case.at + timedelta(days=5)).replace(hour=0, minute=0)
    asked = clarifying.ask(case.application, question, due_at=due_at, by=case.officer, at=case.at)
    if not story.has_come(answered_at):
        return None
    clarifying.answer(asked, reply, by=case.application.owner, at=answered_at)
    return answered_at + timedelta(hours=3)


def answers_to(case: Case, items: dict[str, CheckItem]) -> dict[CheckItem, Answer]:
    failed = FAILED.get(case.record.get("reason", ""), "ongoing_or_finished" if case.excuse else "")
    note = case.record.get("note", "") or (
        "Opened after the form was written; see the exception." if case.excuse else ""
    )
    return {item: Answer("failed", note) if key == failed else Answer("passed") for key, item in items.items()}


# --- The end --------------------------------------------------------------------------------------


def announce(story: Story, edition: Edition) -> None:
    """Asked by one of the secretariat, approved by the other."""
    asked_at, approved_at = story.when("2023-06-30 16:20"), story.when("2023-06-30 17:00")
    if not story.has_come(asked_at):
        return
    asker, approver = story.made["secretariat"][:2]
    stage = edition.stage("screening")
    reason = "Every entry was checked by an officer. Counts and list were read against the board."
    approval = closing.ask_to_announce(stage, by=asker, at=asked_at, reason=reason)
    if story.has_come(approved_at):
        governing.approve(approval, approval.digest, by=approver, at=approved_at)


def close(story: Story, edition: Edition) -> None:
    stage = edition.stage("screening")
    if story.has_come(stage.closes_at):
        closing.close(stage, by=Person.objects.clock(), at=stage.closes_at + timedelta(seconds=14))

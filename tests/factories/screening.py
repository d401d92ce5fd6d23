"""Check items of every kind, and entries with their checks."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from applications.models import Application
from factories.applications import make_submitted
from prize.models import City, Edition, Person
from screening import checking, collecting
from screening.collecting import Value
from screening.models import CheckItem, Formula

ITEMS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("complete", "The entry is incomplete.", {}),
    (
        "domain",
        "The project lies outside the prize's domains.",
        {"rule": {"answer": "domain", "in": ["mobility", "energy"]}},
    ),
    ("evidence", "No evidence is attached.", {"rule": {"has_file": "evidence_file"}, "may_be_waived": True}),
)


def make_items(edition: Edition) -> list[CheckItem]:
    """Three items: one for people, one that a rule answers, one that a rule answers and that may be waived."""
    return [
        CheckItem.objects.create(
            edition=edition,
            key=key,
            text={"en": f"Is it {key}?", "ko": f"{key} 확인"},
            reason={"en": reason, "ko": f"사유: {key}"},
            order=order,
            **more,
        )
        for order, (key, reason, more) in enumerate(ITEMS)
    ]


def into_screening(edition: Edition) -> datetime:
    """A moment at which the screening stage is open, in an edition whose call is open now."""
    return edition.stages.get(slug="screening").opens_at + timedelta(hours=1)


def make_entry(edition: Edition, owner: Person | None = None, **fields: Any) -> Application:
    """A submitted entry, sealed while the call was open."""
    moment = edition.stages.get(slug="call").opens_at + timedelta(hours=1)
    return make_submitted(edition, owner, at=moment, **fields)


def check_all(entry: Application, by: Person, at: datetime, **results: str) -> None:
    """Answer every item: passed, unless said otherwise."""
    items = entry.edition.check_items.all()
    answers = {item: checking.Answer(results.get(item.key, "passed")) for item in items}
    checking.record_all(entry, answers, by=by, at=at)


FORMULA = """\
situation = mean(online, air)
growth = 100 * goalposts(cagr(online_history), -0.05, 0.15)
0.8 * situation + 0.2 * growth"""


def make_formula(edition: Edition, expression: str = FORMULA, **fields: Any) -> Formula:
    """Two indicators, one where low is good, and a formula of level and growth."""
    for order, (key, unit, direction, low, high) in enumerate(
        [("online", "%", 1, 20, 90), ("air", "µg/m³", -1, 5, 55)]
    ):
        edition.indicators.get_or_create(
            key=key,
            defaults={
                "name": {"en": key.title(), "ko": f"{key} 지표"},
                "unit": unit,
                "direction": direction,
                "low": low,
                "high": high,
                "order": order,
            },
        )
    fields.setdefault("name", {"en": "City index"})
    return Formula.objects.create(edition=edition, key="city_index", expression=expression, **fields)


def make_readings(edition: Edition, city: City, by: Person, at: datetime, **values: dict[int, str]) -> None:
    """``make_readings(edition, bergen, mio, at, online={2028: "40", 2029: "44"}, air={2029: "12.5"})``."""
    indicators = {row.key: row for row in edition.indicators.all()}
    found = [
        Value(indicators[key], city, year, Decimal(value), "Statistical yearbook")
        for key, years in values.items()
        for year, value in years.items()
    ]
    collecting.record_readings(found, by=by, at=at)

"""Readings of cities: who entered which figure, when, and from which source. A correction supersedes; nothing is overwritten."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from prize import ledger
from prize.governing import Refused
from prize.models import City, Edition, Person
from screening import policy
from screening.models import Indicator, Reading


class Value(NamedTuple):
    """One figure as it comes in."""

    indicator: Indicator
    city: City
    year: int
    value: Decimal
    source: str


def record_reading(
    indicator: Indicator, city: City, year: int, value: Decimal, *, source: str, by: Person, at: datetime
) -> Reading:
    """Record one reading. The same figure from the same source is not written twice."""
    record_readings([Value(indicator, city, year, value, source)], by=by, at=at)
    return Reading.objects.standing().get(indicator=indicator, city=city, year=year)


@transaction.atomic
def record_readings(values: Iterable[Value], *, by: Person, at: datetime) -> list[Reading]:
    """Record readings of one edition: all of them or none."""
    incoming = {(value.indicator.pk, value.city.pk, value.year): value for value in values}
    if not incoming:
        return []
    edition = next(iter(incoming.values())).indicator.edition
    if not policy.may_measure(by, edition):
        raise Refused(_("Only screening officers and the secretariat may enter readings."))
    for value in incoming.values():
        refuse_wrong(value, edition, at)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)  # two imports queue up here
    fresh = superseding(incoming, at)
    rows = [Reading(**value._asdict(), entered_by=by, entered_at=at) for value in fresh]
    Reading.objects.bulk_create(rows)
    if rows:
        facts = {
            "readings": len(rows),
            "indicators": sorted({value.indicator.key for value in fresh}),
            "years": sorted({value.year for value in fresh}),
        }
        ledger.record(edition, "readings.recorded", facts=facts, by=by, at=at)
    return rows


def refuse_wrong(value: Value, edition: Edition, at: datetime) -> None:
    found = problems(value, edition, at)
    if found:
        raise Refused(f"{value.city}, {value.indicator}, {value.year}: {found[0]}")


def problems(value: Value, edition: Edition, at: datetime) -> list[str]:
    """Why this reading cannot be taken; empty if it can."""
    found = []
    if value.indicator.edition_id != edition.pk:
        found.append(_("Readings of one edition are recorded together."))
    if not value.source.strip():
        found.append(_("A reading needs its source."))
    if not 1900 <= value.year <= at.year:
        found.append(_("The year must be one that has begun."))
    return found + figure_problems(value.value)


def figure_problems(figure: Decimal) -> list[str]:
    """What is stored must be what was given: no figure is rounded on the way in."""
    if not figure.is_finite():
        return [_("The value must be a number.")]
    if figure != figure.quantize(Decimal("0.000001")) or abs(figure) >= Decimal(10) ** 14:
        return [_("The value may have six decimal places and fourteen places before the point.")]
    return []


def superseding(incoming: dict[tuple[int, int, int], Value], at: datetime) -> list[Value]:
    """Those that say something new; what they replace is marked as superseded."""
    indicators = {value.indicator.pk for value in incoming.values()}
    years = {value.year for value in incoming.values()}
    standing = {
        (row.indicator_id, row.city_id, row.year): row
        for row in Reading.objects.standing().filter(indicator__in=indicators, year__in=years)
    }
    fresh = [value for key, value in incoming.items() if differs(standing.get(key), value)]
    replaced = [
        standing[key].pk for key, value in incoming.items() if key in standing and differs(standing[key], value)
    ]
    for start in range(0, len(replaced), 500):
        Reading.objects.filter(pk__in=replaced[start : start + 500]).update(superseded_at=at)
    return fresh


def differs(standing: Reading | None, value: Value) -> bool:
    return standing is None or (standing.value, standing.source) != (value.value, value.source)

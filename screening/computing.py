"""The sum of an index, from its inputs alone: no rows, no clock. What is stored can be computed again, here or elsewhere.

A formula knows each indicator by its key: ``online`` is its reading of the year, put between its goalposts on a scale from 0 to
100 with the good end up; ``online_history`` is the series of its readings as they were collected, for measures of growth.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from prize import canonical
from prize.scoring import CompositeSpec, IndicatorSpec, composite, peer_places, rank
from prize.scoring.formula import FormulaError, evaluate, parse

METHOD = "composite/1, formula/1"
SCALE = (0, 100)
HISTORY = "_history"


class Line(NamedTuple):
    """One city's place in an index, with its working."""

    city: str  # its code
    value: Decimal
    rank: int
    peer_group: str
    peer_rank: int | None
    working: list[dict[str, Any]]


class Computed(NamedTuple):
    lines: tuple[Line, ...]
    warnings: tuple[dict[str, Any], ...]


def used(expression: str) -> set[str]:
    """The keys of the indicators a formula asks for.

    >>> sorted(used("0.8 * mean(online, air) + cagr(online_history)"))
    ['air', 'online']
    """
    return {name.removesuffix(HISTORY) for name in parse(expression).names}


def levels(expression: str) -> set[str]:
    """Those of them whose level is taken, not only their history."""
    return {name for name in parse(expression).names if not name.endswith(HISTORY)}


def problems(expression: str, keys: Iterable[str]) -> list[str]:
    """What is wrong with a formula as written; empty if all is well."""
    try:
        unknown = used(expression) - set(keys)
    except FormulaError as error:
        return [str(error)]
    return (
        [_("The formula names unknown indicators: %(names)s.") % {"names": ", ".join(sorted(unknown))}]
        if unknown
        else []
    )


def compute(inputs: Mapping[str, Any], *, shown: bool = True) -> Computed:
    """The whole index from its inputs alone: what is stored can be computed again, here or elsewhere.

    ``shown=False`` leaves out the working, where only the values are asked for.
    """
    year = str(inputs["year"])
    names = parse(inputs["formula"]["expression"]).names
    measured, left_out = complete(inputs["cities"], names, year)
    if not measured:
        return Computed((), warnings_about(left_out))
    units = [city["city"] for city in measured]
    scores = scores_of(measured, inputs["indicators"], names, year)
    data: dict[str, Any] = scores | histories(measured, names)
    result = evaluate(inputs["formula"]["expression"], data, units, rounding=inputs["formula"]["places"])
    values = [Decimal(str(value)) for value in result.values]
    places = [place for place in rank(values).place if place is not None]  # there is a value in every row
    peers = peer_places({"peers": [city["peers"] for city in measured]}, "peers", values)
    lines = tuple(
        Line(
            city["city"],
            values[row],
            places[row],
            city["peers"],
            peers[row] if city["peers"] else None,
            working_of(city, scores, result, row, year) if shown else [],
        )
        for row, city in enumerate(measured)
    )
    return Computed(lines, warnings_about(left_out))


def complete(cities: Iterable[Mapping], names: Iterable[str], year: str) -> tuple[list[Mapping], dict[str, list[str]]]:
    """Cities that have every reading the formula asks for, and for the others what is missing."""
    measured, left_out = [], {}
    for city in cities:
        missing = [name for name in names if not has(city["readings"], name, year)]
        if missing:
            left_out[city["city"]] = sorted({name.removesuffix(HISTORY) for name in missing})
        else:
            measured.append(city)
    return measured, left_out


def has(readings: Mapping[str, Mapping[str, str]], name: str, year: str) -> bool:
    """A level needs the year's reading; growth needs two years."""
    if name.endswith(HISTORY):
        return len(readings.get(name.removesuffix(HISTORY), ())) >= 2
    return year in readings.get(name, ())


def scores_of(
    measured: list[Mapping], indicators: Iterable[Mapping], names: Iterable[str], year: str
) -> dict[str, tuple[float | None, ...]]:
    """Each level between its goalposts; how they combine is the formula's matter."""
    wanted = [name for name in names if not name.endswith(HISTORY)]
    if not wanted:
        return {}
    rules = {row["key"]: row for row in indicators}
    parts = [
        IndicatorSpec(
            key, direction=rules[key]["direction"], low=number(rules[key]["low"]), high=number(rules[key]["high"])
        )
        for key in wanted
    ]
    table: dict[str, list] = {"unit": [city["city"] for city in measured]}
    table |= {key: [city["readings"][key][year] for city in measured] for key in wanted}
    return composite(table, CompositeSpec(parts, scale=SCALE)).normalised


def number(text: str | None) -> float | None:
    return None if text is None else float(text)


def histories(measured: list[Mapping], names: Iterable[str]) -> dict[str, dict[int, list[str | None]]]:
    found = {}
    for name in names:
        if name.endswith(HISTORY):
            key = name.removesuffix(HISTORY)
            years = sorted({int(year) for city in measured for year in city["readings"][key]})
            found[name] = {year: [city["readings"][key].get(str(year)) for city in measured] for year in years}
    return found


def working_of(city: Mapping, scores: Mapping, result: Any, row: int, year: str) -> list[dict[str, Any]]:
    """Every step for one city: each level on its scale, then the formula from the inside out."""
    steps = [
        {"name": name, "kind": "level", "reading": city["readings"][name][year], "score": f"{values[row]:.2f}"}
        for name, values in scores.items()
    ]
    trace = result.trace(city["city"]).to_dict()["steps"]
    return [*steps, *({"kind": "step", **step} for step in trace)]


def warnings_about(left_out: Mapping[str, list[str]]) -> tuple[dict[str, Any], ...]:
    return tuple({"code": "missing", "city": city, "indicators": keys} for city, keys in left_out.items())


def results_digest(inputs_digest: str, lines: Iterable[Line], places: int) -> str:
    """Covers what decides: the values as rounded, the ranks and the peers."""
    rows = [[line.city, f"{line.value:.{places}f}", line.rank, line.peer_group, line.peer_rank] for line in lines]
    return canonical.digest({"method": METHOD, "inputs": inputs_digest, "lines": rows})

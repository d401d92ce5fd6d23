"""Readings as columns: read with a mask for what is missing, divided by their denominators, gaps filled and flagged."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from .composite_spec import CompositeSpec, IndicatorSpec
from .refusals import Refusal, ScoringError
from .scale import LARGEST, within

Table: TypeAlias = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]


class Readings(NamedTuple):
    """Units by indicators. Missing cells are NaN in here and None wherever they leave."""

    units: tuple[Any, ...]
    x: np.ndarray  # float[U, I]
    filled: np.ndarray  # bool[U, I], imputed


def columns_of(table: Table) -> Mapping[str, Sequence[Any]]:
    """A table as columns, whether it came as columns or as rows.

    >>> columns_of([{"unit": "a", "jobs": 3}, {"unit": "b", "jobs": None}])
    {'unit': ['a', 'b'], 'jobs': [3, None]}
    """
    if isinstance(table, Mapping):
        return table
    names = list(dict.fromkeys(name for row in table for name in row))
    return {name: [row.get(name) for row in table] for name in names}


def column(table: Mapping[str, Sequence[Any]], name: str, units: Sequence[Any]) -> np.ndarray:
    """One column as float[U]; None becomes NaN. Errors name unit and column."""
    if name not in table:
        raise ScoringError("unknown-name", f"Column {name}", "the table has none", "correct the name or add the column")
    given = table[name]
    if len(given) != len(units):
        fault = f"it has {len(given)} values for {len(units)} units"
        raise ScoringError("length", f"Column {name}", fault, "give one per unit, None where missing")
    if isinstance(given, np.ndarray) and given.dtype.kind in "iuf" and (np.abs(given) <= LARGEST).all():
        return given.astype(float)
    if set(map(type, given)) <= {int, float, type(None)}:
        values = np.array(given, dtype=float)
        if np.isnan(values).sum() == list(given).count(None) and not (np.abs(values) > LARGEST).any():
            return values
    return np.array([_reading(value, name, unit) for value, unit in zip(given, units, strict=True)], dtype=float)


def _reading(value: Any, name: str, unit: Any) -> float:
    if value is None:
        return np.nan
    if type(value) in (int, float) and -LARGEST <= value <= LARGEST:
        return float(value)
    return float(within(value, f"{name} of {unit}"))


def denominated(
    table: Mapping[str, Sequence[Any]], spec: CompositeSpec, units: Sequence[Any], raw: np.ndarray
) -> np.ndarray:
    """Each indicator divided by its denominator, if it has one, float[U, I]."""
    done = []
    for each, values in zip(spec.indicators, raw.T, strict=True):
        if each.denominator is not None:
            below = column(table, each.denominator, units)
            if (below == 0).any():
                place = f"{each.denominator} of {units[int(np.argmax(below == 0))]}"
                remedy = "correct it, or give None where it is not known"
                raise ScoringError("zero-division", place, f"it is zero and {each.name} is divided by it", remedy)
            values = values / below
        done.append(values)
    return np.column_stack(done)


def fill(table: Mapping[str, Sequence[Any]], spec: CompositeSpec, units: Sequence[Any], x: np.ndarray) -> Readings:
    """Gaps filled as the specification says, each flagged; never with zero."""
    gaps = np.isnan(x)
    if not gaps.any() or spec.impute == "available":
        return Readings(tuple(units), x, np.zeros_like(gaps))
    if spec.impute == "refuse":
        row, place = (int(index[0]) for index in np.nonzero(gaps))
        remedy = "find the reading, or choose an imputation in the specification"
        raise Refusal("missing", f"{spec.indicators[place].name} of {units[row]}", "it is missing", remedy)
    x = x.copy()
    for place, each in enumerate(spec.indicators):
        if gaps[:, place].any():
            x[:, place] = _filled(table, spec, units, each, x[:, place])
    return Readings(tuple(units), x, gaps)


def _filled(table: Mapping, spec: CompositeSpec, units: Sequence, each: IndicatorSpec, x: np.ndarray) -> np.ndarray:
    gap = np.isnan(x)
    if spec.impute in ("mean", "median"):
        guess = np.full(len(x), _middle(spec.impute, x[~gap], each.name, "any unit"))
    elif spec.impute in ("group-mean", "group-median"):
        guess = _by_group(table, spec, each, x)
    elif spec.impute == "previous":
        guess = column(table, _named(each.previous, each, "previous"), units)
    else:
        guess = _regressed(column(table, _named(each.predictor, each, "predictor"), units), x, each)
    if np.isnan(guess[gap]).any():
        place = f"{each.name} of {units[int(np.argmax(gap & np.isnan(guess)))]}"
        raise Refusal("missing", place, "what it is to be filled from is missing too", "find either reading")
    return np.where(gap, guess, x)


def _by_group(table: Mapping, spec: CompositeSpec, each: IndicatorSpec, x: np.ndarray) -> np.ndarray:
    groups = _labels(table, spec.group, len(x))
    guess = np.empty(len(x))
    for label in dict.fromkeys(groups):
        inside = np.array([group == label for group in groups])
        known = x[inside & ~np.isnan(x)]
        if np.isnan(x[inside]).any():
            guess[inside] = _middle(spec.impute, known, each.name, f"group {label}")
    return guess


def _labels(table: Mapping[str, Sequence[Any]], name: str | None, number: int) -> Sequence[Any]:
    if name is None or name not in table or len(table[name]) != number:
        remedy = "name the column that holds each unit's group"
        raise ScoringError("unknown-name", f"Group column {name}", "the table has none of that length", remedy)
    return table[name]


def _middle(how: str, known: np.ndarray, name: str, where: str) -> float:
    if not len(known):
        raise Refusal("missing", f"{name} of {where}", "no reading is known at all", "find one, or drop the indicator")
    return float(np.median(known) if how.endswith("median") else known.mean())


def _regressed(predictor: np.ndarray, x: np.ndarray, each: IndicatorSpec) -> np.ndarray:
    """Least squares of the known readings on the predictor."""
    known = ~np.isnan(x) & ~np.isnan(predictor)
    if known.sum() < 3 or np.ptp(predictor[known]) == 0:
        fault = "fewer than three readings go with different values of the predictor"
        raise Refusal("missing", f"Regression for {each.name}", fault, "choose another imputation")
    slope, level = np.polyfit(predictor[known], x[known], 1)
    return level + slope * predictor


def _named(name: str | None, each: IndicatorSpec, setting: str) -> str:
    if name is None:
        raise ScoringError("bad-setting", f"Indicator {each.name}", f"it names no {setting} column", "name one")
    return name

"""The functions a formula may use, each one an entry of an allow-list: what it takes, what it gives, how it reads.

Arrays hold one number per unit; NaN marks a missing one inside this package and becomes None outside.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from prize.scoring.refusals import Refusal, ScoringError
from prize.scoring.treat import winsorise as winsorised


class Series(NamedTuple):
    """One indicator over several years: float[U, T]."""

    years: tuple[int, ...]
    levels: np.ndarray


class Function(NamedTuple):
    """takes: one letter per argument: n number, t truth, s series, c constant; a final * repeats the last letter.

    `sample` marks a function that looks at all units at once, `lazy` one whose arguments are not all needed; `domain`
    says for what it is defined; `needs` gives the readings without which there is no result.
    """

    name: str
    takes: str
    gives: str
    words: str
    compute: Callable[..., np.ndarray]
    least: int
    sample: bool = False
    lazy: bool = False
    domain: str = "a smaller value"
    needs: Callable[..., list[np.ndarray]] | None = None


def _clip(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    if (low > high).any():
        raise ScoringError("bounds", "clip", "the lower bound lies above the upper", "swap them")
    return np.clip(x, low, high)


def _goalposts(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    if (low == high).any():
        raise ScoringError("bounds", "goalposts", "both are the same", "set them apart")
    return np.clip((x - low) / (high - low), 0.0, 1.0)


def _minmax(x: np.ndarray) -> np.ndarray:
    known = _spread_out(x, "minmax")
    return (x - known.min()) / np.ptp(known)


def _zscore(x: np.ndarray) -> np.ndarray:
    known = _spread_out(x, "zscore")
    return (x - known.mean()) / known.std(ddof=1)


def _percentile(x: np.ndarray) -> np.ndarray:
    known = ~np.isnan(x)
    share = np.full(len(x), np.nan)
    below = np.searchsorted(np.sort(x[known]), x[known], side="left")
    share[known] = below / max(int(known.sum()) - 1, 1)
    return share


def _winsorise(x: np.ndarray, points: np.ndarray) -> np.ndarray:
    known = ~np.isnan(x)
    number = float(points[0]) if len(points) else 0.0
    if not (number.is_integer() and 0 <= number <= 100):
        raise ScoringError("points", "winsorise", f"{number:g} readings cannot be moved", "give 0 to 100")
    result = x.copy()
    if known.any():
        result[known] = winsorised(x[known], int(number))
    return result


def _geomean(*x: np.ndarray) -> np.ndarray:
    return np.exp(np.log(np.stack(x)).mean(axis=0))


def _ends(series: Series, *years: np.ndarray) -> list[np.ndarray]:
    first, last = _between(series, *years)
    return [at_year(series, first), at_year(series, last)]


def _between(series: Series, *years: np.ndarray) -> tuple[int, int]:
    if len(years) not in (0, 2):
        raise ScoringError("years", "cagr", "one year is given", "give none, or the first and the last")
    first, last = (int(year[0]) for year in years) if years else (series.years[0], series.years[-1])
    if first >= last:
        raise ScoringError("years", "cagr", f"{first} is not before {last}", "give the earlier year first")
    return first, last


def _cagr(series: Series, *years: np.ndarray) -> np.ndarray:
    first, last = _between(series, *years)
    start, end = _ends(series, *years)
    return np.where((start > 0) & (end > 0), (end / start) ** (1 / (last - first)) - 1, np.nan)


def _two_readings(series: Series) -> list[np.ndarray]:
    return [np.where((~np.isnan(series.levels)).sum(axis=1) >= 2, 0.0, np.nan)]


def _slope(series: Series) -> np.ndarray:
    """Least squares of ln(level) on the year, for all units at once."""
    known = ~np.isnan(series.levels)
    number = known.sum(axis=1)
    t = np.where(known, np.array(series.years, dtype=float)[None, :], 0.0)
    y = np.where(known, np.log(np.where(known, series.levels, 1.0)), 0.0)
    t = np.where(known, t - (t.sum(axis=1) / number)[:, None], 0.0)
    return (t * y).sum(axis=1) / (t**2).sum(axis=1)


def _latest(series: Series) -> np.ndarray:
    result = np.full(len(series.levels), np.nan)
    for values in series.levels.T:
        result = np.where(np.isnan(values), result, values)
    return result


def at_year(series: Series, year: int) -> np.ndarray:
    """A series at one year; refuses a year it has no readings for."""
    if year not in series.years:
        told = ", ".join(map(str, series.years))
        raise ScoringError("year", f"Year {year}", "there are no readings for it", f"use one of {told}")
    return series.levels[:, series.years.index(year)]


def _spread_out(x: np.ndarray, name: str) -> np.ndarray:
    known = x[~np.isnan(x)]
    if len(known) < 2 or np.ptp(known) == 0:
        fault = "every unit has the same value, so there is no spread to divide by"
        raise Refusal("constant", name, fault, "use goalposts fixed in the rules")
    return known


def _least(*x: np.ndarray) -> np.ndarray:
    return np.min(np.stack(x), axis=0)


def _most(*x: np.ndarray) -> np.ndarray:
    return np.max(np.stack(x), axis=0)


def _mean(*x: np.ndarray) -> np.ndarray:
    return np.stack(x).mean(axis=0)


def _select(condition: np.ndarray, yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(condition), np.nan, np.where(condition == 1, yes, no))


def _coalesce(*x: np.ndarray) -> np.ndarray:
    result = x[0]
    for each in x[1:]:
        result = np.where(np.isnan(result), each, result)
    return result


SLOPE = "growth per year from all years (slope of the logarithm)"
POSITIVE = "levels above zero"

FUNCTIONS: dict[str, Function] = {
    each.name: each
    for each in (
        Function("if", "tnn", "n", "the second where the condition holds, else the third", _select, 3, lazy=True),
        Function("coalesce", "n*", "n", "the first that is not missing", _coalesce, 2, lazy=True),
        Function("min", "n*", "n", "the smallest", _least, 1),
        Function("max", "n*", "n", "the largest", _most, 1),
        Function("mean", "n*", "n", "the mean", _mean, 1),
        Function("geomean", "n*", "n", "the geometric mean", _geomean, 1, domain="values above zero or at zero"),
        Function("abs", "n", "n", "the distance from zero", np.abs, 1),
        Function("ln", "n", "n", "the natural logarithm", np.log, 1, domain="a value above zero"),
        Function("exp", "n", "n", "e to that power", np.exp, 1),
        Function("sqrt", "n", "n", "the square root", np.sqrt, 1, domain="a value of zero or more"),
        Function("clip", "nnn", "n", "held between the bounds", _clip, 3),
        Function("goalposts", "nnn", "n", "from 0 at the first goalpost to 1 at the second", _goalposts, 3),
        Function("minmax", "n", "n", "from 0 for the lowest unit to 1 for the highest", _minmax, 1, sample=True),
        Function("zscore", "n", "n", "distance from the mean in standard deviations", _zscore, 1, sample=True),
        Function("percentile", "n", "n", "share of the other units that lie below", _percentile, 1, sample=True),
        Function("winsorise", "nc", "n", "the most extreme readings drawn in", _winsorise, 2, sample=True),
        Function(
            "cagr", "scc", "n", "compound growth per year between two years", _cagr, 1, domain=POSITIVE, needs=_ends
        ),
        Function("slope", "s", "n", SLOPE, _slope, 1, domain=POSITIVE, needs=_two_readings),
        Function("latest", "s", "n", "the latest reading there is", _latest, 1, needs=lambda series: [_latest(series)]),
    )
}

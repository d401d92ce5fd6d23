"""How fast a figure grows: from two points, from all years with its error, and shrunk where a city is tiny."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .refusals import Refusal, ScoringError
from .scale import exact


class Slope(NamedTuple):
    """Growth per year with its standard error (None from two years only, which fit any line) and the years used."""

    slope: float
    se: float | None
    n: int


def cagr(first: Any, last: Any, years: Any) -> float:
    """Compound annual growth rate from two points: (last / first)^(1 / years) - 1.

    Units: share per year. Errors: a level that is not above zero, no time between. Noisy: it looks at two years only.

    >>> round(cagr(100, 121, 2), 12)
    0.1
    """
    first, last, years = (float(exact(value, "Growth")) for value in (first, last, years))
    if first <= 0 or last <= 0:
        fault = f"it goes from {first:g} to {last:g}, and a rate needs levels above zero"
        raise Refusal("not-positive", "Growth", fault, "use relative_slope, or a change in points for shares")
    if years <= 0:
        raise ScoringError("years", "Growth", f"{years:g} years lie between", "give the earlier reading first")
    rate = np.log(last / first) / years
    if not abs(rate) < 50:
        raise ScoringError(
            "years", "Growth", f"{years:g} years are too short a time for it", "check readings and years"
        )
    return float((last / first) ** (1 / years) - 1)


def log_slope(years: Sequence[Any], levels: Sequence[Any]) -> Slope:
    """Growth from all years: the least-squares slope of ln(level) on the year, with its standard error.

    Shapes: T each, None where missing. Units: share per year, nearly. Errors: fewer than two readings, a level not
    above zero, one year twice. Source: ordinary least squares.

    >>> result = log_slope([2019, 2020, 2021], [100, 110, 121])
    >>> round(result.slope, 6), result.se < 1e-9, result.n
    (0.09531, True, 3)
    """
    t, y = _known(years, levels)
    if (y <= 0).any():
        fault = f"{y[y <= 0][0]:g} has no logarithm"
        raise Refusal("not-positive", f"Level in {t[y <= 0][0]:g}", fault, "use relative_slope")
    return _line(t, np.log(y))


def relative_slope(years: Sequence[Any], levels: Sequence[Any]) -> Slope:
    """For series that can reach zero: the least-squares slope divided by the mean level.

    Shapes: T each, None where missing. Units: share of the mean per year. Errors: fewer than two readings, a mean not
    above zero, one year twice.

    >>> relative_slope([2019, 2020, 2021], [0, 10, 20]).slope
    1.0
    """
    t, y = _known(years, levels)
    if y.mean() <= 0:
        raise Refusal("not-positive", "Mean level", f"it is {y.mean():g}", "use the plain change")
    line = _line(t, y)
    return Slope(line.slope / float(y.mean()), None if line.se is None else line.se / float(y.mean()), line.n)


def point_change(first: Any, last: Any) -> float:
    """The change of a share in its own points: last - first. Errors: something that is no number.

    >>> point_change("41.5", 44)
    2.5
    """
    return float(exact(last, "Last reading") - exact(first, "First reading"))


def weighted_years(levels: Sequence[Any], weights: Sequence[Any] = (3, 2, 1)) -> float:
    """The mean of the latest years, the latest first: 3 : 2 : 1 unless told otherwise; a missing year is left out.

    Errors: no year with both a reading and a weight. Source: IMD Smart City Index.

    >>> weighted_years([60, 54, 48]), weighted_years([60, None, 48])
    (56.0, 57.0)
    """
    pairs = [(exact(w), exact(level)) for level, w in zip(levels, weights, strict=True) if level is not None]
    if not sum(w for w, _ in pairs):
        raise Refusal("missing", "Weighted years", "no year has both a reading and a weight", "find one")
    return float(sum(w * level for w, level in pairs) / sum(w for w, _ in pairs))


def shrink(slopes: Sequence[float], errors: Sequence[float]) -> tuple[float, ...]:
    """Growth rates drawn towards their mean as far as they are uncertain, so that tiny cities do not lead by chance.

    Formula: t2 = max(0, (Q - (K-1)) / (sum w - sum w^2 / sum w)), w = 1/se^2, Q = sum w (s - mean)^2; the mean is then
    taken with weights 1/(t2 + se^2) and each rate keeps t2 / (t2 + se^2) of its distance.
    Source: DerSimonian and Laird 1986.

    >>> [round(value, 3) for value in shrink([0.02, 0.03, 0.20], [0.01, 0.01, 0.10])]
    [0.023, 0.029, 0.03]
    """
    s, se = np.asarray(slopes, dtype=float), np.asarray(errors, dtype=float)
    if s.shape != se.shape or not len(s) or not (np.isfinite(s).all() and np.isfinite(se).all() and (se > 0).all()):
        raise ScoringError("errors", "Growth rates", "each needs a standard error above zero", "use log_slope's")
    w = 1 / se**2
    centre = (w * s).sum() / w.sum()
    spare = w.sum() - (w**2).sum() / w.sum()
    t2 = max(0.0, ((w * (s - centre) ** 2).sum() - (len(s) - 1)) / spare) if spare > 0 else 0.0
    w = 1 / (t2 + se**2)
    centre = (w * s).sum() / w.sum()
    return tuple((centre + t2 / (t2 + se**2) * (s - centre)).tolist())


def _known(years: Sequence[Any], levels: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(float(exact(t)), float(exact(y))) for t, y in zip(years, levels, strict=True) if y is not None]
    t, y = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    if len(set(t.tolist())) < len(t):
        raise ScoringError("duplicate", "Years", "one is there twice", "keep one reading a year")
    if len(t) < 2:
        raise Refusal("missing", "Growth", f"{len(t)} readings", "two are the least")
    return t, y


def _line(t: np.ndarray, y: np.ndarray) -> Slope:
    spread = ((t - t.mean()) ** 2).sum()
    slope = ((t - t.mean()) * (y - y.mean())).sum() / spread
    rest = y - y.mean() - slope * (t - t.mean())
    se = float(np.sqrt((rest**2).sum() / (len(t) - 2) / spread)) if len(t) > 2 else None
    return Slope(float(slope), se, len(t))

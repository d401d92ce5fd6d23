"""Readings far out of line: found by skew and kurtosis, drawn in one by one, or else put on a logarithmic scale."""

from typing import NamedTuple

import numpy as np

from .refusals import ScoringError


class Treated(NamedTuple):
    """A treated indicator: how it was treated (none, winsorised, logged), which readings were moved."""

    x: np.ndarray
    how: str
    moved: np.ndarray  # bool[U]


def skew(x: np.ndarray) -> float:
    """Sample skewness G1 = g1 sqrt(n (n-1)) / (n-2).

    >>> round(skew(np.array([*range(1, 11), 30, 100.0])), 6)
    3.063241
    """
    n, d = len(x), x - x.mean()
    if n < 3 or not d.any():
        return 0.0
    return float(np.sqrt(n) * (d**3).sum() / (d**2).sum() ** 1.5 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: np.ndarray) -> float:
    """Excess kurtosis G2 = (n-1) / ((n-2)(n-3)) ((n+1) g2 + 6).

    >>> round(kurtosis(np.array([*range(1, 11), 30, 100.0])), 6)
    9.741391
    """
    n, d = len(x), x - x.mean()
    if n < 4 or not d.any():
        return 0.0
    g2 = n * (d**4).sum() / (d**2).sum() ** 2 - 3
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6))


def winsorise(x: np.ndarray, points: int) -> np.ndarray:
    """The most extreme readings on the skewed side replaced by the next value, until `points` have been moved.

    Equal readings move together, since to move one and not the other would be chance.

    >>> winsorise(np.array([1.0, 2, 3, 30, 100]), 2).tolist()
    [1.0, 2.0, 3.0, 3.0, 3.0]
    """
    moved = 0
    while moved < points and len(np.unique(x)) > 1:
        x, moved = _drawn_in(x)
    return x


def treat_outliers(x: np.ndarray, *, points: int = 5, most_skew: float = 2.0, most_kurtosis: float = 3.5) -> Treated:
    """Readings with |skew| > 2 and kurtosis > 3.5 winsorised, up to five; if that fails, undone and logged instead.

    Formula of the logarithm: ln(x - min + 0.01 (max - min)), turned round when the skew is to the low side. NaN marks a
    missing reading and is left alone. Errors: infinity. Source: OECD and JRC 2008; COINr.

    >>> treated = treat_outliers(np.array([*range(1, 11), 30, 100.0]))
    >>> treated.how, treated.x.tolist()[-2:], int(treated.moved.sum())
    ('winsorised', [30.0, 30.0], 1)
    """
    known = ~np.isnan(x)
    if np.isinf(x).any():
        raise ScoringError("not-finite", "Readings", "one is infinite", "correct it or give None")
    values = x[known]

    def out_of_line(v: np.ndarray) -> bool:
        return abs(skew(v)) > most_skew and kurtosis(v) > most_kurtosis

    none = np.zeros(len(x), dtype=bool)
    if not out_of_line(values):
        return Treated(x, "none", none)
    drawn, moved = values, 0
    while out_of_line(drawn) and moved < points and len(np.unique(drawn)) > 2:
        drawn, moved = _drawn_in(drawn)
    how, result = ("logged", _logged(values)) if out_of_line(drawn) else ("winsorised", drawn)
    whole, changed = x.copy(), none.copy()
    whole[known], changed[known] = result, result != values
    return Treated(whole, how, changed)


def _drawn_in(x: np.ndarray) -> tuple[np.ndarray, int]:
    """One step, and the number of readings that now share the extreme they were drawn from."""
    high = skew(x) >= 0
    extreme = x == (x.max() if high else x.min())
    rest = x[~extreme]
    return np.where(extreme, rest.max() if high else rest.min(), x), int(extreme.sum())


def _logged(x: np.ndarray) -> np.ndarray:
    margin = 0.01 * np.ptp(x)
    if skew(x) >= 0:
        return np.log(x - x.min() + margin)
    return -np.log(x.max() - x + margin)

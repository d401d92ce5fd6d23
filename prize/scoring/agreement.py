"""Do judges agree? Intraclass correlations of a full table, Krippendorff's alpha with gaps, Kendall's W of ranks."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import gammaincc

from .refusals import Refusal, ScoringError


class Icc(NamedTuple):
    """Six correlations and the mean squares behind them.

    ICC1: other judges for each entry; ICC2: the same judges, agreement; ICC3: the same judges, order only. Names ending
    in k are for the mean of the k judges.
    """

    ICC1: float
    ICC2: float
    ICC3: float
    ICC1k: float
    ICC2k: float
    ICC3k: float
    MSR: float
    MSC: float
    MSE: float
    MSW: float


class Concordance(NamedTuple):
    """Kendall's W, from 0 (no agreement) to 1, with its test against chance."""

    W: float
    chi2: float
    df: int
    p: float
    rank_sums: tuple[float, ...]


def icc(table: Sequence[Sequence[float]]) -> Icc:
    """Intraclass correlations of a complete table, n entries by k judges.

    Formulas (mean squares of rows, columns, error, within): ICC1 = (MSR - MSW) / (MSR + (k-1) MSW);
    ICC2 = (MSR - MSE) / (MSR + (k-1) MSE + k (MSC - MSE) / n); ICC3 = (MSR - MSE) / (MSR + (k-1) MSE);
    ICC1k = (MSR - MSW) / MSR; ICC2k = (MSR - MSE) / (MSR + (MSC - MSE) / n); ICC3k = (MSR - MSE) / MSR.
    Errors: gaps, fewer than two rows or columns, a table without any spread. Source: Shrout and Fleiss 1979.

    >>> result = icc([[1, 2], [3, 4], [5, 6]])
    >>> result.MSR, result.MSC, result.MSE, result.ICC3
    (8.0, 1.5, 0.0, 1.0)
    """
    x = np.asarray(table, dtype=float)
    if x.ndim != 2 or min(x.shape) < 2 or not np.isfinite(x).all():
        remedy = "give two or more entries and judges with every score, or use reliability, which allows gaps"
        raise ScoringError("table", "Table of scores", "it has gaps or fewer than two rows or columns", remedy)
    n, k = x.shape
    rows, columns, middle = x.mean(axis=1), x.mean(axis=0), x.mean()
    msr = k * ((rows - middle) ** 2).sum() / (n - 1)
    msc = n * ((columns - middle) ** 2).sum() / (k - 1)
    mse = ((x - rows[:, None] - columns[None, :] + middle) ** 2).sum() / ((n - 1) * (k - 1))
    msw = ((x - rows[:, None]) ** 2).sum() / (n * (k - 1))
    if msr == 0:
        raise Refusal("no-spread", "Table of scores", "the entries do not differ", "there is nothing to agree upon")
    values = (
        (msr - msw) / (msr + (k - 1) * msw),
        (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
        (msr - mse) / (msr + (k - 1) * mse),
        (msr - msw) / msr,
        (msr - mse) / (msr + (msc - mse) / n),
        (msr - mse) / msr,
    )
    return Icc(*map(float, (*values, msr, msc, mse, msw)))


def krippendorff_alpha(judges_by_unit: Sequence[Sequence[Hashable | None]], level: str = "interval") -> float:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give. None marks a missing score.

    Shapes: one row per judge, one column per unit. level: nominal, ordinal, interval, ratio. Formula: alpha =
    1 - D_o / D_e over coincidences inside units, each weighted 1 / (m_u - 1). Errors: no unit with two scores; only
    one value in all, so that there is no chance to agree against. Source: Krippendorff 2011.

    >>> krippendorff_alpha([[1, 2, 3, None], [1, 2, 3, 3]]), round(krippendorff_alpha([[1, 2, 3], [1, 2, 2]]), 4)
    (1.0, 0.7059)
    """
    if level not in _DISTANCES:
        raise ScoringError("level", "Krippendorff's alpha", f"unknown level {level!r}", "use " + ", ".join(_DISTANCES))
    units = [[value for value in unit if value is not None] for unit in zip(*judges_by_unit, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in units for value in unit})
    if len(values) < 2:
        fault = "no unit with two scores, or one value only"
        raise Refusal("no-spread", "Krippendorff's alpha", fault, "collect more scores")
    together = _coincidences(units, {value: position for position, value in enumerate(values)})
    totals = together.sum(axis=1)
    distance = _DISTANCES[level](values, totals)
    by_chance = np.outer(totals, totals) - np.diag(totals)
    expected = (by_chance * distance).sum() / (totals.sum() - 1)
    return float(1 - (together * distance).sum() / expected)


def kendall_w(ranks_by_judge: Sequence[Sequence[float]]) -> Concordance:
    """Kendall's coefficient of concordance with the correction for ties.

    Shapes: one row per judge, one column per entry; scores are turned into ranks. Formulas: W = 12 S / (m^2 (n^3 - n) -
    m T), T = sum of t^3 - t over ties; chi2 = m (n - 1) W with n - 1 degrees. Errors: gaps; every judge ties everything.
    Source: Kendall and Babington Smith 1939.

    >>> result = kendall_w([[1, 2, 3], [1, 3, 2]])
    >>> result.W, result.rank_sums, result.df
    (0.75, (2.0, 5.0, 5.0), 2)
    """
    given = np.asarray(ranks_by_judge, dtype=float)
    if given.ndim != 2 or min(given.shape) < 2 or not np.isfinite(given).all():
        raise ScoringError("table", "Ranks", "they have gaps or fewer than two rows or columns", "give a full table")
    ranks = np.array([_mean_ranks(row) for row in given])
    m, n = ranks.shape
    sums = ranks.sum(axis=0)
    ties = sum(float(number**3 - number) for row in ranks for number in Counter(row.tolist()).values())
    below = m**2 * (n**3 - n) - m * ties
    if below <= 0:
        raise Refusal("no-spread", "Ranks", "every judge ties every entry", "there is nothing to agree upon")
    w = 12 * float(((sums - sums.mean()) ** 2).sum()) / below
    statistic = m * (n - 1) * w
    return Concordance(w, statistic, n - 1, float(gammaincc((n - 1) / 2, statistic / 2)), tuple(sums.tolist()))


def _mean_ranks(row: np.ndarray) -> np.ndarray:
    """Ranks from 1; equals share the mean of theirs."""
    ordered = np.sort(row)
    return (np.searchsorted(ordered, row, "left") + np.searchsorted(ordered, row, "right") + 1) / 2


def _coincidences(units: list[list], position: dict) -> np.ndarray:
    together = np.zeros((len(position), len(position)))
    for unit in units:
        number = Counter(position[value] for value in unit)
        for one, times in number.items():
            for other, others in number.items():
                together[one, other] += times * (others - (one == other)) / (len(unit) - 1)
    return together


def _nominal(values: list, totals: np.ndarray) -> np.ndarray:
    return 1.0 - np.eye(len(values))


def _ordinal(values: list, totals: np.ndarray) -> np.ndarray:
    """The square of the scores lying between two values, counting half of each of the two."""
    middle = np.cumsum(totals) - totals / 2
    return (middle[:, None] - middle[None, :]) ** 2


def _interval(values: list, totals: np.ndarray) -> np.ndarray:
    x = _as_numbers(values)
    return (x[:, None] - x[None, :]) ** 2


def _ratio(values: list, totals: np.ndarray) -> np.ndarray:
    x = _as_numbers(values)
    if (x < 0).any():
        raise ScoringError("negative", "Krippendorff's alpha", "a ratio scale has no negative scores", "use interval")
    whole = x[:, None] + x[None, :]
    return np.divide((x[:, None] - x[None, :]) ** 2, whole**2, out=np.zeros_like(whole), where=whole > 0)


def _as_numbers(values: list) -> np.ndarray:
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ScoringError("level", "Krippendorff's alpha", "the scores are no numbers", "use nominal") from None


_DISTANCES: dict[str, Callable[[list[Any], np.ndarray], np.ndarray]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}

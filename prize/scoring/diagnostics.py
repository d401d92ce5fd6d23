"""How each single score sits with the rest: what is left over, how much it weighs, what happens without it."""

from typing import NamedTuple

import numpy as np

from .panel import Panel


class Diagnostics(NamedTuple):
    """Per score, in the order of the caller's rows, float[N].

    residual: y - a - b. leverage: share of a score in its own fitted value, 0 to 1. standardised: residual /
    (sigma sqrt(1 - leverage)), 0 where that is undefined. influence: how far the entry's adjusted score would move if
    this score were left out (severity ratio held fixed).
    """

    residual: np.ndarray
    leverage: np.ndarray
    standardised: np.ndarray
    influence: np.ndarray


def diagnose(
    p: Panel, adjusted: np.ndarray, severity: np.ndarray, spread: np.ndarray, sigma2: float | None
) -> Diagnostics:
    """Residuals e = y - a - b with their leverage h = w (1/n + M_jj - 2 q + s) and influence, M = Cov(b) / sigma2.

    q is the mean of M between a score's judge and the entry's judges, s the mean of M among the entry's judges.
    """
    residual = p.y - adjusted[p.e] - severity[p.j]
    among, between, own = _means_of_spread(p, spread / sigma2 if sigma2 else np.zeros_like(spread))
    leverage = np.clip(p.w * (1 / p.n[p.e] + own - 2 * between + among), 0.0, 1.0)
    free = np.maximum(1 - leverage, 0.0)
    usable = free > 1e-9
    scale = np.sqrt((sigma2 or 0.0) * free / p.w)
    standardised = np.divide(residual, scale, out=np.zeros_like(residual), where=usable & (scale > 0))
    pull = p.w * (1 / p.n[p.e] - between + among)
    influence = -np.divide(residual * pull, free, out=np.zeros_like(residual), where=usable)
    back = np.argsort(p.order)
    return Diagnostics(residual[back], leverage[back], standardised[back], influence[back])


def _means_of_spread(p: Panel, m: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each score: mean of M among its entry's judges, between its judge and them, and its judge's own."""
    among, between = np.zeros(len(p.y)), np.zeros(len(p.y))
    starts = np.cumsum(p.per_entry) - p.per_entry
    for start, number in zip(starts.tolist(), p.per_entry.tolist(), strict=True):
        rows = slice(start, start + number)
        weight = p.w[rows] / p.w[rows].sum()
        block = m[np.ix_(p.j[rows], p.j[rows])]
        between[rows] = block @ weight
        among[rows] = weight @ between[rows]
    return among, between, np.diag(m)[p.j]

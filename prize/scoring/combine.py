"""Several numbers on one scale made into one: with full, partial or no compensation between them."""

from collections.abc import Sequence

import numpy as np

from .refusals import Refusal, ScoringError


def combine(x: np.ndarray, weight: np.ndarray, how: str, names: Sequence[str], units: Sequence) -> np.ndarray:
    """A row's mean by weight, float[U], from float[U, K] and float[K]. NaN is left out and the rest reweighted.

    Formulas: arithmetic sum w x; geometric exp(sum w ln x); harmonic 1 / sum(w / x), both for x > 0; copeland: for every
    pair the share of weight on which a beats b, +1, 0 or -1, added up. Weights are divided by their sum.
    Errors: weights that are negative or sum to zero; a value not above zero in a geometric or harmonic mean.

    >>> x, w = np.array([[1.0, 4.0], [2.0, 2.0]]), np.array([1.0, 1.0])
    >>> [combine(x, w, how, "ab", "UV").tolist() for how in ("arithmetic", "geometric", "harmonic", "copeland")]
    [[2.5, 2.0], [2.0, 2.0], [1.6, 2.0], [0.0, 0.0]]
    """
    if (weight < 0).any() or not weight.sum() > 0:
        raise ScoringError("zero-weights", "Weights", "one is negative, or they sum to zero", "give weights above zero")
    if how == "copeland":
        return _copeland(x, weight / weight.sum())
    gap = np.isnan(x)
    share = np.where(gap, 0.0, weight)
    whole = share.sum(axis=1)
    if (whole <= 0).any():
        place = f"{units[int(np.argmax(whole <= 0))]}"
        raise Refusal("missing", f"Unit {place}", f"it has none of {', '.join(names)}", "drop it or fill the gaps")
    share = share / whole[:, None]
    if how == "arithmetic":
        return (share * np.where(gap, 0.0, x)).sum(axis=1)
    _refuse_not_positive(x, how, names, units)
    positive = np.where(gap, 1.0, x)
    if how == "geometric":
        return np.exp((share * np.log(positive)).sum(axis=1))
    return 1 / (share / positive).sum(axis=1)


def _refuse_not_positive(x: np.ndarray, how: str, names: Sequence[str], units: Sequence) -> None:
    bad = ~np.isnan(x) & (x <= 0)
    if bad.any():
        row, place = (int(index[0]) for index in np.nonzero(bad))
        fault = f"{x[row, place]:g} cannot enter a {how} mean"
        remedy = "put the scale at (1, 100), or use an arithmetic mean"
        raise Refusal("not-positive", f"{names[place]} of {units[row]}", fault, remedy)


def _copeland(x: np.ndarray, share: np.ndarray) -> np.ndarray:
    """+1 for every unit beaten on more weight than it wins, -1 for every unit lost to; by blocks, to spare memory."""
    score = np.zeros(len(x))
    block = max(1, 4_000_000 // max(x.size, 1))
    for start in range(0, len(x), block):
        own = x[start : start + block, None, :]
        won = ((own > x[None]) * share).sum(axis=2) - ((own < x[None]) * share).sum(axis=2)
        score[start : start + block] = np.sign(np.round(won, 12)).sum(axis=1)
    return score

"""Readings in different units put on one scale, high always good. Goalposts fixed in the rules are the safest."""

import numpy as np

from .composite_spec import IndicatorSpec
from .refusals import Refusal, ScoringError


def normalise(x: np.ndarray, how: str, each: IndicatorSpec, scale: tuple[float, float] = (0.0, 1.0)) -> np.ndarray:
    """One indicator's readings normalised, float[U]; NaN (missing) stays.

    Formulas, after turning the sign where low is good: goalposts (x - low) / (high - low) held to 0..1; min-max
    (x - min) / (max - min); z-score (x - mean) / sd; rank and borda from the number of units strictly below; percentile
    (rank - 1) / (n - 1); reference (x - min) / (reference - min) held to 1; fraction-of-max x / max. The ones that run
    from 0 to 1 are stretched onto `scale`. Errors: a constant indicator (min-max, z-score, reference), goalposts that
    are missing or equal, the logarithm or the fraction of something not positive.

    >>> spec = IndicatorSpec("jobs", low=0, high=50)
    >>> normalise(np.array([10.0, 25, 60]), "goalposts", spec, (0, 100)).tolist()
    [20.0, 50.0, 100.0]
    >>> normalise(np.array([1.0, 2, 4]), "percentile", IndicatorSpec("waste", direction=-1)).tolist()
    [1.0, 0.5, 0.0]
    """
    x = _transformed(x, each)
    if how == "goalposts":
        return _stretched(_goalposts(x, each), scale)
    if how in ("rank", "percentile", "borda"):
        return _ranked(each.direction * x, how, scale)
    if how == "none":
        return each.direction * x
    return _by_sample(x, how, each, scale)


def _by_sample(x: np.ndarray, how: str, each: IndicatorSpec, scale: tuple[float, float]) -> np.ndarray:
    """The methods whose yardstick is the sample itself."""
    known = x[~np.isnan(x)]
    if how == "fraction-of-max":
        if each.direction < 0 or known.min(initial=0.0) < 0 or known.max(initial=0.0) <= 0:
            fault = "a fraction of the best needs readings above zero where high is good"
            raise Refusal("not-positive", f"Indicator {each.name}", fault, "use goalposts or min-max")
        return _stretched(x / known.max(), scale)
    if len(known) < 2 or np.ptp(known) == 0:
        raise _constant(each)
    turned = each.direction * x
    low, high = np.nanmin(turned), np.nanmax(turned)
    if how == "min-max":
        return _stretched((turned - low) / (high - low), scale)
    if how == "z-score":
        return (turned - np.nanmean(turned)) / np.nanstd(turned, ddof=1)
    if each.reference is None or each.direction * each.reference <= low:
        remedy = "give a reference better than the worst reading"
        raise ScoringError("bad-setting", f"Reference of {each.name}", "it is missing or too low", remedy)
    return _stretched(np.minimum((turned - low) / (each.direction * each.reference - low), 1.0), scale)


def _transformed(x: np.ndarray, each: IndicatorSpec) -> np.ndarray:
    if each.transform is None:
        return x
    if (x[~np.isnan(x)] <= 0).any():
        fault = "a logarithm was asked of a reading that is not above zero"
        raise Refusal("not-positive", f"Indicator {each.name}", fault, "correct the reading or leave the transform out")
    return np.log(x)


def _goalposts(x: np.ndarray, each: IndicatorSpec) -> np.ndarray:
    if each.low is None or each.high is None or not each.low < each.high:
        remedy = "fix both in the rules, low below high"
        raise ScoringError("goalposts", f"Goalposts of {each.name}", "they are missing or do not rise", remedy)
    low, high = float(each.low), float(each.high)
    if each.transform == "ln":
        if low <= 0:
            raise ScoringError(
                "goalposts", f"Goalposts of {each.name}", "ln needs them above zero", "raise the low one"
            )
        low, high = np.log(low), np.log(high)
    share = np.clip((x - low) / (high - low), 0.0, 1.0)
    return share if each.direction > 0 else 1 - share


def _ranked(x: np.ndarray, how: str, scale: tuple[float, float]) -> np.ndarray:
    known = ~np.isnan(x)
    below = np.full(len(x), np.nan)
    below[known] = np.searchsorted(np.sort(x[known]), x[known], side="left")
    if how == "borda":
        return below
    if how == "rank":
        return below + 1
    return _stretched(below / max(known.sum() - 1, 1), scale)


def _stretched(share: np.ndarray, scale: tuple[float, float]) -> np.ndarray:
    return scale[0] + share * (scale[1] - scale[0])


def _constant(each: IndicatorSpec) -> Refusal:
    fault = "every unit has the same reading, so it cannot tell them apart"
    return Refusal("constant", f"Indicator {each.name}", fault, "drop it, or use goalposts fixed in the rules")

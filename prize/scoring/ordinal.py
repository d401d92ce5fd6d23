"""Ratings that are only in order: the cumulative logit, an alternative to Rasch, with judges fixed away or random.

P(rating <= k) = logistic(threshold_k - eta), eta = sum of effect x column + judge. Sources: McCullagh 1980; the judges'
variance by Laplace's approximation (checked against the package ordinal).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from .refusals import Refusal, ScoringError
from .working import Step, Working


class Ordinal(NamedTuple):
    """Thresholds between neighbouring ratings, effects of the columns, and what judges add."""

    levels: tuple
    thresholds: tuple[float, ...]
    effects: dict[str, float]
    judge_variance: float  # 0 without judges
    judge_effects: dict[Hashable, float]  # above 0 rates higher
    log_likelihood: float
    working: Working


class _Data(NamedTuple):
    y: np.ndarray  # int[N], 0..K
    x: np.ndarray  # float[N, P]
    judge: np.ndarray  # int[N]
    judges: int
    top: int


def cumulative_logit(
    rating: Sequence, columns: Mapping[str, Sequence[float]], judge: Sequence[Hashable] | None = None
) -> Ordinal:
    """Effects of the columns on an ordered rating, by maximum likelihood; judges random if given.

    Shapes: N each; columns hold numbers (0 and 1 for yes and no). Units: logits. Errors: fewer than two ratings in use,
    a column that is constant or separates the ratings without bound.

    >>> result = cumulative_logit([1, 2, 1, 2], {"warm": [0, 0, 1, 1]})
    >>> [round(value, 6) for value in result.thresholds], round(result.effects["warm"], 6)
    ([0.0], 0.0)
    """
    levels, y = np.unique(np.asarray(rating), return_inverse=True)
    names = list(columns)
    x = np.array([np.asarray(columns[name], dtype=float) for name in names]).reshape(len(names), len(y)).T
    _check(levels, names, x)
    people, number = np.unique(np.asarray(judge if judge is not None else np.zeros(len(y), int)), return_inverse=True)
    data = _Data(y, x, number, len(people), len(levels) - 1)
    shares = np.cumsum(np.bincount(y))[:-1] / len(y)
    start = np.log(shares / (1 - shares))
    start = np.concatenate([start[:1], np.log(np.maximum(np.diff(start), 1e-3)), np.zeros(len(names))])
    if judge is None:
        found = _least(lambda p: -_likelihood(data, p, np.zeros(data.judges)).sum(), start)
        b, variance = np.zeros(data.judges), 0.0
    else:
        found = _least(lambda p: -_laplace(data, p[:-1], p[-1])[0], np.append(start, 0.0))
        b, variance = _laplace(data, found[0][:-1], found[0][-1])[1], float(np.exp(2 * found[0][-1]))
    thresholds = _thresholds(found[0], data.top)
    effects = dict(zip(names, found[0][data.top : data.top + len(names)].tolist(), strict=True))
    if any(abs(effect) * np.ptp(x[:, place]) > 12 for place, effect in enumerate(effects.values())):
        raise Refusal("unbounded", "Effects", "a column separates the ratings completely", "drop the column")
    given = {} if judge is None else dict(zip(people.tolist(), b.tolist(), strict=True))
    formula = "P(rating <= k) = logistic(threshold_k - eta)"
    step = Step("fit", "Find the thresholds and effects that make the ratings most likely.", formula, effects)
    working = Working("cumulative-logit/1", (step,))
    return Ordinal(tuple(levels.tolist()), tuple(thresholds.tolist()), effects, variance, given, -found[1], working)


def _check(levels: np.ndarray, names: list[str], x: np.ndarray) -> None:
    if len(levels) < 2:
        raise Refusal("constant", "Ratings", "they are all the same", "there is nothing to explain")
    if not np.isfinite(x).all():
        raise ScoringError("not-finite", "Columns", "one holds something that is no finite number", "correct it")
    for place, name in enumerate(names):
        if np.ptp(x[:, place]) == 0:
            raise Refusal("constant", f"Column {name}", "it is the same everywhere", "drop it")


def _thresholds(p: np.ndarray, top: int) -> np.ndarray:
    return np.cumsum(np.concatenate([p[:1], np.exp(p[1:top])]))


def _likelihood(data: _Data, p: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Log likelihood of each rating, float[N]."""
    upper, lower = _bounds(data, p, b)
    return np.log(np.maximum(expit(upper) - expit(lower), 1e-300))


def _bounds(data: _Data, p: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cut = np.concatenate([[-np.inf], _thresholds(p, data.top), [np.inf]])
    eta = data.x @ p[data.top :] + b[data.judge]
    return cut[data.y + 1] - eta, cut[data.y] - eta


def _laplace(data: _Data, p: np.ndarray, log_sd: float) -> tuple[float, np.ndarray]:
    """Log likelihood with the judges integrated out, each by a parabola around the most likely value of its effect."""
    variance = float(np.exp(2 * np.clip(log_sd, -12, 6)))
    b = np.zeros(data.judges)
    for _ in range(100):
        upper, lower = (expit(each) for each in _bounds(data, p, b))
        slope = np.bincount(data.judge, weights=upper + lower - 1, minlength=data.judges) - b / variance
        curve = upper * (1 - upper) + lower * (1 - lower)
        bend = np.bincount(data.judge, weights=curve, minlength=data.judges) + 1 / variance
        step = np.clip(slope / bend, -2, 2)
        b = b + step
        if np.abs(step).max() < 1e-11:
            break
    value = _likelihood(data, p, b).sum() - (b**2).sum() / (2 * variance) - 0.5 * np.log(variance * bend).sum()
    return float(value), b


def _least(f: Callable[[np.ndarray], float], start: np.ndarray) -> tuple[np.ndarray, float]:
    """The minimum by quasi-Newton steps with central differences; small problems only."""

    def gradient(p: np.ndarray) -> np.ndarray:
        unit = 1e-5 * np.eye(len(p))
        return np.array([(f(p + each) - f(p - each)) / 2e-5 for each in unit])

    found = minimize(f, start, jac=gradient, method="BFGS", options={"gtol": 1e-7})
    return found.x, float(found.fun)

"""How sure is a place? The chance of being among the first k, and the range of places an entry may well deserve."""

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from .estimate import MOST_JOINT
from .fit import Result, entry_shares
from .rank import together
from .refusals import Refusal, ScoringError
from .working import Step, Working

CELLS = 4_000_000  # how many draws are held at once


class TopK(NamedTuple):
    """Per entry, in the order of `entries`: chance of the first k, and the range of places that holds rule.level."""

    entries: tuple[Hashable, ...]
    prob: np.ndarray  # float[E], 0 for an entry that is not rankable
    rank_low: np.ndarray  # int[E], the best likely place; 0 for an entry that is not rankable
    rank_high: np.ndarray  # int[E], the worst likely place
    k: int
    working: Working


class _Belief(NamedTuple):
    """What is believed of the true qualities: shrunken means and the parts their errors are drawn from."""

    mean: np.ndarray
    own: np.ndarray  # float[E], error variance of an entry by itself
    shared: np.ndarray  # float[E, F], loadings of the errors that entries share through their judges
    quality: float  # variance of true quality between entries
    solve: np.ndarray  # float[F, F]
    shrunk: bool  # the scores have been drawn to the mean already (crossed/1)


def top_k(result: Result, k: int, draws: int | None = None, seed: int | None = None) -> TopK:
    """The chance that each entry is truly among the first k, and its range of places.

    Formula: draw x = m + K (a - m) + error with Cov = s2_a (I - K), K = s2_a (s2_a I + S)^-1, S = Cov(a), m = mean a,
    s2_a = max(0, var(a) - [trace S - 1'S1/E]/(E - 1)); rank each draw; count. Without the pull K towards the mean,
    chances near the cut would be too confident. Above 2,000 entries S is reduced to its diagonal. Unlinked parts are
    ranked as `rank` ranks them: together, each by itself (k then counts inside a part), or not at all.
    Units: chances 0 to 1; places from 1. draws and seed come from the rules unless given (Philox, seeded).
    Errors: nothing known of error; k outside 1 to E; unlinked parts about which nobody has decided. Source: Lawrence
    2014; the shrinkage is Gaussian conditioning.

    >>> from prize.scoring import RuleSet, fit_scores
    >>> rule = RuleSet(method="raw-mean/1")
    >>> result = fit_scores([1, 1, 2, 2, 3, 3], [1, 2, 1, 2, 1, 2], [9, 9, 5, 5.2, 1, 1], rule=rule)
    >>> chances = top_k(result, 1)
    >>> chances.prob.tolist(), chances.rank_low.tolist(), chances.rank_high.tolist()
    ([1.0, 0.0, 0.0], [1, 2, 3], [1, 2, 3])
    """
    able = np.flatnonzero(result.rankable)
    if result.se is None:
        raise Refusal("no-error", "Chances of a place", "no entry was scored twice", "collect second scores first")
    if not 1 <= k <= len(able) or k != int(k):
        raise ScoringError("k", f"First {k}", f"there are {len(able)} rankable entries", f"give 1 to {len(able)}")
    groups = [np.searchsorted(able, each) for each in together(result)]
    draws, seed = result.rule.draws if draws is None else draws, result.rule.seed if seed is None else seed
    result.rule.check_draws(draws, seed)
    belief = _belief(result, able)
    ranks = _drawn_ranks(belief, draws, seed)
    if len(groups) > 1:
        for each in groups:
            ranks[:, each] = np.argsort(np.argsort(ranks[:, each], axis=1), axis=1) + 1
    tail = (1 - result.rule.level) / 2
    ranks.sort(axis=0, kind="stable")
    prob, low, high = np.zeros(len(result.entries)), *np.zeros((2, len(result.entries)), dtype=int)
    prob[able] = (ranks <= k).mean(axis=0)
    low[able] = ranks[int(np.floor(tail * (draws - 1)))]
    high[able] = ranks[int(np.ceil((1 - tail) * (draws - 1)))]
    figures = {"draws": draws, "seed": seed, "variance of quality": belief.quality}
    step = Step("draw", f"Draw {draws} sets of true qualities that fit the scores and rank each.", "", figures)
    return TopK(result.entries, prob, low, high, k, Working("top-k/1", (step,)))


def _belief(result: Result, able: np.ndarray) -> _Belief:
    sign = -1.0 if result.rule.low_is_good else 1.0
    a = sign * result.adjusted[able]
    own, shared = _error_parts(result, able)
    trace = own.sum() + (shared**2).sum()
    common = (own.sum() + (shared.sum(axis=0) ** 2).sum()) / len(able)
    spread = a.var(ddof=1) if len(able) > 1 else 0.0
    quality = max(0.0, float(spread - (trace - common) / max(len(able) - 1, 1)))
    whitened = shared / np.maximum(quality + own, 1e-300)[:, None]
    solve = np.linalg.inv(np.eye(shared.shape[1]) + shared.T @ whitened)
    belief = _Belief(a, own, shared, quality, solve, result.method.startswith("crossed/"))
    if belief.shrunk:
        return belief
    return belief._replace(mean=a.mean() + _pull(belief, (a - a.mean())[None, :])[0])


def _error_parts(result: Result, able: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cov(a) as diag(own) + shared shared', the second part coming from the judges entries have in common."""
    estimate = result.estimate
    if len(able) > MOST_JOINT:
        return np.asarray(result.se)[able] ** 2, np.zeros((len(able), 0))
    if estimate.entry_cov is not None:
        lam, vectors = np.linalg.eigh(estimate.entry_cov[np.ix_(able, able)])
        return np.full(len(able), 0.0), vectors * np.sqrt(np.maximum(lam, 0.0))
    own = (result.sigma2 or 0.0) / estimate.kept[able]
    if not estimate.spread.any():
        return own, np.zeros((len(able), 0))
    lam, vectors = np.linalg.eigh(estimate.spread)
    return own, entry_shares(result.panel)[able] @ (vectors * np.sqrt(np.maximum(lam, 0.0)))


def _pull(belief: _Belief, rows: np.ndarray) -> np.ndarray:
    """K applied to each row: quality (quality I + S)^-1 by Woodbury's identity."""
    weight = 1 / np.maximum(belief.quality + belief.own, 1e-300)
    light = rows * weight
    if belief.shared.shape[1]:
        light -= ((light @ belief.shared) @ belief.solve) @ (belief.shared.T * weight)
    return belief.quality * light


def _drawn_ranks(belief: _Belief, draws: int, seed: int) -> np.ndarray:
    """Places in each draw, int[draws, E]. A draw is quality - K (quality + error), which has the covariance wanted."""
    rng = np.random.Generator(np.random.Philox(seed))
    entries = len(belief.mean)
    ranks = np.empty((draws, entries), dtype=np.int16 if entries < 32_000 else np.int32)
    counting = np.arange(1, entries + 1)
    for start in range(0, draws, max(1, CELLS // entries)):
        rows = ranks[start : start + max(1, CELLS // entries)]
        order = np.argsort(-_draw(belief, rng, len(rows)), axis=1)
        np.put_along_axis(rows, order, counting[None, :].astype(rows.dtype), axis=1)
    return ranks


def _draw(belief: _Belief, rng: np.random.Generator, number: int) -> np.ndarray:
    quality = rng.standard_normal((number, len(belief.mean)))
    if belief.shrunk:
        error = quality * np.sqrt(belief.own)
        return belief.mean + error + rng.standard_normal((number, belief.shared.shape[1])) @ belief.shared.T
    if belief.quality <= 0:
        return quality  # nothing tells the entries apart: every order is as likely as any other
    quality *= np.sqrt(belief.quality)
    error = rng.standard_normal(quality.shape) * np.sqrt(belief.own)
    if belief.shared.shape[1]:
        error += rng.standard_normal((number, belief.shared.shape[1])) @ belief.shared.T
    return belief.mean + quality - _pull(belief, quality + error)

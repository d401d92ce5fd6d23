"""Short scales taken seriously: a step from 3 to 4 is won or lost by entry, judge and criterion together.

log P(x = k) / P(x = k - 1) = theta(entry) - beta(judge) - delta(criterion) - tau(k), the rating-scale many-facet Rasch
model, by joint maximum likelihood. Ranks from it are as good as its theta; theta itself is stretched a little by the
method, by about T / (T - 1) with T ratings per entry. Sources: Andrich 1978; Linacre 1989; checked against VGAM.
"""

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from .panel import Values, parts
from .refusals import Refusal, ScoringError
from .working import Note, Step, Working

NUDGE = 0.3  # raw points by which an entry with nothing but the lowest or highest ratings is drawn in
STEPS = 2000
CLOSE = 1e-9
SIGNS = (1.0, -1.0, -1.0)


class Rasch(NamedTuple):
    """Measures in logits. Severities, difficulties and thresholds each sum to zero; high theta is good."""

    entries: tuple[Hashable, ...]
    judges: tuple[Hashable, ...]
    criteria: tuple[Hashable, ...]
    theta: np.ndarray  # float[E]
    theta_se: np.ndarray  # float[E], slightly too small
    severity: np.ndarray  # float[J], above 0 is strict
    difficulty: np.ndarray  # float[C]
    tau: np.ndarray  # float[K]
    fair: np.ndarray  # float[E], the mean rating expected from an average judge over all criteria
    infit: np.ndarray  # float[J], about 1; 0.5 to 1.5 is usual
    outfit: np.ndarray  # float[J]
    extreme: np.ndarray  # bool[E], all lowest or all highest
    log_likelihood: float
    warnings: tuple[Note, ...]
    working: Working


class _Facet(NamedTuple):
    names: tuple
    of: np.ndarray
    number: int


def rasch(entry: Values, judge: Values, criterion: Values, rating: Values, top: int | None = None) -> Rasch:
    """Measures of entries, judges, criteria and steps from ratings 0..top.

    Shapes: N each. Formula: above; one Newton step per facet in turn, (score - expected) / variance, at most 1, until
    nothing moves; se = 1 / sqrt(sum of variances). Entries with nothing but the lowest or the highest rating take no
    part in that; they are measured afterwards as if they stood 0.3 raw points inside. Errors: ratings that are no whole
    numbers of the scale; a step that nobody used; a judge or criterion with one end of the scale only; unlinked panels.

    >>> result = rasch([1, 1, 2, 2, 3, 3], [1, 2] * 3, ["a"] * 6, [1, 2, 0, 1, 2, 1], top=2)
    >>> bool(result.theta[0] > result.theta[1]), round(float(result.severity.sum()), 9)
    (True, 0.0)
    """
    x = _ratings(rating, top)
    k = int(x.max()) if top is None else top
    facets = [_facet(each, name) for each, name in ((entry, "entries"), (judge, "judges"), (criterion, "criteria"))]
    extreme = _extreme(facets[0], x, k)
    keep = ~extreme[facets[0].of]
    used = [facet._replace(of=facet.of[keep]) for facet in facets]
    _refuse_unused(x[keep], k)
    _refuse_unmeasurable(used, x[keep], k)
    return _report(facets, used, x, k, extreme, keep, _iterate(used, x[keep], k))


class _Fit(NamedTuple):
    measures: list[np.ndarray]
    tau: np.ndarray


def _iterate(facets: list[_Facet], x: np.ndarray, k: int) -> _Fit:
    scores = [np.bincount(facet.of, weights=x, minlength=facet.number) for facet in facets]
    seen = [np.bincount(facet.of, minlength=facet.number) > 0 for facet in facets]
    measures, tau = [np.zeros(facet.number) for facet in facets], np.zeros(k)
    reached = np.array([(x >= step).sum() for step in range(1, k + 1)], dtype=float)
    for _ in range(STEPS):
        moved = 0.0
        for place, facet in enumerate(facets):
            chance = _chances(_location(facets, measures, SIGNS), tau)
            mean, variance = _moments(chance)
            expected = np.bincount(facet.of, weights=mean, minlength=facet.number)
            spread = np.bincount(facet.of, weights=variance, minlength=facet.number)
            step = np.divide(scores[place] - expected, spread, out=np.zeros(facet.number), where=seen[place])
            step = np.clip(SIGNS[place] * step, -1, 1)
            measures[place] = measures[place] + step
            moved = max(moved, float(np.abs(step).max()))
            if place:
                measures[place] -= np.where(seen[place], measures[place][seen[place]].mean(), 0.0)
        chance = _chances(_location(facets, measures, SIGNS), tau)
        above = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1][:, 1:]
        step = np.clip((above.sum(axis=0) - reached) / (above * (1 - above)).sum(axis=0), -1, 1)
        tau = tau + step
        tau -= tau.mean()
        if max(moved, float(np.abs(step - step.mean()).max())) < CLOSE:
            break
    return _Fit(measures, tau)


def _location(facets: list[_Facet], measures: list[np.ndarray], signs: tuple[float, ...]) -> np.ndarray:
    pieces = [sign * measure[facet.of] for sign, measure, facet in zip(signs, measures, facets, strict=True)]
    return np.sum(pieces, axis=0)


def _chances(location: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """P(x = 0..K) for each rating, float[N, K + 1]."""
    logs = np.column_stack([np.zeros(len(location)), np.cumsum(location[:, None] - tau[None, :], axis=1)])
    logs -= logs.max(axis=1, keepdims=True)
    chance = np.exp(logs)
    return chance / chance.sum(axis=1, keepdims=True)


def _moments(chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = np.arange(chance.shape[1])
    mean = chance @ values
    return mean, chance @ values**2 - mean**2


def _report(
    facets: list[_Facet], used: list[_Facet], x: np.ndarray, k: int, extreme: np.ndarray, keep: np.ndarray, fit: _Fit
) -> Rasch:
    beta, delta = fit.measures[1:]
    theta = _bounded(facets, x, k, extreme, fit)
    chance = _chances(_location(used, fit.measures, SIGNS), fit.tau)
    mean, variance = _moments(chance)
    everybody = _location(facets, [theta, beta, delta], SIGNS)
    spread = np.bincount(facets[0].of, weights=_moments(_chances(everybody, fit.tau))[1])
    se = 1 / np.sqrt(np.maximum(spread, 1e-12))
    rest = (x[keep] - mean) ** 2
    sums = np.bincount(used[1].of, weights=variance, minlength=used[1].number)
    infit = np.bincount(used[1].of, weights=rest, minlength=used[1].number) / np.maximum(sums, 1e-12)
    number = np.maximum(np.bincount(used[1].of, minlength=used[1].number), 1)
    outfit = np.bincount(used[1].of, weights=rest / np.maximum(variance, 1e-12), minlength=used[1].number) / number
    fair = np.mean([_moments(_chances(theta - each, fit.tau))[0] for each in delta], axis=0)
    likelihood = float(np.log(chance[np.arange(len(mean)), x[keep].astype(int)]).sum())
    notes: tuple[Note, ...] = ()
    if extreme.any():
        names = [facets[0].names[place] for place in np.flatnonzero(extreme)]
        words = f"{len(names)} entries have nothing but the lowest or the highest rating; their measure has no bound."
        notes = (Note("extreme", words, {"entries": names}),)
    figures = {"tau": fit.tau, "log likelihood": likelihood}
    step = Step("fit", "Find the measures that make the ratings most likely.", "score = expected score", figures)
    people, jury, items = (facet.names for facet in facets)
    working = Working("rasch/1", (step,))
    tau = fit.tau
    return Rasch(
        people, jury, items, theta, se, beta, delta, tau, fair, infit, outfit, extreme, likelihood, notes, working
    )


def _facet(given: Values, name: str) -> _Facet:
    names, of = np.unique(np.asarray(given), return_inverse=True)
    if not len(names):
        raise ScoringError("empty", f"List of {name}", "it is empty", "give one for each rating")
    return _Facet(tuple(names.tolist()), of.astype(np.int64), len(names))


def _ratings(given: Values, top: int | None) -> np.ndarray:
    try:
        x = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ScoringError("not-a-number", "Ratings", "one is no number", "give whole numbers from 0") from None
    off = ~np.isfinite(x) | (x < 0) | (x != np.floor(x)) | (x > (top if top is not None else np.inf))
    if off.any():
        row = int(np.argmax(off))
        remedy = "give whole numbers from 0 to the top of the scale"
        raise ScoringError("off-scale", f"Rating {row + 1}", f"{x[row]:g} is no step of the scale", remedy)
    return x


def _refuse_unused(x: np.ndarray, k: int) -> None:
    unused = [step for step in range(k + 1) if not (x == step).any()]
    if unused or k < 1:
        fault = f"nobody gave {unused[0] if unused else 'more than one rating'}, so that step cannot be measured"
        raise Refusal("unused", "Scale", fault, "join it with a neighbouring step, or use severity-adjusted/1")


def _extreme(facet: _Facet, x: np.ndarray, k: int) -> np.ndarray:
    total = np.bincount(facet.of, weights=x, minlength=facet.number)
    number = np.bincount(facet.of, minlength=facet.number)
    return (number > 0) & ((total == 0) | (total == k * number))


def _refuse_unmeasurable(facets: list[_Facet], x: np.ndarray, k: int) -> None:
    """A judge or criterion with one end of the scale only, or panels without a common judge, have no measure."""
    for facet, what in ((facets[1], "Judge"), (facets[2], "Criterion")):
        ends = _extreme(facet, x, k)
        if ends.any() and facet.number > 1:
            fault = "nothing but the lowest or the highest rating, so its measure has no bound"
            raise Refusal("extreme", f"{what} {facet.names[int(np.argmax(ends))]}", fault, "use severity-adjusted/1")
    component, _ = parts(facets[0].of, facets[1].of, facets[0].number, facets[1].number)
    if len(set(component[facets[0].of].tolist())) > 1:
        fault = "the panels share no judge and no entry, so their severities cannot be told from quality"
        raise Refusal("disconnected", "Panel", fault, "add ratings that link the parts, or measure each by itself")


def _bounded(facets: list[_Facet], x: np.ndarray, k: int, extreme: np.ndarray, fit: _Fit) -> np.ndarray:
    """theta, with the extreme entries measured against the finished fit as if they were 0.3 raw points inside."""
    theta = fit.measures[0].copy()
    if not extreme.any():
        return theta
    wanted = _drawn_in(np.bincount(facets[0].of, weights=x), facets[0], k, extreme)
    for _ in range(100):
        mean, variance = _moments(_chances(_location(facets, [theta, *fit.measures[1:]], SIGNS), fit.tau))
        expected, spread = np.bincount(facets[0].of, weights=mean), np.bincount(facets[0].of, weights=variance)
        theta = np.where(extreme, theta + np.clip((wanted - expected) / np.maximum(spread, 1e-12), -1, 1), theta)
    return theta


def _drawn_in(score: np.ndarray, facet: _Facet, k: int, drawn: np.ndarray) -> np.ndarray:
    most = k * np.bincount(facet.of, minlength=facet.number)
    return np.where(drawn, np.clip(score, NUDGE, most - NUDGE), score)

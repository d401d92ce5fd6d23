"""A worth for every entry such that the chances to win fit what was seen: Bradley-Terry, Davidson, Plackett-Luce."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .refusals import Refusal

GHOST = "some entry never loses to, or never beats, some of the others, so that its worth has no bound"


class Worth(NamedTuple):
    """worth sums to 1; ability is ln(worth) against the reference; se is that ability's standard error."""

    worth: tuple[float, ...]
    ability: tuple[float, ...]
    se: tuple[float, ...] | None
    ties: dict[int, float]  # size of a tie: its parameter
    log_likelihood: float


def bradley_terry(wins: np.ndarray, ties: np.ndarray | None = None, *, reference: int = 0, ghost: float = 0.0) -> Worth:
    """The worth of each entry from pairs won: P(a beats b) = w_a / (w_a + w_b).

    With a table of ties: P(a) = w_a / D, P(tie) = nu sqrt(w_a w_b) / D, D = w_a + w_b + nu sqrt(w_a w_b).
    Shapes: wins[a, b] is how often a beat b, float[E, E], the diagonal ignored; ties symmetric. Abilities and their
    errors are against `reference`. Maximum likelihood by Newton's method. ghost adds an opponent of middling worth that
    beats and loses to everybody that many times. Errors: a win graph that is not strongly connected without a ghost.
    Sources: Zermelo 1929; Bradley and Terry 1952; Davidson 1970.

    >>> result = bradley_terry(np.array([[0, 3], [1, 0]]))
    >>> [round(each, 6) for each in result.worth], round(result.ability[1], 6)
    ([0.75, 0.25], -1.098612)
    """
    wins = np.array(wins, dtype=float)
    np.fill_diagonal(wins, 0.0)
    ties = np.zeros_like(wins) if ties is None else np.triu(np.asarray(ties, dtype=float), k=1)
    if not wins.any() and ties.any() and not ghost > 0:
        fault = "there are nothing but ties, so that their parameter has no bound"
        raise Refusal("unbounded", "Worth", fault, "count them as half a win each, or use another method")
    _refuse_unbounded(wins + (ties + ties.T), ghost)
    if ghost > 0:
        wins, ties = _haunted(wins, ghost), np.pad(ties, (0, 1))
    n, tied = len(wins), bool(ties.any())
    if n == 1:
        return Worth((1.0,), (0.0,), (0.0,), {}, 0.0)
    x = np.zeros(n + 1)
    for _ in range(200):
        value, gradient, hessian = _pairs(x, wins, ties)
        free = np.array([place for place in range(n + tied) if place != reference])
        step = np.linalg.solve(-hessian[np.ix_(free, free)], gradient[free])
        step *= min(1.0, 3 / max(np.abs(step).max(), 1e-300))
        while _pairs(x + _spread(step, free, n), wins, ties)[0] < value - 1e-12 * abs(value):
            step /= 2
        x = x + _spread(step, free, n)
        if np.abs(step).max() < 1e-12:
            break
    value, _, hessian = _pairs(x, wins, ties)
    covariance = np.linalg.inv(-hessian[np.ix_(free, free)])
    se = _spread(np.sqrt(np.maximum(np.diag(covariance), 0)), free, n)
    real = n - (ghost > 0)
    nu = {2: float(np.exp(x[n]))} if tied else {}
    return _worth(x[:real], se[:real], nu, float(value), reference)


def plackett_luce(
    ballots: Sequence[Sequence[Sequence[int]]],
    entries: int,
    weight: Sequence[float] | None = None,
    *,
    ghost: float = 0.0,
) -> Worth:
    """The worth of each entry from rankings with ties and gaps: each stage picks from what is left.

    Formula: a group T of t equals is picked with chance delta_t (product of w over T)^(1/t) / sum over all groups of up
    to the largest size seen; delta_1 = 1. Groups of positions, the best first; what is unranked stays to the end.
    Maximum likelihood. ghost adds that many wins and losses against an opponent of middling worth. Errors: as
    bradley_terry. Sources: Plackett 1975; Luce 1959; Turner and others 2020 (ties).

    >>> result = plackett_luce([[[0], [1]], [[0], [1]], [[0], [1]], [[1], [0]]], 2)
    >>> [round(each, 6) for each in result.worth]
    [0.75, 0.25]
    """
    weights = [1.0] * len(ballots) if weight is None else list(weight)
    stages = [stage for groups, each in zip(ballots, weights, strict=True) for stage in _stages(groups, entries, each)]
    _refuse_unbounded(_won(stages, entries), ghost)
    if ghost > 0:
        pairs = [(np.array([a]), np.array([a, entries]), ghost) for a in range(entries)]
        stages += pairs + [(np.array([entries]), np.array([a, entries]), ghost) for a in range(entries)]
    n = entries + (ghost > 0)
    sizes = sorted({len(picked) for picked, _, _ in stages} - {1})

    def negative(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = _ranked(np.append(x[:n], x[n:]), stages, sizes, n)
        return -value + 0.5 * x[:n].mean() ** 2, -gradient + np.append(
            np.full(n, x[:n].mean() / n), np.zeros(len(sizes))
        )

    options = {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-9}
    found = minimize(negative, np.zeros(n + len(sizes)), jac=True, method="L-BFGS-B", options=options)
    deltas = {size: float(np.exp(found.x[n + place])) for place, size in enumerate(sizes)}
    value, _ = _ranked(found.x, stages, sizes, n)
    return _worth(found.x[:entries], None, deltas, value, None)


def _worth(theta: np.ndarray, se: np.ndarray | None, ties: dict, value: float, reference: int | None) -> Worth:
    share = np.exp(theta - theta.max())
    share /= share.sum()
    ability = np.log(share) - (np.log(share[reference]) if reference is not None else np.log(share).mean())
    errors = None if se is None else tuple(se.tolist())
    return Worth(tuple(share.tolist()), tuple((ability + 0.0).tolist()), errors, ties, value)


def _pairs(x: np.ndarray, wins: np.ndarray, ties: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Log likelihood of the pairs with gradient and Hessian by ln(worth) and ln(nu)."""
    n = len(wins)
    a, b = np.nonzero(np.triu(wins + wins.T + ties, k=1))
    logs = np.stack([x[a], x[b], np.where(ties.any(), x[n], -np.inf) + (x[a] + x[b]) / 2])
    top = logs.max(axis=0)
    chance = np.exp(logs - top)
    total = chance.sum(axis=0)
    chance /= total
    seen = np.stack([wins[a, b], wins[b, a], ties[a, b]])
    number = seen.sum(axis=0)
    value = (np.where(seen > 0, seen, 0) * np.where(np.isfinite(logs), logs, 0)).sum() - (
        number * (top + np.log(total))
    ).sum()
    features = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])  # of a, b and nu in win, loss, tie
    expected = features @ chance
    pull = features @ seen - number * expected
    second = number * (np.einsum("pk,qk,kn->pqn", features, features, chance) - expected[:, None] * expected[None, :])
    gradient, hessian = np.zeros(n + 1), np.zeros((n + 1, n + 1))
    where = np.stack([a, b, np.full_like(a, n)])
    np.add.at(gradient, where, pull)
    np.add.at(hessian, (where[:, None, :], where[None, :, :]), -second)
    return float(value), gradient, hessian


def _spread(step: np.ndarray, free: np.ndarray, n: int) -> np.ndarray:
    full = np.zeros(n + 1)
    full[free] = step
    return full


def _haunted(wins: np.ndarray, ghost: float) -> np.ndarray:
    wins = np.pad(wins, (0, 1))
    wins[-1, :-1] = wins[:-1, -1] = ghost
    return wins


def _refuse_unbounded(won: np.ndarray, ghost: float) -> None:
    number, _ = connected_components(coo_array((won > 0).astype(np.int8)), directed=True, connection="strong")
    if number > 1 and not ghost > 0:
        raise Refusal("unbounded", "Worth", GHOST, "allow a pseudo-opponent (ghost=0.5), or use another method")


def _stages(groups: Sequence[Sequence[int]], entries: int, weight: float) -> list[tuple[np.ndarray, np.ndarray, float]]:
    left = np.arange(entries)
    stages = []
    for group in groups:
        picked = np.array(sorted(group))
        if len(picked) < len(left) or len(picked) > 1:
            stages.append((picked, left, weight))
        left = np.setdiff1d(left, picked)
    return stages


def _won(stages: list[tuple[np.ndarray, np.ndarray, float]], entries: int) -> np.ndarray:
    won = np.zeros((entries, entries))
    for picked, left, weight in stages:
        won[np.ix_(picked, left)] += weight  # an equal counts as a win and as a loss
    np.fill_diagonal(won, 0.0)
    return won


def _ranked(x: np.ndarray, stages: list, sizes: list[int], n: int) -> tuple[float, np.ndarray]:
    """Log likelihood of the stages with its gradient by ln(worth) and ln(delta)."""
    value, gradient = 0.0, np.zeros_like(x)
    place = {size: n + position for position, size in enumerate(sizes)}
    for picked, left, weight in stages:
        t, theta = len(picked), x[left]
        top = theta.max()
        total, by_entry, by_size = _choices(theta - top, [1, *sizes], x, place)
        value += weight * (x[picked].mean() - top + (x[place[t]] if t > 1 else 0.0) - np.log(total))
        gradient[picked] += weight / t
        gradient[left] -= weight * by_entry / total
        for size, part in by_size.items():
            gradient[place[size]] += weight * ((size == t) - part / total)
    return value, gradient


def _choices(
    theta: np.ndarray, sizes: list[int], x: np.ndarray, place: dict[int, int]
) -> tuple[float, np.ndarray, dict[int, float]]:
    """Sum over groups of every size of delta (product of w)^(1/size), with its derivatives.

    For each size it is an elementary symmetric polynomial of w^(1/size), built up one entry at a time.
    """
    total, by_entry, by_size = 0.0, np.zeros(len(theta)), {}
    for size in sizes:
        if size > len(theta):
            continue
        root = np.exp(theta / size)
        delta = 1.0 if size == 1 else float(np.exp(x[place[size]]))
        e = np.zeros(size + 1)
        e[0] = 1.0
        for each in root:
            e[1:] += each * e[:-1]
        without = np.ones(len(root))  # the polynomial of one degree less over the other entries
        for degree in range(1, size):
            without = e[degree] - root * without
        part = delta * e[size]
        total += part
        by_entry += delta * root * without / size
        if size > 1:
            by_size[size] = part
    return total, by_entry, by_size

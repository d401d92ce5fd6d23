"""Assignment by lot, against collusion: nobody can count on a certain judge. Off unless asked for.

Every pair gets a chance, none above a cap, so that the expected total is as high as possible; then lots are
drawn that keep every chance, every panel size and every limit of load. Sources: Jecmen et al., Mitigating
Manipulation in Peer Review via Randomized Reviewer Assignments, NeurIPS 2020; the lots: Gandhi, Khuller,
Parthasarathy and Srinivasan, Dependent rounding, Journal of the ACM 53 (2006), 324-360.
"""

import random
import time
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .certify import Duals, recompute_bound
from .model import TINY, Programme
from .order import prove
from .plan import Plan
from .problem import Problem
from .reading import ProblemError, pairs_of
from .reasons import Reason
from .relax import relax
from .report import report

Pair = tuple[str, str]


class Chances(NamedTuple):
    """The chance of every pair that has one."""

    chance: dict[Pair, float]
    expected: float  # total score on average
    bound: float  # no chances within the cap have more
    cap: float | NDArray[np.float64]  # of every pair, or of each entry's
    duals: Duals
    finished: bool  # in the time given


def chances(problem: Problem, *, cap: float | NDArray[np.float64] = 0.9, time_limit: float = 60.0) -> Chances:
    """The chances with the highest expected total, none above the cap; locked pairs are certain.

    cap: 0..1, one for all or one for each entry in the order of the draw. Formula:
    maximise sum of score x chance, the limits of `assign` holding on average.
    Rules on panels hold on average only, once lots are drawn.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0], [0, 1]], k=1, max_load=1)
    >>> chances(p, cap=0.75).expected
    1.5
    """
    if not (np.all(np.asarray(cap) > 0) and np.all(np.asarray(cap) <= 1)):
        raise ProblemError("bad_setting", name="cap", value=cap, range="above 0, at most 1")
    programme = Programme(problem, cap=cap)
    duals, finished = relax(programme, time.monotonic() + time_limit)
    if not finished:
        return Chances({}, 0.0, recompute_bound(problem, duals, cap), cap, duals, False)
    x = programme.shares()
    kept = x > TINY
    cells = programme.pairs[kept]
    chance = {
        (problem.entries[e], problem.judges[j]): float(min(share, 1.0))
        for (e, j), share in zip(cells.tolist(), x[kept], strict=True)
    }
    expected = float(x[kept] @ problem.scores[cells[:, 0], cells[:, 1]])
    return Chances(dict(sorted(chance.items())), expected, recompute_bound(problem, duals, cap), cap, duals, True)


def entry_caps(problem: Problem, cap: float) -> NDArray[np.float64]:
    """The cap of each entry, (n,): the one asked for, or what its panel needs where too few may read it.

    Formula: max(cap, min(1, k / eligible judges)). Without it a draw would leave such an entry short.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 1], [1, 1]], k=[1, 2], max_load=2)
    >>> dict(zip(p.entries, entry_caps(p, 0.75).tolist())) == {"a": 0.75, "b": 1.0}
    True
    """
    needed = problem.k / np.maximum(problem.allowed.sum(axis=1), 1)
    return np.maximum(cap, np.minimum(needed, 1.0))


class Lottery(NamedTuple):
    """A plan that was drawn, and the chances it was drawn from: with the seed, anyone can draw it again."""

    plan: Plan
    chances: Chances
    best: float  # total score on average with no cap at all

    @property
    def share_of_best(self) -> float:
        """What the draw is worth beside the best assignment without one; rules that it broke may lift it above 1."""
        return self.plan.quality / self.best if self.best > 0 else 1.0


def by_lot(problem: Problem, *, cap: float = 0.9, time_limit: float = 60.0) -> Lottery:
    """Draw an assignment by the problem's seed, no pair with a chance above the cap where enough judges may read.

    The plan's bound is that of any assignment at all; it counts what the draw broke of the rules as well.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0.5], [0.5, 1]], k=1, max_load=1, seed="2027")
    >>> found = by_lot(p, cap=0.75)
    >>> found.plan.filled, found.plan.pairs == draw(found.chances.chance, seed="2027"), found.plan.bound
    (2, True, 2.0)
    >>> found.best, found.share_of_best in (0.5, 1.0)
    (2.0, True)
    """
    started, deadline = time.process_time(), time.monotonic() + time_limit
    found = chances(problem, cap=entry_caps(problem, cap), time_limit=time_limit)
    cells = pairs_of("drawn", draw(found.chance, seed=problem.seed), problem.entries, problem.judges)
    free = chances(problem, cap=1.0, time_limit=deadline - time.monotonic())
    proof = prove(problem, cells, deadline)
    told = Reason("by_lot", {"percent": "", "unmet": 0, "cap": f"{100 * cap:g}"})
    causes = tuple(reason for reason in proof.reasons if reason.code != "competing")  # the draw left these, no scarcity
    plan = report(
        problem, cells, free.duals, proof._replace(reasons=causes), found.finished, time.process_time() - started, told
    )
    drawn = Lottery(plan, found, free.expected)
    told.figures["unmet"] = len(plan.unmet)
    told.figures["percent"] = f"{100 * drawn.share_of_best:.1f}"
    return drawn


def draw(chance: dict[Pair, float], *, seed: str) -> tuple[Pair, ...]:
    """Draw an assignment: each pair with its chance, each panel and each load at its expected size.

    A load that is not whole on average becomes one of its two neighbours. The same seed draws the same.

    >>> draw({("a", "x"): 0.5, ("a", "y"): 0.5, ("b", "x"): 0.5, ("b", "y"): 0.5}, seed="2027") in (
    ...     (("a", "x"), ("b", "y")), (("a", "y"), ("b", "x")))
    True
    """
    lot = random.Random(f"lots {seed}")  # noqa: S311 - repeatable on purpose: the seed is published beforehand
    share = {pair: value for pair, value in sorted(chance.items()) if TINY < value < 1 - TINY}
    certain = [pair for pair, value in chance.items() if value >= 1 - TINY]
    links: dict[tuple[int, str], dict[Pair, None]] = {}
    for pair in share:
        for node in _ends(pair):
            links.setdefault(node, {})[pair] = None
    while share:
        trail = _trail(links, next(iter(share)))
        _shift(share, trail, lot)
        for pair in trail:
            if not TINY < share[pair] < 1 - TINY:
                if share.pop(pair) > 0.5:
                    certain.append(pair)
                for node in _ends(pair):
                    del links[node][pair]
    return tuple(sorted(certain))


def _ends(pair: Pair) -> tuple[tuple[int, str], tuple[int, str]]:
    return (0, pair[0]), (1, pair[1])


def _trail(links: dict[tuple[int, str], dict[Pair, None]], first: Pair) -> list[Pair]:
    """Undecided pairs in a row that either close a circle or cannot be prolonged at either end."""
    node = _ends(first)[0]
    trail = _walk(links, node)
    if _is_circle(trail):
        return trail
    last = _far_end(trail, node)
    return _walk(links, last)


def _walk(links: dict[tuple[int, str], dict[Pair, None]], node: tuple[int, str]) -> list[Pair]:
    trail: list[Pair] = []
    seen = {node: 0}
    came: Pair | None = None
    while True:
        onward = next((pair for pair in links[node] if pair != came), None)
        if onward is None:
            return trail
        trail.append(onward)
        one, other = _ends(onward)
        node, came = (other if node == one else one), onward
        if node in seen:
            return trail[seen[node] :]
        seen[node] = len(trail)


def _is_circle(trail: list[Pair]) -> bool:
    return len(trail) > 2 and bool(set(_ends(trail[0])) & set(_ends(trail[-1]))) and len(trail) % 2 == 0


def _far_end(trail: list[Pair], start: tuple[int, str]) -> tuple[int, str]:
    node = start
    for pair in trail:
        one, other = _ends(pair)
        node = other if node == one else one
    return node


def _shift(share: dict[Pair, float], trail: Iterable[Pair], lot: random.Random) -> None:
    """Move chance along the trail, alternately up and down, until one pair is decided; keeps every average."""
    steps = list(trail)
    up, down = steps[0::2], steps[1::2]
    rise = min([1 - share[pair] for pair in up] + [share[pair] for pair in down])
    fall = min([share[pair] for pair in up] + [1 - share[pair] for pair in down])
    move = rise if lot.random() < fall / (rise + fall) else -fall
    for pair in up:
        share[pair] += move
    for pair in down:
        share[pair] -= move

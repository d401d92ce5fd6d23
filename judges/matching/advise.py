"""What the secretariat looks at before it publishes a draft: the worst served, the price of locks, the best floor."""

import time
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from .explain import eligibility
from .model import Programme
from .plan import Plan
from .prices import only
from .problem import Problem, best_panels, seal
from .reading import pairs_of
from .relax import grow, start
from .solve import assign

Pair = tuple[str, str]

GRIDS = (1.0, 0.5, 0.25, 0.1, 0.05, 0.01, 0.001, 0.0001)
"""Steps in which scores are commonly given; totals of panels then come in the same steps."""


class Served(NamedTuple):
    """How well one entry is served by its panel."""

    entry: str
    score: float  # of its panel
    best: float  # of the best panel it could have with first choice
    eligible: int  # judges who may read it
    judges: int  # that there are
    barred: dict[str, int]  # of them, by reason; the reasons overlap

    @property
    def share(self) -> float:
        """The panel as a share of the best it could have."""
        return self.score / self.best if self.best > 0 else 1.0


def worst_served(problem: Problem, pairs: Iterable[Pair], number: int = 10) -> tuple[Served, ...]:
    """The entries whose panels are the smallest share of the best they could have, worst first.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0.5], [1, 0.9]], k=1, max_load=1)
    >>> [(s.entry, s.share) for s in worst_served(p, [("a", "y"), ("b", "x")])]
    [('a', 0.5), ('b', 1.0)]
    """
    cells = pairs_of("pairs", pairs, problem.entries, problem.judges)
    score = np.bincount(cells[:, 0], problem.scores[cells[:, 0], cells[:, 1]], len(problem.entries))
    best = best_panels(problem.scores, problem.allowed, problem.k)
    share = np.divide(score, best, out=np.ones_like(score), where=best > 0)
    order = sorted(np.flatnonzero(problem.k > 0), key=lambda e: (share[e], problem.entries[e]))[:number]
    may = {e: eligibility(problem, problem.entries[e]) for e in order}
    return tuple(
        Served(problem.entries[e], float(score[e]), float(best[e]), one.eligible, one.judges, one.barred)
        for e, one in may.items()
    )


class LockCost(NamedTuple):
    """What one lock costs: how much more would be possible without it."""

    entry: str
    judge: str
    cost: float  # in worth: in quality, in evenness of loads, and in wishes that could else be met
    quality: float  # of it, in total score


def lock_costs(problem: Problem, *, time_limit: float = 60.0) -> tuple[LockCost, ...]:
    """For each lock, how much the best worth rises if it is lifted, the dearest first.

    From the linear programme, started again from where it stood; exact where the programme comes out
    in whole reviews, as it does without rules. Locks not reached in time are left out.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0], [0, 1]], k=1, max_load=1, locks=[("a", "y")])
    >>> lock_costs(p)
    (LockCost(entry='a', judge='y', cost=2.0, quality=2.0),)
    """
    deadline = time.monotonic() + time_limit
    programme = Programme(problem)
    start(programme)
    if not grow(programme, deadline)[1]:
        return ()
    with_all, quality, found = programme.worth(), programme.quality(), []
    for e, j in problem.locks.tolist():
        programme.lock(e, j, False)
        if not grow(programme, deadline)[1]:
            break
        cost = max(round(programme.worth() - with_all, 9), 0.0)
        gained = round(programme.quality() - quality, 9)
        found.append(LockCost(problem.entries[e], problem.judges[j], cost, gained if cost else 0.0))
        programme.lock(e, j, True)
    return tuple(sorted(found, key=lambda one: (-one.cost, one.entry, one.judge)))


class Highest(NamedTuple):
    """The highest floor under every panel, and the best assignment that keeps it."""

    floor: float  # score of the worst-served entry
    bound: float  # no assignment as good on the lines above serves its worst entry better
    plan: Plan
    problem: Problem

    @property
    def proven(self) -> bool:
        """No higher floor exists."""
        return self.floor >= self.bound - 1e-6 * max(abs(self.bound), 1.0)


def highest_floor(problem: Problem, *, gap: float = 0.0001, time_limit: float = 60.0, steps: int = 8) -> Highest:
    """Serve the worst-served entry as well as possible; then the best total at that floor.

    The floor's upper limit comes from a linear programme (max t, every panel's score >= t); whole
    assignments are then tried at it and, if none keeps it, by halving the distance. Anchors, and
    entries that want no review, have no floor.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0.5], [0.5, 0.1]], k=1, max_load=1)
    >>> found = highest_floor(p)
    >>> found.floor, found.proven, found.plan.quality
    (0.5, True, 1.0)
    """
    deadline = time.monotonic() + time_limit
    top = _floor_bound(problem, deadline)
    best, reach, target = _at_floor(problem, 0.0, gap, deadline), top, top
    for _ in range(steps):
        if best.floor >= reach - 1e-9 * problem.unit or time.monotonic() > deadline:
            break
        found = _at_floor(problem, target, gap, deadline)
        best = max(best, found, key=lambda one: (one.floor, one.plan.quality))
        if best.floor < target - 1e-9 * problem.unit:
            reach = target
        target = (best.floor + reach) / 2
    return best._replace(bound=max(top, best.floor))


def _floor_bound(problem: Problem, deadline: float) -> float:
    """No whole assignment serves its worst entry better; rounded down to the grid the scores are on."""
    lines_above = problem._replace(prices=only("floor"), floor=np.zeros(len(problem.entries)))
    programme = Programme(lines_above)
    start(programme)
    judged = np.flatnonzero(~problem.anchor & (problem.k > 0))
    if not len(judged):
        return 0.0
    programme.raise_all(judged)
    if not grow(programme, deadline)[1]:
        return float(best_panels(problem.scores, problem.allowed, problem.k)[judged].min())
    top = programme.highest() * problem.unit
    grid = next((g for g in GRIDS if np.abs(problem.scores / g - np.round(problem.scores / g)).max() < 1e-6), 0.0)
    return float(np.floor(top / grid + 1e-6) * grid) if grid else top


def _at_floor(problem: Problem, floor: float, gap: float, deadline: float) -> Highest:
    wanted = np.where(problem.anchor | (problem.k == 0), 0.0, floor)
    changed = seal(problem._replace(floor=wanted))
    plan = assign(changed, gap=gap, time_limit=deadline - time.monotonic())
    return Highest(_worst(problem, plan.pairs), np.inf, plan, changed)


def _worst(problem: Problem, pairs: tuple[Pair, ...]) -> float:
    cells = pairs_of("pairs", pairs, problem.entries, problem.judges)
    score = np.zeros(len(problem.entries))
    np.add.at(score, cells[:, 0], problem.scores[cells[:, 0], cells[:, 1]])
    judged = ~problem.anchor & (problem.k > 0)
    return float(score[judged].min()) if judged.any() else 0.0

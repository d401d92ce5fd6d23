"""Counting what an assignment really gives, from the pairs alone and without the solver."""

from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .certify import band_price, bridge_price, even_share, fill_price
from .prices import FORCES
from .problem import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Count(NamedTuple):
    """What an assignment gives and what it leaves unmet. n entries, m judges, B bands, P panels."""

    load: Ints  # (m,), reviews
    missing: Ints  # (n,), reviews
    under: Ints  # (m,), reviews below the minimum load
    too_few: Ints  # (n, B), judges
    too_many: Ints  # (n, B), judges
    below_floor: Floats  # (n,), score
    panel_bridges: Ints  # (P,), crossing reviews missing
    judge_bridges: Ints  # (m,), crossing reviews missing
    moved: int  # reviews, in a repair, that should have stayed
    quality: float  # total score
    load_cost: float  # in scores
    penalty: float  # of everything unmet, in scores
    worth: float  # quality less load costs and penalties: what the certificate bounds


def count(problem: Problem, cells: Ints) -> Count:
    """Count an assignment given as (A, 2) positions in the order of the draw.

    >>> from judges.matching import pose
    >>> p = pose(["a"], ["x", "y"], [[0.5, 0.25]], k=3, max_load=1)
    >>> found = count(p, np.array([[0, 0], [0, 1]]))
    >>> found.load.tolist(), found.missing.tolist(), found.quality
    ([1, 1], [1], 0.75)
    """
    e, j = cells[:, 0], cells[:, 1]
    n, m, bands, crossing = len(problem.entries), len(problem.judges), problem.bands, problem.crossing
    load, filled = np.bincount(j, minlength=m), np.bincount(e, minlength=n)
    held = np.zeros(bands.low.shape, dtype=np.int64)
    np.add.at(held, e, bands.member.T[j].astype(np.int64))
    home, away = crossing.entry_panel[e], crossing.judge_panel[j]
    crosses = (home != away) & (home >= 0) & (away >= 0)
    scores = problem.scores[e, j]
    found = Count(
        load=load,
        missing=np.maximum(problem.k - filled, 0),
        under=np.maximum(problem.min_load - load, 0),
        too_few=np.maximum(bands.low - held, 0),
        too_many=np.maximum(held - bands.high, 0),
        below_floor=np.maximum(problem.floor - np.bincount(e, scores, n), 0.0),
        panel_bridges=np.maximum(
            crossing.per_panel - np.bincount(home[crosses], minlength=len(crossing.panels))[: len(crossing.panels)], 0
        ),
        judge_bridges=np.maximum(crossing.per_judge - np.bincount(j[crosses], minlength=m), 0),
        moved=0 if problem.kept is None else int(problem.kept.sum() - problem.kept[e, j].sum()),
        quality=fsum(scores),  # exact, so the same in whatever order the pairs come
        load_cost=_load_cost(problem, load, cells) * problem.unit,
        penalty=0.0,
        worth=0.0,
    )
    penalty = _penalty(problem, found) * problem.unit
    worth = (found.quality - found.load_cost) * problem.prices.score - penalty
    return found._replace(penalty=penalty, worth=worth)


def is_lawful(problem: Problem, cells: Ints) -> bool:
    """Whether an assignment keeps what is never given up: no forbidden pair, none twice, no limit exceeded, every lock.

    >>> from judges.matching import pose
    >>> p = pose(["a"], ["x", "y"], [[1, 1]], k=1, max_load=1, forbidden={"conflict": [("a", "y")]})
    >>> is_lawful(p, np.array([[0, p.judges.index("x")]])), is_lawful(p, np.array([[0, p.judges.index("y")]]))
    (True, False)
    """
    given = set(map(tuple, cells.tolist()))
    e, j = cells[:, 0], cells[:, 1]
    return bool(
        len(given) == len(cells)
        and not problem.barred[e, j].any()
        and (np.bincount(j, minlength=len(problem.judges)) <= problem.max_load).all()
        and (np.bincount(e, minlength=len(problem.entries)) <= problem.k).all()
        and given.issuperset(map(tuple, problem.locks.tolist()))
    )


def unmet_by_force(problem: Problem, found: Count) -> dict[str, int]:
    """Judges missing or too many, and bridges missing, by the force of the rule that asks for them."""
    total = dict.fromkeys(FORCES, 0)
    by_band = (found.too_few + found.too_many).sum(axis=0)
    for force, amount in zip(problem.bands.force, by_band.tolist(), strict=True):
        total[force] += amount
    total[problem.crossing.force] += int(found.panel_bridges.sum() + found.judge_bridges.sum())
    return total


def _load_cost(problem: Problem, load: Ints, cells: Ints) -> float:
    extra = np.maximum(load - even_share(problem), 0)
    cost = problem.load_cost * float((extra * (extra + 1) // 2).sum())
    if problem.unwanted is not None:
        asked_not = problem.unwanted[cells[:, 0], cells[:, 1]]
        bad = np.bincount(cells[asked_not, 1], minlength=len(problem.judges))
        cost += problem.unwanted_cost * float((bad * (bad + 1) // 2).sum())
    return cost


def _penalty(problem: Problem, found: Count) -> float:
    return float(
        fill_price(problem) @ found.missing
        + problem.prices.moves * found.moved
        + problem.prices.min_load * found.under.sum()
        + (found.too_few + found.too_many).sum(axis=0) @ band_price(problem)
        + problem.prices.floor * found.below_floor.sum() / problem.unit
        + bridge_price(problem) * (found.panel_bridges.sum() + found.judge_bridges.sum())
    )

"""The programme solved over all pairs and all rules, though only those that matter ever enter it."""

import time

import numpy as np
from numpy.typing import NDArray

from .certify import Duals, blocks, margins, no_duals
from .model import Programme
from .problem import Problem

Ints = NDArray[np.int64]

FIRST_JUDGES = 12
"""Judges per entry to start with; pricing finds the few pairs of the optimum that are not among them."""
MOST_NEW_PAIRS = 50_000


def relax(programme: Programme, deadline: float) -> tuple[Duals, bool]:
    """Solve the programme over all pairs and all rules; True if that was done in time.

    An interrupted programme leaves prices too, and any prices bound.
    """
    start(programme)
    return grow(programme, deadline)


def start(programme: Programme) -> None:
    """Put in the pairs that will most likely matter."""
    programme.add_pairs(np.argwhere(first_pairs(programme.problem)))


def grow(programme: Programme, deadline: float) -> tuple[Duals, bool]:
    """Solve, add the rules that are broken and the pairs that are worth their price, until none is missing."""
    duals = no_duals(programme.problem)
    while programme.solve(deadline - time.monotonic()):
        duals = programme.duals()
        bands, floors = programme.broken_bands(), programme.broken_floors()
        pairs = missing_pairs(programme, duals)
        if not len(bands) and not len(floors) and not len(pairs):
            return duals, True
        programme.add_bands(bands)
        programme.add_floors(floors)
        programme.add_pairs(pairs)
    return duals, False


def first_pairs(problem: Problem) -> NDArray[np.bool_]:
    """The pairs to start with, (n, m): the best judges of each entry, the best entries of each judge, all locks.

    Where a rule asks for judges of a group, the best of that group as well; an anchor takes everybody.
    """
    allowed = problem.allowed
    value = np.where(allowed, problem.scores, -1.0).astype(np.float32)
    everyone, chosen = np.arange(len(problem.judges)), problem.anchor[:, None] & allowed
    _take_best(chosen, value, everyone, max(FIRST_JUDGES, 2 * int(problem.k[~problem.anchor].max(initial=0))))
    for b in np.flatnonzero(problem.bands.low.any(axis=0)):
        _take_best(chosen, value, np.flatnonzero(problem.bands.member[b]), int(problem.bands.low[:, b].max()) + 4)
    by_judge = np.ascontiguousarray(value.T)
    for j in everyone:
        most = min(int(problem.max_load[j]), len(problem.entries))
        if most:
            chosen[np.argpartition(-by_judge[j], most - 1)[:most], j] = True
    chosen[problem.locks[:, 0], problem.locks[:, 1]] = True
    if problem.kept is not None:
        chosen |= problem.kept
    return chosen & allowed


def _take_best(chosen: NDArray[np.bool_], value: NDArray[np.float32], judges: Ints, width: int) -> None:
    width = min(width, len(judges))
    if width:
        best = np.argpartition(-value[:, judges], width - 1, axis=1)[:, :width]
        np.put_along_axis(chosen, judges[best], True, axis=1)


def missing_pairs(programme: Programme, duals: Duals) -> Ints:
    """Pairs not in the programme that would raise its value at these prices, the most promising first."""
    cells, worth = [], []
    for rows in blocks(programme.problem):
        left = margins(programme.problem, duals, rows)
        e, j = np.nonzero((left > 1e-7) & ~programme.has_pair[rows] & programme.problem.allowed_in(rows))
        cells.append(np.column_stack([e + rows.start, j]))
        worth.append(left[e, j])
    found = np.concatenate(cells) if cells else np.zeros((0, 2), dtype=np.int64)
    if len(found) > MOST_NEW_PAIRS:
        found = found[np.argsort(-np.concatenate(worth), kind="stable")[:MOST_NEW_PAIRS]]
    return found

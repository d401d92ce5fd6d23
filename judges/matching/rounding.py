"""From shares to whole reviews: a small integer programme over the entries that came out in fractions."""

import time

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .certify import Duals, margins_at, recompute_bound
from .counting import count
from .model import TINY, Programme, add_columns, add_rows, quiet_solver, run
from .problem import Problem

Ints = NDArray[np.int64]


CIRCLES = ((0.01, 40_000), (0.05, 12_000), (0.25, 12_000), (1.0, 12_000))
"""The search widens: pairs whose margin is nearer to zero than this, in units, may change, as long as there
are no more of them than that; more would take too long for what they gain."""
FAR = 0.1
"""No entry in fractions looks further down its list than this, in units."""
NODES = 200


def whole(programme: Programme, duals: Duals, gap: float, deadline: float) -> Ints:
    """An assignment (A, 2) from the programme's shares, settled in whole reviews.

    A small integer programme settles the entries in fractions; then, until the proven gap is as small
    as asked, all pairs that the prices leave nearly undecided, in wider circles.
    """
    x = programme.shares()
    best = programme.pairs[x > 1 - TINY]
    split = (x > TINY) & (x < 1 - TINY)
    if not split.any():
        return best
    problem, bound = programme.problem, recompute_bound(programme.problem, duals)
    left = margins_at(problem, duals, programme.pairs)
    in_split = np.isin(programme.pairs[:, 0], programme.pairs[split, 0]) & (left > -FAR)
    quality = programme.quality()
    value = -np.inf
    for free in _circles(left, in_split):
        found = settle(programme, x, free, bound, gap * quality, deadline - time.monotonic())
        worth = -np.inf if found is None else count(problem, found).worth
        if found is not None and worth > value:
            best, value = found, worth
        if bound - value <= gap * quality or time.monotonic() > deadline:
            break
    return greedy(problem, programme.liked()) if value == -np.inf else best


def _circles(left: NDArray[np.float64], in_split: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    circles = [(in_split | (np.abs(left) < near), most) for near, most in CIRCLES]
    return [in_split, *(free for free, most in circles if free.sum() <= most)]


def settle(
    programme: Programme, x: NDArray[np.float64], free: NDArray[np.bool_], bound: float, room: float, seconds: float
) -> Ints | None:
    """The best whole assignment that keeps the shares x of pairs that are not free, (P,).

    Ends early once an assignment is worth `bound` - `room`, or within a tenth of the room; None if there
    was no time for any. All rules of the entries concerned are in force, needed so far or not.
    """
    problem = programme.problem
    sure = programme.pairs[(x > 0.5) & ~free]
    _all_rules_of(programme, np.unique(programme.pairs[free, 0]))
    lp = programme.solver.getLp()
    form = (lp.num_row_, lp.num_col_)
    parts = (np.array(lp.a_matrix_.value_), np.array(lp.a_matrix_.index_), np.array(lp.a_matrix_.start_))
    matrix, cost = sparse.csc_matrix(parts, shape=form), np.array(lp.col_cost_)
    fixed = np.zeros(form[1])
    fixed[programme.pair_column[(x > 0.5) & ~free]] = 1.0
    used = matrix @ fixed
    others = np.ones(form[1], dtype=bool)
    others[programme.pair_column] = False
    taken = np.r_[np.flatnonzero(others), programme.pair_column[free]]
    reduced = matrix[:, taken].tocoo()
    target = (room - bound) / problem.unit - float(cost @ fixed)
    mip = quiet_solver(
        mip_rel_gap=0.0, mip_abs_gap=max(0.1 * room / problem.unit, 1e-7), mip_max_nodes=NODES, objective_target=target
    )
    add_rows(mip, np.array(lp.row_lower_) - used, np.array(lp.row_upper_) - used, [], [], [])
    bounds = np.array(lp.col_lower_)[taken], np.array(lp.col_upper_)[taken]
    add_columns(mip, cost[taken], *bounds, reduced.col, reduced.row, reduced.data)
    whole_columns = np.arange(int(others.sum()), len(taken), dtype=np.int32)
    kinds = np.full(len(whole_columns), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    mip.changeColsIntegrality(len(whole_columns), whole_columns, kinds)
    run(mip, seconds)
    if mip.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
        return None
    value = np.array(mip.getSolution().col_value)[whole_columns]
    return np.vstack([sure, programme.pairs[free][value > 0.5]])


def _all_rules_of(programme: Programme, free: Ints) -> None:
    bands = programme.problem.bands
    limited = (bands.low > 0) | (bands.high < programme.problem.k[:, None])
    cells = np.argwhere(limited & (programme.band_row < 0) & np.isin(np.arange(programme.n), free)[:, None])
    if len(cells):
        programme.add_bands(cells)
    floors = free[(programme.problem.floor[free] > 0) & (programme.floor_row[free] < 0)]
    if len(floors):
        programme.add_floors(floors)


def greedy(problem: Problem, liked: NDArray[np.float64] | None = None) -> Ints:
    """A quick assignment when there is no time for a good one, within all limits; (A, 2).

    Entries with the fewest eligible judges choose first, the best judges with room. liked: (n, m), what
    an unfinished programme already preferred.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], [[0.9, 0.1], [0.8, 0.0]], k=1, max_load=1, forbidden={"no": [("b", "y")]})
    >>> [(p.entries[e], p.judges[j]) for e, j in greedy(p)]
    [('b', 'x'), ('a', 'y')]
    """
    open_pair = problem.allowed
    open_pair[problem.locks[:, 0], problem.locks[:, 1]] = False
    room = problem.max_load - np.bincount(problem.locks[:, 1], minlength=len(problem.judges))
    need = problem.k - np.bincount(problem.locks[:, 0], minlength=len(problem.entries))
    chosen = [problem.locks]
    for e in np.argsort(open_pair.sum(axis=1), kind="stable"):
        value = problem.scores[e] / problem.unit + (0.0 if liked is None else liked[e])
        ranked = np.argsort(np.where(open_pair[e] & (room > 0), -value, np.inf), kind="stable")[: need[e]]
        taken = ranked[open_pair[e, ranked] & (room[ranked] > 0)]
        room[taken] -= 1
        chosen.append(np.column_stack([np.full(len(taken), e), taken]))
    return np.vstack(chosen).astype(np.int64)

"""The linear programme, grown on demand: only the pairs and the rules that matter are ever put to the solver.

Variables x(e, j) in 0..1 for pairs; every wish has a paid-for escape, so the programme always has a solution.
Solver: HiGHS (Huangfu and Hall, Mathematical Programming Computation 10, 2018, 119-142), one thread.
"""

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .certify import Duals, band_price, bridge_price, even_share, fill_price, no_duals
from .problem import Problem
from .rules import NO_LIMIT

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

INFINITE = highspy.kHighsInf
DUAL_SIMPLEX = 1
TINY = 1e-6


EARLY_ENDS = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kObjectiveTarget,
)


class SolverError(RuntimeError):
    """HiGHS ended in a state that should be impossible; `status` is its own word for it."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(f"The solver stopped with status {status}: keep the input and report it.")


def quiet_solver(**options: Any) -> highspy.Highs:
    """A HiGHS with one thread and no output: the same input then gives the same answer every time."""
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SolverError(f"option {name}")
    return solver


def run(solver: highspy.Highs, seconds: float) -> bool:
    """Solve; True if the optimum was reached, False if time was up. Anything else is a `SolverError`."""
    solver.setOptionValue("time_limit", solver.getRunTime() + max(seconds, 0.0))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return True
    if status in EARLY_ENDS:
        return False
    raise SolverError(solver.modelStatusToString(status))


def add_rows(solver: highspy.Highs, lower: Any, upper: Any, row: Any, column: Any, value: Any) -> None:
    """Append rows; `row` counts from 0 among the new ones and need not be sorted."""
    order = np.argsort(row, kind="stable")
    starts = np.searchsorted(np.asarray(row)[order], np.arange(len(lower))).astype(np.int32)
    solver.addRows(
        len(lower),
        np.asarray(lower, dtype=float),
        np.asarray(upper, dtype=float),
        len(order),
        starts,
        np.asarray(column)[order].astype(np.int32),
        np.asarray(value, dtype=float)[order],
    )


def add_columns(solver: highspy.Highs, cost: Any, lower: Any, upper: Any, column: Any, row: Any, value: Any) -> None:
    """Append columns; `column` counts from 0 among the new ones and need not be sorted."""
    order = np.argsort(column, kind="stable")
    starts = np.searchsorted(np.asarray(column)[order], np.arange(len(cost))).astype(np.int32)
    solver.addCols(
        len(cost),
        np.asarray(cost, dtype=float),
        np.asarray(lower, dtype=float),
        np.asarray(upper, dtype=float),
        len(order),
        starts,
        np.asarray(row)[order].astype(np.int32),
        np.asarray(value, dtype=float)[order],
    )


class Programme:
    """The programme as far as it has grown.

    Rows: n entries, m judges, then steps, unwanted, bridges, then rules and floors as they are added.
    Costs are negated scores, since HiGHS minimises; prices are its row duals negated. cap: most of a pair, one
    for all or one for each entry.
    """

    def __init__(self, problem: Problem, cap: float | Floats = 1.0, **options: Any) -> None:
        self.problem = problem
        self.n, self.m = len(problem.entries), len(problem.judges)
        self.cap = np.broadcast_to(np.asarray(cap, dtype=float), self.n)
        self.solver = quiet_solver(presolve="off", simplex_strategy=DUAL_SIMPLEX, **options)
        self.pairs: NDArray[np.int64] = np.zeros((0, 2), dtype=np.int64)  # (P, 2), in order of arrival
        self.pair_column: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # (P,)
        self.has_pair = np.zeros((self.n, self.m), dtype=bool)
        self.locked = np.zeros((self.n, self.m), dtype=bool)
        self.locked[problem.locks[:, 0], problem.locks[:, 1]] = True
        self.band_row = np.full(problem.bands.low.shape, -1, dtype=np.int64)
        self.floor_row = np.full(self.n, -1, dtype=np.int64)
        self.member = problem.bands.member.T.copy()  # (m, B)
        self.highest_column = -1
        self.last: Floats = np.zeros(0)
        self.step_row = self.unwanted_row = self.panel_row = self.bridge_row = -1
        self._lay_foundations()

    # -- building ---------------------------------------------------------------------------------

    def _lay_foundations(self) -> None:
        problem = self.problem
        none: list[int] = []
        add_rows(self.solver, problem.k, problem.k, none, none, none)
        add_rows(self.solver, problem.min_load, problem.max_load, none, none, none)
        self._escapes(np.arange(self.n), fill_price(problem), problem.k)
        self._escapes(self.n + np.arange(self.m), np.full(self.m, problem.prices.min_load), problem.min_load)
        if problem.load_cost > 0 and problem.prices.score > 0:
            share = even_share(problem)
            self.step_row = self._stairs(share, problem.load_cost, problem.max_load - share)
        if problem.unwanted is not None and problem.unwanted_cost > 0 and problem.prices.score > 0:
            self.unwanted_row = self._stairs(np.zeros(self.m), problem.unwanted_cost, problem.max_load)
        crossing = problem.crossing
        if crossing.per_panel.any() or crossing.per_judge.any():
            self.panel_row = self._wishes(crossing.per_panel, bridge_price(problem))
            self.bridge_row = self._wishes(crossing.per_judge, bridge_price(problem))

    def _escapes(self, rows: Ints, cost: Any, most: Any, sign: float = 1.0) -> None:
        """One column per row that makes up for what is missing (sign 1) or too much (-1), at a price."""
        here = np.arange(len(rows))
        add_columns(self.solver, cost, np.zeros(len(rows)), most, here, rows, np.full(len(rows), sign))

    def _wishes(self, wanted: Any, price: float) -> int:
        first = self.solver.getNumRow()
        add_rows(self.solver, wanted, np.full(len(wanted), INFINITE), [], [], [])
        self._escapes(first + np.arange(len(wanted)), np.full(len(wanted), price), wanted)
        return first

    def _stairs(self, free: Any, cost: float, steps: Any) -> int:
        """Rows 'reviews - steps <= free', whose t-th step costs t x cost: convex, so steps fill in order."""
        first = self.solver.getNumRow()
        add_rows(self.solver, np.full(self.m, -INFINITE), free, [], [], [])
        judge = np.repeat(np.arange(self.m), steps)
        step = np.arange(len(judge)) - np.repeat(np.cumsum(steps) - steps, steps) + 1
        self._escapes(first + judge, cost * step, np.ones(len(judge)), sign=-1.0)
        return first

    def add_pairs(self, cells: Ints) -> None:
        """Bring in pairs (C, 2) that are allowed and not yet there."""
        e, j = cells[:, 0], cells[:, 1]
        score = self.problem.scores[e, j] / self.problem.unit
        at, row, value = self._coefficients(e, j, score)
        first = self.solver.getNumCol()
        cost = -score * self.problem.prices.score
        if self.problem.kept is not None:
            cost -= self.problem.prices.moves * self.problem.kept[e, j]
        add_columns(self.solver, cost, self.locked[e, j], np.where(self.locked[e, j], 1.0, self.cap[e]), at, row, value)
        self.pairs = np.vstack([self.pairs, cells])
        self.pair_column = np.r_[self.pair_column, first + np.arange(len(e))]
        self.has_pair[e, j] = True

    def _coefficients(self, e: Ints, j: Ints, score: Floats) -> tuple[Ints, Ints, Floats]:
        here = np.arange(len(e))
        parts: list[tuple[Ints, Ints, Floats]] = [(here, e, np.ones(len(e))), (here, self.n + j, np.ones(len(e)))]
        if self.step_row >= 0:
            parts.append((here, self.step_row + j, np.ones(len(e))))
        if self.unwanted_row >= 0 and self.problem.unwanted is not None:
            hit = np.flatnonzero(self.problem.unwanted[e, j])
            parts.append((hit, self.unwanted_row + j[hit], np.ones(len(hit))))
        if self.panel_row >= 0:
            home = self.problem.crossing.entry_panel[e]
            away = self.problem.crossing.judge_panel[j]
            hit = np.flatnonzero((home != away) & (home >= 0) & (away >= 0))
            parts.append((hit, self.panel_row + home[hit], np.ones(len(hit))))
            parts.append((hit, self.bridge_row + j[hit], np.ones(len(hit))))
        hit = np.flatnonzero(self.floor_row[e] >= 0)
        parts.append((hit, self.floor_row[e[hit]], score[hit]))
        hit, band = np.nonzero((self.band_row[e] >= 0) & self.member[j])
        parts.append((hit, self.band_row[e[hit], band], np.ones(len(hit))))
        at, row, value = (np.concatenate(column) for column in zip(*parts, strict=True))
        return at, row, value

    def add_bands(self, cells: Ints) -> None:
        """Bring in rules on entries, cells (entry, band), each with its two escapes."""
        e, b = cells[:, 0], cells[:, 1]
        first = self.solver.getNumRow()
        fresh = np.full_like(self.band_row, -1)
        fresh[e, b] = np.arange(len(e))
        touched = np.flatnonzero(np.isin(self.pairs[:, 0], e))
        pe, pj = self.pairs[touched].T
        hit, band = np.nonzero((fresh[pe] >= 0) & self.member[pj])
        low, high = self.problem.bands.low[e, b], self.problem.bands.high[e, b]
        upper = np.where(high == NO_LIMIT, INFINITE, high)
        columns = self.pair_column[touched[hit]]
        add_rows(self.solver, low, upper, fresh[pe[hit], band], columns, np.ones(len(hit)))
        self.band_row[e, b] = first + np.arange(len(e))
        price = band_price(self.problem)[b]
        least, most = np.flatnonzero(low > 0), np.flatnonzero(high != NO_LIMIT)
        self._escapes(first + least, price[least], low[least])
        self._escapes(first + most, price[most], self.problem.k[e[most]], sign=-1.0)

    def add_floors(self, e: Ints) -> None:
        """Bring in the floors of some entries."""
        first = self.solver.getNumRow()
        fresh = np.full(self.n, -1)
        fresh[e] = np.arange(len(e))
        hit = np.flatnonzero(fresh[self.pairs[:, 0]] >= 0)
        score = self.problem.scores[self.pairs[hit, 0], self.pairs[hit, 1]] / self.problem.unit
        wanted = self.problem.floor[e] / self.problem.unit
        add_rows(
            self.solver, wanted, np.full(len(e), INFINITE), fresh[self.pairs[hit, 0]], self.pair_column[hit], score
        )
        self.floor_row[e] = first + np.arange(len(e))
        self._escapes(first + np.arange(len(e)), np.full(len(e), self.problem.prices.floor), wanted)

    # -- solving and reading ----------------------------------------------------------------------

    def solve(self, seconds: float) -> bool:
        """Solve from where we stand; True if optimal, False if time was up.

        The dual simplex goes on after new rows and, since every pair is between 0 and 1 and may start
        at either end, after new pairs too.
        """
        done = run(self.solver, seconds)
        if done:
            self.last = self.shares()
        return done

    def worth(self) -> float:
        """The value of the programme, in the units of the scores."""
        return -float(self.solver.getInfo().objective_function_value) * self.problem.unit

    def quality(self) -> float:
        """The total score of the shares found."""
        return float(self.shares() @ self.problem.scores[self.pairs[:, 0], self.pairs[:, 1]])

    def lock(self, e: int, j: int, locked: bool) -> None:
        """Lock a pair that is in the programme, or lift its lock."""
        self.locked[e, j] = locked
        column = self.pair_column[(self.pairs[:, 0] == e) & (self.pairs[:, 1] == j)]
        self.solver.changeColBounds(int(column[0]), float(locked), 1.0 if locked else float(self.cap[e]))

    def raise_all(self, entries: Ints) -> None:
        """Ask for the highest t that every one of these panels can score: rows 'score - t >= 0', t worth 1."""
        first = self.solver.getNumRow()
        here = np.full(self.n, -1)
        here[entries] = np.arange(len(entries))
        hit = np.flatnonzero(here[self.pairs[:, 0]] >= 0)
        score = self.problem.scores[self.pairs[hit, 0], self.pairs[hit, 1]] / self.problem.unit
        none, most = np.zeros(len(entries)), np.full(len(entries), INFINITE)
        add_rows(self.solver, none, most, here[self.pairs[hit, 0]], self.pair_column[hit], score)
        self.floor_row[entries] = first + np.arange(len(entries))
        at = np.zeros(len(entries), dtype=np.int64)
        self.highest_column = self.solver.getNumCol()
        add_columns(self.solver, [-1.0], [0.0], [INFINITE], at, self.floor_row[entries], -np.ones(len(entries)))

    def highest(self) -> float:
        """The t of `raise_all`, in units."""
        return float(self.solver.getSolution().col_value[self.highest_column])

    def liked(self) -> Floats:
        """What the last finished solution preferred, (n, m): a hint for a draft."""
        found = np.zeros((self.n, self.m))
        found[self.pairs[: len(self.last), 0], self.pairs[: len(self.last), 1]] = self.last
        return found

    def shares(self) -> Floats:
        """x of every pair, (P,)."""
        return np.array(self.solver.getSolution().col_value)[self.pair_column]

    def duals(self) -> Duals:
        """The prices of all limits, in units; a limit not yet brought in has price 0."""
        price = -np.array(self.solver.getSolution().row_dual)
        found = no_duals(self.problem)
        found.entry[:], found.judge[:] = price[: self.n], price[self.n : self.n + self.m]
        found.band[self.band_row >= 0] = price[self.band_row[self.band_row >= 0]]
        found.floor[self.floor_row >= 0] = price[self.floor_row[self.floor_row >= 0]]
        for first, part in (
            (self.step_row, found.steps),
            (self.unwanted_row, found.unwanted),
            (self.panel_row, found.panel_bridges),
            (self.bridge_row, found.judge_bridges),
        ):
            if first >= 0:
                part[:] = price[first : first + len(part)]
        return found

    def broken_bands(self) -> Ints:
        """Rules that the present x breaks and that are not in the programme, as cells (entry, band)."""
        bands = self.problem.bands
        if not bands.label:
            return np.zeros((0, 2), dtype=np.int64)
        x = self.shares()
        used = np.flatnonzero(x > TINY)
        panels = sparse.csr_matrix((x[used], (self.pairs[used, 0], self.pairs[used, 1])), shape=(self.n, self.m))
        held = panels @ self.member.astype(np.float64)
        broken = (held < bands.low - TINY) | (held > bands.high.astype(float) + TINY)
        return np.argwhere(broken & (self.band_row < 0))

    def broken_floors(self) -> Ints:
        """Entries whose panel is below the floor and whose floor is not in the programme."""
        if not self.problem.floor.any():
            return np.zeros(0, dtype=np.int64)
        worth = self.problem.scores[self.pairs[:, 0], self.pairs[:, 1]] * self.shares()
        total = np.bincount(self.pairs[:, 0], worth, self.n)
        return np.flatnonzero((total < self.problem.floor - TINY * self.problem.unit) & (self.floor_row < 0))

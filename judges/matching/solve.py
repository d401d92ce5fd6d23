"""Assign judges to entries: the best assignment there is, with the proof, in the time given."""

import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .certify import Duals
from .counting import count
from .model import Programme
from .order import amounts, prove
from .plan import Plan
from .prices import raised
from .problem import Problem
from .relax import relax
from .report import report
from .rounding import greedy, whole

RETRIES = 2
"""How often prices are raised when a line of the order of importance turns out not to be the best possible."""


class Attempt(NamedTuple):
    """An assignment (A, 2) with the prices that bound it; finished: in the time given."""

    problem: Problem
    cells: NDArray[np.int64]
    duals: Duals
    finished: bool


def assign(problem: Problem, *, gap: float = 0.0001, time_limit: float = 60.0) -> Plan:
    """The best assignment, by order of importance, and a bound that nothing exceeds.

    Order: every entry its reviews; rules that must hold; minimum loads; rules that should; rules that
    may; the floor for the worst-served entry; total score less load costs. gap: the search ends when
    this share of the total is all that could be missing (0.0001: one hundredth of a percent).
    time_limit: wall seconds; when it is up, the best draft is returned with its gap. An assignment
    always exists.

    >>> from judges.matching import pose
    >>> scores = {("a", "x"): 0.9, ("b", "x"): 0.8, ("a", "y"): 0.7}
    >>> plan = assign(pose(["a", "b"], ["x", "y"], scores, k=1, max_load=1))
    >>> plan.pairs, plan.quality, plan.status
    ((('a', 'y'), ('b', 'x')), 1.5, 'optimal')
    """
    started, deadline = time.process_time(), time.monotonic() + time_limit
    best = attempt(problem, gap, deadline)
    proof = prove(best.problem, best.cells, deadline)
    for _ in range(RETRIES):
        if proof.doubtful is None or time.monotonic() > deadline:
            break
        dearer = problem._replace(prices=raised(best.problem.prices, proof.doubtful))
        other = attempt(dearer, gap, deadline)
        if not other.finished or _rank(other) >= _rank(best):
            break
        best, proof = other, prove(other.problem, other.cells, deadline)
    return report(best.problem, best.cells, best.duals, proof, best.finished, time.process_time() - started)


def attempt(problem: Problem, gap: float, deadline: float) -> Attempt:
    """One solution at the problem's prices."""
    programme = Programme(problem)
    duals, finished = relax(programme, deadline)
    cells = whole(programme, duals, gap, deadline) if finished else greedy(problem, programme.liked())
    return Attempt(problem, cells, duals, finished)


def _rank(one: Attempt) -> tuple[float, ...]:
    """Smaller is better: the lines in their order, then quality."""
    found = count(one.problem, one.cells)
    return (*(round(amount, 6) for amount in amounts(one.problem, found).values()), -found.quality)

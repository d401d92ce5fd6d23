"""The order of importance, proven line by line: what is unmet, the least that could be, and why."""

import time
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .certify import Duals, recompute_bound
from .counting import Count, count, unmet_by_force
from .explain import Causes, why_broken, why_short, why_under
from .model import Programme
from .plan import Line
from .prices import LINES, only
from .problem import Problem, best_panels
from .reasons import Reason
from .relax import relax

Ints = NDArray[np.int64]
SMALL = 1e-6


class Proof(NamedTuple):
    """The lines with their proven least, the causes, and the prices of those proofs that needed them."""

    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]
    duals: dict[str, Duals]

    @property
    def doubtful(self) -> str | None:
        """The first line of which less might be left unmet."""
        return next((line.code for line in self.lines if not line.proven), None)


def amounts(problem: Problem, found: Count) -> dict[str, float]:
    """What is unmet on each line: reviews, judges, and on the floor's line score."""
    forces = unmet_by_force(problem, found)
    whole = {
        "fill": found.missing.sum(),
        "moves": found.moved,
        "min_load": found.under.sum(),
        "floor": found.below_floor.sum(),
        **forces,
    }
    return {line: float(whole[line]) for line in LINES}


def prove(problem: Problem, cells: Ints, deadline: float) -> Proof:
    """Each line with the least that any assignment, as good on the lines above, must leave unmet.

    Where nothing is unmet there is nothing to prove. Else the minimum cuts give a number; where they
    leave a doubt, a linear programme in which this line alone matters gives a bound, with its prices.
    After the deadline nothing is proven: what a draft leaves unmet may be for want of time only.
    """
    found = count(problem, cells)
    if time.monotonic() > deadline:
        return Proof(tuple(Line(line, amount, 0.0) for line, amount in amounts(problem, found).items()), (), {})
    lines: list[Line] = []
    reasons: list[Reason] = []
    duals: dict[str, Duals] = {}
    for line, amount in amounts(problem, found).items():
        causes = _causes(problem, found, line) if amount > SMALL else Causes(0, ())
        least: float = causes.least
        if amount > least + SMALL and time.monotonic() < deadline:
            bound, prices = _bound(problem, cells, line, amount, deadline)
            if bound > least + SMALL:
                least, duals[line] = bound, prices
        lines.append(Line(line, amount, min(least, amount)))
        reasons += causes.reasons
        if amount > causes.least + SMALL and line != "moves":
            reasons.append(_competing(problem, found, line, amount - causes.least))
    return Proof(tuple(lines), tuple(reasons), duals)


def least_unmet(problem: Problem, cells: Ints, line: str, duals: Duals) -> float:
    """The least that can be unmet on a line, from stored prices, without a solver.

    Formula: what is unmet less (bound - worth) under prices at which only this line matters; rounded up
    to whole reviews or judges, but for the floor, which is in scores.

    >>> from judges.matching.certify import no_duals
    >>> from judges.matching import pose
    >>> p = pose(["a"], ["x"], [[1]], k=2, max_load=2)
    >>> price = no_duals(p)._replace(entry=np.array([-1.0]))  # 2 wanted - 1 possible = 1 missing
    >>> least_unmet(p, np.array([[0, 0]]), "fill", price)
    1.0
    """
    alone = problem._replace(prices=only(line))
    found = count(alone, cells)
    room = (recompute_bound(alone, duals._replace(prices=alone.prices)) - found.worth) / problem.unit
    amount = amounts(alone, found)[line]
    if line == "floor":
        return max(amount - room * problem.unit, 0.0)
    return float(max(ceil(amount - room - SMALL), 0))


def _bound(problem: Problem, cells: Ints, line: str, amount: float, deadline: float) -> tuple[float, Duals]:
    duals, _ = relax(Programme(problem._replace(prices=only(line))), deadline)
    return least_unmet(problem, cells, line, duals), duals


def _causes(problem: Problem, found: Count, line: str) -> Causes:
    if line == "fill":
        return why_short(problem)
    if line == "min_load":
        return why_under(problem)
    if line == "floor":
        return _hopeless(problem)
    if line == "moves":
        return Causes(0, (Reason("moves", {"amount": found.moved}),))
    bands = problem.bands
    wrong = (found.too_few + found.too_many).sum(axis=0)
    rules = dict.fromkeys(bands.name[b] for b in np.flatnonzero(wrong) if bands.force[b] == line)
    parts = [why_broken(problem, rule) for rule in rules]
    if problem.crossing.force == line:
        parts.append(_unbridged(problem))
    return Causes(sum(part.least for part in parts), tuple(reason for part in parts for reason in part.reasons))


def _hopeless(problem: Problem) -> Causes:
    """Entries whose floor is above the best panel they could have with first choice."""
    lack = problem.floor - best_panels(problem.scores, problem.allowed, problem.k)
    names = tuple(sorted(problem.entries[e] for e in np.flatnonzero(lack > SMALL * problem.unit)))
    reasons = (Reason("floor_too_high", {"entries": names, "missing": round(float(lack[lack > 0].sum()), 4)}),)
    return Causes(0, reasons if names else ())


def _unbridged(problem: Problem) -> Causes:
    """Panels and judges for whom too few crossing pairs are allowed at all."""
    crossing, possible = problem.crossing, problem.crossing.mask() & problem.allowed
    by_judge = np.maximum(crossing.per_judge - possible.sum(axis=0), 0)
    by_panel = np.array(
        [
            max(int(wanted) - int(possible[crossing.entry_panel == p].sum()), 0)
            for p, wanted in enumerate(crossing.per_panel)
        ],
        dtype=np.int64,
    )
    reasons = [
        Reason("too_few_crossings", {"who": name, "missing": int(missing)})
        for names, lack in ((crossing.panels, by_panel), (problem.judges, by_judge))
        for name, missing in zip(names, lack, strict=True)
        if missing
    ]
    return Causes(int(by_judge.sum() + by_panel.sum()), tuple(reasons))


def _competing(problem: Problem, found: Count, line: str, amount: float) -> Reason:
    """What no single cut explains: the wishes that meet on these entries, and the judges who are full."""
    bands = problem.bands
    wrong = (found.too_few + found.too_many) * (np.array(bands.force) == line)
    by_line = {"fill": found.missing, "floor": found.below_floor > SMALL * problem.unit}
    entries = np.flatnonzero(by_line.get(line, wrong.any(axis=1)))
    limited = (bands.low[entries] > 0) | (bands.high[entries] < problem.k[entries, None])
    rules = dict.fromkeys(bands.name[b] for b in np.flatnonzero(limited.any(axis=0)))
    full = problem.allowed[entries].any(axis=0) & (found.load >= problem.max_load)
    figures = {
        "line": line,
        "amount": round(amount, 4) if line == "floor" else int(amount),
        "entries": tuple(sorted(problem.entries[e] for e in entries)),
        "rules": tuple(rules) or ("loads",),
        "judges": tuple(sorted(problem.judges[j] for j in np.flatnonzero(full))),
    }
    return Reason("competing", figures)

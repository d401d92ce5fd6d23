"""The order that contradicts the ballots least: Kemeny's, proved optimal by an integer program."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .refusals import Refusal

MOST_ENTRIES = 30


class Kemeny(NamedTuple):
    """An order of positions with its disagreements, and another that is as good, if there is one."""

    order: tuple[int, ...]
    cost: float
    other: tuple[int, ...] | None


def kemeny(prefers: np.ndarray) -> Kemeny:
    """The order with the least sum of P[b, a] over pairs with a above b.

    Entries that beat all others in pairs are set apart first; each knot that is left is an integer program with one
    binary x_ab per pair and 0 <= x_ab + x_bc - x_ac <= 1. Errors: more than 30 entries. Source: Kemeny 1959.

    >>> kemeny(np.array([[0, 2, 2], [1, 0, 3], [1, 0, 0]])).order
    (0, 1, 2)
    """
    if len(prefers) > MOST_ENTRIES:
        fault = f"{len(prefers)} entries, and the proof takes too long above {MOST_ENTRIES}"
        raise Refusal("too-many-entries", "Kemeny", fault, "use schulze/1, or shortlist first")
    order: list[int] = []
    other: list[int] = []
    for knot in _knots(prefers):
        inside = prefers[np.ix_(knot, knot)]
        best = _solve(inside)
        rival = _solve(inside, against=best)
        as_good = rival is not None and cost(inside, rival) <= cost(inside, best) + 1e-9  # type: ignore[arg-type]
        order += [knot[position] for position in best]  # type: ignore[union-attr]
        other += [knot[position] for position in (rival if as_good else best)]  # type: ignore[union-attr]
    return Kemeny(tuple(order), cost(prefers, order), tuple(other) if other != order else None)


def cost(prefers: np.ndarray, order: list[int] | tuple[int, ...]) -> float:
    """The disagreements of an order: sum of P[b, a] for a above b.

    >>> cost(np.array([[0, 2], [1, 0]]), [1, 0])
    2.0
    """
    ordered = prefers[np.ix_(order, order)]
    return float(np.tril(ordered, k=-1).sum())


def _knots(prefers: np.ndarray) -> list[list[int]]:
    """Sets of entries such that each set beats every later one in all pairs; inside a set there is a cycle or a tie."""
    weakly = prefers >= prefers.T
    number, label = connected_components(coo_array(weakly.astype(np.int8)), directed=True, connection="strong")
    knots = [np.flatnonzero(label == each).tolist() for each in range(number)]
    return sorted(knots, key=lambda knot: -int((prefers[knot[0]] > prefers[:, knot[0]]).sum()))


def _solve(prefers: np.ndarray, against: list[int] | None = None) -> list[int] | None:
    """The best order, or the best that differs from `against`; None when there is no other."""
    n = len(prefers)
    if n == 1:
        return [0] if against is None else None
    first, second = np.triu_indices(n, k=1)
    index = np.full((n, n), -1)
    index[first, second] = np.arange(len(first))
    gain = prefers[second, first] - prefers[first, second]  # of putting first above second
    constraints = [_transitive(index, n)] if n > 2 else []
    if against is not None:
        place = np.argsort(against)
        above = (place[first] < place[second]).astype(float)
        constraints.append(LinearConstraint((1 - 2 * above)[None, :], lb=1 - above.sum()))
    whole = np.ones(len(gain))
    solution = milp(gain, constraints=constraints, integrality=whole, bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    if against is not None and solution.x is None:
        return None
    if solution.status != 0:
        raise Refusal("not-proved", "Kemeny", f"no order was proved best ({solution.message})", "use schulze/1")
    above_count = np.zeros(n)
    chosen = solution.x > 0.5
    np.add.at(above_count, first, chosen)
    np.add.at(above_count, second, ~chosen)
    return np.argsort(-above_count, kind="stable").tolist()


def _transitive(index: np.ndarray, n: int) -> LinearConstraint:
    triples = np.array([(a, b, c) for a in range(n) for b in range(a + 1, n) for c in range(b + 1, n)])
    rows = np.repeat(np.arange(len(triples)), 3)
    a, b, c = triples.T
    columns = np.column_stack([index[a, b], index[b, c], index[a, c]]).ravel()
    signs = np.tile([1.0, 1.0, -1.0], len(triples))
    shape = (len(triples), n * (n - 1) // 2)
    return LinearConstraint(coo_array((signs, (rows, columns)), shape=shape).tocsr(), 0, 1)

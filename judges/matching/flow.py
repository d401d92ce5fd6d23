"""Maximum flow and minimum cut between entries and judges: how much can be given, and what stops more.

The cut is the whole cause, with its size: a smallest contradiction would be true and useless. Source:
Ford and Fulkerson, Canadian Journal of Mathematics 8 (1956), 399-404; Dinic's algorithm in SciPy.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

Ints = NDArray[np.int64]


class Bottleneck(NamedTuple):
    """Askers who depend on too few places. needed - possible = missing, exactly."""

    askers: Ints  # positions of those who ask (entries, for reviews)
    givers: Ints  # positions of those all of whose places are taken (judges at their limit)
    within_reach: Ints  # positions of all givers the askers may use at all
    needed: int
    possible: int
    missing: int


class Service(NamedTuple):
    """How much can be given at most, and every bottleneck that stops more."""

    most: int
    missing: int
    bottlenecks: tuple[Bottleneck, ...]


def serve(demand: Ints, supply: Ints, cells: Ints, group: Ints | None = None, limit: Ints | None = None) -> Service:
    """The most that can be given if each pair (asker, giver) is used once, and what stops more.

    demand: (n,); supply: (m,); cells: (C, 2) allowed pairs; group: (C,) number of the group a pair
    belongs to, -1 for none; limit: (G,) most pairs used of a group (each group belongs to one asker).

    >>> found = serve(np.array([2, 1]), np.array([1, 1]), np.array([[0, 0], [0, 1], [1, 1]]))
    >>> found.most, found.missing, [int(a) for a in found.bottlenecks[0].askers]
    (2, 1, [0, 1])
    """
    n, m = len(demand), len(supply)
    if not len(cells) or not demand.sum():
        return _without_flow(demand, m)
    groups = np.full(len(cells), -1) if group is None else group
    graph, reach = _network(demand, supply, cells, groups, np.zeros(0, dtype=np.int64) if limit is None else limit)
    done = maximum_flow(graph, 0, graph.shape[0] - 1)
    most = int(done.flow_value)
    missing = int(demand.sum()) - most
    if not missing:
        return Service(most, 0, ())
    residual = (graph - done.flow).tocsr()
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    near = np.zeros(graph.shape[0], dtype=bool)
    near[breadth_first_order(residual, 0, return_predecessors=False)] = True
    return Service(most, missing, _bottlenecks(demand, supply, graph, near, reach, n, m))


def _without_flow(demand: Ints, m: int) -> Service:
    total = int(demand.sum())
    askers = np.flatnonzero(demand)
    nobody = np.zeros(0, dtype=np.int64)
    stuck = (Bottleneck(askers, nobody, nobody, total, 0, total),) if total else ()
    return Service(0, total, stuck)


def _network(
    demand: Ints, supply: Ints, cells: Ints, group: Ints, limit: Ints
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Nodes: source, askers, givers, groups, sink. Also who can reach whom, askers x givers."""
    n, m, size = len(demand), len(supply), len(demand) + len(supply) + len(limit) + 2
    asker, giver = cells[:, 0], cells[:, 1]
    node = np.where(group < 0, 1 + asker, 1 + n + m + group)
    owner = np.zeros(len(limit), dtype=np.int64)
    owner[group[group >= 0]] = asker[group >= 0]
    rows = np.r_[np.zeros(n, dtype=np.int64), node, 1 + owner, 1 + n + np.arange(m)]
    columns = np.r_[1 + np.arange(n), 1 + n + giver, 1 + n + m + np.arange(len(limit)), np.full(m, size - 1)]
    room = np.r_[demand, np.ones(len(cells), dtype=np.int64), limit, supply]
    graph = sparse.csr_matrix((room.astype(np.int32), (rows, columns)), shape=(size, size))
    reach = sparse.csr_matrix((np.ones(len(cells), dtype=bool), (asker, giver)), shape=(n, m))
    return graph, reach


def _bottlenecks(
    demand: Ints,
    supply: Ints,
    graph: sparse.csr_matrix,
    near: NDArray[np.bool_],
    reach: sparse.csr_matrix,
    n: int,
    m: int,
) -> tuple[Bottleneck, ...]:
    """The cut, taken apart into causes that have nothing to do with each other, the largest first.

    Askers who simply reach too few givers are one cause; those who share givers without room another.
    """
    askers, givers = np.flatnonzero(near[1 : 1 + n]), near[1 + n : 1 + n + m]
    links = reach[askers].astype(np.int32).multiply(givers[None, :].astype(np.int32)).tocsr()
    _, part = connected_components(sparse.bmat([[None, links], [links.T, None]]), directed=False)
    part = np.where(np.diff(links.indptr) > 0, part[: len(askers)], -1)  # -1: they lack judges, not places
    crossing = graph[near][:, ~near].tocoo()
    owner = _owners(graph, n, m)[np.flatnonzero(near)[crossing.row]]
    cost = np.bincount(owner[owner >= 0], crossing.data[owner >= 0], n)  # room out of the cut, by asker
    found = []
    for number in np.unique(part):
        mine = askers[part == number]
        within = np.unique(reach[mine].indices)
        full = within[givers[within]]
        needed = int(demand[mine].sum())
        possible = int(supply[full].sum() + cost[mine].sum())
        if needed > possible:
            found.append(Bottleneck(mine, full, within, needed, possible, needed - possible))
    return tuple(sorted(found, key=lambda one: (-one.missing, one.askers.tolist())))


def _owners(graph: sparse.csr_matrix, n: int, m: int) -> Ints:
    """The asker each node belongs to: itself, or the owner of the group; -1 for source, givers and sink."""
    owner = np.full(graph.shape[0], -1, dtype=np.int64)
    owner[1 : 1 + n] = np.arange(n)
    into = graph[1 : 1 + n].tocoo()
    grouped = into.col >= 1 + n + m
    owner[into.col[grouped]] = into.row[grouped]
    owner[-1] = -1
    return owner

"""Can the judges' scores be compared? Connection and precision of the judge-entry graph.

Model: score = entry + severity of the judge + noise of variance 1. With L the weighted overlap Laplacian of
the judges (loads on the diagonal, less the sum over entries of x x'/readers), the mean variance of the
difference of two severities is 2/(m - 1) x the sum of 1/eigenvalue. Source: John and Williams, Cyclic and
Computer Generated Designs, 1995, ch. 2 (connectedness and average variance of incomplete block designs).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components


class Connectivity(NamedTuple):
    """How well the judges are tied together by the entries they share."""

    groups: tuple[tuple[str, ...], ...]  # judges whose scores can be compared; more than one group: they cannot
    variance: float  # mean variance of the difference of two severities; infinite if separated
    precision: float  # ideal variance / actual: 1 for a balanced design, 0 if separated
    cut_judges: tuple[str, ...]  # without one of these the rest would fall apart
    fewest_co_judges: int  # the judge who shares entries with the fewest others

    @property
    def comparable(self) -> bool:
        """All scores may be put on one scale."""
        return len(self.groups) <= 1


def connectivity(judges: tuple[str, ...], readers: NDArray[np.bool_]) -> Connectivity:
    """Groups, precision and weak points of an assignment; judges without reviews are left out.

    readers: (n, m), who reads what. Formula: variance = 2/(m-1) x sum 1/eigenvalue of L;
    precision = 2(m-1)/sum(readers - 1) / variance.

    The Fano plane, 7 judges, 7 entries, 3 readers each, is balanced:

    >>> fano = np.zeros((7, 7), dtype=bool)
    >>> for e in range(7):
    ...     fano[e, [e, (e + 1) % 7, (e + 3) % 7]] = True
    >>> found = connectivity(tuple("abcdefg"), fano)
    >>> round(found.variance * 7, 9), round(found.precision, 9), len(found.groups), found.fewest_co_judges
    (6.0, 1.0, 1, 6)
    """
    busy = np.flatnonzero(readers.any(axis=0))
    names = np.array(judges, dtype=object)[busy]
    x = sparse.csr_matrix(readers[:, busy], dtype=np.float64)
    together = (x.T @ x).tocsr()
    number, group = connected_components(together, directed=False)
    others = np.diff(together.indptr) - 1
    variance, precision = _precision(x) if number == 1 and len(busy) > 1 else (0.0, 1.0)
    if number > 1:
        variance, precision = float("inf"), 0.0
    return Connectivity(
        groups=tuple(sorted((tuple(sorted(names[group == g])) for g in range(number)), key=lambda g: (-len(g), g))),
        variance=variance,
        precision=precision,
        cut_judges=tuple(sorted(names[cut_points(x)])),
        fewest_co_judges=int(others.min()) if len(busy) else 0,
    )


def _precision(x: sparse.csr_matrix) -> tuple[float, float]:
    size = np.asarray(x.sum(axis=1)).ravel()
    shared = sparse.diags(1.0 / np.maximum(size, 1.0)) @ x
    laplacian = np.diag(np.asarray(x.sum(axis=0)).ravel()) - (x.T @ shared).toarray()
    eigenvalues = np.linalg.eigvalsh(laplacian)[1:]  # the first is 0: a common shift cannot be seen
    m = x.shape[1]
    variance = float(2.0 / (m - 1) * (1.0 / eigenvalues).sum())
    ideal = 2.0 * (m - 1) / float(np.maximum(size - 1.0, 0.0).sum())
    return variance, ideal / variance


def cut_points(x: sparse.csr_matrix) -> NDArray[np.int64]:
    """Judges (columns) without whom the others would fall apart; x is (n, m), who reads what.

    Depth-first search for articulation points: Hopcroft and Tarjan, CACM 16 (1973), 372-378.

    >>> chain = sparse.csr_matrix([[1, 1, 0], [0, 1, 1]])
    >>> cut_points(chain).tolist()
    [1]
    """
    kept = x[np.diff(x.indptr) > 1]  # an entry with one reader ties nobody together
    n, m = kept.shape
    graph = sparse.bmat([[None, kept.T], [kept, None]], format="csr")
    starts, links = graph.indptr.tolist(), graph.indices.tolist()
    found, low, parent = [-1] * (n + m), [0] * (n + m), [-1] * (n + m)
    cuts: set[int] = set()
    clock = 0
    for root in range(m):
        if found[root] >= 0:
            continue
        children, stack, cursor = 0, [root], {root: starts[root]}
        found[root] = low[root] = clock = clock + 1
        while stack:
            node = stack[-1]
            if cursor[node] < starts[node + 1]:
                neighbour = links[cursor[node]]
                cursor[node] += 1
                if found[neighbour] < 0:
                    parent[neighbour] = node
                    children += node == root
                    found[neighbour] = low[neighbour] = clock = clock + 1
                    cursor[neighbour] = starts[neighbour]
                    stack.append(neighbour)
                elif neighbour != parent[node]:
                    low[node] = min(low[node], found[neighbour])
                continue
            stack.pop()
            above = parent[node]
            if above >= 0:
                low[above] = min(low[above], low[node])
                if above != root and low[node] >= found[above]:
                    cuts.add(above)
        if children > 1:
            cuts.add(root)
    return np.array(sorted(node for node in cuts if node < m), dtype=np.int64)

"""Can judges be compared at all? The graph of who scores what: its parts, its bridges, the strength of its links."""

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from . import leniency
from .panel import Panel, Values, panel
from .rules import RuleSet
from .working import Note, Step, Working


class Connectivity(NamedTuple):
    """How well entries link the judges. Resistances are variances in units of sigma2, the error of one score."""

    entries: tuple[Hashable, ...]
    judges: tuple[Hashable, ...]
    parts: tuple[tuple[tuple[Hashable, ...], tuple[Hashable, ...]], ...]  # (entries, judges) of each connected part
    bridges: tuple[tuple[str, Hashable], ...]  # ("judge" or "entry", id) whose removal takes the graph apart
    resistance_mean: float  # mean of Var(b_j - b_k) / sigma2 over pairs of judges inside a part
    resistance_max: float
    weakest_pair: tuple[Hashable, Hashable] | None
    algebraic: float  # second smallest eigenvalue of L; 0 when disconnected
    light: str  # connected, weak, disconnected
    warnings: tuple[Note, ...]
    working: Working

    def difference_se(self, sigma: float) -> float:
        """The predicted standard error of the worst difference between two judges, for errors of sigma per score."""
        return float(sigma * np.sqrt(self.resistance_max))


def connectivity(entry: Values, judge: Values) -> Connectivity:
    """The connected parts, bridges and strength of a plan or a round; no scores are needed.

    Shapes: one item per planned score, N. Formula: L = diag(m) - C' diag(1/n) C; Var(b_j - b_k) = sigma2 (Lp_jj + Lp_kk
    - 2 Lp_jk), Lp = pinv(L). A plan is weak when the worst such standard error exceeds 0.7 sigma.
    Errors: empty or mixed identifiers, a pair planned twice. Source: MacKay and others 2017; FACETS' subset check.

    >>> report = connectivity([1, 1, 2, 2, 3], ["a", "b", "b", "c", "d"])
    >>> report.parts
    (((1, 2), ('a', 'b', 'c')), ((3,), ('d',)))
    >>> report.light, report.bridges, report.resistance_max
    ('disconnected', (('entry', 1), ('entry', 2), ('judge', 'b')), 4.0)
    """
    p = panel(entry, judge, np.zeros(len(entry)), None, RuleSet())
    s = leniency.spectrum(p, leniency.links(p))
    apart = leniency.resistances(p.judge_component, s)
    inside = np.triu(p.judge_component[:, None] == p.judge_component[None, :], k=1)
    worst = np.unravel_index(int(np.argmax(np.where(inside, apart, -1.0))), apart.shape)
    some = bool(inside.any())
    number = int(p.component.max()) + 1
    algebraic = float(s.lam[1]) if len(p.judges) > 1 and number == 1 else 0.0
    peak = float(apart[worst]) if some else 0.0
    light = "disconnected" if number > 1 else "weak" if np.sqrt(peak) > 0.7 else "connected"
    return Connectivity(
        p.entries,
        p.judges,
        _parts(p),
        bridges(p),
        float(apart[inside].mean()) if some else 0.0,
        round(peak, 12),
        (p.judges[worst[0]], p.judges[worst[1]]) if some else None,
        algebraic,
        light,
        _warnings(light, number, peak),
        _working(p, s, number, peak),
    )


def _parts(p: Panel) -> tuple:
    return tuple(
        (
            tuple(p.entries[i] for i in np.flatnonzero(p.component == part)),
            tuple(p.judges[j] for j in np.flatnonzero(p.judge_component == part)),
        )
        for part in range(int(p.component.max()) + 1)
    )


def bridges(p: Panel) -> tuple[tuple[str, Hashable], ...]:
    """The judges and entries that alone hold the graph together (cut vertices, found by depth-first search)."""
    neighbours: list[list[int]] = [[] for _ in range(len(p.entries) + len(p.judges))]
    for e, j in zip(p.e.tolist(), p.j.tolist(), strict=True):
        neighbours[e].append(len(p.entries) + j)
        neighbours[len(p.entries) + j].append(e)
    cut = _cut_vertices(neighbours)
    here = [("entry", p.entries[vertex]) for vertex in cut if vertex < len(p.entries)]
    return tuple(here + [("judge", p.judges[v - len(p.entries)]) for v in cut if v >= len(p.entries)])


def _cut_vertices(neighbours: list[list[int]]) -> list[int]:
    """Vertices whose removal leaves more parts (Hopcroft and Tarjan 1973), without recursion."""
    seen, low = [0] * len(neighbours), [0] * len(neighbours)
    cut: set[int] = set()
    clock = 0
    for root in range(len(neighbours)):
        if seen[root]:
            continue
        children, stack = 0, [(root, -1, iter(neighbours[root]))]
        clock += 1
        seen[root] = low[root] = clock
        while stack:
            vertex, parent, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                if parent >= 0:
                    low[parent] = min(low[parent], low[vertex])
                    children += parent == root
                    if parent != root and low[vertex] >= seen[parent]:
                        cut.add(parent)
            elif not seen[following]:
                clock += 1
                seen[following] = low[following] = clock
                stack.append((following, vertex, iter(neighbours[following])))
            elif following != parent:
                low[vertex] = min(low[vertex], seen[following])
        if children > 1:
            cut.add(root)
    return sorted(cut)


def _working(p: Panel, s: leniency.Spectrum, number: int, peak: float) -> Working:
    counts = {"entries": len(p.entries), "judges": len(p.judges), "scores": len(p.y)}
    worst = {"variance": peak, "standard error": float(np.sqrt(peak))}
    steps = (
        Step("graph", "Join judges who share an entry.", "L = diag(m) - C' diag(1/n) C", counts),
        Step("parts", "Count the parts that nothing joins.", figures={"parts": number, "eigenvalues": s.lam[:5]}),
        Step("links", "Compare every two judges of a part; the worst:", "Lp_jj + Lp_kk - 2 Lp_jk", worst),
    )
    return Working("connectivity/1", steps)


def _warnings(light: str, number: int, peak: float) -> tuple[Note, ...]:
    if light == "disconnected":
        words = f"Disconnected: {number} parts share no judge. Severities can be compared only inside a part."
        return (Note("disconnected", words, {"parts": number}),)
    if light == "weak":
        words = (
            f"Weakly connected: two judges differ with a standard error of {np.sqrt(peak):.2f} times that of a score."
        )
        return (Note("weakly-connected", words, {"worst": float(np.sqrt(peak))}),)
    return ()

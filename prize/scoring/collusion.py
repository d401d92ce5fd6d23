"""Judges who may have agreed: pairs that deviate together, favours returned, blocks. Signs to look at, never proof.

Be modest: no detector finds most colluders. Conflict declarations, random assignment and sealed scores prevent more.
Source: Jecmen and others 2024.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .bias import PERMUTATIONS, false_discovery
from .fit import Result

FEWEST_COMMON = 6


class Pair(NamedTuple):
    """Two judges whose deviations go together over the entries they share."""

    judges: tuple[Hashable, Hashable]
    common: int
    correlation: float
    p: float
    q: float
    flagged: bool


class Favour(NamedTuple):
    """Two judges who are entrants too, each of whom scored the other's entry above what was expected."""

    judges: tuple[Hashable, Hashable]
    total: float  # the two residuals added, in score units
    p: float
    q: float
    flagged: bool


class Block(NamedTuple):
    """The strongest common direction of the judges' residuals: loadings of opposite sign are opposite camps."""

    loading: dict[Hashable, float]
    strength: float  # leading eigenvalue of the residual correlations
    p: float


def collusion_report(
    result: Result, *, level: float = 0.05, permutations: int = PERMUTATIONS, seed: int | None = None
) -> tuple[Pair, ...]:
    """Pairs of judges whose residuals go together over six or more common entries, by permutation, adjusted for number.

    Formula: the correlation of y - a - b over the common entries; p is the share of permutations with one as large.
    Shapes: a row per pair, the least p first. Errors: none; without such a pair the list is empty.

    >>> from prize.scoring import fit_scores
    >>> collusion_report(fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [5, 6, 7, 8]))
    ()
    """
    p, table = result.panel, _table(result)
    rng = np.random.Generator(np.random.Philox(result.rule.seed if seed is None else seed))
    seen = ~np.isnan(table)
    common = seen.T.astype(int) @ seen.astype(int)
    found = []
    for a, b in np.argwhere(np.triu(common, k=1) >= FEWEST_COMMON).tolist():
        both = seen[:, a] & seen[:, b]
        x, y = table[both, a], table[both, b]
        if np.ptp(x) > 1e-12 and np.ptp(y) > 1e-12:
            found.append((a, b, int(both.sum()), *_correlated(x, y, rng, permutations)))
    q = false_discovery([each[4] for each in found])
    pairs = [
        Pair((p.judges[a], p.judges[b]), n, r, chance, own, own < level and r > 0)
        for (a, b, n, r, chance), own in zip(found, q, strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.p, -pair.correlation)))


def reciprocal_favours(
    result: Result,
    entrants: Mapping[Hashable, Sequence[Hashable]],
    *,
    level: float = 0.05,
    permutations: int = PERMUTATIONS,
    seed: int | None = None,
) -> tuple[Favour, ...]:
    """Pairs of judges who scored each other's entries: the sum of the two residuals against permutations.

    entrants maps a judge to his or her own entries. Formula: e_ij + e_ji; each residual is redrawn among all of the same
    judge's; p is the share of sums as large. Several entries are averaged. Errors: none; without pairs it is empty.

    >>> from prize.scoring import fit_scores
    >>> result = fit_scores(["A", "A", "B", "B"], [1, 2, 1, 2], [5, 9, 9, 5])
    >>> [(found.judges, round(found.total, 6)) for found in reciprocal_favours(result, {1: ["A"], 2: ["B"]})]
    [((1, 2), 4.0)]
    """
    p = result.panel
    residual = result.diagnostics.residual[p.order]
    own = {j: residual[p.j == k] for k, j in enumerate(p.judges)}
    cell = {
        (p.judges[j], p.entries[e]): r for e, j, r in zip(p.e.tolist(), p.j.tolist(), residual.tolist(), strict=True)
    }
    rng = np.random.Generator(np.random.Philox(result.rule.seed if seed is None else seed))
    found = []
    names = sorted(set(entrants) & set(p.judges))  # type: ignore[type-var]
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            given = [cell[one, entry] for entry in entrants[other] if (one, entry) in cell]
            back = [cell[other, entry] for entry in entrants[one] if (other, entry) in cell]
            if given and back:
                total = float(np.mean(given) + np.mean(back))
                drawn = _redrawn(own[one], len(given), rng, permutations) + _redrawn(
                    own[other], len(back), rng, permutations
                )
                found.append((one, other, total, (1 + int((drawn >= total - 1e-12).sum())) / (permutations + 1)))
    q = false_discovery([each[3] for each in found])
    rows = zip(found, q, strict=True)
    return tuple(Favour((one, other), total, p, own_q, own_q < level) for (one, other, total, p), own_q in rows)


def blocks(result: Result, *, permutations: int = 199, seed: int | None = None) -> Block:
    """Bloc voting: the leading eigenvector of the correlations of residuals, its eigenvalue tested by permutation.

    Pairs with fewer than six common entries count as uncorrelated. Residuals are permuted within each entry, because
    those of an entry sum to nearly zero and so are never quite independent. Errors: none.

    >>> from prize.scoring import fit_scores
    >>> entry, judge = [e for e in range(8) for _ in range(4)], [0, 1, 2, 3] * 8
    >>> score = [5 + (e % 2 if j < 2 else 0) for e, j in zip(entry, judge)]
    >>> {j: round(loading, 2) for j, loading in blocks(fit_scores(entry, judge, score)).loading.items()}
    {0: 0.5, 1: 0.5, 2: -0.5, 3: -0.5}
    """
    table = _table(result)
    rng = np.random.Generator(np.random.Philox(result.rule.seed if seed is None else seed))
    strength, vector = _leading(table)
    as_strong = sum(_leading(_shuffled(table, rng))[0] >= strength - 1e-12 for _ in range(permutations))
    sign = 1.0 if vector[int(np.argmax(np.abs(np.round(vector, 9))))] >= 0 else -1.0
    loading = dict(zip(result.judges, (sign * vector).tolist(), strict=True))
    return Block(loading, strength, (1 + as_strong) / (permutations + 1))


def _table(result: Result) -> np.ndarray:
    p = result.panel
    table = np.full((len(p.entries), len(p.judges)), np.nan)
    table[p.e, p.j] = result.diagnostics.residual[p.order]
    return table


def _leading(table: np.ndarray) -> tuple[float, np.ndarray]:
    seen = ~np.isnan(table)
    x = np.where(seen, table, 0.0)
    common = seen.T.astype(float) @ seen
    scale = np.sqrt(np.maximum((x**2).T @ seen, 1e-300))  # of each judge over the entries shared with the other
    r = np.where(common >= FEWEST_COMMON, (x.T @ x) / (scale * scale.T), 0.0)
    np.fill_diagonal(r, 0.0)
    lam, vectors = np.linalg.eigh(r)
    return float(lam[-1]), vectors[:, -1]


def _shuffled(table: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    mixed = table.copy()
    for row in mixed:
        known = ~np.isnan(row)
        row[known] = rng.permutation(row[known])
    return mixed


def _redrawn(values: np.ndarray, number: int, rng: np.random.Generator, permutations: int) -> np.ndarray:
    return values[rng.integers(0, len(values), (permutations, number))].mean(axis=1)


def _correlated(x: np.ndarray, y: np.ndarray, rng: np.random.Generator, permutations: int) -> tuple[float, float]:
    x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    r = float((x * y).mean())
    keys = np.argsort(rng.random((permutations, len(y))), axis=1)
    shuffled = (y[keys] * x).mean(axis=1)
    return r, (1 + int((shuffled >= r - 1e-12).sum())) / (permutations + 1)

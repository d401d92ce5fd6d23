"""The scores of a round as arrays: checked, sorted by entry and judge, so that the same input gives the same bytes."""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .refusals import ScoringError
from .rules import RuleSet
from .scale import LARGEST, exact, within

LARGEST_EXACT = 2**52

Values: TypeAlias = Sequence[Any] | np.ndarray


class Panel(NamedTuple):
    """Scores sorted by entry, then judge. E entries, J judges, N scores."""

    entries: tuple[Hashable, ...]  # E identifiers, sorted
    judges: tuple[Hashable, ...]  # J identifiers, sorted
    e: np.ndarray  # int[N], the entry of each score
    j: np.ndarray  # int[N], its judge
    y: np.ndarray  # float[N], the score
    w: np.ndarray  # float[N], its weight
    per_entry: np.ndarray  # int[E], scores per entry
    per_judge: np.ndarray  # int[J], scores per judge
    n: np.ndarray  # float[E], weight per entry
    m: np.ndarray  # float[J], weight per judge
    mean: np.ndarray  # float[E], weighted mean per entry
    component: np.ndarray  # int[E], the connected part an entry lies in
    judge_component: np.ndarray  # int[J]
    order: np.ndarray  # int[N], the row of the caller each sorted score came from
    given: Values  # the scores as the caller gave them, in the caller's order
    given_weight: Values | None

    def name(self, row: int) -> str:
        """Where a score stands, in words."""
        return f"Score of judge {self.judges[self.j[row]]} for entry {self.entries[self.e[row]]}"

    def exact_scores(self) -> list[Fraction]:
        """The scores exactly as written, in sorted order."""
        return [exact(self.given[row]) for row in self.order]

    def exact_means(self) -> list[Fraction]:
        """Each entry's mean as an exact fraction: sum of w y / sum of w."""
        typed = None if self.given_weight is not None else _typed_decimals(self.y, self.given)
        if typed is not None:
            units, per_unit = typed
            sums = np.add.reduceat(units, np.cumsum(self.per_entry) - self.per_entry)
            pairs = zip(sums.tolist(), self.per_entry.tolist(), strict=True)
            return [Fraction(total, number * per_unit) for total, number in pairs]
        return self._fraction_means()

    def _fraction_means(self) -> list[Fraction]:
        sums, weights = [Fraction(0)] * len(self.entries), [Fraction(0)] * len(self.entries)
        for row, entry, score in zip(self.order.tolist(), self.e.tolist(), self.exact_scores(), strict=True):
            weight = Fraction(1) if self.given_weight is None else exact(self.given_weight[row])
            sums[entry] += weight * score
            weights[entry] += weight
        return [total / weight for total, weight in zip(sums, weights, strict=True)]


def panel(entry: Values, judge: Values, score: Values, weight: Values | None, rule: RuleSet) -> Panel:
    """The checked and sorted scores.

    Shapes: four sequences of N. Errors: a score that is no number, not finite or off the scale, a weight that is not
    positive, a judge who scored an entry twice; each names entry and judge.

    >>> p = panel(["b", "a", "b"], [2, 1, 1], [4, 9, 6], None, RuleSet())
    >>> p.entries, p.judges, p.y.tolist(), p.mean.tolist(), p.exact_means()
    (('a', 'b'), (1, 2), [9.0, 6.0, 4.0], [9.0, 5.0], [Fraction(9, 1), Fraction(5, 1)])
    """
    entries, e = _identifiers(entry, "entry")
    judges, j = _identifiers(judge, "judge")
    _same_length(e, j, score, weight)
    y = _numbers(score, "Score", entry, judge)
    w = np.ones(len(y)) if weight is None else _numbers(weight, "Weight of the score", entry, judge)
    order = _order(e, j, y, w)
    e, j, y, w = e[order], j[order], y[order], w[order]
    n = np.bincount(e, weights=w, minlength=len(entries))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(e, weights=w * y, minlength=len(entries)) / n
    component, judge_component = parts(e, j, len(entries), len(judges))
    result = Panel(
        entries,
        judges,
        e,
        j,
        y,
        w,
        np.bincount(e, minlength=len(entries)),
        np.bincount(j, minlength=len(judges)),
        n,
        np.bincount(j, weights=w, minlength=len(judges)),
        mean,
        component,
        judge_component,
        order,
        score,
        weight,
    )
    _refuse_bad_rows(result, rule)
    return result


def parts(e: np.ndarray, j: np.ndarray, n_entries: int, n_judges: int) -> tuple[np.ndarray, np.ndarray]:
    """The connected part of each entry and each judge, numbered in the order of the entries.

    >>> [part.tolist() for part in parts(np.array([0, 1, 2]), np.array([0, 0, 1]), 3, 2)]
    [[0, 0, 1], [0, 1]]
    """
    size = n_entries + n_judges
    graph = coo_array((np.ones(len(e), dtype=np.int8), (e, j + n_entries)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return labels[:n_entries], labels[n_entries:]


def _order(e: np.ndarray, j: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Rows by entry, then judge; replicates by score, then weight, so that no order of the input survives."""
    cell = e * (j.max() + 1) + j
    if (cell[1:] > cell[:-1]).all():
        return np.arange(len(cell))
    order = np.argsort(cell, kind="stable")
    if (np.diff(cell[order]) > 0).all():
        return order
    return np.lexsort((w, y, cell))


def _identifiers(given: Values, kind: str) -> tuple[tuple[Hashable, ...], np.ndarray]:
    """Sorted identifiers and the position of each row's own. Whole numbers sort as numbers, text as text."""
    values = np.asarray(given if not isinstance(given, np.ndarray) or given.dtype != object else given.tolist())
    if values.ndim != 1 or not len(values):
        raise ScoringError("empty", f"List of {kind} identifiers", "it is empty or no list", "give one for each score")
    if values.dtype.kind not in "iuU" or (values.dtype.kind == "U" and not all(isinstance(g, str) for g in given)):
        remedy = "use whole numbers throughout, or text throughout"
        raise ScoringError("identifier", f"List of {kind} identifiers", "it mixes kinds or holds other things", remedy)
    if values.dtype.kind == "i" and int(values.max()) - int(values.min()) < 4 * len(values):
        return _counted(values)
    names, positions = np.unique(values, return_inverse=True)
    return tuple(names.tolist()), positions.astype(np.int64)


def _counted(values: np.ndarray) -> tuple[tuple[Hashable, ...], np.ndarray]:
    """The same for whole numbers close together, by counting instead of sorting."""
    shifted = values.astype(np.int64) - int(values.min())
    there = np.bincount(shifted) > 0
    return tuple((np.flatnonzero(there) + int(values.min())).tolist()), (np.cumsum(there) - 1)[shifted]


def _same_length(e: np.ndarray, j: np.ndarray, score: Values, weight: Values | None) -> None:
    lengths = {"entries": len(e), "judges": len(j), "scores": len(score)}
    if weight is not None:
        lengths["weights"] = len(weight)
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{number} {name}" for name, number in lengths.items())
        raise ScoringError("length", "Lists of scores", f"they differ in length ({told})", "give one of each per score")


def _numbers(given: Values, what: str, entry: Values, judge: Values) -> np.ndarray:
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        values = None
    if values is not None and values.ndim == 1 and (np.abs(values) <= LARGEST).all():
        return values
    for row, value in enumerate(given):
        within(value, f"{what} of judge {judge[row]} for entry {entry[row]}")
    raise ScoringError("not-a-number", f"List of {what.lower()}s", "it is not a plain list of numbers", "give numbers")


def _refuse_bad_rows(p: Panel, rule: RuleSet) -> None:
    if (p.w <= 0).any():
        row = int(np.argmax(p.w <= 0))
        raise ScoringError("weight", p.name(row), f"its weight is {p.w[row]:g}", "give a weight above zero or drop it")
    if rule.scale is not None:
        low, high = (float(exact(end)) for end in rule.scale)
        off = (p.y < low) | (p.y > high)
        if off.any():
            row = int(np.argmax(off))
            remedy = "ask the judge to correct it, or correct the scale in the rules"
            fault = f"{p.y[row]:g} lies off the scale {low:g} to {high:g}"
            raise ScoringError("off-scale", p.name(row), fault, remedy)
    twice = (p.e[1:] == p.e[:-1]) & (p.j[1:] == p.j[:-1])
    if twice.any() and not rule.replicates:
        remedy = "keep one score, or allow replicates in the rules"
        raise ScoringError("duplicate", p.name(int(np.argmax(twice))), "it is there more than once", remedy)


def _typed_decimals(y: np.ndarray, given: Values) -> tuple[np.ndarray, int] | None:
    """The scores as whole units of 10^-p, when they were typed with at most nine decimals; else None.

    A float printed as 9.07 is the one nearest to 907/100, so 907/100 == 9.07 shows that nothing was lost.
    """
    if not isinstance(given, np.ndarray) and not all(isinstance(value, int | float) for value in given):
        return None
    for places in range(10):
        units = np.rint(y * 10**places)
        if np.abs(units).max(initial=0) * len(y) >= LARGEST_EXACT:
            return None
        if np.array_equal(units / 10**places, y):
            return units.astype(np.int64), 10**places
    return None

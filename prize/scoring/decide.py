"""From figures to decisions: who is settled, who is too near the line, whom the adjustment moves across it."""

import math
from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from .chance import TopK
from .fit import Result, entry_shares
from .rank import rank, together
from .refusals import Refusal, ScoringError


class Settled(NamedTuple):
    """Entries surely among the first k, surely not, and still open, with the judges each open one should get."""

    inside: tuple[Hashable, ...]
    outside: tuple[Hashable, ...]
    open: tuple[Hashable, ...]
    more_judges: dict[Hashable, int]


class Difference(NamedTuple):
    """How far one entry lies above another, with the standard error of that difference; shared judges cancel."""

    difference: float
    se: float
    chance: float  # that the first is truly the better one, taking the scores alone


class Near(NamedTuple):
    """An entry whose distance to the cut is within the error: for the panel to discuss, with its reason recorded."""

    entry: Hashable
    place: int
    difference: float  # to the last one in, or to the first one out
    se: float


class Crossings(NamedTuple):
    """What the adjustment does to the first k: who comes in and who goes out against the raw mean."""

    comes_in: tuple[Hashable, ...]
    goes_out: tuple[Hashable, ...]


def settled(chances: TopK, result: Result, *, sure: float = 0.95, more: int = 2, budget: int = 7) -> Settled:
    """Two-stage judging: settle what is sure, give the rest two more judges, up to the budget per entry.

    Formula: inside if P(first k) > sure, outside if P < 1 - sure. Errors: sure not above a half. Source: Snell 2015
    (triage of both ends).

    >>> from prize.scoring import RuleSet, fit_scores, top_k
    >>> rule = RuleSet(method="raw-mean/1")
    >>> result = fit_scores([1, 1, 2, 2, 3, 3], [1, 2, 1, 2, 1, 2], [9, 9, 5, 5.2, 1, 1], rule=rule)
    >>> settled(top_k(result, 1), result)
    Settled(inside=(1,), outside=(2, 3), open=(), more_judges={})
    """
    if not 0.5 < sure <= 1:
        raise ScoringError("sure", "Settling", f"{sure} is no certainty", "give a share such as 0.95")
    able = [place for place, ok in enumerate(result.rankable.tolist()) if ok]
    inside = tuple(chances.entries[place] for place in able if chances.prob[place] > sure)
    outside = tuple(chances.entries[place] for place in able if chances.prob[place] < 1 - sure)
    still = [place for place in able if 1 - sure <= chances.prob[place] <= sure]
    extra = {chances.entries[place]: min(more, budget - int(result.n_scores[place])) for place in still}
    wanted = {entry: number for entry, number in extra.items() if number > 0}
    return Settled(inside, outside, tuple(chances.entries[place] for place in still), wanted)


def difference(result: Result, one: Hashable, other: Hashable) -> Difference:
    """The difference of two adjusted scores, a_i - a_k, with se = sqrt(S_ii + S_kk - 2 S_ik), S = Cov(a).

    Units: score points. Errors: an unknown entry; nothing known of error.

    >>> from prize.scoring import fit_scores
    >>> found = difference(fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [5, 7, 4, 4]), 1, 2)
    >>> found.difference, found.se, round(found.chance, 3)
    (2.0, 1.0, 0.977)
    """
    for entry in (one, other):
        if entry not in result.entries:
            raise ScoringError("unknown-entry", f"Entry {entry!r}", "it has no scores", "choose one of the entries")
    i, k = result.entries.index(one), result.entries.index(other)
    se = float(_differences(result, np.array([i]), k)[0])
    apart = float(result.adjusted[i] - result.adjusted[k])
    better = -apart if result.rule.low_is_good else apart
    chance = 0.5 * math.erfc(-better / se / math.sqrt(2)) if se > 0 else float((better > 0) + 0.5 * (better == 0))
    return Difference(apart, se, chance)


def borderline(result: Result, k: int, *, width: float = 1.645) -> tuple[Near, ...]:
    """The entries too near the cut to be told apart: |difference| < 1.645 se of the difference.

    Those inside are compared with the first one out, those outside with the last one in. Empty when all are inside.
    Where the rules rank unlinked parts each by itself, every part has its own line. Errors: k outside 1 to E; nothing
    known of error; unlinked parts about which nobody has decided.

    >>> from prize.scoring import fit_scores
    >>> scores = [9, 9.2, 5, 6, 5.5, 6, 1, 1.2]
    >>> result = fit_scores([1, 1, 2, 2, 3, 3, 4, 4], [1, 2] * 4, scores)
    >>> [(near.entry, near.place) for near in borderline(result, 2)]
    [(2, 3), (3, 2)]
    """
    able = np.flatnonzero(result.rankable)
    if not 1 <= k <= len(able):
        raise ScoringError("k", f"First {k}", f"there are {len(able)} rankable entries", f"give 1 to {len(able)}")
    near = [each for part in together(result) for each in _near_the_line(result, np.array(part), k, width)]
    return tuple(sorted(near, key=lambda each: result.entries.index(each.entry)))


def crossings(result: Result, k: int) -> Crossings:
    """Who is among the first k by the deciding values and not by the raw mean, and the other way round.

    Ties share a place and are not broken here. Errors: unlinked parts about which nobody has decided.

    >>> from prize.scoring import fit_scores
    >>> crossings(fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [5, 7, 4, 4]), 1)
    Crossings(comes_in=(), goes_out=())
    """
    raw = [value if ok else None for value, ok in zip(result.exact_raw(), result.rankable.tolist(), strict=True)]
    parts, across = result.component.tolist(), result.rule.across_parts
    before = rank(raw, high_is_good=not result.rule.low_is_good, parts=parts, across=across).place
    after = rank(result).place
    sides = [
        (entry, b is not None and b <= k, a is not None and a <= k)
        for entry, b, a in zip(result.entries, before, after, strict=True)
    ]
    return Crossings(
        tuple(entry for entry, was, is_now in sides if is_now and not was),
        tuple(entry for entry, was, is_now in sides if was and not is_now),
    )


def justified_places(se: float) -> int:
    """The decimals worth printing: steps of about a third of the standard error. Files for audit keep them all.

    >>> justified_places(0.37), justified_places(4.2), justified_places(0.02)
    (1, 0, 2)
    """
    if not se > 0:
        return 2
    return max(0, round(-math.log10(se / 3)))


def _near_the_line(result: Result, able: np.ndarray, k: int, width: float) -> list[Near]:
    """The borderline of entries that are ranked with each other."""
    if k >= len(able):
        return []
    sign = -1.0 if result.rule.low_is_good else 1.0
    order = able[np.argsort(-sign * result.adjusted[able], kind="stable")]
    places = rank(result).place
    near = []
    for group, line in ((order[:k], int(order[k])), (order[k:], int(order[k - 1]))):
        apart, se = np.abs(result.adjusted[group] - result.adjusted[line]), _differences(result, group, line)
        near += [
            Near(result.entries[i], places[i] or 0, float(d), float(e))
            for i, d, e in zip(group.tolist(), apart, se, strict=True)
            if d < width * e
        ]
    return near


def _differences(result: Result, group: np.ndarray, line: int) -> np.ndarray:
    """Standard errors of the differences between each entry of a group and one other, float[group]."""
    if result.se is None or result.sigma2 is None:
        raise Refusal("no-error", "Difference", "no entry was scored twice", "collect second scores")
    estimate = result.estimate
    if estimate.entry_cov is not None:
        cov = estimate.entry_cov
        variance = np.diag(cov)[group] + cov[line, line] - 2 * cov[group, line]
    else:
        apart = entry_shares(result.panel)
        apart = apart[group] - apart[line]
        variance = np.einsum("ij,jk,ik->i", apart, estimate.spread, apart, optimize=True)
        variance = variance + result.sigma2 * (1 / estimate.kept[group] + 1 / estimate.kept[line])
    return np.sqrt(np.maximum(np.where(group == line, 0.0, variance), 0.0))

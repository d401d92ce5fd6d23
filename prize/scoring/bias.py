"""What looks unusual in a round, for a person to look at: no report here changes a score or says that anybody cheated."""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from .fit import Result
from .panel import Panel
from .refusals import ScoringError
from .working import Note, Step, Working

PERMUTATIONS = 9999
FEWEST_RELATED = 5
NOISY, FEWEST_FOR_NOISE = 1.3, 8


class Preference(NamedTuple):
    """One judge's scores of related entries against the other judges' scores of the same entries."""

    judge: Hashable
    n: int
    n_related: int
    effect: float | None  # mean of related - mean of unrelated, in score units; None below five of either
    p: float | None  # two-sided, by permutation inside strata
    q: float | None  # adjusted for the number of judges tested (Benjamini-Hochberg)
    flagged: bool


class BiasReport(NamedTuple):
    rows: tuple[Preference, ...]
    tests: int
    level: float
    warnings: tuple[Note, ...]
    working: Working


class Consistency(NamedTuple):
    """A judge's spread around the panel: 1 is usual; above 1.3 with eight entries is noisy.

    `marking` is the same against the spread that is usual at each entry's level: judges agree more about the best.
    """

    judge: Hashable
    n: int
    rms: float
    marking: float
    severity: float
    severity_se: float | None
    flagged: bool


class Outlier(NamedTuple):
    """A score far from what the entry and the judge lead one to expect; action: ask the judge to confirm."""

    row: int  # of the caller's lists
    entry: Hashable
    judge: Hashable
    score: float
    expected: float
    standardised: float
    influence: float  # how the entry's adjusted score would move without it
    places: int  # by how many places the entry would move without it, the others standing where they are
    p: float  # two-sided, by the normal distribution
    q: float  # adjusted for the number of scores in the round (Benjamini-Hochberg)


def false_discovery(p: Sequence[float] | np.ndarray) -> list[float]:
    """Adjusted p-values. Formula: q = min over larger ranks of p m / rank, at most 1. Errors: none, if all are p-values.

    Source: Benjamini and Hochberg 1995.

    >>> [round(q, 4) for q in false_discovery([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.0533, 0.0533, 0.5]
    """
    values = np.asarray(p, dtype=float)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted.tolist()


def bias_report(
    result: Result,
    related: Sequence[bool],
    strata: Sequence[Any] | None = None,
    *,
    level: float = 0.05,
    permutations: int = PERMUTATIONS,
    seed: int | None = None,
) -> BiasReport:
    """Home preference: does a judge score related entries (own city, declared relation) above what the others give?

    Shapes: related and strata have one item per score, in the caller's order. Formula: d = y - mean of the other judges
    on the entry, centred per judge and stratum; effect = mean(d related) - mean(d unrelated); p by permuting `related`
    inside judge and stratum; q over all judges tested. Below five related or unrelated scores nothing is shown.
    Errors: lists of another length. Preference is no proof of intent. Sources: Zitzewitz 2006; Emerson and others 2009.

    >>> from prize.scoring import RuleSet, fit_scores
    >>> entry, judge = [e for e in range(12) for _ in range(2)], [0, 1] * 12
    >>> score = [7 + (e < 6 and j == 0) for e, j in zip(entry, judge)]
    >>> report = bias_report(fit_scores(entry, judge, score), [e < 6 and j == 0 for e, j in zip(entry, judge)])
    >>> [(row.judge, row.n_related, row.effect, row.flagged) for row in report.rows]
    [(0, 6, 1.0, True), (1, 0, None, False)]
    """
    p = result.panel
    related_rows = np.asarray(related, dtype=bool)
    if related_rows.shape != (len(p.y),) or (strata is not None and len(strata) != len(p.y)):
        raise ScoringError("length", "Related scores", f"{len(p.y)} scores need as many", "give one for each score")
    mark = related_rows[p.order]
    stratum = _codes(strata, p)
    deviation, usable = _from_others(p)
    rng = np.random.Generator(np.random.Philox(result.rule.seed if seed is None else seed))
    rows = [_preference(p, k, mark, stratum, deviation, usable, rng, permutations) for k in range(len(p.judges))]
    tested = [row for row in rows if row.p is not None]
    q = dict(
        zip([row.judge for row in tested], false_discovery([row.p for row in tested if row.p is not None]), strict=True)
    )
    rows = [row._replace(q=q.get(row.judge), flagged=q.get(row.judge, 1.0) < level) for row in rows]
    hidden = sum(row.p is None for row in rows)
    notes = (
        (Note("too-few", f"{hidden} judges have fewer than five related scores.", {"judges": hidden}),)
        if hidden
        else ()
    )
    words = "Compare each score with the other judges' mean, then related entries with the rest. Unusual is not proof."
    step = Step("compare", words, "D = mean(related) - mean(unrelated)", {"tests": len(tested), "level": level})
    return BiasReport(tuple(rows), len(tested), level, notes, Working("home-preference/1", (step,)))


def consistency_report(result: Result) -> tuple[Consistency, ...]:
    """Per judge the root mean square of standardised residuals, with the severity beside it; noise is not severity.

    Formula: sqrt(mean of e^2 / (sigma^2 (1 - h))); flagged above 1.3 with eight entries. marking divides each squared
    residual by the one expected at the entry's level: a quadratic in the adjusted score, fitted to all, not below a tenth
    of the mean. Shapes: a row per judge. Errors: none. Source: Mercier and Heiniger 2018 (marking score in gymnastics).

    >>> from prize.scoring import fit_scores
    >>> result = fit_scores([1, 1, 1, 2, 2, 2], [1, 2, 3, 1, 2, 3], [5, 6, 7, 7, 6, 8])
    >>> [(row.judge, row.n, row.flagged) for row in consistency_report(result)]
    [(1, 2, False), (2, 2, False), (3, 2, False)]
    """
    p = result.panel
    standardised = result.diagnostics.standardised[p.order]
    rms = np.sqrt(np.bincount(p.j, weights=standardised**2) / p.per_judge)
    marking = np.sqrt(np.bincount(p.j, weights=_at_level(result, standardised**2)) / p.per_judge)
    flagged = (rms > NOISY) & (p.per_judge >= FEWEST_FOR_NOISE)
    errors = [None] * len(p.judges) if result.severity_se is None else result.severity_se.tolist()
    figures = (rms.tolist(), marking.tolist(), result.severity.tolist(), errors, flagged.tolist())
    rows = zip(p.judges, p.per_judge.tolist(), *figures, strict=True)
    return tuple(Consistency(*row) for row in rows)


def outliers(result: Result, threshold: float = 3.0, *, places: int | None = None) -> tuple[Outlier, ...]:
    """The scores whose standardised residual exceeds the threshold, the largest first. None is ever deleted.

    Formula: |y - a - b| / (sigma sqrt(1 - h)) > threshold. With `places` those are listed too without which the entry
    would move by more than that many places among the rankable ones. p and q say how odd a residual is among so many.
    Errors: a limit that is not above zero.

    >>> from prize.scoring import RuleSet, fit_scores
    >>> result = fit_scores([e for e in range(8) for _ in range(4)], [0, 1, 2, 3] * 8, [5] * 31 + [9])
    >>> [(found.entry, found.judge, found.score) for found in outliers(result)]
    [(7, 3, 9.0)]
    >>> result = fit_scores([1, 1, 2, 2, 3, 3], [1, 2] * 3, [8, 2, 6, 6, 7, 7], rule=RuleSet(method="raw-mean/1"))
    >>> [(found.entry, found.judge, found.places) for found in outliers(result, places=1)]
    [(1, 2, 2)]
    """
    if not threshold > 0 or (places is not None and not places > 0):
        raise ScoringError("threshold", "Outliers", f"{threshold} and {places} are no limits", "give them above zero")
    p, d = result.panel, result.diagnostics
    back = np.argsort(p.order)
    moves = _moves(result, p.e[back], d.influence)
    odd = 2 * ndtr(-np.abs(d.standardised))
    among = false_discovery(odd)
    far = np.flatnonzero((np.abs(d.standardised) > threshold) | (moves > (np.inf if places is None else places)))
    found = []
    for row in far[np.argsort(-np.abs(d.standardised[far]), kind="stable")].tolist():
        e, j, y = int(p.e[back[row]]), int(p.j[back[row]]), float(p.y[back[row]])
        expected = float(result.adjusted[e] + result.severity[j])
        figures = (y, expected, float(d.standardised[row]), float(d.influence[row]))
        found.append(Outlier(row, p.entries[e], p.judges[j], *figures, int(moves[row]), float(odd[row]), among[row]))
    return tuple(found)


def drift(result: Result, position: Sequence[float]) -> dict[Hashable, float]:
    """Each judge's drift: the slope of the residual on the position in which entries were scored, in points per entry.

    Shapes: position has one number per score, in the caller's order. A judge with one position has none. Formula: least
    squares. Errors: a list of another length, or with something that is no finite number.

    >>> from prize.scoring import fit_scores
    >>> entry, judge = [e for e in range(6) for _ in range(2)], [0, 1] * 6
    >>> result = fit_scores(entry, judge, [5 + (j == 0) * e for e, j in zip(entry, judge)])
    >>> {judge: round(slope, 3) for judge, slope in drift(result, entry).items()}
    {0: 0.5, 1: -0.5}
    """
    place = np.asarray(position, dtype=float)
    if place.shape != (len(result.panel.y),) or not np.isfinite(place).all():
        raise ScoringError("length", "Positions", "one number per score is needed", "give the order of scoring")
    residual = result.diagnostics.residual
    judge = result.panel.j[np.argsort(result.panel.order)]
    slopes = {}
    for k, name in enumerate(result.judges):
        x, y = place[judge == k], residual[judge == k]
        if np.ptp(x) > 0:
            slopes[name] = float(((x - x.mean()) * y).sum() / ((x - x.mean()) ** 2).sum())
    return slopes


def _moves(result: Result, entry: np.ndarray, influence: np.ndarray) -> np.ndarray:
    """By how many places each score's entry would move among the rankable ones without that score, int[N]."""
    sign = -1.0 if result.rule.low_is_good else 1.0
    field = np.sort(np.round(sign * result.adjusted[result.rankable], 9))
    before = np.round(sign * result.adjusted[entry], 9)
    after = np.round(sign * (result.adjusted[entry] + influence), 9)
    better_before = len(field) - np.searchsorted(field, before, side="right")
    itself = after < before  # it still stands in the field
    better_after = len(field) - np.searchsorted(field, after, side="right") - itself
    return np.where(result.rankable[entry], np.abs(better_after - better_before), 0)


def _at_level(result: Result, squares: np.ndarray) -> np.ndarray:
    """Squared residuals relative to what is usual at the entry's level; about 1 on average."""
    level = result.adjusted[result.panel.e]
    if len(level) < 20 or np.ptp(level) == 0 or not squares.any():
        return squares
    centred = (level - level.mean()) / level.std()
    usual = np.maximum(np.polyval(np.polyfit(centred, squares, 2), centred), squares.mean() / 10)
    return squares / usual


def _from_others(p: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Each score less the mean of the other judges on the entry; false where there is no other."""
    total = np.bincount(p.e, weights=p.y, minlength=len(p.entries))
    others = (p.per_entry - 1)[p.e]
    mean = np.divide(total[p.e] - p.y, others, out=np.zeros(len(p.y)), where=others > 0)
    return p.y - mean, others > 0


def _codes(strata: Sequence[Any] | None, p: Panel) -> np.ndarray:
    if strata is None:
        return np.zeros(len(p.y), dtype=np.int64)
    numbered = {label: place for place, label in enumerate(sorted(set(strata), key=str))}
    return np.array([numbered[strata[row]] for row in p.order])


def _preference(
    p: Panel,
    k: int,
    mark: np.ndarray,
    stratum: np.ndarray,
    deviation: np.ndarray,
    usable: np.ndarray,
    rng: np.random.Generator,
    permutations: int,
) -> Preference:
    own = (p.j == k) & usable
    marked = mark[own]
    number, related = int(own.sum()), int(marked.sum())
    if min(related, number - related) < FEWEST_RELATED:
        return Preference(p.judges[k], number, related, None, None, None, False)
    d, layer = deviation[own].copy(), stratum[own]
    for each in np.unique(layer):
        d[layer == each] -= d[layer == each].mean()
    effect = float(d[marked].mean() - d[~marked].mean())
    shuffled = _effects(d, marked, layer, rng, permutations)
    chance = (1 + int((np.abs(shuffled) >= abs(effect) - 1e-12).sum())) / (permutations + 1)
    return Preference(p.judges[k], number, related, effect, chance, None, False)


def _effects(
    d: np.ndarray, marked: np.ndarray, layer: np.ndarray, rng: np.random.Generator, permutations: int
) -> np.ndarray:
    """The effect with the marks dealt anew inside every stratum, once per permutation."""
    chosen = np.zeros(permutations)
    for each in np.unique(layer):
        values, number = d[layer == each], int(marked[layer == each].sum())
        keys = rng.random((permutations, len(values)))
        picked = np.argpartition(keys, number - 1, axis=1)[:, :number] if 0 < number < len(values) else None
        chosen += values[picked].sum(axis=1) if picked is not None else (values.sum() if number else 0.0)
    related, unrelated = marked.sum(), (~marked).sum()
    return chosen / related - (d.sum() - chosen) / unrelated

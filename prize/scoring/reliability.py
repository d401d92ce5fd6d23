"""Would another panel have said the same? Variance components, reliability, and how many judges it would take."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .crossed import components as crossed_components
from .panel import Values, panel
from .refusals import Refusal, ScoringError
from .rules import RuleSet
from .working import Note, Step, Working


class Variances(NamedTuple):
    """Variances in squared score units."""

    entry: float
    judge: float
    residual: float


class Reliability(NamedTuple):
    """Reliability of a mean of k judges. G: relative, for severity-adjusted scores; Phi: absolute, for raw means."""

    components: Variances
    single: float  # reliability of one judge, relative
    single_absolute: float
    k: float  # judges per entry: the harmonic mean
    G: float
    Phi: float
    warnings: tuple[Note, ...]
    working: Working

    def judges_needed(self, target: float = 0.8, *, absolute: bool = False) -> int | None:
        """How many judges per entry would reach the target; None when entries do not differ, so that none would do."""
        return judges_needed(self.single_absolute if absolute else self.single, target)

    def with_judges(self, k: float, *, absolute: bool = False) -> float:
        """The reliability a mean of k judges would have (Spearman-Brown)."""
        single = self.single_absolute if absolute else self.single
        return k * single / (1 + (k - 1) * single)


def judges_needed(single: float, target: float) -> int | None:
    """Judges needed to lift a single judge's reliability r to the target R.

    Formula (Spearman-Brown): k = R (1 - r) / (r (1 - R)), rounded up. Units: shares between 0 and 1.

    >>> judges_needed(0.3711489, 0.7), judges_needed(0.3711489, 0.8), judges_needed(0.3711489, 0.9)
    (4, 7, 16)
    """
    if not 0 < target < 1:
        raise ScoringError("target", "Target reliability", f"{target} is not between 0 and 1", "give 0.8, for example")
    if not 0 <= single <= 1:
        raise ScoringError("reliability", "Reliability of one judge", f"{single} is not between 0 and 1", "correct it")
    if single == 0:
        return None
    return max(1, math.ceil(target * (1 - single) / (single * (1 - target)) - 1e-9))


def reliability(entry: Values, judge: Values, score: Values, *, replicates: bool = False) -> Reliability:
    """How far the result would hold if other judges of the same kind had scored.

    Shapes: N each. Formulas: s2_u, tau2, s2 by REML of y = mu + u + b + error; G = s2_u / (s2_u + s2/k),
    Phi = s2_u / (s2_u + (tau2 + s2)/k). Never compute it on finalists only: among the best it is near zero by
    construction. Errors: as fit_scores; Refusal when no entry has two scores.
    Sources: Cronbach and others (generalizability theory); Shrout and Fleiss 1979.

    >>> report = reliability([1, 1, 2, 2, 3, 3], [1, 2, 1, 2, 1, 2], [1, 2, 4, 5, 8, 8])
    >>> [round(value, 3) for value in report.components], round(report.G, 3), report.judges_needed(0.9)
    ([10.5, 0.167, 0.167], 0.992, 1)
    """
    p = panel(entry, judge, score, None, RuleSet(replicates=replicates))
    if len(p.y) <= len(p.entries) or len(p.entries) < 2:
        fault = "there is no pair of entries with two scores, so judges cannot be compared"
        raise Refusal("no-error", "Reliability", fault, "collect second scores first")
    c = crossed_components(p) if np.ptp(p.y) > 0 else None
    parts = Variances(c.entry, c.judge, c.residual) if c else Variances(0.0, 0.0, 0.0)
    k = len(p.entries) / float((1 / p.per_entry).sum())
    return _report(parts, k, _warnings(p.per_entry, len(p.judges)))


def with_criteria(entry: Values, judge: Values, marks: Mapping[str, Values]) -> dict[str, float]:
    """Variances when every judge marks the same criteria: what one more criterion, or one more judge, would bring.

    marks maps a criterion to N marks. Formulas (criteria fixed, n_c of them): the mean of the marks has entry variance
    s2_u + s2_uc/n_c and error s2_uj + s2_ujc/n_c; a single criterion has s2_u + s2_uc and s2_uj + s2_ujc. The two pairs
    are solved for the four. Returns entry, entry_criterion, entry_judge, entry_judge_criterion. Errors: fewer than two
    criteria; those of `reliability`. Source: Cronbach and others (generalizability theory).

    >>> marks = {"a": [1, 2, 4, 5, 8, 8], "b": [1, 2, 4, 5, 8, 8]}
    >>> parts = with_criteria([1, 1, 2, 2, 3, 3], [1, 2, 1, 2, 1, 2], marks)
    >>> {name: round(value, 3) for name, value in parts.items()}
    {'entry': 10.5, 'entry_criterion': 0.0, 'entry_judge': 0.167, 'entry_judge_criterion': 0.0}
    """
    number = len(marks)
    if number < 2:
        raise ScoringError("criteria", "Marks", f"{number} criteria", "give at least two, or use reliability")
    table = np.array([np.asarray(column, dtype=float) for column in marks.values()])
    together = reliability(entry, judge, table.mean(axis=0)).components
    alone = [reliability(entry, judge, column).components for column in table]
    spread = 1 - 1 / number
    entry_criterion = max((float(np.mean([each.entry for each in alone])) - together.entry) / spread, 0.0)
    deepest = max((float(np.mean([each.residual for each in alone])) - together.residual) / spread, 0.0)
    return {
        "entry": max(together.entry - entry_criterion / number, 0.0),
        "entry_criterion": entry_criterion,
        "entry_judge": max(together.residual - deepest / number, 0.0),
        "entry_judge_criterion": deepest,
    }


def _report(parts: Variances, k: float, warnings: tuple[Note, ...]) -> Reliability:
    def share(error: float) -> float:
        whole = parts.entry + error
        return parts.entry / whole if whole > 0 else 0.0

    relative, absolute = share(parts.residual / k), share((parts.judge + parts.residual) / k)
    words = f"With {k:.3g} judge{'' if k == 1 else 's'} the ranking explains {relative:.0%} of real differences."
    needed = judges_needed(share(parts.residual), 0.8)
    some = f" {needed} judge{'' if needed == 1 else 's'} would give 80%."
    words += some if needed else " No number of judges would help."
    steps = (
        Step("components", "Split the variance.", "REML of y = mu + u + b + error", parts._asdict()),
        Step("reliability", words, "G = s2_u / (s2_u + s2/k)", {"G": relative, "Phi": absolute, "k": k}),
    )
    single, single_absolute = share(parts.residual), share(parts.judge + parts.residual)
    working = Working("reliability/1", steps)
    return Reliability(parts, single, single_absolute, k, relative, absolute, warnings, working)


def _warnings(per_entry: np.ndarray, judges: int) -> tuple[Note, ...]:
    notes = []
    if judges < 4:
        notes.append(Note("few-judges", f"Only {judges} judges: their variance is hardly known.", {"judges": judges}))
    if len(per_entry) < 10:
        words = f"Only {len(per_entry)} entries: reliability is hardly known."
        notes.append(Note("few-entries", words, {"entries": len(per_entry)}))
    return tuple(notes)

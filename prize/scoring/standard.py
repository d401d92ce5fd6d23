"""Judges' scores set on a common footing by each judge's own average: offered because rivals do, with a warning.

Both methods assume that every judge received an equally good set of entries. Where panels differ in quality they
punish the strong field, so they are refused unless every judge has many entries.
"""

import numpy as np

from .panel import Panel
from .refusals import Refusal
from .rules import RuleSet


def centred(p: Panel, rule: RuleSet) -> np.ndarray:
    """Mean per entry of y - mean(judge) + grand mean, float[E]."""
    _enough_entries(p, rule)
    own = np.bincount(p.j, weights=p.w * p.y) / p.m
    shifted = p.y - own[p.j] + (p.w * p.y).sum() / p.w.sum()
    return _entry_means(p, shifted)


def z_scores(p: Panel, rule: RuleSet) -> np.ndarray:
    """Mean per entry of (y - mean(judge)) / sd(judge), stretched so that lowest and highest equal those of the means.

    sd divides by the number of scores less one. A judge who gave one score to everything is refused by name.
    """
    _enough_entries(p, rule)
    own = np.bincount(p.j, weights=p.y) / p.per_judge
    spread = np.sqrt(np.bincount(p.j, weights=(p.y - own[p.j]) ** 2) / (p.per_judge - 1))
    if (spread == 0).any():
        judge = p.judges[int(np.argmax(spread == 0))]
        fault = "every score is the same, so there is no spread to divide by"
        raise Refusal("no-spread", f"Judge {judge}", fault, "use severity-adjusted/1 or raw-mean/1")
    means = _entry_means(p, ((p.y - own[p.j]) / spread[p.j]))
    if np.ptp(means) == 0:
        return np.full(len(means), p.mean.mean())
    return p.mean.min() + (means - means.min()) / np.ptp(means) * np.ptp(p.mean)


def _entry_means(p: Panel, values: np.ndarray) -> np.ndarray:
    return np.bincount(p.e, weights=p.w * values, minlength=len(p.entries)) / p.n


def _enough_entries(p: Panel, rule: RuleSet) -> None:
    if p.per_judge.min() < max(rule.minimum_per_judge, 2):
        judge, number = p.judges[int(p.per_judge.argmin())], int(p.per_judge.min())
        fault = f"{number} entries, and a judge's own average needs {rule.minimum_per_judge}"
        raise Refusal("too-few-entries", f"Judge {judge}", fault, "use severity-adjusted/1, made for few entries")

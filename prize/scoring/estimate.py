"""What each method makes of a panel's scores."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from . import crossed, leniency, standard, trim
from .meetings import Meetings
from .panel import Panel
from .refusals import Refusal
from .rules import RuleSet
from .working import Note, Step

SMALL_PANEL = 8
MOST_JOINT = 2000  # entries whose covariance is kept whole
WEAK_LINK = 0.7  # in units of sigma: the worst standard error of a difference between two judges


class Estimate(NamedTuple):
    """What a method says: scores, error variances, severities; `exact` where it works in fractions."""

    adjusted: np.ndarray  # float[E]
    severity: np.ndarray  # float[J]
    spread: np.ndarray  # float[J, J], covariance of the severities
    sigma2: float | None  # None when no entry was scored twice, so that nothing is known of error
    tau2: float
    kept: np.ndarray  # float[E], weight of the scores an entry's value rests on
    entry_variance: np.ndarray  # float[E], what uncertain severities add to an entry's error variance
    exact: list[Fraction] | None = None
    entry_cov: np.ndarray | None = None  # float[E, E], where it is no sum of the parts above
    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()


def _plain(p: Panel, adjusted: np.ndarray, kept: np.ndarray, values: list[Fraction] | None, *steps: Step) -> Estimate:
    """Values without correction for severity; error variance from the spread within entries."""
    freedom = len(p.y) - len(p.entries)
    within = float((p.w * (p.y - p.mean[p.e]) ** 2).sum())
    sigma2 = within / freedom if freedom > 0 else None
    judges = len(p.judges)
    spread, certain = np.zeros((judges, judges)), np.zeros(len(p.entries))
    return Estimate(adjusted, np.zeros(judges), spread, sigma2, 0.0, kept, certain, values, steps=steps)


def _floats(values: list[Fraction]) -> np.ndarray:
    return np.array([float(value) for value in values])


def _raw_mean(p: Panel, rule: RuleSet) -> Estimate:
    return _plain(p, p.mean, p.n, p.exact_means())


def _trimmed_mean(p: Panel, rule: RuleSet) -> Estimate:
    values = trim.trimmed_means(p, rule)
    low, high = rule.trim
    step = Step("trim", f"Drop the {low} lowest and the {high} highest scores of each entry and average the rest.")
    return _plain(p, _floats(values), p.per_entry - float(low + high), values, step)


def _median(p: Panel, rule: RuleSet) -> Estimate:
    """The error stated is that of a mean of the same scores: a median's is about a sixth larger with three judges."""
    values = trim.medians(p, rule)
    return _plain(p, _floats(values), p.n, values, Step("median", "Take the middle score of each entry."))


def _equal_sets(p: Panel, adjusted: np.ndarray) -> Estimate:
    words = "Assumes that every judge received an equally good set of entries; if not, strong panels are punished."
    return _plain(p, adjusted, p.n, None, Step("centre", words))._replace(notes=(Note("equal-sets", words),))


def _centred(p: Panel, rule: RuleSet) -> Estimate:
    return _equal_sets(p, standard.centred(p, rule))


def _z_score(p: Panel, rule: RuleSet) -> Estimate:
    return _equal_sets(p, standard.z_scores(p, rule))


def _from_fit(p: Panel, met: Meetings, fit: leniency.Fit, *steps: Step, known: bool) -> Estimate:
    adjusted = p.mean - leniency.correction(p, fit.b)
    variance = leniency.entry_variance(p, met, fit.spread)
    sigma2 = fit.sigma2 if known else None
    return Estimate(adjusted, fit.b, fit.spread, sigma2, fit.tau2, p.n, variance, steps=steps)


def _severity_adjusted(p: Panel, rule: RuleSet) -> Estimate:
    met = leniency.links(p)
    s = leniency.spectrum(p, met)
    if s.freedom <= 0:
        return _raw_mean(p, rule)._replace(exact=None)
    g = leniency.best_g(s)
    step = Step("reml", "Find how far judges differ beyond chance.", "-2 log REML(g) least", {"g": g})
    estimate = _from_fit(p, met, leniency.mixed(s, g), step, known=True)
    return estimate._replace(notes=_link_notes(p, s) + _small_notes(p, s, g))


def _severity_averaged(p: Panel, rule: RuleSet) -> Estimate:
    met = leniency.links(p)
    s = leniency.spectrum(p, met)
    if s.freedom <= 0 or (s.rss0 <= 1e-12 * s.within and not leniency.saturated(s)) or s.within <= 0:
        return _severity_adjusted(p, rule)
    step = Step("average", "Average over 25 values of how far judges may differ.", "t = tau / sigma from 0.02 to 5")
    return _from_fit(p, met, leniency.averaged(s), step, known=True)._replace(notes=_link_notes(p, s))


def _additive(p: Panel, rule: RuleSet) -> Estimate:
    if len(set(p.component.tolist())) > 1 and rule.across_parts == "refuse":
        fault = "the panels share no judge and no entry, so severities cannot be compared between them"
        remedy = "add scores that link the parts, or use severity-adjusted/1, or rank the parts separately"
        raise Refusal("disconnected", "Panel", fault, remedy)
    met = leniency.links(p)
    s = leniency.spectrum(p, met)
    step = Step("solve", "Take out each judge's severity in full.", "b = pinv(L) c")
    known = s.freedom > int((s.lam > 0).sum())
    return _from_fit(p, met, leniency.additive(s), step, known=known)._replace(notes=_link_notes(p, s))


def _crossed(p: Panel, rule: RuleSet) -> Estimate:
    if len(p.y) <= len(p.entries) or np.ptp(p.y) == 0:
        return _raw_mean(p, rule)._replace(exact=None)
    c = crossed.components(p)
    step = Step("predict", "Draw each entry towards the general mean.", "a = mu + u", {"mu": c.mu, "entry": c.entry})
    cov = crossed.joint_covariance(c) if len(p.entries) <= MOST_JOINT else None
    words = "Draws entries towards the general mean of all panels; where panels differ in quality this is unfair."
    variance = c.u_se**2 - c.residual / p.n
    spread = np.zeros((len(p.judges), len(p.judges)))
    estimate = Estimate(c.mu + c.u, c.b, spread, c.residual, c.judge, p.n, variance, entry_cov=cov)
    return estimate._replace(steps=(step,), notes=(Note("shrunk", words),))


def _small_notes(p: Panel, s: leniency.Spectrum, g: float) -> tuple[Note, ...]:
    """With few judges or few shared entries the likelihood may take a real difference for chance."""
    if leniency.saturated(s):
        words = "Too few shared entries to tell severity from error; nothing was corrected. Add scores."
        return (Note("saturated", words),)
    if len(p.judges) > SMALL_PANEL or g > 0:
        return ()
    words = (
        f"With {len(p.judges)} judges a difference between them can go unnoticed: none was found here. The method "
        "severity-averaged/1 is made for small panels."
    )
    return (Note("small-panel", words, {"judges": len(p.judges)}),)


def _link_notes(p: Panel, s: leniency.Spectrum) -> tuple[Note, ...]:
    """A warning when the worst-linked pair of judges can hardly be compared."""
    worst = float(np.sqrt(leniency.worst_resistance(p, s)))
    if worst <= WEAK_LINK:
        return ()
    words = (
        f"Weakly connected: the severities of some two judges can be compared only to within {worst:.2f} times the "
        f"error of one score (above {WEAK_LINK}). More shared entries would sharpen the correction."
    )
    return (Note("weakly-connected", words, {"worst": worst}),)


ESTIMATORS: dict[str, Callable[[Panel, RuleSet], Estimate]] = {
    "raw-mean/1": _raw_mean,
    "trimmed-mean/1": _trimmed_mean,
    "median/1": _median,
    "centred/1": _centred,
    "z-score/1": _z_score,
    "additive/1": _additive,
    "severity-adjusted/1": _severity_adjusted,
    "severity-averaged/1": _severity_averaged,
    "crossed/1": _crossed,
}

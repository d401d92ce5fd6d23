"""Scores in, a fair comparison out: the raw mean, the adjusted score and its uncertainty, side by side."""

from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from .diagnostics import Diagnostics, diagnose
from .estimate import ESTIMATORS, Estimate
from .methods import method
from .panel import Panel, Values, panel
from .refusals import ScoringError
from .rules import RuleSet
from .scale import exact, settle
from .working import Note, Step, Working, digest, shown


class Result(NamedTuple):
    """A round's result. Arrays over entries and judges follow `entries` and `judges`, which are sorted.

    Severity is how far a judge's scores lie above colleagues' on the same entries, so negative means strict where high
    is good. `se` is None when nothing is known of error. `component` numbers the connected parts.
    """

    entries: tuple[Hashable, ...]
    judges: tuple[Hashable, ...]
    raw: np.ndarray  # float[E]
    adjusted: np.ndarray  # float[E]
    se: np.ndarray | None  # float[E]
    severity: np.ndarray  # float[J]
    severity_se: np.ndarray | None  # float[J]
    sigma2: float | None
    tau2: float
    n_scores: np.ndarray  # int[E]
    component: np.ndarray  # int[E]
    rankable: np.ndarray  # bool[E], has at least rule.minimum_scores
    warnings: tuple[Note, ...]
    working: Working
    method: str  # the recipe that was used, after any fallback
    rule: RuleSet
    panel: Panel
    estimate: Estimate

    @property
    def cov(self) -> np.ndarray:
        """Covariance of the adjusted scores, float[E, E]: diag(sigma2 / n) + P Cov(b - b_hat) P'."""
        if self.estimate.entry_cov is not None:
            return self.estimate.entry_cov
        if self.sigma2 is None:
            raise ScoringError("no-error", "Covariance", "no entry was scored twice", "collect second scores")
        shares = entry_shares(self.panel)
        return np.diag(self.sigma2 / self.estimate.kept) + shares @ self.estimate.spread @ shares.T

    @property
    def diagnostics(self) -> Diagnostics:
        """Residual, leverage and influence of every score, in the order of the caller's rows."""
        return diagnose(self.panel, self.adjusted, self.severity, self.estimate.spread, self.sigma2)

    def decisive(self) -> list[Decimal | Fraction | None]:
        """The values that decide, exact or rounded as the rules say; None for an entry with too few scores."""
        recipe, stages = method(self.method), self.rule.rounding
        stage = stages.mean if recipe.exact else stages.adjusted
        values = self.estimate.exact if self.estimate.exact is not None else self.adjusted.tolist()
        settled = [settle(value, stage) for value in values]
        if self.rule.factor != "1":
            settled = [settle(exact(value) * exact(self.rule.factor), stages.factored) for value in settled]
        return [value if able else None for value, able in zip(settled, self.rankable.tolist(), strict=True)]

    def exact_raw(self) -> list[Fraction]:
        """Each entry's raw mean as an exact fraction."""
        return self.panel.exact_means()

    def input_digest(self) -> str:
        """SHA-256 of the scores, sorted by entry and judge and written exactly."""
        return input_digest(self.panel)

    def digest(self) -> str:
        """SHA-256 of rules, input and deciding values: equal digests mean the same result."""
        values = dict(zip(map(str, self.entries), self.decisive(), strict=True))
        return digest({"rules": self.rule.digest(), "input": self.input_digest(), "values": values})

    def card(self, entry: Hashable) -> Working:
        """One entry's sum: each judge's score, that judge's correction, the average; weights where there are any.

        >>> fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [7, 8, 5, 7], rule=RuleSet(method="raw-mean/1")).card(1).steps[0]
        Step(name='score', words='Judge 1 gave 7.', formula='', figures={'judge': 1, 'score': 7.0, 'correction': 0.0})
        """
        return _card(self, entry)


def fit_scores(
    entry: Values, judge: Values, score: Values, weight: Values | None = None, rule: RuleSet | None = None
) -> Result:
    """The result of a round under the rules: raw and adjusted scores with standard errors.

    Shapes: entry, judge, score and weight have one item per score, N in all; identifiers are whole numbers or text;
    scores may be float, int, Decimal, Fraction or text, and are read exactly as written. Units: those of the scores.
    Formula: `method(rule.method).formula`. Errors: ScoringError for bad input, Refusal where the method cannot stand.
    Sources: see `prize.scoring.leniency`.

    >>> result = fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [7, 8, 5, 7], rule=RuleSet(method="raw-mean/1"))
    >>> result.raw.tolist(), result.n_scores.tolist()
    ([7.5, 6.0], [2, 2])
    >>> result.exact_raw()
    [Fraction(15, 2), Fraction(6, 1)]
    """
    rule = rule or RuleSet()
    method(rule.method, takes="scores")
    p = panel(entry, judge, score, weight, rule)
    name, notes = _resolve(p, rule)
    estimate = ESTIMATORS[name](p, rule)
    rankable = p.per_entry >= rule.minimum_scores
    se, severity_se = _errors(estimate)
    return Result(
        p.entries,
        p.judges,
        p.mean,
        estimate.adjusted,
        se,
        estimate.severity,
        severity_se,
        estimate.sigma2,
        estimate.tau2,
        p.per_entry,
        p.component,
        rankable,
        notes + _warnings(p, rule, rankable) + estimate.notes,
        _working(p, rule, name, estimate),
        name,
        rule,
        p,
        estimate,
    )


def input_digest(p: Panel) -> str:
    """SHA-256 of the rows entry, judge, score, weight, sorted and exact."""
    weights = ["1"] * len(p.order) if p.given_weight is None else [str(exact(p.given_weight[row])) for row in p.order]
    names = ((p.entries[e], p.judges[j]) for e, j in zip(p.e.tolist(), p.j.tolist(), strict=True))
    rows = zip(names, p.exact_scores(), weights, strict=True)
    return digest([[e, j, str(score), weight] for (e, j), score, weight in rows])


def entry_shares(p: Panel) -> np.ndarray:
    """P = diag(1/n) C: the share of each judge in each entry's mean, float[E, J]."""
    table = np.bincount(p.e * len(p.judges) + p.j, weights=p.w, minlength=len(p.entries) * len(p.judges))
    return table.reshape(len(p.entries), len(p.judges)) / p.n[:, None]


def _resolve(p: Panel, rule: RuleSet) -> tuple[str, tuple[Note, ...]]:
    """The recipe to use: the default falls back to the plain mean where the panel cannot bear an adjustment."""
    if rule.method != "default/1":
        return rule.method, ()
    short = [p.entries[i] for i in np.flatnonzero(p.per_entry < rule.minimum_scores)]
    if not short and len(p.judges) >= rule.minimum_judges:
        return "severity-adjusted/1", ()
    why = (
        f"{len(short)} entries have fewer than {rule.minimum_scores} scores"
        if short
        else f"there are only {len(p.judges)} judges, and correction needs {rule.minimum_judges}"
    )
    words = f"Raw means are used: {why}. Add scores, or name the method severity-adjusted/1 to correct nevertheless."
    return "raw-mean/1", (Note("fallback-raw-mean", words, {"short": short, "judges": len(p.judges)}),)


def _errors(estimate: Estimate) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Standard errors of entries and of severities; None where nothing is known of error."""
    if estimate.sigma2 is None:
        return None, None
    variance = estimate.sigma2 / estimate.kept + estimate.entry_variance
    return np.sqrt(variance), np.sqrt(np.maximum(np.diag(estimate.spread), 0.0))


def _warnings(p: Panel, rule: RuleSet, rankable: np.ndarray) -> tuple[Note, ...]:
    notes = []
    short = [entry for entry, able in zip(p.entries, rankable.tolist(), strict=True) if not able]
    if short:
        words = f"{len(short)} entries have fewer than {rule.minimum_scores} scores and are not rankable."
        notes.append(Note("not-rankable", words, {"entries": short}))
    number = len(set(p.component[rankable].tolist()))
    if number > 1:
        words = (
            f"The panel falls into {number} parts that share no judge and no entry. Scores can be compared only inside "
            "a part. Add scores that link the parts, declare the panels exchangeable, or rank each part by itself."
        )
        notes.append(Note("disconnected", words, {"parts": number}))
    if len(p.y) == len(p.entries):
        notes.append(Note("no-error", "No entry was scored twice, so nothing can be said about chance."))
    return tuple(notes)


def _working(p: Panel, rule: RuleSet, name: str, estimate: Estimate) -> Working:
    recipe = method(name)
    counts = {"entries": len(p.entries), "judges": len(p.judges), "scores": len(p.y)}
    steps = [
        Step("input", "Sort the scores by entry and judge.", figures=counts),
        Step("mean", "Add each entry's scores and divide by their number.", "sum of w y / sum of w", {"raw": p.mean}),
        *estimate.steps,
        Step("variances", "Judge chance.", recipe.formula, {"sigma2": estimate.sigma2, "tau2": estimate.tau2}),
    ]
    if estimate.severity.any():
        words = "How far each judge lies above colleagues on the same entries, as far as they bear it out. "
        words += "Only entries that judges share are used; nothing is known about a judge except scores."
        steps.append(Step("severity", words, "b", {str(p.judges[k]): b for k, b in enumerate(estimate.severity)}))
        words = "Take the mean severity of an entry's judges off its mean."
        steps.append(Step("correct", words, "a = mean - sum of w b / n", {"adjusted": estimate.adjusted}))
    stage = rule.rounding.mean if recipe.exact else rule.rounding.adjusted
    steps.append(Step("round", f"Round before ranking: {stage!r}."))
    return Working(name, tuple(steps))


def _card(result: Result, entry: Hashable) -> Working:
    if entry not in result.entries:
        raise ScoringError("unknown-entry", f"Entry {entry!r}", "it has no scores", "choose one of the entries")
    p, i = result.panel, result.entries.index(entry)
    steps = [_card_line(result, int(row)) for row in np.flatnonzero(p.e == i)]
    figures = {"raw": float(result.raw[i]), "adjusted": float(result.adjusted[i])}
    if result.se is not None:
        figures["se"] = float(result.se[i])
    return Working(result.method, (*steps, Step("average", _ending(result), "", figures)))


def _ending(result: Result) -> str:
    """What a card's last line did with the scores above it."""
    low, high = result.rule.trim
    words = {
        "trimmed-mean/1": f"Drop the {low} lowest and the {high} highest; average of the rest.",
        "median/1": "The middle score, or half-way between the two in the middle.",
        "centred/1": "Average of the scores, each less its judge's own average, on the level of all.",
        "z-score/1": "Average of the distances from each judge's own average, in spreads, on the range of the means.",
        "crossed/1": "Average of the corrected scores, drawn towards the general mean.",
    }
    return words.get(result.method, "Average of the corrected scores.")


def _card_line(result: Result, row: int) -> Step:
    p = result.panel
    judge, score, taken = p.judges[p.j[row]], float(p.y[row]), round(-float(result.severity[p.j[row]]), 12) + 0.0
    words = f"Judge {judge} gave {shown(score)}"
    words += f"; {abs(taken):.2f} {'added back' if taken > 0 else 'taken off'}." if abs(taken) >= 0.005 else "."
    figures = {"judge": judge, "score": score, "correction": taken}
    return Step("score", words, "", figures if p.given_weight is None else figures | {"weight": float(p.w[row])})

"""Does the result hang on one judge, one criterion, the weights or the method? Each is changed, and the round recounted."""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .fit import Result, fit_scores
from .panel import Values
from .rank import rank
from .refusals import ScoringError
from .rules import RuleSet
from .scale import exact
from .weigh import weigh
from .working import Step, Working

METHODS = ("raw-mean/1", "trimmed-mean/1", "median/1", "severity-adjusted/1", "additive/1", "crossed/1")
KINDS = ("judge left out", "criterion left out", "weights varied", "other method")


class Scenario(NamedTuple):
    """One recount: what was changed, and the places, in the order of the entries; None where none could be given."""

    kind: str
    change: str
    place: tuple[int | None, ...]


class Robustness(NamedTuple):
    """Places as the rules have them, over all recounts, and who crosses the line of the first k."""

    entries: tuple[Hashable, ...]
    place: tuple[int | None, ...]
    k: int
    scenarios: tuple[Scenario, ...]
    rank_low: tuple[int | None, ...]
    rank_high: tuple[int | None, ...]
    inside: dict[str, tuple[float, ...]]  # per kind: share of recounts in which an entry is among the first k
    crossers: tuple[Hashable, ...]  # among the first k in some recounts and not in others
    refused: tuple[tuple[str, str], ...]  # recounts that could not stand, with the reason
    working: Working


def leave_one_judge_out(entry: Values, judge: Values, score: Values, rule: RuleSet) -> list[tuple[str, Result | str]]:
    """The round without each judge in turn; a reason in words where it cannot stand. Shapes: N each. Errors: none.

    >>> cases = leave_one_judge_out([1, 1, 2, 2], [1, 2, 1, 2], [5, 6, 7, 8], RuleSet(method="raw-mean/1"))
    >>> [(change, result.raw.tolist()) for change, result in cases]
    [('1', [6.0, 8.0]), ('2', [5.0, 7.0])]
    """
    entry, judge, score = (np.asarray(each) for each in (entry, judge, list(score)))
    names = np.unique(judge).tolist()
    return (
        [(str(name), _try(entry[judge != name], judge[judge != name], score[judge != name], rule)) for name in names]
        if len(names) > 1
        else []
    )


def leave_one_criterion_out(
    entry: Values, judge: Values, marks: Mapping[str, Sequence], weights: Mapping[str, object], rule: RuleSet
) -> list[tuple[str, Result | str]]:
    """The round without each criterion in turn, the others keeping their weights relative to each other.

    Shapes: N each. Errors: a missing mark; a round that cannot stand gives a reason in words.

    >>> marks, weights = {"a": [1, 3], "b": [5, 4]}, {"a": 1, "b": 1}
    >>> cases = leave_one_criterion_out([1, 2], [1, 1], marks, weights, RuleSet(method="raw-mean/1"))
    >>> [(change, result.raw.tolist()) for change, result in cases]
    [('a', [5.0, 4.0]), ('b', [1.0, 3.0])]
    """
    cases: list[tuple[str, Result | str]] = []
    for name in weights if len(weights) > 1 else ():
        rest = {other: weight for other, weight in weights.items() if other != name}
        if any(exact(weight) > 0 for weight in rest.values()):
            cases.append((name, _try(entry, judge, sheet_scores(marks, rest, rule), rule)))
    return cases


def vary_weights(
    entry: Values,
    judge: Values,
    marks: Mapping[str, Sequence],
    weights: Mapping[str, object],
    rule: RuleSet,
    *,
    worlds: int = 200,
    spread: float = 0.25,
    seed: int = 2023,
) -> list[tuple[str, Result | str]]:
    """The round under weights drawn anew, each multiplied by a uniform number in 1 - spread .. 1 + spread.

    Shapes: N each. Errors: a mark or a weight that is no number; a round that cannot stand gives a reason in words.

    >>> marks, weights = {"a": [1, 3], "b": [5, 4]}, {"a": 1, "b": 1}
    >>> len(vary_weights([1, 2], [1, 1], marks, weights, RuleSet(method="raw-mean/1"), worlds=3))
    3
    """
    rng = np.random.Generator(np.random.Philox(seed))
    names = list(weights)
    table = np.array([[float(exact(value, name)) for value in marks[name]] for name in names])
    nominal = np.array([float(exact(weights[name])) for name in names])
    factors = rng.uniform(1 - spread, 1 + spread, (worlds, len(names)))
    shares = nominal * factors / (nominal * factors).sum(axis=1, keepdims=True)
    return [(str(n), _try(entry, judge, np.round(share @ table, 9), rule)) for n, share in enumerate(shares, start=1)]


def other_methods(
    entry: Values, judge: Values, score: Values, rule: RuleSet, methods: Sequence[str] = METHODS
) -> list[tuple[str, Result | str]]:
    """The round by other methods; a reason in words where one cannot stand. Shapes: N each. Errors: an unknown method.

    >>> cases = other_methods([1, 1, 2, 2], [1, 2, 1, 2], [5, 6, 7, 8], RuleSet(), ["median/1", "trimmed-mean/1"])
    >>> [(change, type(result).__name__) for change, result in cases]
    [('median/1', 'Result'), ('trimmed-mean/1', 'str')]
    """
    from_scores = np.asarray(list(score))
    data = rule.to_dict()
    return [(name, _try(entry, judge, from_scores, RuleSet.from_dict(data | {"method": name}))) for name in methods]


def robustness(
    entry: Values,
    judge: Values,
    score: Values | None = None,
    *,
    k: int,
    rule: RuleSet | None = None,
    marks: Mapping[str, Sequence] | None = None,
    weights: Mapping[str, object] | None = None,
    worlds: int = 200,
    spread: float = 0.25,
    methods: Sequence[str] = METHODS,
) -> Robustness:
    """Who stays among the first k when one judge or criterion is left out, weights are varied, or the method is another.

    Shapes: N each; give either `score`, or `marks` (criterion: N marks) with `weights`. Every recount is a full one, with
    severities estimated anew. Parts that are unlinked in the round itself are ranked as its rules say; those that only a
    recount takes apart are treated as exchangeable. Errors: as fit_scores and rank.

    >>> entry, judge = [e for e in range(4) for _ in range(3)], [0, 1, 2] * 4
    >>> result = robustness(entry, judge, [e + 0.1 * j for e, j in zip(entry, judge)], k=1, methods=["median/1"])
    >>> result.place, result.crossers, result.inside["judge left out"]
    ((4, 3, 2, 1), (), (0.0, 0.0, 0.0, 1.0))
    """
    rule = rule or RuleSet()
    if (score is None) == (marks is None or weights is None):
        raise ScoringError("arguments", "Robustness", "scores or marks with weights are needed", "give one of the two")
    if marks is not None and weights is not None:
        score = sheet_scores(marks, weights, rule)
    base = fit_scores(entry, judge, score, rule=rule)  # type: ignore[arg-type]
    same = RuleSet.from_dict(rule.to_dict() | {"method": base.method})
    cases: dict[str, list[tuple[str, Result | str]]] = {
        KINDS[0]: leave_one_judge_out(entry, judge, score, same),  # type: ignore[arg-type]
        KINDS[3]: other_methods(entry, judge, score, rule, [m for m in methods if m != base.method]),  # type: ignore[arg-type]
    }
    if marks is not None and weights is not None:
        cases[KINDS[1]] = leave_one_criterion_out(entry, judge, marks, weights, same)
        settings = {"worlds": worlds, "spread": spread, "seed": rule.seed}
        cases[KINDS[2]] = vary_weights(entry, judge, marks, weights, same, **settings)  # type: ignore[arg-type]
    return _summary(base, k, cases)


def sheet_scores(marks: Mapping[str, Sequence], weights: Mapping[str, object], rule: RuleSet) -> list:
    """Each sheet's weighted score, exactly as the tally computes it. Errors: as `weigh`.

    >>> sheet_scores({"a": [1, 3], "b": [5, 4]}, {"a": 1, "b": 3}, RuleSet())
    [Fraction(4, 1), Fraction(15, 4)]
    """
    names = list(weights)
    rows = zip(*(marks[name] for name in names), strict=True)
    sheets = (dict(zip(names, row, strict=True)) for row in rows)
    return [weigh(sheet, weights, rounding=rule.rounding.sheet).score for sheet in sheets]


def _try(entry: Values, judge: Values, score: Values, rule: RuleSet) -> Result | str:
    try:
        return fit_scores(entry, judge, score, rule=rule)
    except ScoringError as error:
        return str(error)


def _summary(base: Result, k: int, cases: dict[str, list[tuple[str, Result | str]]]) -> Robustness:
    scenarios, refused = [], []
    for kind in KINDS:
        for change, result in cases.get(kind, []):
            if isinstance(result, str):
                refused.append((f"{kind}: {change}", result))
            else:
                scenarios.append(Scenario(kind, change, _places(result, base)))
    place = rank(base).place
    columns = list(zip(place, *(each.place for each in scenarios), strict=True))
    known = [[own for own in column if own is not None] for column in columns]
    inside = {kind: _inside([each for each in scenarios if each.kind == kind], k) for kind in KINDS if kind in cases}
    sides = [{own <= k for own in column} for column in known]
    crossers = tuple(entry for entry, side in zip(base.entries, sides, strict=True) if len(side) == 2)
    low = tuple(min(column) if column else None for column in known)
    high = tuple(max(column) if column else None for column in known)
    words = f"Recount {len(scenarios)} times with one thing changed; {len(crossers)} entries cross the line of the first {k}."
    working = Working("robustness/1", (Step("recount", words),))
    return Robustness(base.entries, place, k, tuple(scenarios), low, high, inside, crossers, tuple(refused), working)


def _places(result: Result, base: Result) -> tuple[int | None, ...]:
    """The recount's places, among the entries that the rules rank with each other in the round itself."""
    found = dict(zip(result.entries, result.decisive(), strict=True))
    across = "separate" if base.rule.across_parts == "separate" else "exchangeable"
    values, good = [found.get(entry) for entry in base.entries], not base.rule.low_is_good
    return rank(values, high_is_good=good, parts=base.component.tolist(), across=across).place


def _inside(scenarios: list[Scenario], k: int) -> tuple[float, ...]:
    if not scenarios:
        return ()
    columns = zip(*(each.place for each in scenarios), strict=True)
    return tuple(sum(own is not None and own <= k for own in column) / len(scenarios) for column in columns)

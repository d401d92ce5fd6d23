"""Means without the extremes, and the middle score, in exact fractions: what sports juries do, to the last digit."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .panel import Panel
from .refusals import Refusal, ScoringError
from .rules import RuleSet
from .scale import exact, settle
from .working import Step, Working


class Trimmed(NamedTuple):
    """One entry's trimmed mark: what was dropped, what was kept, their mean as the rules round it."""

    value: Decimal | Fraction
    kept: tuple[Fraction, ...]
    dropped: tuple[Fraction, ...]
    working: Working


class Total(NamedTuple):
    """The sum of several marks, each times its factor, every rounding made where the rules say."""

    value: Decimal | Fraction
    products: tuple[Decimal | Fraction, ...]
    working: Working


def trimmed_mean(scores: Sequence[Any], rule: RuleSet | None = None) -> Trimmed:
    """The mean of what is left when the lowest and the highest scores are dropped.

    Formula: sort; drop rule.trim = (low, high); add the rest and divide; round as rule.rounding.mean says.
    Errors: fewer than rule.minimum_to_trim scores. Source: sheets of sports juries.

    >>> from prize.scoring.rules import RuleSet
    >>> marks = [9.0, 9.0, 8.75, 9.25, 9.0, 9.5, 9.25, 9.0, 9.0]
    >>> result = trimmed_mean(marks, RuleSet(method="trimmed-mean/1", rounding={"mean": 2}))
    >>> str(result.value), [str(mark) for mark in result.dropped]
    ('9.07', ['35/4', '19/2'])
    """
    rule = rule or RuleSet(method="trimmed-mean/1")
    ordered = sorted(exact(score) for score in scores)
    low, high = rule.trim
    if len(ordered) < max(rule.minimum_to_trim, low + high + 1):
        raise _too_few("Trimmed mean", len(ordered), max(rule.minimum_to_trim, low + high + 1))
    kept = tuple(ordered[low : len(ordered) - high])
    dropped = tuple(ordered[:low] + ordered[len(ordered) - high :])
    value = settle(sum(kept) / len(kept), rule.rounding.mean)
    steps = (
        Step("drop", f"Drop the {low} lowest and the {high} highest.", figures={"dropped": dropped, "kept": kept}),
        Step("mean", "Add the rest and divide.", "sum / number", {"sum": sum(kept), "number": len(kept)}),
        Step("round", f"Round the mean: {rule.rounding.mean!r}.", figures={"mark": value}),
    )
    return Trimmed(value, kept, dropped, Working("trimmed-mean/1", steps))


def total(marks: Sequence[Any], factors: Sequence[Any], rule: RuleSet | None = None) -> Total:
    """The sum of several marks, each times its factor: multiply, round, add, round.

    Formula: sum over parts of round(mark x factor), rounded again; places from rule.rounding.factored and .total.

    >>> from prize.scoring.rules import RuleSet
    >>> result = total(["9.07", "8.5"], ["1.5", 1], RuleSet(rounding={"factored": 1, "total": 1}))
    >>> str(result.value), [str(product) for product in result.products]
    ('22.1', ['13.6', '8.5'])
    """
    rule = rule or RuleSet()
    if len(marks) != len(factors) or not len(marks):
        fault = f"{len(marks)} marks and {len(factors)} factors"
        raise ScoringError("length", "Total", fault, "give one factor for each mark")
    pairs = zip(marks, factors, strict=True)
    products = tuple(settle(exact(mark) * exact(factor), rule.rounding.factored) for mark, factor in pairs)
    value = settle(sum(exact(product) for product in products), rule.rounding.total)
    steps = (
        Step("multiply", "Multiply each mark by its factor and round.", "mark x factor", {"products": products}),
        Step("add", "Add the products and round.", figures={"total": value}),
    )
    return Total(value, products, Working("total/1", steps))


def trimmed_means(p: Panel, rule: RuleSet) -> list[Fraction]:
    """Each entry's exact trimmed mean. Weights are refused: a dropped score has no weight to share out."""
    low, high = rule.trim
    needed = max(rule.minimum_to_trim, low + high + 1)
    if p.per_entry.min() < needed:
        entry = p.entries[int(p.per_entry.argmin())]
        raise _too_few(f"Entry {entry}", int(p.per_entry.min()), needed)
    if p.given_weight is not None and (p.w != 1).any():
        raise Refusal("weights", "Trimmed mean", "the scores carry weights", "leave the weights out or use raw-mean/1")
    kept = (sorted(scores)[low : len(scores) - high] for scores in by_entry(p))
    return [sum(scores, Fraction(0)) / len(scores) for scores in kept]


def medians(p: Panel, rule: RuleSet) -> list[Fraction]:
    """Each entry's exact median: the middle score, or half-way between the two in the middle."""
    if p.given_weight is not None and (p.w != 1).any():
        raise Refusal("weights", "Median", "the scores carry weights", "leave the weights out or use raw-mean/1")
    return [_middle(sorted(scores)) for scores in by_entry(p)]


def by_entry(p: Panel) -> list[list[Fraction]]:
    """The exact scores of each entry."""
    piles: list[list[Fraction]] = [[] for _ in p.entries]
    for entry, score in zip(p.e.tolist(), p.exact_scores(), strict=True):
        piles[entry].append(score)
    return piles


def _middle(ordered: list[Fraction]) -> Fraction:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _too_few(place: str, number: int, needed: int) -> Refusal:
    fault = f"{number} scores, and trimming needs {needed}"
    return Refusal("too-few-to-trim", place, fault, "add judges, or use raw-mean/1 or severity-adjusted/1")

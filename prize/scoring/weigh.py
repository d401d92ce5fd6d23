"""One judge's marks on an entry made into one score: criteria by weight, exactly, and the floors they must clear."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .refusals import ScoringError
from .scale import EXACT, Rounding, exact, settle
from .working import Note, Step, Working


class Weighed(NamedTuple):
    """A sheet's score with its sum."""

    score: Decimal | Fraction
    working: Working


def leaf_weights(tree: Mapping[str, Any]) -> dict[str, Fraction]:
    """The share of every lowest criterion in the whole, from weights at each level.

    tree maps a criterion to its weight, or to (weight, subtree). Formula: product down the tree of weight / sum of the
    weights beside it. The shares add to 1. Errors: a weight that is negative or no number; weights that sum to zero.

    >>> shares = leaf_weights({"innovation": (60, {"problem": 1, "idea": 2}), "impact": 40})
    >>> {name: str(share) for name, share in shares.items()}
    {'problem': '1/5', 'idea': '2/5', 'impact': '2/5'}
    """
    shares: dict[str, Fraction] = {}
    _spread_over(tree, Fraction(1), shares)
    return shares


def weigh(
    marks: Mapping[str, Any],
    weights: Mapping[str, Any],
    *,
    scales: Mapping[str, tuple[Any, Any]] | None = None,
    onto: tuple[Any, Any] | None = None,
    rounding: Any = EXACT,
) -> Weighed:
    """The weighted mean of one judge's marks: y = sum of v x / sum of v.

    Every criterion with a weight above zero must have a mark: leaving one out would silently change the weights.
    `scales` gives each criterion's lowest and highest mark (marks beyond them are refused); with `onto=(0, 100)` each
    mark is first moved in proportion from its own scale onto that one. rounding: the stage "sheet" of the rules.
    Errors: a criterion without a mark, a mark without a weight, a mark off its scale, weights that sum to zero.

    >>> weigh({"innovation": 8, "impact": "6.5"}, {"innovation": 60, "impact": 40}).score
    Fraction(37, 5)
    >>> marks, scales = {"a": 3, "b": 7}, {"a": (1, 5), "b": (0, 10)}
    >>> str(weigh(marks, {"a": 1, "b": 1}, scales=scales, onto=(0, 100), rounding=1).score)
    '60.0'
    """
    shares = {name: exact(weight, f"Weight of {name}") for name, weight in weights.items()}
    _check_weights(shares)
    _check_names(marks, shares)
    if onto is not None and scales is None:
        raise ScoringError("no-scale", "Marks", "they are to be moved onto a scale from none", "give the scales")
    read = {name: _mark(name, marks[name], scales, onto) for name, share in shares.items() if share > 0}
    whole = sum(shares.values())
    score = settle(
        sum((shares[name] * mark for name, mark in read.items()), Fraction(0)) / whole, Rounding.of(rounding)
    )
    steps = [
        Step("mark", f"{name}: {mark} x {shares[name]} / {whole}", figures={"part": shares[name] * mark / whole})
        for name, mark in read.items()
    ]
    steps.append(Step("sum", f"Add the parts; round: {Rounding.of(rounding)!r}.", figures={"score": score}))
    return Weighed(score, Working("weighted-mean/1", tuple(steps)))


def below_floor(means: Mapping[str, Any], floors: Mapping[str, Any]) -> tuple[Note, ...]:
    """What keeps an entry below the floors: empty when every mean reaches its floor. A mean on the floor passes.

    means and floors map a criterion, or "total", to an entry's mean and to the least it needs. Errors: a floor without a
    mean, something that is no number.

    >>> [str(note) for note in below_floor({"impact": "5.9", "total": 70}, {"impact": 6, "total": 70})]
    ['impact: 5.9 is below the floor of 6']
    """
    notes = []
    for name, floor in floors.items():
        if name not in means:
            raise ScoringError("no-mean", f"Floor for {name}", "the entry has no mean for it", "give the mean")
        if exact(means[name], name) < exact(floor, f"Floor for {name}"):
            words = f"{name}: {means[name]} is below the floor of {floor}"
            notes.append(Note("below-floor", words, {"criterion": name, "mean": means[name], "floor": floor}))
    return tuple(notes)


def criterion_means(sheets: Sequence[Mapping[str, Any]], *, rounding: Any = EXACT) -> dict[str, Decimal | Fraction]:
    """Each criterion's mean over an entry's sheets: what floors and tie rules compare.

    Formula: sum of the marks / their number, exactly, then rounded. Errors: a mark that is no number.

    >>> criterion_means([{"impact": 7}, {"impact": 8}])
    {'impact': Fraction(15, 2)}
    """
    names = sorted({name for sheet in sheets for name in sheet})
    piles = {name: [exact(sheet[name], name) for sheet in sheets if sheet.get(name) is not None] for name in names}
    return {
        name: settle(sum(pile, Fraction(0)) / len(pile), Rounding.of(rounding)) for name, pile in piles.items() if pile
    }


def _spread_over(tree: Mapping[str, Any], share: Fraction, shares: dict[str, Fraction]) -> None:
    own = {name: exact(_weight(node), f"Weight of {name}") for name, node in tree.items()}
    _check_weights(own)
    whole = sum(own.values())
    for name, node in tree.items():
        part = share * own[name] / whole
        if isinstance(node, Sequence) and not isinstance(node, str) and len(node) == 2 and node[1]:
            _spread_over(node[1], part, shares)
        elif name in shares:
            raise ScoringError("twice", f"Criterion {name}", "it is there twice", "give each criterion its own name")
        else:
            shares[name] = part


def _weight(node: Any) -> Any:
    return node[0] if isinstance(node, Sequence) and not isinstance(node, str) else node


def _check_weights(weights: Mapping[str, Fraction]) -> None:
    for name, weight in weights.items():
        if weight < 0:
            raise ScoringError("weight", f"Weight of {name}", f"{weight} is negative", "give zero or more")
    if not sum(weights.values()):
        raise ScoringError("zero-weights", "Weights", "they sum to zero", "give at least one weight above zero")


def _check_names(marks: Mapping[str, Any], weights: Mapping[str, Fraction]) -> None:
    missing = [name for name, weight in weights.items() if weight > 0 and marks.get(name) is None]
    if missing:
        fault = "no mark, and leaving it out would change the weights of the others"
        raise ScoringError("missing-mark", f"Criterion {', '.join(missing)}", fault, "mark every criterion")
    unknown = sorted(set(marks) - set(weights))
    if unknown:
        raise ScoringError(
            "no-weight", f"Criterion {', '.join(unknown)}", "it has no weight", "give it one, or drop it"
        )


def _mark(name: str, mark: Any, scales: Mapping | None, onto: tuple | None) -> Fraction:
    value = exact(mark, f"Mark for {name}")
    if scales is None:
        return value
    low, high = (exact(end, f"Scale of {name}") for end in scales[name])
    if not low <= value <= high or low == high:
        fault = f"{mark} lies off the scale {low} to {high}"
        raise ScoringError("off-scale", f"Mark for {name}", fault, "correct the mark or the scale")
    if onto is None:
        return value
    bottom, top = exact(onto[0]), exact(onto[1])
    return bottom + (value - low) / (high - low) * (top - bottom)

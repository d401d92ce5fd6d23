"""Places: who comes before whom once the scores are rounded, and how ties are settled, never by row or identifier."""

import hashlib
import math
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .fit import Result
from .refusals import Refusal, ScoringError
from .scale import Rounding, exact, rounded
from .working import Step, Working


class TieRule(NamedTuple):
    """One link of the tie chain: `split` takes tied positions and returns a key for each; the higher comes first.

    A key may depend on who is tied (head to head does). Equal keys leave the tie to the next rule.
    """

    name: str
    split: Callable[[tuple[int, ...]], Sequence[Any]]

    @classmethod
    def by(cls, name: str, values: Sequence[Any], *, high_wins: bool = True) -> "TieRule":
        """The better value first: a lead criterion, the number of first places, of reviews, a chair's order.

        >>> TieRule.by("impact", ["7.5", "8"]).split((0, 1))
        [Fraction(15, 2), Fraction(8, 1)]
        """
        sign = 1 if high_wins else -1
        keys = [sign * exact(value, f"Tie rule {name}, item {number}") for number, value in enumerate(values)]
        return cls(name, lambda tied: [_own(keys, position, name) for position in tied])

    @classmethod
    def head_to_head(cls, name: str, prefers: Sequence[Sequence[int]]) -> "TieRule":
        """More pairs won among the tied; prefers[a][b] is the number of judges who place a above b."""

        def split(tied: tuple[int, ...]) -> list[int]:
            return [sum(prefers[a][b] > prefers[b][a] for b in tied if b != a) for a in tied]

        return cls(name, split)

    @classmethod
    def draw(cls, name: str, seed: str, identifiers: Sequence[Hashable]) -> "TieRule":
        """A public draw: the lower SHA-256 of "seed|identifier" first. Publish a commitment to the seed beforehand."""
        lots = [-int(hashlib.sha256(f"{seed}|{each}".encode()).hexdigest(), 16) for each in identifiers]
        return cls(name, lambda tied: [_own(lots, position, name) for position in tied])


def _own(keys: Sequence[Any], position: int, name: str) -> Any:
    if position >= len(keys):
        fault = f"it has {len(keys)} values, and position {position} is tied"
        raise ScoringError("lengths", f"Tie rule {name}", fault, "give one value for each entry")
    return keys[position]


class Ranking(NamedTuple):
    """Places in the order of the values; None where there is no value. Equal places are shared."""

    place: tuple[int | None, ...]
    tie_groups: tuple[tuple[int, ...], ...]  # positions that still share a place
    broken: tuple[tuple[str, tuple[int, ...]], ...]  # which rule split which tied positions
    order: tuple[int, ...]  # positions from first to last; within a shared place by position, which means nothing
    values: tuple[Decimal | Fraction | None, ...]  # what was compared, after rounding
    working: Working


def rank(
    values: "Sequence[Any] | Result",
    rounding: Any = None,
    tie_rules: Sequence[Any] = (),
    *,
    high_is_good: bool = True,
    parts: Sequence[int] | None = None,
    across: str = "refuse",
) -> Ranking:
    """Places by value: 1 + the number of better values after rounding; ties go down the chain, then share the place.

    Shapes: values has one item per entry, None for an entry that cannot be ranked; or it is a Result, whose rules then
    give values, orientation and parts. rounding: None (exact), a number of places, or a Rounding. tie_rules: TieRules,
    or (name, values) pairs of which the higher wins. With several connected `parts`, `across` must be "exchangeable"
    (one ranking) or "separate" (places inside each part).
    Errors: a value that is no finite number; Refusal to rank across parts unasked.

    >>> rank([9.07, 8.5, None, 9.074, 8.5], rounding=2).place
    (1, 3, None, 1, 3)
    >>> result = rank([8, 9, 8], tie_rules=[("impact", [6, 5, 7])])
    >>> result.place, result.broken
    ((3, 1, 2), (('impact', (0, 2)),))
    """
    if isinstance(values, Result):
        result, rule = values, values.rule
        if (parts, across, high_is_good) != (None, "refuse", True):
            raise ScoringError("twice", "Ranking of a result", "its rules already say how", "change the rules instead")
        return rank(
            result.decisive(),
            rounding,
            tie_rules,
            high_is_good=not rule.low_is_good,
            parts=result.component.tolist(),
            across=rule.across_parts,
        )
    chain = [each if isinstance(each, TieRule) else TieRule.by(*each) for each in tie_rules]
    compared = [_compared(value, Rounding.of(rounding), place) for place, value in enumerate(values)]
    able = [position for position, value in enumerate(compared) if value is not None]
    groups = _groups(able, parts, across)
    placed: dict[int, int] = {}
    broken: list[tuple[str, tuple[int, ...]]] = []
    order: list[int] = []
    for positions in groups:
        tied = _by_value(positions, compared, high_is_good)
        place = 1
        for group in _down_the_chain(tied, chain, broken):
            placed.update(dict.fromkeys(group, place))
            order.extend(group)
            place += len(group)
    place_of = tuple(placed.get(position) for position in range(len(compared)))
    sharing = _sharing(groups, placed)
    working = _working(Rounding.of(rounding), broken, sharing, len(groups))
    return Ranking(place_of, sharing, tuple(broken), tuple(order), tuple(compared), working)


def _compared(value: Any, rounding: Rounding, position: int) -> Decimal | Fraction | None:
    if value is None:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        remedy = "leave it as None if the entry has no result"
        raise ScoringError("not-finite", f"Value at position {position}", f"it is {value}", remedy)
    number = exact(value, f"Value at position {position}")
    if rounding.places is not None:
        return rounded(number, rounding.places, rounding.mode)
    return value if isinstance(value, Decimal) else number


def together(result: Result) -> list[list[int]]:
    """The positions of the rankable entries, in the sets that the rules allow to be ranked with each other.

    Errors: Refusal where unlinked parts may not be ranked together and nobody has decided otherwise.

    >>> from prize.scoring import RuleSet, fit_scores
    >>> panels = ([1, 1, 2, 2], ["a", "b", "c", "d"], [5, 6, 7, 8])
    >>> together(fit_scores(*panels, rule=RuleSet(across_parts="separate")))
    [[0], [1]]
    >>> together(fit_scores(*panels, rule=RuleSet(across_parts="exchangeable")))
    [[0, 1]]
    """
    able = np.flatnonzero(result.rankable).tolist()
    return _groups(able, result.component.tolist(), result.rule.across_parts)


def _groups(able: list[int], parts: Sequence[int] | None, across: str) -> list[list[int]]:
    """The sets of positions that are ranked together."""
    seen = sorted({int(parts[position]) for position in able}) if parts is not None else []
    if len(seen) < 2 or across == "exchangeable":
        return [able]
    if across == "separate":
        return [[position for position in able if int(parts[position]) == part] for part in seen]  # type: ignore[index]
    fault = f"the entries fall into {len(seen)} parts that share no judge, so no order between them can be justified"
    remedy = "add scores that link the parts, or decide that panels are exchangeable, or rank each part separately"
    raise Refusal("disconnected", "Ranking", fault, remedy)


def _by_value(positions: list[int], compared: list, high_is_good: bool) -> list[tuple[int, ...]]:
    """Positions grouped by equal value, best first."""
    alike: dict[Fraction, list[int]] = {}
    for position in positions:
        alike.setdefault(Fraction(compared[position]), []).append(position)
    order = sorted(alike, key=lambda value: (float(value), value), reverse=high_is_good)  # floats first: they are quick
    return [tuple(alike[value]) for value in order]


def _down_the_chain(
    tied: list[tuple[int, ...]], rules: Sequence[TieRule], broken: list[tuple[str, tuple[int, ...]]]
) -> list[tuple[int, ...]]:
    """Groups split by the first rule that tells them apart; each piece then starts again at the top of the chain."""
    settled: list[tuple[int, ...]] = []
    waiting = list(reversed(tied))
    while waiting:
        group = waiting.pop()
        pieces = _split(group, rules, broken) if len(group) > 1 else [group]
        if len(pieces) == 1:
            settled.append(group)
        else:
            waiting.extend(reversed(pieces))
    return settled


def _split(group: tuple[int, ...], rules: Sequence[TieRule], broken: list) -> list[tuple[int, ...]]:
    for rule in rules:
        keys = list(rule.split(group))
        if len(set(keys)) > 1:
            broken.append((rule.name, group))
            return [
                tuple(position for position, own in zip(group, keys, strict=True) if own == key)
                for key in sorted(set(keys), reverse=True)
            ]
    return [group]


def _sharing(groups: list[list[int]], placed: dict[int, int]) -> tuple[tuple[int, ...], ...]:
    sharing = []
    for positions in groups:
        by_place: dict[int, list[int]] = {}
        for position in positions:
            by_place.setdefault(placed[position], []).append(position)
        sharing += [tuple(same) for place, same in sorted(by_place.items()) if len(same) > 1]
    return tuple(sharing)


def _working(rounding: Rounding, broken: list, sharing: tuple, groups: int) -> Working:
    steps = [Step("round", f"Round the values: {rounding!r}."), Step("order", "Sort, the best first.")]
    if groups > 1:
        steps.append(Step("separate", f"Rank each of {groups} unconnected parts by itself."))
    for name, tied in broken:
        steps.append(Step("tie", f"A tie of {len(tied)} was split by: {name}.", figures={"positions": tied}))
    for tied in sharing:
        steps.append(Step("shared", f"{len(tied)} entries share a place.", figures={"positions": tied}))
    return Working("rank/1", tuple(steps))

"""A round's criteria as a judge marks them and as a total weighs them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judges.models import Criterion, Round
from prize.models import Category
from prize.scoring import leaf_weights, rounded, weigh

PLACES = 6  # of a sealed total: what the column holds


@dataclass(frozen=True)
class Leaf:
    """A criterion that is marked, with its share of the total."""

    criterion: Criterion
    share: Fraction

    @property
    def key(self) -> str:
        return self.criterion.key

    @property
    def counts(self) -> bool:
        return self.share > 0


def leaves(round: Round, category: Category | int, *, of: Iterable[Criterion] | None = None) -> list[Leaf]:
    """What is marked for an entry of this category, in the order of the sheet."""
    pk = category if isinstance(category, int) else category.pk
    rows = [row for row in (round.criteria.all() if of is None else of) if row.category_id in (None, pk)]
    tops = [row for row in rows if row.parent_id is None]
    parts = {top.pk: [row for row in rows if row.parent_id == top.pk] for top in tops}
    shares = leaf_weights({top.key: weight_of(top, parts[top.pk]) for top in tops}) if tops else {}
    ordered = [row for top in tops for row in (parts[top.pk] or [top])]
    return [Leaf(row, shares[row.key]) for row in ordered]


def weight_of(top: Criterion, parts: list[Criterion]) -> Any:
    return (top.weight, {part.key: part.weight for part in parts}) if parts else top.weight


def total(marks: Mapping[str, Decimal], found: list[Leaf]) -> Decimal:
    """The weighted total of a complete sheet, exact to six places. A missing mark that counts is refused."""
    shares = {leaf.key: leaf.share for leaf in found}
    given = {key: value for key, value in marks.items() if key in shares}
    weighed = weigh(given, shares, rounding=PLACES)
    return rounded(weighed.score, PLACES)


def running_total(marks: Mapping[str, Decimal], found: list[Leaf]) -> Decimal | None:
    """The weighted mean of what is marked so far, to one place, for the eye."""
    marked = [leaf for leaf in found if leaf.counts and leaf.key in marks]
    if not marked:
        return None
    whole = sum(leaf.share for leaf in marked)
    mean = sum(leaf.share * Fraction(marks[leaf.key]) for leaf in marked) / whole
    return rounded(mean, 1)


def scale(round: Round) -> list[Decimal]:
    """The marks there are, lowest first."""
    steps = int((round.scale_high - round.scale_low) / round.scale_step)
    return [round.scale_low + round.scale_step * step for step in range(steps + 1)]


def on_scale(value: Decimal, round: Round) -> bool:
    return round.scale_low <= value <= round.scale_high and (value - round.scale_low) % round.scale_step == 0

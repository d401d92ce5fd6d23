"""The section ``screening`` of a rulebook: what is tested, what is measured of cities, and how it becomes an index."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from prize.models import Edition
from prize.rulebook import Figure, Part, RulebookError, Words, keep, remove, take
from screening import computing, rules
from screening.models import CheckItem, Formula, Indicator


class CheckItemPart(Part):
    key: str
    text: Words
    guidance: Words = {}
    reason: Words = {}
    rule: dict[str, Any] = {}
    may_be_waived: bool = False

    @field_validator("rule")
    @classmethod
    def can_be_read(cls, rule: dict[str, Any]) -> dict[str, Any]:
        wrong = rules.problems(rule)
        if wrong:
            raise ValueError(wrong[0])
        return rule


class IndicatorPart(Part):
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")  # a name that a formula can say
    name: Words
    unit: str = ""
    direction: Literal["higher", "lower"] = "higher"
    low: Figure | None = None
    high: Figure | None = None

    @model_validator(mode="after")
    def goalposts_stand_apart(self) -> "IndicatorPart":
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"indicator {self.key}: put `low` below `high`; `direction` says which end is good")
        return self


class FormulaPart(Part):
    key: str
    version: int = Field(1, ge=1)
    name: Words
    explanation: Words = {}
    expression: str
    places: int = Field(2, ge=0, le=6)


class Section(Part):
    check_items: list[CheckItemPart] = []
    indicators: list[IndicatorPart] = []
    formulas: list[FormulaPart] = []

    @model_validator(mode="after")
    def formulas_can_be_computed(self) -> "Section":
        """A formula names known indicators, and each whose level it takes has its goalposts."""
        ready = {part.key: part.low is not None and part.high is not None for part in self.indicators}
        for formula in self.formulas:
            wrong = computing.problems(formula.expression, ready)
            if wrong:
                raise ValueError(f"formula {formula.key}: {wrong[0]}")
            bare = sorted(name for name in computing.levels(formula.expression) if not ready[name])
            if bare:
                raise ValueError(f"formula {formula.key}: give {', '.join(bare)} a `low` and a `high` goalpost")
        return self


DIRECTIONS = {"higher": Indicator.Direction.HIGHER_IS_BETTER, "lower": Indicator.Direction.LOWER_IS_BETTER}
NAMES = {int(value): name for name, value in DIRECTIONS.items()}


def adopt(edition: Edition, section: Section) -> None:
    keep(edition.check_items, section.check_items)
    adopt_indicators(edition, section.indicators)
    adopt_formulas(edition, section.formulas)


def adopt_indicators(edition: Edition, parts: list[IndicatorPart]) -> None:
    for order, part in enumerate(parts):
        values = part.model_dump(exclude={"key", "direction"}) | {"order": order}
        values["direction"] = DIRECTIONS[part.direction]
        edition.indicators.update_or_create(key=part.key, defaults=values)
    remove(edition.indicators.exclude(key__in=[part.key for part in parts]))


def adopt_formulas(edition: Edition, parts: list[FormulaPart]) -> None:
    """A formula that was run stays as it was: a change of the sum needs a new version, and the old one is kept."""
    for part in parts:
        row = edition.formulas.filter(key=part.key, version=part.version).first()
        if row and row.runs.exists() and (row.expression, row.places) != (part.expression, part.places):
            raise RulebookError(
                [f"screening.formulas: {part.key} version {part.version} was run; give it a new version"]
            )
        values = part.model_dump(exclude={"key", "version"})
        edition.formulas.update_or_create(key=part.key, version=part.version, defaults=values)
    named = {(part.key, part.version) for part in parts}
    unused = [row.pk for row in edition.formulas.filter(runs=None) if (row.key, row.version) not in named]
    remove(edition.formulas.filter(pk__in=unused))


def describe(edition: Edition) -> Section:
    return Section(
        check_items=[take(row, CheckItemPart) for row in CheckItem.objects.filter(edition=edition)],
        indicators=[
            take(row, IndicatorPart, direction=NAMES[row.direction])
            for row in Indicator.objects.filter(edition=edition)
        ],
        formulas=[take(row, FormulaPart) for row in newest(edition)],
    )


def newest(edition: Edition) -> list[Formula]:
    """The latest version of each formula, in the order in which they came."""
    latest = {row.key: row for row in Formula.objects.filter(edition=edition).order_by("version")}
    return sorted(latest.values(), key=lambda row: row.pk)

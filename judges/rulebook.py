"""The section ``judges`` of a rulebook: the pledge, what counts as a conflict, and every round with its criteria."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from judges.explaining import wishes_in_words
from judges.models import Criterion, Round, Terms
from judges.wishes import AssignmentPart
from prize.models import Category, Edition
from prize.rulebook import Figure, Part, Words, remove, take, unknown
from prize.scoring import METHODS, RuleSet, ScoringError

PLAIN = (
    "blindness", "reviews_per_entry", "scale_low", "scale_high", "scale_step", "high_is_good", "method", "method_settings",
    "places", "quotas", "domain_question", "shows_index", "comment_min_words",
)  # fmt: skip


class TermsPart(Part):
    pledge: Words = {}
    bars_same_country: bool = True
    days_to_answer: int = Field(default=14, ge=1)


class CriterionPart(Part):
    """A criterion. One with parts is not marked itself; an anchor says what a mark means."""

    key: str
    name: Words
    weight: Figure = Decimal(1)
    guidance: Words = {}
    category: str = ""
    anchors: dict[str, Words] = {}
    parts: list["CriterionPart"] = []


class RoundPart(Part):
    """A round. What the public page of the method tells has no default, so that the file always says it."""

    stage: str
    jury: str = "jury"
    source: str = ""
    blindness: Literal["open", "blind"] = "open"
    reviews_per_entry: int = Field(ge=1)
    scale_low: Figure
    scale_high: Figure
    scale_step: Figure = Decimal(1)
    high_is_good: bool = True
    method: str
    method_settings: dict[str, Any] = {}
    places: int = Field(default=2, ge=0, le=6)
    quotas: dict[str, int] = {}
    domain_question: str = "domain"
    shows_index: bool = True
    comment_min_words: int = Field(default=0, ge=0)
    assignment: AssignmentPart | None = None
    criteria: list[CriterionPart] = []

    @model_validator(mode="after")
    def can_be_judged(self) -> "RoundPart":
        if self.scale_low >= self.scale_high or self.scale_step <= 0:
            raise ValueError(f"round {self.stage}: give a scale from a lower to a higher mark, in steps above nought")
        if self.method not in METHODS or METHODS[self.method].takes != "scores":
            raise ValueError(f"round {self.stage}: no method of scores is called {self.method}")
        try:
            RuleSet.from_dict({**self.method_settings, "method": self.method})
        except ScoringError as error:
            raise ValueError(f"round {self.stage}: {error}") from error
        self.check_criteria()
        return self

    def check_criteria(self) -> None:
        listed = [(part.category, part.key) for top in self.criteria for part in (top, *top.parts)]
        twice = sorted({key for category, key in listed if listed.count((category, key)) > 1})
        if twice:
            raise ValueError(f"round {self.stage}: criteria named twice: {', '.join(twice)}")
        deep = [part.key for top in self.criteria for part in top.parts if part.parts]
        if deep:
            raise ValueError(f"round {self.stage}: criteria have two levels; {', '.join(deep)} has parts of its own")


class Section(Part):
    terms: TermsPart = TermsPart()
    rounds: list[RoundPart] = []


def contradictions(section: Section, sections: Mapping[str, Any]) -> list[str]:
    """A round has a stage of its own kind, a jury, categories that there are, and takes its entries from an earlier stage."""
    prize = sections["prize"]
    stages = [part.slug for part in prize.calendar]
    rounds = [part.slug for part in prize.calendar if part.kind == "round"]
    juries = [part.key for part in prize.committees if part.kind == "jury"]
    categories = [part.key for part in prize.categories]
    found = []
    for part in section.rounds:
        place = f"judges.rounds.{part.stage}"
        found += unknown(f"{place}: a stage of kind round", [part.stage], rounds)
        found += unknown(f"{place}: jury", [part.jury], juries)
        before = stages[: stages.index(part.stage)] if part.stage in stages else stages
        found += unknown(f"{place}: source, an earlier stage", [part.source], before)
        found += unknown(f"{place}: quotas", part.quotas, categories)
        named = [one.category for top in part.criteria for one in (top, *top.parts)]
        found += unknown(f"{place}: criteria", named, categories)
    return found


def adopt(edition: Edition, section: Section) -> None:
    Terms.objects.update_or_create(edition=edition, defaults=section.terms.model_dump())
    categories = {category.key: category for category in edition.categories.all()}
    stages = {stage.slug: stage for stage in edition.stages.all()}
    juries = {committee.key: committee for committee in edition.committees.all()}
    for part in section.rounds:
        values = {name: getattr(part, name) for name in PLAIN}
        values |= {"jury": juries[part.jury], "source": stages[part.source] if part.source else None}
        values |= {"assignment_rules": part.assignment.model_dump() if part.assignment else None}
        round, _made = Round.objects.update_or_create(stage=stages[part.stage], defaults=values)
        adopt_criteria(round, part.criteria, categories)
    gone = Round.objects.filter(stage__edition=edition).exclude(stage__slug__in=[part.stage for part in section.rounds])
    remove(gone)


def adopt_criteria(round: Round, parts: list[CriterionPart], categories: dict[str, Category]) -> None:
    """Make the round's criteria be these, by key: those that hold marks cannot go."""
    kept, order = [], 0
    for top in parts:
        parent = None
        for part in (top, *top.parts):
            values = {"name": part.name, "guidance": part.guidance, "anchors": part.anchors, "weight": part.weight}
            values |= {"order": order, "parent": parent}
            category = categories[part.category] if part.category else None
            row, _made = round.criteria.update_or_create(key=part.key, category=category, defaults=values)
            kept.append(row.pk)
            parent, order = (row if part is top else parent), order + 1
    remove(round.criteria.exclude(pk__in=kept))


def describe(edition: Edition) -> Section:
    terms = Terms.objects.filter(edition=edition).first() or Terms(edition=edition)
    rounds = (
        Round.objects.filter(stage__edition=edition).select_related("stage", "jury", "source").order_by("stage__order")
    )
    return Section(
        terms=take(terms, TermsPart),
        rounds=[
            RoundPart(
                stage=round.stage.slug,
                jury=round.jury.key,
                source=round.source.slug if round.source else "",
                criteria=described(round),
                assignment=round.assignment_rules,
                **{name: getattr(round, name) for name in PLAIN},
            )
            for round in rounds
        ],
    )


def described(round: Round) -> list[CriterionPart]:
    rows = list(round.criteria.select_related("category"))
    return [criterion(top, rows) for top in rows if top.parent_id is None]


def criterion(row: Criterion, rows: list[Criterion]) -> CriterionPart:
    return take(
        row,
        CriterionPart,
        category=row.category.key if row.category else "",
        parts=[criterion(part, rows) for part in rows if part.parent_id == row.pk],
    )


def assignment_in_words(part: dict[str, Any] | None) -> list[str]:
    """What a round of an adopted rulebook says of the assignment, for the public page of the method."""
    return wishes_in_words(AssignmentPart.model_validate(part)) if part else []

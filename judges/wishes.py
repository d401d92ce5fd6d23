"""What a round's rules wish of its assignment: typed and checked. The rulebook's section and the row hold the same."""

from typing import Any, Literal

from django.core.exceptions import ValidationError as Invalid
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from judges.matching import FAIR_SHARE

SAME = ("country", "region", "organisation", "seniority", "gender")  # readers counted by what they are
SUITS = ("language", "field")  # readers counted by what they share with the entry


class Wish(BaseModel):
    """An unknown name is a mistake, and so is a number that is none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class RulePart(Wish):
    """How the readers of one entry should be put together.

    ``at_most``: readers who share a value, such as a country. ``at_least``: readers of named values, such as
    ``{senior: 1}``. ``like_entry``: readers who share the entry's own language or field.
    """

    by: Literal["country", "region", "organisation", "seniority", "gender", "language", "field"]
    at_most: int | None = Field(default=None, ge=1)
    at_least: dict[str, int] = {}
    like_entry: int | None = Field(default=None, ge=1)
    force: Literal["must", "should", "may"] = "should"

    @model_validator(mode="after")
    def asks_one_thing(self) -> "RulePart":
        asked = [name for name in ("at_most", "at_least", "like_entry") if getattr(self, name)]
        fitting = ("like_entry",) if self.by in SUITS else ("at_most", "at_least")
        if len(asked) != 1 or asked[0] not in fitting:
            raise ValueError(f"rule by {self.by}: give {' or '.join(fitting)}, and nothing else")
        if any(number < 1 for number in self.at_least.values()):
            raise ValueError(f"rule by {self.by}: at_least counts readers, 1 or more")
        return self


class BridgesPart(Wish):
    """Reviews across panels, so that their scores can be compared: of each panel's reviews, and of each judge."""

    share: float = Field(ge=0, le=1)
    per_judge: int = Field(ge=0, le=100)
    outsiders: int = Field(default=1, ge=1, le=20)


class LotsPart(Wish):
    """Assignment by lot, against collusion: no pair has a higher chance than the cap."""

    cap: float = Field(gt=0, le=1)


class AssignmentPart(Wish):
    """What a round wishes. What shapes every plan has no default, so that the file always says it."""

    other_field: float = Field(ge=0, le=1)  # what a judge of another field is worth beside one of the entry's own
    floor: float = Field(ge=0, le=1)  # no entry's readers suit it less than this share of the best it could have
    load_cost: float = Field(ge=0, le=1)  # of each review above an even share; a judge of the own field is worth 1
    rules: list[RulePart]
    anchors: int = Field(default=0, ge=0, le=50)  # entries that everybody reads, drawn by lot
    bridges: BridgesPart | None = None
    lots: LotsPart | None = None
    earlier: Literal["prefer", "require", "bar"] | None = None  # of each entry, who has marked it in an earlier round
    over_rounds: bool = False  # a judge's own limit counts what was assigned in earlier rounds too

    @model_validator(mode="after")
    def names_each_rule_once(self) -> "AssignmentPart":
        named = [rule.by for rule in self.rules]
        twice = sorted({by for by in named if named.count(by) > 1})
        if twice:
            raise ValueError(f"two rules by {', '.join(twice)}: make them one")
        return self


USUAL = AssignmentPart(
    other_field=0.2,
    floor=FAIR_SHARE,
    load_cost=0.05,
    rules=[RulePart(by="country", at_most=1), RulePart(by="seniority", at_least={"senior": 1})],
)
"""For a round whose rules say nothing of it. Fields matter more than a perfectly even load."""

BRIDGES = BridgesPart(share=0.05, per_judge=1)


def tighter(wishes: AssignmentPart, tie: Literal["bridges", "anchors"]) -> AssignmentPart:
    """The same wishes, but the judges tied closer together: one more anchor, or more reviews across panels."""
    if tie == "anchors":
        return wishes.model_copy(update={"anchors": wishes.anchors + 1})
    old = wishes.bridges
    more = BRIDGES if old is None else old.model_copy(
        update={"share": min(2 * old.share or BRIDGES.share, 1.0), "per_judge": old.per_judge + 1}
    )  # fmt: skip
    return wishes.model_copy(update={"bridges": more})


def validate(value: Any) -> None:
    """For the admin: what does not fit is named with its place."""
    try:
        AssignmentPart.model_validate(value)
    except ValidationError as error:
        raise Invalid([f"{'.'.join(map(str, e['loc'])) or '–'}: {e['msg']}" for e in error.errors()]) from error

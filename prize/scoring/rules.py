"""The rules of a result, as data: what a committee adopts, what a digest covers, what JSON carries."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple

from .methods import method as recipe
from .refusals import ScoringError
from .scale import EXACT, Rounding, exact
from .working import digest

ACROSS_PARTS = ("refuse", "exchangeable", "separate")


class Stages(NamedTuple):
    """Where a result is rounded: a judge's sheet, an entry's mean, its adjusted score, times a factor, in total."""

    sheet: Rounding = EXACT
    mean: Rounding = EXACT
    adjusted: Rounding = Rounding(6)
    factored: Rounding = EXACT
    total: Rounding = EXACT

    @classmethod
    def of(cls, given: Any) -> "Stages":
        if isinstance(given, cls):
            return cls(*(Rounding.of(stage) for stage in given))
        if given is None or isinstance(given, int | Rounding):  # one rounding for an entry's score, whatever the method
            return cls(mean=Rounding.of(given), adjusted=Rounding.of(given))
        _refuse_unknown("rounding", given, cls._fields)
        return cls(**{stage: Rounding.of(rounding) for stage, rounding in given.items()})


@dataclass(frozen=True)
class RuleSet:
    """Everything that decides a result, beside the scores themselves.

    `across_parts` is the human decision on panels that share neither judge nor entry: "refuse" to rank them together,
    treat them as "exchangeable" (panels of equal standard, wider intervals), or rank each part by itself ("separate").

    >>> rule = RuleSet(method="trimmed-mean/1", rounding={"mean": 2}, scale=(0, 10))
    >>> rule.rounding.mean
    2 places, half-up
    >>> RuleSet.from_dict(rule.to_dict()) == rule
    True
    """

    method: str = "default/1"
    low_is_good: bool = False
    scale: tuple[float, float] | None = None
    trim: tuple[int, int] = (1, 1)
    factor: str = "1"
    rounding: Stages = field(default_factory=Stages)
    minimum_scores: int = 2
    minimum_judges: int = 4
    minimum_to_trim: int = 5
    minimum_per_judge: int = 20
    replicates: bool = False
    across_parts: str = "refuse"
    ties: tuple[str, ...] = ()
    draws: int = 2000
    level: float = 0.90
    seed: int = 2023
    version: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", recipe(self.method).name)  # a version, pinned from now on
        object.__setattr__(self, "rounding", Stages.of(self.rounding))
        trim = (self.trim, self.trim) if isinstance(self.trim, int) else tuple(self.trim)
        object.__setattr__(self, "trim", trim)
        object.__setattr__(self, "ties", tuple(self.ties))
        object.__setattr__(self, "factor", str(self.factor))
        if self.scale is not None:
            object.__setattr__(self, "scale", tuple(self.scale))
        _check(self)

    @staticmethod
    def check_draws(draws: Any, seed: Any) -> None:
        """Refuse draws that cannot be made, and a seed that would not repeat."""
        if not isinstance(draws, int) or not 1 <= draws <= 200_000:
            _refuse("draws", draws, "give a number from 1 to 200000")
        if not isinstance(seed, int) or seed < 0:
            _refuse("seed", seed, "give a whole number, so that every draw can be repeated")

    def to_dict(self) -> dict[str, Any]:
        """The rules as data for JSON; `from_dict` reads them back."""
        data = asdict(self)
        data["rounding"] = {stage: rounding._asdict() for stage, rounding in self.rounding._asdict().items()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "RuleSet":
        """The rules from data; a setting nobody knows is refused, since it would be silently without effect."""
        _refuse_unknown("rules", data, [each.name for each in fields(cls)])
        return cls(**data)

    def digest(self) -> str:
        """SHA-256 of the rules, for the result sheet."""
        return digest(self.to_dict())


def _refuse_unknown(where: str, data: Mapping[str, Any], known: Any) -> None:
    unknown = sorted(set(data) - set(known))
    if unknown:
        remedy = "use only " + ", ".join(known)
        raise ScoringError("unknown-setting", f"Setting {', '.join(unknown)} of the {where}", "it is not known", remedy)


def _check(rule: RuleSet) -> None:
    if rule.across_parts not in ACROSS_PARTS:
        _refuse("across_parts", rule.across_parts, "choose " + ", ".join(ACROSS_PARTS))
    if rule.scale is not None and not (len(rule.scale) == 2 and rule.scale[0] < rule.scale[1]):
        _refuse("scale", rule.scale, "give the lowest and the highest score, such as (0, 10)")
    if len(rule.trim) != 2 or min(rule.trim) < 0:
        _refuse("trim", rule.trim, "give how many of the lowest and of the highest scores are dropped, such as (1, 1)")
    if not 0.5 <= rule.level < 1:
        _refuse("level", rule.level, "give a share such as 0.90")
    rule.check_draws(rule.draws, rule.seed)
    for name in ("minimum_scores", "minimum_judges", "minimum_to_trim", "minimum_per_judge"):
        if not isinstance(getattr(rule, name), int) or getattr(rule, name) < 0:
            _refuse(name, getattr(rule, name), "give a whole number, 0 or more")
    if exact(rule.factor, "Setting factor of the rules") <= 0:
        _refuse("factor", rule.factor, "give a number above zero, since another would turn the order round")


def _refuse(name: str, value: Any, remedy: str) -> None:
    raise ScoringError("bad-setting", f"Setting {name} of the rules", f"{value!r} cannot be used", remedy)

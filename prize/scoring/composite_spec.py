"""What an index is made of, as data: indicators, the dimensions they hang from, and how each stage is done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from fractions import Fraction
from typing import Any

from .refusals import ScoringError
from .scale import LARGEST, Rounding, exact, within
from .working import digest

ROOT = "index"
IMPUTATIONS = ("refuse", "available", "mean", "median", "group-mean", "group-median", "previous", "regression")
NORMALISATIONS = (
    "goalposts",
    "min-max",
    "z-score",
    "rank",
    "percentile",
    "borda",
    "reference",
    "fraction-of-max",
    "none",
)
AGGREGATIONS = ("arithmetic", "geometric", "harmonic", "copeland")


@dataclass(frozen=True)
class IndicatorSpec:
    """One indicator: its column, what it is divided by, which way is good, where it hangs, what it weighs.

    `low` and `high` are the goalposts in the indicator's own units; `transform="ln"` takes logarithms first;
    `previous` and `predictor` name the column used by those two imputations; `reference` is a level to compare with.
    """

    name: str
    parent: str = ROOT
    weight: str = "1"
    direction: int = 1
    denominator: str | None = None
    transform: str | None = None
    low: float | None = None
    high: float | None = None
    reference: float | None = None
    normalise: str | None = None
    previous: str | None = None
    predictor: str | None = None
    treat: bool = True


@dataclass(frozen=True)
class DimensionSpec:
    """A branch of the tree: several indicators, or several dimensions, made into one."""

    name: str
    parent: str = ROOT
    weight: str = "1"
    aggregate: str | None = None


@dataclass(frozen=True)
class CompositeSpec:
    """How readings become an index. Everything is data; `from_dict` reads what `to_dict` wrote.

    Defaults: goalposts, equal weights, arithmetic means, nothing imputed, no treatment, on a scale from 0 to 100, rounded
    to nine places before ranking, so that the dust of floating point makes no places.

    >>> spec = CompositeSpec([IndicatorSpec("jobs", low=0, high=50)], rounding=1)
    >>> CompositeSpec.from_dict(spec.to_dict()) == spec
    True
    """

    indicators: Sequence[IndicatorSpec]
    dimensions: Sequence[DimensionSpec] = ()
    unit: str = "unit"
    group: str | None = None
    peers: Sequence[str] = ()
    impute: str = "refuse"
    minimum_available: float = 0.65
    treat: bool = False
    treat_points: int = 5
    treat_skew: float = 2.0
    treat_kurtosis: float = 3.5
    normalise: str = "goalposts"
    scale: tuple[float, float] = (0.0, 100.0)
    aggregate: str = "arithmetic"
    rounding: Any = 9
    version: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "indicators", tuple(_read(IndicatorSpec, each) for each in self.indicators))
        object.__setattr__(self, "dimensions", tuple(_read(DimensionSpec, each) for each in self.dimensions))
        object.__setattr__(self, "peers", tuple(self.peers))
        object.__setattr__(self, "scale", tuple(self.scale))
        object.__setattr__(self, "rounding", Rounding.of(self.rounding))
        _check(self)

    def to_dict(self) -> dict[str, Any]:
        data = asdict(self)
        data |= {name: list(data[name]) for name in ("indicators", "dimensions", "peers", "scale")}
        return data | {"rounding": self.rounding._asdict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "CompositeSpec":
        return _read(cls, data)

    def digest(self) -> str:
        """SHA-256 of the specification, for the result sheet."""
        return digest(self.to_dict())

    def children(self, name: str) -> tuple[str, ...]:
        """What hangs from a dimension, dimensions first, each in the order of the specification."""
        branches = [each.name for each in self.dimensions if each.parent == name]
        return tuple(branches + [each.name for each in self.indicators if each.parent == name])

    def without(self, indicator: str) -> "CompositeSpec":
        """The same index with one indicator left out, and with it any dimension that is left empty."""
        kept = [each for each in self.indicators if each.name != indicator]
        parents = {each.name: each.parent for each in self.dimensions}
        alive = {each.parent for each in kept}
        for name in list(alive):
            while name in parents:
                alive.add(name := parents[name])
        dimensions = [each for each in self.dimensions if each.name in alive]
        return replace(self, indicators=kept, dimensions=dimensions)

    @property
    def nodes(self) -> list[IndicatorSpec | DimensionSpec]:
        """Everything that has a parent and a weight."""
        return [*self.dimensions, *self.indicators]


def nominal_weights(spec: CompositeSpec) -> dict[str, Fraction]:
    """The share of each indicator in the whole: product down the tree of weight / sum of the weights beside it.

    >>> spec = CompositeSpec([IndicatorSpec("a", "d"), IndicatorSpec("b", "d"), IndicatorSpec("c")],
    ...                      [DimensionSpec("d")], normalise="rank")
    >>> {name: str(share) for name, share in nominal_weights(spec).items()}
    {'a': '1/4', 'b': '1/4', 'c': '1/2'}
    """
    weights = {each.name: exact(each.weight) for each in spec.nodes}
    names = {each.name for each in spec.indicators}
    shares: dict[str, Fraction] = {}

    def down(name: str, share: Fraction) -> None:
        if name in names:
            shares[name] = share
            return
        children = spec.children(name)
        whole = sum(weights[child] for child in children)
        for child in children:
            down(child, share * weights[child] / whole)

    down(ROOT, Fraction(1))
    return {each.name: shares[each.name] for each in spec.indicators}


def _read(kind: type, given: Any) -> Any:
    if isinstance(given, kind):
        return given
    known = [each.name for each in fields(kind)]
    unknown = sorted(set(given) - set(known))
    if unknown:
        remedy = "use only " + ", ".join(known)
        raise ScoringError("unknown-setting", f"Setting {', '.join(unknown)}", "it is not known", remedy)
    return kind(**given)


def _check(spec: CompositeSpec) -> None:
    names = [each.name for each in spec.nodes]
    twice = sorted({name for name in names if names.count(name) > 1} | ({ROOT} & set(names)))
    if twice:
        raise _wrong(f"Name {', '.join(twice)}", "it is there twice, or is the index's own", "give another name")
    _one_of("impute", spec.impute, IMPUTATIONS)
    _check_tree(spec)
    for each in spec.indicators:
        _one_of(f"normalise of {each.name}", each.normalise or spec.normalise, NORMALISATIONS)
        if each.direction not in (1, -1):
            raise _wrong(f"Direction of {each.name}", f"it is {each.direction}", "give 1 (high is good) or -1")
        if each.transform not in (None, "ln"):
            raise _wrong(f"Transform of {each.name}", f"{each.transform!r} is not known", "give ln or nothing")
    for branch in (None, *spec.dimensions):
        _one_of("aggregate", (branch.aggregate if branch else None) or spec.aggregate, AGGREGATIONS)
    if len(spec.scale) != 2 or not -LARGEST <= spec.scale[0] < spec.scale[1] <= LARGEST:
        raise _wrong("Scale", f"{spec.scale} does not rise", "give its ends, such as (0, 100)")
    if not 0 <= spec.minimum_available <= 1:
        raise _wrong("Setting minimum_available", f"{spec.minimum_available}", "give a share such as 0.65")
    for each in spec.indicators:
        for end in ("low", "high", "reference"):
            if (level := getattr(each, end)) is not None:
                within(level, f"Setting {end} of {each.name}")


def _check_tree(spec: CompositeSpec) -> None:
    if not spec.indicators:
        raise _wrong("Specification", "it has no indicators", "name at least one")
    parents = {each.name: each.parent for each in spec.dimensions}
    for each in spec.nodes:
        if exact(each.weight, f"Weight of {each.name}") < 0:
            raise _wrong(f"Weight of {each.name}", f"{each.weight} is negative", "give zero or more")
        seen, name = {each.name}, each.parent
        while name != ROOT:
            if name not in parents or name in seen:
                raise _wrong(f"Parent of {each.name}", f"{name!r} does not lead to the index", "name a dimension")
            seen.add(name)
            name = parents[name]
    weights = {each.name: exact(each.weight) for each in spec.nodes}
    for name in (ROOT, *parents):
        if not sum(weights[child] for child in spec.children(name)):
            fault = "nothing hangs from it, or the weights sum to zero"
            raise ScoringError("zero-weights", f"Dimension {name}", fault, "give it something with a weight above zero")


def _one_of(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise _wrong(f"Setting {what}", f"{given!r} is not known", "use one of " + ", ".join(known))


def _wrong(place: str, fault: str, remedy: str) -> ScoringError:
    return ScoringError("bad-setting", place, fault, remedy)

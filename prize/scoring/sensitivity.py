"""Would another fair choice have ranked the cities otherwise? Weights, normalisation, aggregation and indicators varied."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .composite_spec import ROOT, CompositeSpec
from .indicators import Composite, aggregate, composite, normalise_all
from .readings import Table
from .refusals import ScoringError
from .working import Step, Working

FACTORS = ("normalisation", "aggregation", "weights", "indicator left out")


class Alternative(NamedTuple):
    """One choice changed by itself: how far units move on average and at most."""

    factor: str
    choice: str
    mean_shift: float
    largest_shift: int


class Sensitivity(NamedTuple):
    """Ranges of places over all draws, in the order of `units`, and what single changes do."""

    units: tuple[Any, ...]
    place: tuple[int | None, ...]  # as the specification has it
    rank_low: np.ndarray  # int[U]
    rank_median: np.ndarray  # float[U]
    rank_high: np.ndarray  # int[U]
    alternatives: tuple[Alternative, ...]
    skipped: tuple[str, ...]  # choices the readings do not allow
    drawn: np.ndarray  # int[draws, U], the places of every draw
    working: Working

    def first(self, k: int) -> np.ndarray:
        """The share of draws in which each unit is among the first k."""
        return (self.drawn <= k).mean(axis=0)


class Sobol(NamedTuple):
    """How much of the movement of places each kind of choice explains: alone, and with its interactions."""

    factors: tuple[str, ...]
    first_order: tuple[float, ...]
    total: tuple[float, ...]
    mean_shift: float
    working: Working


class _World(NamedTuple):
    scaled: dict[str, np.ndarray]  # by normalisation
    ways: tuple[str, ...]
    result: Composite
    spread: float
    leave_out: dict[str | None, CompositeSpec]  # the specification without each indicator, or with all


def sensitivity(
    table: Table,
    spec: CompositeSpec | Mapping[str, Any],
    *,
    draws: int = 1000,
    spread: float = 0.25,
    normalisations: Sequence[str] = ("goalposts", "min-max", "percentile"),
    aggregations: Sequence[str] = ("arithmetic", "geometric"),
    level: float = 0.90,
    seed: int = 2023,
) -> Sensitivity:
    """Ranges of places when every choice is drawn anew: weights within +-25 %, normalisation, aggregation, one left out.

    Each draw multiplies every weight by a uniform number in 1 - spread .. 1 + spread, picks a normalisation and an
    aggregation, and in half of the draws leaves one indicator out; units are ranked anew. The specification's own
    choices are always among those drawn. A choice the readings do not allow (min-max of a constant) is skipped and named.
    Errors: as composite; draws below 1, spread or level outside 0..1. Sources: Saisana and others 2005; OECD and JRC 2008.

    >>> table = {"unit": ["a", "b", "c"], "jobs": [10, 20, 40], "air": [30, 20, 10]}
    >>> spec = {"indicators": [{"name": "jobs", "weight": 3}, {"name": "air"}], "normalise": "min-max"}
    >>> result = sensitivity(table, spec, draws=200, normalisations=["min-max"], aggregations=["arithmetic"])
    >>> result.place, result.rank_low.tolist(), result.rank_high.tolist()
    ((3, 2, 1), [1, 2, 1], [3, 2, 3])
    """
    if draws < 1 or not 0 <= spread <= 1 or not 0 < level < 1:
        fault = f"{draws} draws, spread {spread:g}, level {level:g}"
        raise ScoringError("draws", "Sensitivity", fault, "give draws >= 1, a spread of 0 to 1 and a level such as 0.9")
    world, skipped = _world(table, spec, normalisations, aggregations, spread)
    rng = np.random.Generator(np.random.Philox(seed))
    drawn = np.array([_ranks(world, *_choice(world, rng.random(4)), _factors(world, rng)) for _ in range(draws)])
    tail = (1 - level) / 2
    ordered = np.sort(drawn, axis=0)
    low, high = ordered[int(np.floor(tail * (draws - 1)))], ordered[int(np.ceil((1 - tail) * (draws - 1)))]
    words = f"Draw {draws} sets of choices and rank each."
    figures = {"normalisations": list(world.scaled), "aggregations": list(world.ways), "spread": spread, "seed": seed}
    working = Working("sensitivity/1", (Step("draw", words, "", figures),))
    result = world.result
    median = np.median(drawn, axis=0)
    return Sensitivity(result.units, result.place, low, median, high, _single(world), skipped, drawn, working)


def sobol(
    table: Table,
    spec: CompositeSpec | Mapping[str, Any],
    *,
    base: int = 256,
    spread: float = 0.25,
    normalisations: Sequence[str] = ("goalposts", "min-max", "percentile"),
    aggregations: Sequence[str] = ("arithmetic", "geometric"),
    seed: int = 2023,
) -> Sobol:
    """Which kind of choice moves the places: first-order and total Sobol indices of the mean shift of places.

    Formula: with samples A, B and A with column i from B (f_A, f_B, f_i): first = mean(f_B (f_i - f_A)) / var,
    total = mean((f_A - f_i)^2) / (2 var). Work: 6 x base rankings. Errors: as composite; base below 2, spread outside
    0..1. Sources: Saltelli and others 2010; Jansen 1999.

    >>> table = {"unit": ["a", "b", "c"], "jobs": [10, 20, 40], "air": [30, 20, 10]}
    >>> spec = {"indicators": [{"name": "jobs"}, {"name": "air"}], "normalise": "min-max"}
    >>> sobol(table, spec, base=16).factors
    ('normalisation', 'aggregation', 'weights', 'indicator left out')
    """
    if base < 2 or not 0 <= spread <= 1:
        raise ScoringError("base", "Sobol indices", f"base {base}, spread {spread:g}", "give base >= 2 and 0 to 1")
    world, _ = _world(table, spec, normalisations, aggregations, spread)
    rng = np.random.Generator(np.random.Philox(seed))
    a, b = rng.random((2, base, 4))
    wa, wb = ([_factors(world, rng) for _ in range(base)] for _ in range(2))
    own = np.array([place or 0 for place in world.result.place])

    def shifts(uniform: np.ndarray, weights: list) -> np.ndarray:
        rows = zip(uniform, weights, strict=True)
        return np.array([np.abs(_ranks(world, *_choice(world, row), each) - own).mean() for row, each in rows])

    f_a, f_b = shifts(a, wa), shifts(b, wb)
    variance = float(np.var(np.concatenate([f_a, f_b])))
    first, total = [], []
    for factor in range(4):
        mixed = a.copy()
        mixed[:, factor] = b[:, factor]
        f_i = shifts(mixed, wb if FACTORS[factor] == "weights" else wa)
        first.append(float((f_b * (f_i - f_a)).mean() / variance) if variance else 0.0)
        total.append(float(((f_a - f_i) ** 2).mean() / (2 * variance)) if variance else 0.0)
    figures = {"rankings": 6 * base, "variance of the shift": variance, "seed": seed}
    step = Step("vary", "Change one kind of choice at a time and see how far the places shift.", "", figures)
    shift = float(np.concatenate([f_a, f_b]).mean())
    return Sobol(FACTORS, tuple(first), tuple(total), shift, Working("sobol/1", (step,)))


def _world(
    table: Table, spec: Any, normalisations: Sequence[str], aggregations: Sequence[str], spread: float
) -> tuple[_World, tuple[str, ...]]:
    result = composite(table, spec)
    own = result.spec
    x = np.array([result.treated[each.name] for each in own.indicators], dtype=float).T
    scaled, skipped = {"as specified": normalise_all(x, own)}, []
    for how in normalisations:
        try:
            scaled[how] = normalise_all(x, own, how)
        except ScoringError as error:
            skipped.append(f"{how}: {error}")
    ways = tuple(dict.fromkeys(["as specified", *aggregations]))
    leave_out: dict[str | None, CompositeSpec] = {None: own}
    for each in own.indicators:
        try:
            leave_out[each.name] = own.without(each.name)
        except ScoringError as error:
            skipped.append(f"without {each.name}: {error}")
    return _World(scaled, ways, result, spread, leave_out), tuple(skipped)


def _choice(world: _World, uniform: np.ndarray) -> tuple[str, str, str | None]:
    """The normalisation, the aggregation and the indicator left out that four uniform numbers stand for."""
    scaled, ways, names = list(world.scaled), world.ways, list(world.leave_out)
    left = None
    if uniform[3] >= 0.5 and len(names) > 1:
        left = names[1 + int((2 * uniform[3] - 1) * (len(names) - 1))]
    return scaled[int(uniform[0] * len(scaled))], ways[int(uniform[1] * len(ways))], left


def _factors(world: _World, rng: np.random.Generator) -> dict[str, float]:
    nodes = world.result.spec.nodes
    drawn = rng.uniform(1 - world.spread, 1 + world.spread, len(nodes))
    return {each.name: float(each.weight) * factor for each, factor in zip(nodes, drawn, strict=True)}


def _ranks(world: _World, how: str, way: str, left: str | None, weights: dict[str, float] | None) -> np.ndarray:
    """Places under one set of choices, int[U]."""
    spec, x = world.result.spec, world.scaled[how]
    if left is not None:
        x = np.delete(x, [each.name for each in spec.indicators].index(left), axis=1)
        spec = world.leave_out[left]
    if way in ("geometric", "harmonic"):
        x = _above_zero(x)
    chosen = None if way == "as specified" else way
    if chosen is None and _needs_positive(spec):
        x = _above_zero(x)
    index = np.round(aggregate(x, spec, world.result.units, weights=weights, how=chosen)[ROOT], 9)
    return 1 + (len(index) - np.searchsorted(np.sort(index), index, side="right"))


def _needs_positive(spec: CompositeSpec) -> bool:
    return any(
        how in ("geometric", "harmonic") for how in (spec.aggregate, *(each.aggregate for each in spec.dimensions))
    )


def _above_zero(x: np.ndarray) -> np.ndarray:
    """Where something is not above zero, the whole table moved onto 1..100, so that a product can be taken."""
    low, high = np.nanmin(x), np.nanmax(x)
    return x if low > 0 else 1 + 99 * (x - low) / max(high - low, 1e-300)


def _single(world: _World) -> tuple[Alternative, ...]:
    """Every alternative choice made alone, with the specification's weights."""
    own = np.array([place or 0 for place in world.result.place])
    cases: list[tuple[str, str, tuple[str, str, str | None]]]
    cases = [(FACTORS[0], how, (how, "as specified", None)) for how in world.scaled if how != "as specified"]
    cases += [(FACTORS[1], way, ("as specified", way, None)) for way in world.ways if way != "as specified"]
    cases += [(FACTORS[3], name, ("as specified", "as specified", name)) for name in world.leave_out if name]
    found = []
    for factor, choice, settings in cases:
        shift = np.abs(_ranks(world, *settings, None) - own)
        found.append(Alternative(factor, choice, float(shift.mean()), int(shift.max())))
    return tuple(found)

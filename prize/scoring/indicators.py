"""From readings to an index in seven stages, every one of them kept: what a city's figures became, and why."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from .combine import combine
from .composite_spec import ROOT, CompositeSpec, nominal_weights
from .normalise import normalise
from .rank import Ranking, rank
from .readings import Table, column, columns_of, denominated, fill
from .refusals import Refusal, ScoringError
from .scale import settle
from .treat import treat_outliers
from .working import Note, Step, Working

Stage: TypeAlias = dict[str, tuple[float | None, ...]]


class Composite(NamedTuple):
    """Every stage of an index, per unit in the order of `units`; None marks what is missing, never NaN."""

    units: tuple[Any, ...]
    dropped: tuple[tuple[Any, str], ...]  # units left out, with the reason
    raw: Stage
    denominated: Stage
    imputed: Stage
    filled: tuple[tuple[Any, str], ...]  # (unit, indicator) of every imputed cell
    treated: Stage
    treatment: dict[str, str]  # indicator: none, winsorised, logged
    normalised: Stage
    weights: dict[str, Fraction]  # indicator: its nominal share in the index
    dimensions: Stage
    score: tuple[Decimal | Fraction, ...]  # the index, rounded as the specification says
    ranking: Ranking
    peers: dict[str, tuple[int | None, ...]]  # place inside the unit's own group, for every peer column
    influence: dict[str, float]  # indicator: its correlation with the index; nominal weights are not effective weights
    warnings: tuple[Note, ...]
    working: Working
    spec: CompositeSpec

    @property
    def place(self) -> tuple[int | None, ...]:
        return self.ranking.place

    def trace(self, unit: Any) -> Working:
        """One unit's sum, stage by stage, in words and figures."""
        return _trace(self, unit)


def composite(table: Table, spec: CompositeSpec | Mapping[str, Any]) -> Composite:
    """An index from readings: denominate, impute, treat outliers, normalise, weight, aggregate, rank.

    table: columns by name (or rows as mappings), one value per unit, None where missing, a column of unit names.
    Formulas: those of the stages (`normalise`, `combine`, `treat_outliers`). Units: the scale of the specification.
    Errors: unknown columns, NaN or infinity, gaps where none are allowed, constant indicators, weights of zero,
    values not above zero in a geometric mean; each names unit and indicator. Source: OECD and JRC Handbook 2008.

    >>> table = {"unit": ["Ada", "Bela"], "jobs": [10, 25], "waste": [30, 10]}
    >>> spec = {"indicators": [{"name": "jobs", "low": 0, "high": 50},
    ...                        {"name": "waste", "low": 0, "high": 40, "direction": -1}], "rounding": 1}
    >>> result = composite(table, spec)
    >>> [str(value) for value in result.score], result.place
    (['22.5', '62.5'], (2, 1))
    """
    spec = spec if isinstance(spec, CompositeSpec) else CompositeSpec.from_dict(spec)
    columns = columns_of(table)
    everyone = _units(columns, spec)
    raw = np.column_stack([column(columns, each.name, everyone) for each in spec.indicators])
    ready = denominated(columns, spec, everyone, raw)
    kept, dropped = _available(ready, spec, everyone)
    columns = {name: [values[row] for row in kept] for name, values in columns.items() if len(values) == len(everyone)}
    units = tuple(everyone[row] for row in kept)
    raw, ready = raw[kept], ready[kept]
    readings = fill(columns, spec, units, ready)
    treated, treatment = treat_all(readings.x, spec)
    scaled = normalise_all(treated, spec)
    branches = aggregate(scaled, spec, units)
    index = tuple(settle(value, spec.rounding) for value in branches.pop(ROOT).tolist())
    ranking = rank(index)
    filled = tuple(
        (units[row], spec.indicators[place].name) for row, place in zip(*np.nonzero(readings.filled), strict=True)
    )
    return Composite(
        units,
        dropped,
        _stage(raw, spec),
        _stage(ready, spec),
        _stage(readings.x, spec),
        filled,
        _stage(treated, spec),
        treatment,
        _stage(scaled, spec),
        nominal_weights(spec),
        {name: tuple(values.tolist()) for name, values in branches.items()},
        index,
        ranking,
        {name: peer_places(columns, name, index) for name in spec.peers},
        _influence(scaled, index, spec),
        _warnings(spec, dropped, filled, int(np.isnan(readings.x).sum()), treatment),
        _working(spec),
        spec,
    )


def treat_all(x: np.ndarray, spec: CompositeSpec) -> tuple[np.ndarray, dict[str, str]]:
    """Outliers treated, indicator by indicator, where the specification asks for it."""
    how = {each.name: "none" for each in spec.indicators}
    if not spec.treat:
        return x, how
    x = x.copy()
    for place, each in enumerate(spec.indicators):
        if each.treat:
            limits = {"most_skew": spec.treat_skew, "most_kurtosis": spec.treat_kurtosis}
            treated = treat_outliers(x[:, place], points=spec.treat_points, **limits)
            x[:, place], how[each.name] = treated.x, treated.how
    return x, how


def normalise_all(x: np.ndarray, spec: CompositeSpec, how: str | None = None) -> np.ndarray:
    """Every indicator on the common scale; `how` overrides the specification, for sensitivity."""
    columns = [
        normalise(x[:, place], how or each.normalise or spec.normalise, each, spec.scale)
        for place, each in enumerate(spec.indicators)
    ]
    return np.column_stack(columns)


def aggregate(
    x: np.ndarray,
    spec: CompositeSpec,
    units: Sequence[Any],
    *,
    weights: Mapping[str, float] | None = None,
    how: str | None = None,
) -> dict[str, np.ndarray]:
    """Every dimension and the index, from the leaves up; `weights` and `how` override, for sensitivity."""
    values = {each.name: x[:, place] for place, each in enumerate(spec.indicators)}
    weights = weights or {each.name: float(each.weight) for each in spec.nodes}
    ways = {each.name: how or each.aggregate or spec.aggregate for each in spec.dimensions}
    ways[ROOT] = how or spec.aggregate
    done: dict[str, np.ndarray] = {}

    def up(name: str) -> np.ndarray:
        if name in values:
            return values[name]
        children = spec.children(name)
        table = np.column_stack([up(child) for child in children])
        done[name] = combine(table, np.array([weights[child] for child in children]), ways[name], children, units)
        return done[name]

    up(ROOT)
    return done


def peer_places(columns: Mapping[str, Sequence[Any]], name: str, values: Sequence[Any]) -> tuple[int | None, ...]:
    """Places inside each unit's own group: a developing city and an advanced one are not measured by one ruler.

    Shapes: U each. Errors: an unknown column.

    >>> peer_places({"size": ["big", "small", "big"]}, "size", [70, 90, 80])
    (2, 1, 1)
    """
    if name not in columns:
        raise ScoringError("unknown-name", f"Peer column {name}", "the table has none", "correct the name")
    labels = list(columns[name])
    number = {label: position for position, label in enumerate(dict.fromkeys(labels))}
    return rank(list(values), parts=[number[label] for label in labels], across="separate").place


def _units(columns: Mapping[str, Sequence[Any]], spec: CompositeSpec) -> tuple[Any, ...]:
    if spec.unit not in columns:
        raise ScoringError("unknown-name", f"Column {spec.unit}", "the table has none", "name the column of the units")
    units = tuple(columns[spec.unit])
    twice = [unit for unit in units if units.count(unit) > 1] if len(set(units)) < len(units) else []
    if twice or not units:
        raise ScoringError(
            "duplicate", f"Unit {twice[:1] or ''}", "it is there twice, or there is none", "keep one row"
        )
    return units


def _available(x: np.ndarray, spec: CompositeSpec, units: Sequence) -> tuple[list[int], tuple[tuple[Any, str], ...]]:
    share = (~np.isnan(x)).mean(axis=1)
    enough = share >= spec.minimum_available - 1e-12
    if not enough.any():
        fault = f"no unit has {spec.minimum_available:.0%} of the readings"
        raise Refusal("missing", "Table", fault, "collect readings or lower the minimum")
    reasons = (
        f"{share[row]:.0%} of the readings, {spec.minimum_available:.0%} needed" for row in np.flatnonzero(~enough)
    )
    lost = tuple((units[row], reason) for row, reason in zip(np.flatnonzero(~enough).tolist(), reasons, strict=True))
    return np.flatnonzero(enough).tolist(), lost


def _stage(x: np.ndarray, spec: CompositeSpec) -> Stage:
    gaps = np.isnan(x)
    stage: Stage = {}
    for place, each in enumerate(spec.indicators):
        values = x[:, place].tolist()
        if gaps[:, place].any():
            values = [None if gap else value for value, gap in zip(values, gaps[:, place].tolist(), strict=True)]
        stage[each.name] = tuple(values)
    return stage


def _influence(x: np.ndarray, index: Sequence, spec: CompositeSpec) -> dict[str, float]:
    total = np.array([float(value) for value in index])
    found = {}
    for place, each in enumerate(spec.indicators):
        known = ~np.isnan(x[:, place])
        a, b = x[known, place], total[known]
        apart = len(a) > 1 and np.ptp(a) > 0 and np.ptp(b) > 0
        found[each.name] = float(np.corrcoef(a, b)[0, 1]) if apart else 0.0
    return found


def _warnings(
    spec: CompositeSpec, dropped: tuple, filled: tuple, gaps: int, treatment: dict[str, str]
) -> tuple[Note, ...]:
    notes = []
    if dropped:
        words = f"{len(dropped)} units have too few readings and are left out."
        notes.append(Note("dropped", words, {"units": [unit for unit, _ in dropped]}))
    if filled:
        words = f"{len(filled)} readings are missing and were filled by {spec.impute}."
        notes.append(Note("imputed", words, {"cells": len(filled)}))
    if gaps:
        words = f"{gaps} readings are missing; in those units the other indicators carry their weight."
        notes.append(Note("available", words, {"cells": gaps}))
    logged = [name for name, how in treatment.items() if how == "logged"]
    if logged:
        words = f"{len(logged)} indicators were put on a logarithmic scale because a few readings are far out of line."
        notes.append(Note("logged", words, {"indicators": logged}))
    if any((each.normalise or spec.normalise) in ("min-max", "z-score") for each in spec.indicators):
        words = "The yardstick is the sample: one more unit moves everybody. Goalposts fixed in the rules would not."
        notes.append(Note("moving-yardstick", words))
    return tuple(notes)


def _working(spec: CompositeSpec) -> Working:
    treated = f"up to {spec.treat_points} readings drawn in, else logged" if spec.treat else "no treatment"
    steps = (
        Step("denominate", "Divide each indicator by its denominator, where it has one."),
        Step("impute", f"Missing readings: {spec.impute}."),
        Step("treat", f"Outliers: {treated}."),
        Step("normalise", f"Normalise: {spec.normalise}, onto {spec.scale[0]:g} to {spec.scale[1]:g}."),
        Step("weight", "Weights at each level are divided by their sum.", figures={"shares": nominal_weights(spec)}),
        Step("aggregate", f"Aggregate: {spec.aggregate}, unless a dimension says otherwise."),
        Step("rank", f"Round ({spec.rounding!r}), then rank: 1 + the number of higher values."),
    )
    return Working("composite/1", steps)


def _trace(result: Composite, unit: Any) -> Working:
    if unit not in result.units:
        raise ScoringError("unknown-name", f"Unit {unit}", "it is not in the result", "choose one of the units")
    row = result.units.index(unit)
    gaps = {name for place, name in result.filled if place == unit}
    steps = []
    for each in result.spec.indicators:
        name = each.name
        path = {
            "raw": result.raw[name][row],
            "denominated": result.denominated[name][row],
            "imputed": result.imputed[name][row],
            "treated": result.treated[name][row],
            "normalised": result.normalised[name][row],
            "share": result.weights[name],
        }
        words = f"{name}{' (filled in)' if name in gaps else ''}, which counts towards {each.parent}."
        steps.append(Step("indicator", words, "", path))
    for name, values in result.dimensions.items():
        steps.append(Step("dimension", f"{name}.", "", {"value": values[row]}))
    figures = {"index": result.score[row], "place": result.place[row]}
    return Working("composite/1", (*steps, Step("index", "The index, rounded, and its place.", "", figures)))

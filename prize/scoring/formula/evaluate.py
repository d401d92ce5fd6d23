"""Formulas computed for every unit, rounded, with a trace that can be told for each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from prize.scoring.refusals import ScoringError
from prize.scoring.scale import Rounding, settle
from prize.scoring.working import Note, Step, Working

from .machine import Machine, Policies
from .parse import Formula, parse


class Evaluated(NamedTuple):
    """A formula's value for every unit; None where a policy says there is none, never NaN."""

    units: tuple[Any, ...]
    values: tuple[Decimal | Fraction | None, ...]
    notes: tuple[Note, ...]
    working: Working
    formula: Formula
    data: Mapping[str, Any]
    policies: Policies
    rounding: Rounding

    def trace(self, unit: Any) -> Working:
        """Every step for one unit, in words and figures."""
        if unit not in self.units:
            raise ScoringError("unknown-name", f"Unit {unit}", "it is not in the result", "choose one of the units")
        machine = Machine(self.formula, self.data, self.units, self.policies, self.units.index(unit))
        machine.run()
        value = self.values[self.units.index(unit)]
        return Working("formula/1", (*machine.trace, Step("round", f"Round: {self.rounding!r}.", "", {"value": value})))


def evaluate(
    formula: str | Formula,
    data: Mapping[str, Any],
    units: Sequence[Any],
    policies: Policies | None = None,
    rounding: Any = 9,
) -> Evaluated:
    """A formula's value for every unit, rounded (to nine places unless told otherwise).

    data maps each indicator to one value per unit (None where missing), or to a mapping from year to such values.
    Shapes: U each. Units: whatever the formula makes of the readings. Work is capped at parts x units = 8,000,000.
    Errors: FormulaError with the character of the formula and the unit; ScoringError for bad readings.

    >>> data = {"LE": [60.0, 85.0], "pop": {2019: [100, 200], 2021: [121, 200]}}
    >>> result = evaluate("H = (LE - 20) / 65; if(cagr(pop, 2019, 2021) > 0.05, H, 1)", data, ["Ada", "Bela"], rounding=3)
    >>> [str(value) for value in result.values]
    ['0.615', '1.000']
    >>> result.trace("Ada").steps[1].words, result.trace("Ada").steps[1].figures
    ('(LE - 20) / 65: divide', {'(LE - 20)': 40.0, '65': 65.0, 'H': 0.6153846153846154})
    """
    formula = parse(formula) if isinstance(formula, str) else formula
    policies, rounding = policies or Policies(), Rounding.of(rounding)
    machine = Machine(formula, data, tuple(units), policies, None)
    result = machine.run()
    values = tuple(None if np.isnan(value) else settle(value, rounding) for value in result.tolist())
    steps = tuple(Step("step", f"{name} = {node.text}") for name, node in formula.steps)
    return Evaluated(
        tuple(units), values, machine.notes(), Working("formula/1", steps), formula, data, policies, rounding
    )

"""A small, safe language for formulas over named indicators."""

from .evaluate import Evaluated, evaluate
from .functions import FUNCTIONS
from .machine import Policies
from .parse import Formula, FormulaError, parse

__all__ = ["FUNCTIONS", "Evaluated", "Formula", "FormulaError", "Policies", "evaluate", "parse"]

"""The interpreter: it walks an allowed tree over arrays, one number per unit, and obeys the declared policies."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from prize.scoring.readings import column
from prize.scoring.refusals import ScoringError
from prize.scoring.scale import exact
from prize.scoring.working import Note, Step

from .functions import FUNCTIONS, Function, Series, at_year
from .parse import Formula, FormulaError, Node, walk

MOST_WORK = 8_000_000  # parts times units: the cap on time, since nothing here may read a clock
JOINED = {"and": "both hold", "or": "one of them holds"}
SIGNS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "raise to a power"}
COMPARISONS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
POWER = "a base of zero or more, or a whole power, and smaller values"
DIVIDED = ("it divides by zero", "correct the reading")


class Policies(NamedTuple):
    """What to do about a missing reading, a division by zero, and a value outside a function's domain (ln 0).

    Each is "refuse" (an error that names the unit), "none" (no result for that unit) or a number put in its place.
    """

    missing: Any = "refuse"
    division: Any = "refuse"
    domain: Any = "refuse"


class Machine:
    """Interprets the tree. `active` marks the units a part matters for, so that if(x > 0, ln(x), 0) never asks ln(0)."""

    def __init__(self, formula: Formula, data: Mapping, units: tuple, policies: Policies, row: int | None) -> None:
        self.formula, self.data, self.units, self.policies, self.row = formula, data, units, policies, row
        self.known: dict[str, np.ndarray | Series] = {}
        self.trace: list[Step] = []
        self.replaced = {"missing": 0, "division": 0, "domain": 0}
        self.title = ""
        self.own = {name for name, _ in formula.steps}

    def run(self) -> np.ndarray:
        self.check()
        everyone = np.ones(len(self.units), dtype=bool)
        value = np.zeros(len(self.units))
        with np.errstate(all="ignore"):
            for name, tree in self.formula.steps:
                self.title = name
                value = self.number(tree, everyone)
                self.known[name] = value
        return value

    def check(self) -> None:
        """The cap on work, and no step that takes an indicator's name."""
        work = sum(_work(node) for _, tree in self.formula.steps for node in walk(tree)) * max(len(self.units), 1)
        if work > MOST_WORK:
            fault = f"it means {work} operations for {len(self.units)} units, and {MOST_WORK} are the most"
            raise FormulaError("too-much-work", 0, self.formula.text, fault, "shorten it or split the units")
        for name, tree in self.formula.steps[:-1]:
            if name in self.data:
                raise self.wrong("syntax", tree, f"{name} is an indicator", "give the step another name")

    def notes(self) -> tuple[Note, ...]:
        """What the policies had to do."""
        words = {"missing": "readings were missing", "division": "divisions by zero", "domain": "undefined values"}
        return tuple(
            Note(name, f"{number} {words[name]}: policy {getattr(self.policies, name)}.", {"number": number})
            for name, number in self.replaced.items()
            if number
        )

    def number(self, node: Node, active: np.ndarray, gaps: bool = False) -> np.ndarray:
        """The node as numbers; `gaps` allows missing readings (inside coalesce)."""
        if self.kind(node) == "t":
            fault = "this is a condition, not a number"
            raise self.wrong("kind", node, fault, "wrap it as if(condition, 1, 0)")
        return self.value(node, active, gaps)

    def truth(self, node: Node, active: np.ndarray) -> np.ndarray:
        if self.kind(node) != "t":
            raise self.wrong("kind", node, "this is a number, not a condition", "compare it with something")
        return self.value(node, active, False)

    def kind(self, node: Node) -> str:
        if node.kind == "sign":
            return "t" if node.value in COMPARISONS or node.value in ("and", "or", "not") else "n"
        return "n"

    def value(self, node: Node, active: np.ndarray, gaps: bool) -> np.ndarray:
        if node.kind == "number":
            return np.full(len(self.units), float(node.value))
        if node.kind in ("name", "year"):
            return self.reading(node, active, gaps)
        return self.call(node, active) if node.kind == "call" else self.sign(node, active)

    def reading(self, node: Node, active: np.ndarray, gaps: bool) -> np.ndarray:
        found = self.look_up(node)
        if node.kind == "year":
            if not isinstance(found, Series):
                raise self.wrong("kind", node, "it has no years", f"write {node.value} alone")
            found = self.guarded(node, partial(at_year, found, int(node.parts[0].value)))
        if isinstance(found, Series):
            raise self.wrong("kind", node, "it has several years", f"write {node.value}@year or latest({node.value})")
        if gaps or node.value in self.own:
            return found
        return self.settled("missing", node, found, np.isnan(found) & active, "the reading is missing", "find it")

    def look_up(self, node: Node) -> np.ndarray | Series:
        name = node.value
        if name not in self.known:
            if name not in self.data:
                if name in FUNCTIONS:
                    raise self.wrong("syntax", node, "a function needs brackets", f"write {name}(...)")
                remedy = "use one of " + ", ".join(sorted(map(str, self.data))[:20])
                raise self.wrong("unknown-name", node, "there is no such indicator", remedy)
            self.known[name] = self.read(name, self.data[name])
        return self.known[name]

    def read(self, name: str, given: Any) -> np.ndarray | Series:
        if not isinstance(given, Mapping):
            return column({name: given}, name, self.units)
        years = sorted(int(year) for year in given)
        by_year = {int(year): values for year, values in given.items()}
        columns = [column({f"{name}@{year}": by_year[year]}, f"{name}@{year}", self.units) for year in years]
        if not columns:
            raise ScoringError("empty", f"Series {name}", "it has no years", "give at least one")
        return Series(tuple(years), np.column_stack(columns))

    def sign(self, node: Node, active: np.ndarray) -> np.ndarray:
        if node.value in ("and", "or", "not"):
            return self.logic(node, active)
        operands = [self.number(part, active) for part in node.parts]
        if node.value in COMPARISONS:
            left, right = operands
            result = COMPARISONS[node.value](left, right).astype(float)
            result = np.where(np.isnan(left) | np.isnan(right), np.nan, result)
            return self.noted(node, "compare", result, operands, active)
        if len(operands) == 1:
            if node.value == "+":
                return operands[0]
            return self.noted(node, "turn the sign round", -operands[0], operands, active)
        left, right = operands
        if node.value == "/":
            zero = (right == 0) & active
            result = self.settled("division", node, left / np.where(right == 0, np.nan, right), zero, *DIVIDED)
        elif node.value == "^":
            result = np.power(left, right)
        else:
            result = {"+": np.add, "-": np.subtract, "*": np.multiply}[node.value](left, right)
        result = self.defined(node, result, operands, active, POWER if node.value == "^" else "smaller values")
        return self.noted(node, SIGNS[node.value], result, operands, active)

    def logic(self, node: Node, active: np.ndarray) -> np.ndarray:
        first = self.truth(node.parts[0], active)
        if node.value == "not":
            return self.noted(node, "the opposite", 1 - first, [first], active)
        needed = active & (first == (1 if node.value == "and" else 0))
        second = self.truth(node.parts[1], needed)
        both = np.minimum(first, second) if node.value == "and" else np.maximum(first, second)
        result = np.where(active & ~needed & ~np.isnan(first), first, both)
        return self.noted(node, JOINED[node.value], result, [first, second], active)

    def call(self, node: Node, active: np.ndarray) -> np.ndarray:
        function = FUNCTIONS.get(node.value)
        if function is None:
            raise self.wrong("unknown-name", node, "there is no such function", "use one of " + ", ".join(FUNCTIONS))
        most = 99 if function.takes.endswith("*") else len(function.takes)
        if not function.least <= len(node.parts) <= most:
            fault = f"it has {len(node.parts)} arguments, {function.least} to {most} are needed"
            raise self.wrong("arguments", node, fault, f"{node.value}: {function.words}")
        arguments = self.arguments(function, node, active)
        result = self.guarded(node, partial(function.compute, *arguments))
        if not function.lazy:
            numbers = [each for each in arguments if isinstance(each, np.ndarray)]
            if function.needs is not None:
                numbers = self.guarded(node, partial(function.needs, *arguments))
                gap = np.isnan(np.stack(numbers)).any(axis=0) & active
                result = self.settled("missing", node, result, gap, "the reading is missing", "find it")
            result = self.defined(node, result, numbers, active, function.domain)
        return self.noted(node, function.words, result, arguments, active)

    def arguments(self, function: Function, node: Node, active: np.ndarray) -> list:
        if function.name == "if":
            condition = self.truth(node.parts[0], active)
            yes = self.number(node.parts[1], active & (condition == 1))
            return [condition, yes, self.number(node.parts[2], active & (condition == 0))]
        if function.name == "coalesce":
            return self.first_known(node, active)
        wanted = np.ones_like(active) if function.sample else active
        takes = function.takes.rstrip("*").ljust(len(node.parts), function.takes.rstrip("*")[-1])
        return [self.argument(kind, part, wanted) for kind, part in zip(takes, node.parts, strict=False)]

    def first_known(self, node: Node, active: np.ndarray) -> list[np.ndarray]:
        found: list[np.ndarray] = []
        for place, part in enumerate(node.parts):
            found.append(self.number(part, active, gaps=place < len(node.parts) - 1))
            active = active & np.isnan(found[-1])
        return found

    def argument(self, kind: str, node: Node, active: np.ndarray) -> np.ndarray | Series:
        if kind == "s":
            found = self.look_up(node) if node.kind == "name" else None
            if not isinstance(found, Series):
                raise self.wrong("kind", node, "an indicator with several years is needed", "name one")
            return found._replace(levels=np.where(active[:, None], found.levels, np.nan))
        if kind == "c" and node.kind != "number":
            raise self.wrong("kind", node, "a plain number is needed here", "write it out")
        return np.where(active, self.number(node, active), np.nan)

    def defined(
        self, node: Node, result: np.ndarray, operands: list[np.ndarray], active: np.ndarray, domain: str
    ) -> np.ndarray:
        """Values that came out undefined although nothing that went in was missing."""
        whole = ~np.isnan(np.stack(operands)).any(axis=0) if operands else np.ones_like(active)
        bad = active & whole & ~(np.abs(result) <= 1e300)
        if node.value == "/":
            bad &= operands[1] != 0
        result = np.where(np.abs(result) <= 1e300, result, np.nan)
        fault = f"the value is undefined or beyond any scale; it needs {domain}"
        return self.settled("domain", node, result, bad, fault, "bound it")

    def settled(
        self, policy: str, node: Node, values: np.ndarray, bad: np.ndarray, fault: str, remedy: str
    ) -> np.ndarray:
        """The declared policy for the units where something is missing or undefined."""
        if not bad.any():
            return values
        how = getattr(self.policies, policy)
        if how == "refuse":
            unit = self.units[int(np.argmax(bad))]
            raise self.wrong(policy, node, f"for {unit}: {fault}", f"{remedy}, or declare a policy")
        self.replaced[policy] += int(bad.sum())
        return np.where(bad, np.nan if how == "none" else float(exact(how, f"Policy {policy}")), values)

    def noted(self, node: Node, words: str, result: np.ndarray, operands: Sequence, active: np.ndarray) -> np.ndarray:
        if self.row is not None and active[self.row]:
            figures = {
                part.text: _figure(value, self.row)
                for part, value in zip(node.parts, operands, strict=False)
                if isinstance(value, np.ndarray)
            }
            root = dict(self.formula.steps)[self.title]
            title = self.title if node is root else "result"
            self.trace.append(
                Step(self.title, f"{node.text}: {words}", "", figures | {title: _figure(result, self.row)})
            )
        return result

    def guarded(self, node: Node, compute: Callable[[], Any]) -> Any:
        """A refusal from inside a function gets the character of the formula."""
        try:
            return compute()
        except FormulaError:
            raise
        except ScoringError as error:
            raise self.wrong(error.code, node, f"{error.place}: {error.fault}", error.remedy) from None

    def wrong(self, code: str, node: Node, fault: str, remedy: str) -> FormulaError:
        return FormulaError(code, node.at, node.text, fault, remedy)


def _work(node: Node) -> int:
    """The operations a part means for one unit: functions of the whole sample sort it, winsorising again and again."""
    function = FUNCTIONS.get(node.value) if node.kind == "call" else None
    if function is None or not function.sample:
        return 1
    points = node.parts[1] if len(node.parts) > 1 and node.parts[1].kind == "number" else None
    return 20 + (20 * int(min(float(points.value), 100)) if points is not None else 0)


def _figure(values: np.ndarray, row: int) -> float | None:
    return None if np.isnan(values[row]) else float(values[row])

"""The sum, shown: what was done, step by step, in words and in figures, and the digests that pin it down."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np


class Note(NamedTuple):
    """A remark that goes with a result. `code` is stable, so that a page may say it in another language."""

    code: str
    words: str
    figures: Mapping[str, Any] = {}

    def __str__(self) -> str:
        return self.words


class Step(NamedTuple):
    """One step of a sum: a stable name, a sentence, the formula where there is one, and the figures."""

    name: str
    words: str
    formula: str = ""
    figures: Mapping[str, Any] = {}


class Working(NamedTuple):
    """The whole sum, in the order in which it was done.

    >>> print(Working("raw-mean/1", (Step("mean", "Add the scores and divide.", "(7+8)/2", {"mean": 7.5}),)).text())
    raw-mean/1
    1. Add the scores and divide.  [(7+8)/2]  mean = 7.5
    """

    method: str
    steps: tuple[Step, ...] = ()

    def text(self) -> str:
        """The working as plain lines, one for each step."""
        lines = [f"{number}. {_line(step)}" for number, step in enumerate(self.steps, start=1)]
        return "\n".join([self.method, *lines])

    def to_dict(self) -> dict[str, Any]:
        """The working as data for JSON."""
        return {"method": self.method, "steps": [plain(step._asdict()) for step in self.steps]}

    def and_then(self, *steps: Step) -> "Working":
        return self._replace(steps=self.steps + steps)


def _line(step: Step) -> str:
    formula = f"[{step.formula}]" if step.formula else ""
    figures = ", ".join(f"{name} = {shown(value)}" for name, value in step.figures.items())
    return "  ".join(part for part in (step.words, formula, figures) if part)


def shown(value: Any) -> str:
    """A figure as a person reads it: exact where it is exact, six significant digits where it is not.

    >>> shown(Fraction(1, 3)), shown(Decimal("9.070")), shown(2 / 3), shown(None)
    ('1/3', '9.070', '0.666667', 'none')
    """
    if value is None:
        return "none"
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, Decimal):
        return f"{value:f}"  # a zero of nine places is 0.000000000, not 0E-9
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {shown(item)}" for name, item in value.items())
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(shown(item) for item in value)
    return str(value)


def plain(value: Any) -> Any:
    """A value reduced to what JSON can carry: exact numbers as text, arrays as lists.

    >>> plain({"mean": Fraction(1, 3), "score": Decimal("9.07"), "n": np.int64(3)})
    {'mean': '1/3', 'score': '9.07', 'n': 3}
    """
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Decimal | Fraction):
        return str(value)
    return value


def canonical(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8, no NaN. The same value always gives the same bytes.

    >>> canonical({"b": 1, "a": [Decimal("2.50"), None]})
    b'{"a":["2.50",null],"b":1}'
    """
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(canonical(value)).hexdigest()

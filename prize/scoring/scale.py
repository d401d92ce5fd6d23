"""Numbers on a scale: read exactly, rounded as the rules say, checked before anything is computed from them."""

import math
from collections.abc import Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .refusals import ScoringError

MODES = {
    "half-up": ROUND_HALF_UP,
    "half-even": ROUND_HALF_EVEN,
    "half-down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "ceiling": ROUND_CEILING,
    "floor": ROUND_FLOOR,
}


class Rounding(NamedTuple):
    """How one stage rounds: decimal places (None leaves the number exact) and what happens to a half.

    >>> Rounding(2), Rounding.of({"places": 1, "mode": "half-even"}), Rounding.of(3), Rounding.of(None)
    (2 places, half-up, 1 places, half-even, 3 places, half-up, exact)
    """

    places: int | None = None
    mode: str = "half-up"

    @classmethod
    def of(cls, given: Any) -> "Rounding":
        """Read a rounding from data: None, a number of places, a mapping, or a Rounding."""
        if isinstance(given, Mapping):
            unknown = set(given) - set(cls._fields)
            if unknown:
                raise ScoringError("unknown-setting", "Rounding", f"unknown setting {sorted(unknown)}", "remove it")
            return cls(**given).checked()
        if isinstance(given, tuple | list):
            return cls(*given).checked()
        return cls(given).checked()

    def checked(self) -> "Rounding":
        if self.mode not in MODES:
            remedy = "choose one of " + ", ".join(MODES)
            raise ScoringError("unknown-mode", "Rounding", f"unknown mode {self.mode!r}", remedy)
        if self.places is not None and not (type(self.places) is int and 0 <= self.places <= 12):
            raise ScoringError("places", "Rounding", f"{self.places!r} decimal places", "give a whole number, 0 to 12")
        return self

    def __repr__(self) -> str:
        return "exact" if self.places is None else f"{self.places} places, {self.mode}"


EXACT = Rounding()
_ROOM = Context(prec=40)
_ZERO = Decimal(0)  # added, it makes minus nothing plain nothing
LARGEST = 1e60  # of a score or a reading: its fourth power is still finite


def exact(value: Any, place: str = "Number") -> Fraction:
    """The number exactly as it was written: 9.07 is 907/100, not the nearest binary fraction.

    Errors: what is no number, not finite, or beyond any scale; `place` names where.

    >>> exact(9.07), exact("2.5"), exact(Decimal("0.1")), exact(3)
    (Fraction(907, 100), Fraction(5, 2), Fraction(1, 10), Fraction(3, 1))
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or value is None:
        raise ScoringError("not-a-number", place, f"{value!r} is not a number", "enter a number")
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ScoringError("not-finite", place, f"{value} is not a finite number", "enter a number or leave it out")
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value).strip())
    except ArithmeticError:
        raise ScoringError("not-a-number", place, f"{str(value)[:40]!r} is not a number", "enter a number") from None
    if not number.is_finite():
        raise ScoringError("not-finite", place, f"{value} is not a finite number", "enter a number or leave it out")
    if not -400 < number.adjusted() < 308:
        raise ScoringError("too-large", place, f"{str(value)[:40]} is beyond any scale", "check the number")
    return Fraction(number)


def within(value: Any, place: str) -> Fraction:
    """The number exactly, refused when it is larger than anything a scale or a statistic could mean."""
    number = exact(value, place)
    if abs(number) > LARGEST:
        raise ScoringError("too-large", place, f"{str(value)[:40]} is beyond any scale", "check the number")
    return number


def rounded(value: Any, places: int, mode: str = "half-up") -> Decimal:
    """The number rounded in decimal arithmetic; a half goes up, away from zero, unless the mode says otherwise.

    Errors: what is no number.

    >>> [str(rounded(x, 2)) for x in (2.345, 2.355, 2.365)]
    ['2.35', '2.36', '2.37']
    >>> rounded(Fraction(-5, 2), 0), rounded("2.5", 0, "half-even"), rounded(Fraction(2, 3), 3, "down")
    (Decimal('-3'), Decimal('2'), Decimal('0.666'))
    """
    if type(value) is float and -1e15 < value < 1e15:
        return _ROOM.add(Decimal(repr(value)).quantize(Decimal((0, (1,), -places)), MODES[mode], _ROOM), _ZERO)
    scaled = exact(value) * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    negative = scaled < 0
    if _goes_up(2 * rest - scaled.denominator, rest, whole, negative, mode):
        whole += 1
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(negative and whole > 0), digits, -places))


def _goes_up(beyond_half: int, rest: int, whole: int, negative: bool, mode: str) -> bool:
    if rest == 0:
        return False
    if mode in ("up", "down"):
        return mode == "up"
    if mode in ("ceiling", "floor"):
        return negative == (mode == "floor")
    if beyond_half != 0:
        return beyond_half > 0
    return mode == "half-up" or (mode == "half-even" and whole % 2 == 1)


def settle(value: Any, rounding: Rounding) -> Decimal | Fraction:
    """The number as a stage leaves it: rounded where the rules name places, exact where they do not.

    >>> settle(Fraction(2, 3), Rounding(2)), settle(Fraction(2, 3), EXACT)
    (Decimal('0.67'), Fraction(2, 3))
    """
    return exact(value) if rounding.places is None else rounded(value, rounding.places, rounding.mode)

"""The order of importance, as prices: what one unit of each unmet wish costs, in units of the best score."""

from typing import NamedTuple

LINES = ("fill", "must", "moves", "min_load", "should", "may", "floor")
"""Every entry its reviews; rules that must hold; in a repair, no review moved; minimum loads; rules that should;
rules that may; the floor for the worst-served entry."""

FORCES = ("must", "should", "may")


class Prices(NamedTuple):
    """What is paid for one review, judge or score missing; far apart, so that the order of importance holds.

    The order is checked after every solution (`order.py`): where these prices do not suffice, they are raised.
    """

    fill: float = 50_000.0
    must: float = 8_000.0
    moves: float = 3_000.0
    min_load: float = 1_500.0
    should: float = 400.0
    may: float = 100.0
    floor: float = 30.0
    score: float = 1.0  # what a score itself is worth; 0 when only a line is to be proven


def only(line: str) -> Prices:
    """Prices under which one line alone matters, after the lines above it.

    >>> only("must")
    Prices(fill=1000.0, must=1.0, moves=0.0, min_load=0.0, should=0.0, may=0.0, floor=0.0, score=0.0)
    """
    place = LINES.index(line)
    return Prices._make([1000.0 if p < place else float(p == place) for p in range(len(LINES))] + [0.0])


def raised(prices: Prices, line: str, factor: float = 10.0) -> Prices:
    """The same prices, but this line and those above it dearer by a factor.

    >>> raised(Prices(), "must").must, raised(Prices(), "must").min_load
    (80000.0, 1500.0)
    """
    above = LINES[: LINES.index(line) + 1]
    return prices._replace(**{name: getattr(prices, name) * factor for name in above})

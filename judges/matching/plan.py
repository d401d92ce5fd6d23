"""The answer: who reads what, how good it is, how good anything could be, and what is unmet and why."""

from typing import NamedTuple

from .certify import Duals
from .connect import Connectivity
from .reasons import Reason

OPTIMAL, PROVEN, DRAFT = "optimal", "proven to within its gap", "best draft in the time given"
DRAWN = "drawn by lot"  # better ones exist, as the gap says: that is the price of the draw


class Line(NamedTuple):
    """One line of the order of importance: what is unmet, and the least anyone could leave unmet."""

    code: str  # one of prices.LINES: fill, must, moves, min_load, should, may, floor
    unmet: float
    least: float  # proven: none that is as good on the lines above (an anchor's review counts twice) leaves less unmet here

    @property
    def proven(self) -> bool:
        """Nothing better exists on this line."""
        return self.unmet <= self.least + 1e-6


class Unmet(NamedTuple):
    """One wish that is not met, and by how much."""

    line: str  # fill, min_load, must, should, may, floor
    rule: str  # name of the rule, "" for fill, min_load and floor
    band: str  # group of the rule, "" for fill, min_load and floor
    entry: str  # "" if the wish is about a judge or a panel
    judge: str  # "" if the wish is about an entry or a panel
    amount: float  # reviews, judges or score missing (> 0)


class Plan(NamedTuple):
    """An assignment with its certificate. A draft: nothing is applied by making it."""

    pairs: tuple[tuple[str, str], ...]  # (entry, judge), sorted
    loads: dict[str, int]  # reviews of each judge
    filled: int  # reviews given, of `wanted`
    wanted: int
    short: dict[str, int]  # entries that miss reviews
    under: dict[str, int]  # judges below their minimum
    quality: float  # total score
    worth: float  # quality less load costs and penalties of what is unmet
    bound: float  # no assignment has more worth
    gap: float  # (bound - worth) / quality at that bound: 0.0001 is one hundredth of a percent
    lines: tuple[Line, ...]
    unmet: tuple[Unmet, ...]
    reasons: tuple[Reason, ...]
    connectivity: Connectivity
    duals: Duals  # prove the bound: `recompute_bound`
    proofs: dict[str, Duals]  # prove the least of a line where cuts do not: `least_unmet`
    status: str  # OPTIMAL, PROVEN, DRAFT or DRAWN
    digest: str  # of the problem
    solver: str
    seed: str
    moved: int  # reviews, in a repair, that should have stayed and did not
    seconds: float  # processor time

    @property
    def complete(self) -> bool:
        """Nothing at all is unmet."""
        return not self.unmet

    @property
    def quality_bound(self) -> float:
        """No assignment that leaves no more unmet, line by line, has more quality than this."""
        return self.quality + max(self.bound - self.worth, 0.0)

    @property
    def share_of_best(self) -> float:
        """Quality as a share of the most that is possible: 0.9999 reads '99.99 % of the best, proven'."""
        return self.quality / self.quality_bound if self.quality_bound > 0 else 1.0

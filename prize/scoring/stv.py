"""Single transferable vote, counted in exact fractions, every count kept.

The rule "stv-droop/1": the quota is fixed at the start; whoever reaches it is elected; the largest surplus is passed on
first, every paper of the elected moving on at value x surplus / votes; when nobody reaches the quota the last is
excluded and its papers move on at their value; when as many are left as seats, they are elected. A paper whose
next place is shared by several is divided equally among them. Ties go to the latest earlier count that tells them
apart, then to the declared tie order; never to chance or to the order of rows.
"""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from .refusals import Refusal, ScoringError

QUOTAS = ("droop", "hagenbach-bischoff", "hare")


class Count(NamedTuple):
    """One count: votes, who was elected or excluded on it; votes, exhausted and kept add up to the ballots."""

    votes: dict[Hashable, Fraction]
    elected: tuple[Hashable, ...]
    excluded: tuple[Hashable, ...]
    exhausted: Fraction
    kept: Fraction  # held by those elected before
    words: str


class Election(NamedTuple):
    """Who was elected: groups in order, a group of several being elected on one count with equal votes throughout."""

    elected: tuple[tuple[Hashable, ...], ...]
    quota: Fraction
    counts: tuple[Count, ...]


class _Paper(NamedTuple):
    groups: tuple[tuple[Hashable, ...], ...]
    value: Fraction
    holder: Hashable


def stv(
    entries: Sequence[Hashable],
    ballots: Sequence[Sequence[Sequence[Hashable]]],
    weight: Sequence[Fraction] | None = None,
    seats: int = 1,
    quota: str = "droop",
    tie_order: Sequence[Hashable] = (),
) -> Election:
    """Elect `seats` entries by the rule above.

    Formulas: droop floor(votes / (seats + 1)) + 1; hagenbach-bischoff votes / (seats + 1), to be exceeded;
    hare votes / seats. At every count votes + exhausted + kept = ballots.
    Errors: seats outside 1 to E; a tie that nothing settles. Source: weighted inclusive Gregory method.

    >>> result = stv("ABC", [[["A"], ["B"]], [["A"], ["B"]], [["A"], ["B"]], [["C"]]], None, 2)
    >>> result.elected, result.quota, {entry: str(votes) for entry, votes in result.counts[1].votes.items()}
    ((('A',), ('C',)), Fraction(2, 1), {'B': '1', 'C': '1'})
    """
    return _Counting(entries, ballots, weight, seats, quota, tuple(tie_order)).run()


class _Counting:
    def __init__(
        self,
        entries: Sequence[Hashable],
        ballots: Sequence[Sequence[Sequence[Hashable]]],
        weight: Sequence[Fraction] | None,
        seats: int,
        quota: str,
        tie_order: tuple[Hashable, ...],
    ) -> None:
        if not 1 <= seats <= len(entries):
            raise ScoringError("seats", "STV", f"{seats} seats for {len(entries)} entries", "give 1 to that number")
        self.hopeful, self.seats, self.tie_order = list(entries), seats, tie_order
        self.elected: list[tuple[Hashable, ...]] = []
        self.surplus: dict[Hashable, Fraction] = {}  # of the elected, not yet passed on
        self.counts: list[Count] = []
        self.exhausted = self.kept = Fraction(0)
        self.papers: list[_Paper] = []
        weights = [Fraction(1)] * len(ballots) if weight is None else list(weight)
        for groups, value in zip(ballots, weights, strict=True):
            self.deal(tuple(tuple(group) for group in groups), value)
        self.quota = _quota(quota, sum(weights, Fraction(0)), seats)
        self.exceed = quota == "hagenbach-bischoff"

    @property
    def open(self) -> int:
        return self.seats - sum(len(group) for group in self.elected)

    def run(self) -> Election:
        words = "First places."
        while self.open:
            votes = self.votes()
            if len(self.hopeful) <= self.open:
                self.elect(self.hopeful, votes, f"{words} As many are left as seats.")
                break
            reached = [entry for entry in self.hopeful if self.reaches(votes[entry])]
            if reached:
                self.elect(reached, votes, words)
                words = self.pass_on()
            elif self.surplus:
                self.record(votes, (), (), words)
                words = self.pass_on()
            else:
                words = self.exclude(votes, words)
        return Election(tuple(self.elected), self.quota, tuple(self.counts))

    def reaches(self, votes: Fraction) -> bool:
        return votes > self.quota if self.exceed else votes >= self.quota

    def votes(self) -> dict[Hashable, Fraction]:
        votes = dict.fromkeys(self.hopeful, Fraction(0))
        for paper in self.papers:
            if paper.holder in votes:
                votes[paper.holder] += paper.value
        return votes

    def deal(self, groups: tuple[tuple[Hashable, ...], ...], value: Fraction) -> None:
        """A paper goes to the first group with someone still in, divided equally; else it is exhausted."""
        for group in groups:
            holders = [entry for entry in group if entry in self.hopeful]
            if holders:
                self.papers += [_Paper(groups, value / len(holders), holder) for holder in holders]
                return
        self.exhausted += value

    def elect(self, reached: list[Hashable], votes: dict[Hashable, Fraction], words: str) -> None:
        chosen: list[Hashable] = []
        for group in self.grouped(reached, votes):
            if len(group) > self.open > 0:
                raise _undecided(group)
            if self.open:
                self.elected.append(group)
                chosen += group
        for entry in chosen:
            self.hopeful.remove(entry)
            self.surplus[entry] = max(votes[entry] - self.quota, Fraction(0))
        self.record(votes, tuple(chosen), (), words)

    def pass_on(self) -> str:
        """The largest surplus moves on, equal ones together: every paper at value x surplus / votes."""
        largest = max(self.surplus.values())
        givers = [entry for entry, surplus in self.surplus.items() if surplus == largest]
        for entry in givers:
            del self.surplus[entry]
            mine = self.taken_from(entry)
            held = sum((paper.value for paper in mine), Fraction(0))
            self.kept += held - largest
            for paper in mine if largest > 0 else []:
                self.deal(paper.groups, paper.value * largest / held)
        return f"Surplus of {', '.join(map(str, givers))} passed on: {largest}."

    def exclude(self, votes: dict[Hashable, Fraction], words: str) -> str:
        last = self.grouped(self.hopeful, votes)[-1]
        nobody = not votes[last[0]] and len(self.hopeful) - len(last) >= self.open  # no paper is at stake
        if len(last) > 1 and not nobody:
            raise _undecided(last)
        self.record(votes, (), last, words)
        for entry in last:
            self.hopeful.remove(entry)
        for entry in last:
            for paper in self.taken_from(entry):
                self.deal(paper.groups, paper.value)
        return f"{', '.join(map(str, last))} excluded; the papers move on."

    def taken_from(self, entry: Hashable) -> list[_Paper]:
        mine = [paper for paper in self.papers if paper.holder == entry]
        self.papers = [paper for paper in self.papers if paper.holder != entry]
        return mine

    def record(
        self,
        votes: dict[Hashable, Fraction],
        elected: tuple[Hashable, ...],
        excluded: tuple[Hashable, ...],
        words: str,
    ) -> None:
        waiting = sum((paper.value for paper in self.papers if paper.holder in self.surplus), Fraction(0))
        of_this_count = sum((votes[entry] for entry in elected), Fraction(0))
        kept = self.kept + waiting - of_this_count
        self.counts.append(Count(votes, elected, excluded, self.exhausted, kept, words))

    def grouped(self, tied: list[Hashable], votes: dict[Hashable, Fraction]) -> list[tuple[Hashable, ...]]:
        """By votes, then by the latest earlier count that differs, then by the declared order; equals stay together."""
        history = [count.votes for count in reversed(self.counts)]

        def key(entry: Hashable) -> tuple:
            named = -self.tie_order.index(entry) if entry in self.tie_order else -len(self.tie_order)
            return (votes[entry], *(past.get(entry, Fraction(0)) for past in history), named)

        return [tuple(group) for _, group in groupby(sorted(tied, key=key, reverse=True), key=key)]


def _undecided(group: tuple[Hashable, ...]) -> Refusal:
    fault = f"{' and '.join(map(str, group))} have had the same votes at every count"
    return Refusal("tie", "STV", fault, "declare a tie order (a chair's casting order or a drawn list)")


def _quota(name: str, votes: Fraction, seats: int) -> Fraction:
    if name == "droop":
        return Fraction(votes // (seats + 1) + 1)
    if name == "hagenbach-bischoff":
        return votes / (seats + 1)
    if name == "hare":
        return votes / seats
    raise ScoringError("quota", "STV", f"quota {name!r} is not known", "use one of " + ", ".join(QUOTAS))

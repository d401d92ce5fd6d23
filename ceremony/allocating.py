"""Which entry gets which place: from ranks, the award tree and the partners' choices, and why. No rows and no clock in here.

Awards are filled by precedence. An entry, and whoever entered it, is given one award at most; an award keeps to its category and
its applicant types. What is fixed by hand stands first, and everything else is computed around it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Ground(StrEnum):
    """Why a place is given as it is."""

    RANK = "rank"
    NOMINATED = "nominated"
    BY_HAND = "by-hand"
    LEFT_EMPTY = "left-empty"
    NOBODY = "nobody"
    NO_NOMINATION = "no-nomination"
    NOMINEE_HOLDS = "nominee-holds"
    NOMINEE_GONE = "nominee-gone"


class Candidate(NamedTuple):
    code: str
    category: str
    kind: str  # the applicant type
    entrant: str  # whoever entered it: the same for two entries of one body
    rank: int | None


class Given(NamedTuple):
    """An award to be filled."""

    key: str
    places: int
    category: str = ""  # "" means any
    kinds: frozenset[str] = frozenset()  # empty means all
    is_special: bool = False
    nominee: str = ""  # only for a partner's award

    def admits(self, candidate: Candidate) -> bool:
        return self.category in ("", candidate.category) and (not self.kinds or candidate.kind in self.kinds)


class Passed(NamedTuple):
    """A better-ranked entry that this place went past, and what stood in its way."""

    code: str
    rank: int
    holds: str  # the award that it, or whoever entered it, has already
    through: str = ""  # the entry through which its entrant has it


class Line(NamedTuple):
    award: str
    number: int
    code: str  # "" for a place that stays empty
    ground: Ground
    rank: int | None = None
    passed: tuple[Passed, ...] = ()
    tied: tuple[str, ...] = ()  # others with the same rank for whom no place is left: the committee has to choose


Fixed = Mapping[tuple[str, int], str]


class Holder(NamedTuple):
    award: str
    code: str


def allocate(awards: Sequence[Given], candidates: Sequence[Candidate], fixed: Fixed | None = None) -> list[Line]:
    """One line for every place, in the awards' order.

    >>> gold, silver = Given("gold", 1), Given("silver", 1, kinds=frozenset({"company"}))
    >>> entries = [Candidate("A", "", "city", "a", 1), Candidate("B", "", "city", "b", 2), Candidate("C", "", "company", "c", 3)]
    >>> [(line.award, line.code) for line in allocate([gold, silver], entries)]
    [('gold', 'A'), ('silver', 'C')]
    """
    fixed = fixed or {}
    by_code = {candidate.code: candidate for candidate in candidates}
    ranked = sorted((c for c in candidates if c.rank is not None), key=lambda c: (c.rank, c.code))
    held = {by_code[code].entrant: Holder(key, code) for (key, _number), code in fixed.items() if code}
    lines = []
    for award in awards:
        for number in range(1, award.places + 1):
            line = next_line(award, number, ranked, by_code, fixed, held)
            if line.code:
                held[by_code[line.code].entrant] = Holder(award.key, line.code)
            lines.append(line)
    return lines


def next_line(
    award: Given,
    number: int,
    ranked: list[Candidate],
    by_code: dict[str, Candidate],
    fixed: Fixed,
    held: dict[str, Holder],
) -> Line:
    if (award.key, number) in fixed:
        code = fixed[award.key, number]
        rank = by_code[code].rank if code else None
        return Line(award.key, number, code, Ground.BY_HAND if code else Ground.LEFT_EMPTY, rank)
    if award.is_special:
        return nominated_line(award, number, by_code, held)
    return ranked_line(award, number, ranked, fixed, held)


def nominated_line(award: Given, number: int, by_code: dict[str, Candidate], held: dict[str, Holder]) -> Line:
    """A partner's award goes to its nominee, or to nobody."""
    if not award.nominee:
        return Line(award.key, number, "", Ground.NO_NOMINATION)
    candidate = by_code.get(award.nominee)
    if candidate is None or not award.admits(candidate):
        return Line(award.key, number, "", Ground.NOMINEE_GONE)
    holder = held.get(candidate.entrant)
    if holder:
        passed = (Passed(candidate.code, candidate.rank or 0, holder.award, through(holder, candidate)),)
        return Line(award.key, number, "", Ground.NOMINEE_HOLDS, passed=passed)
    return Line(award.key, number, candidate.code, Ground.NOMINATED, candidate.rank)


def ranked_line(award: Given, number: int, ranked: list[Candidate], fixed: Fixed, held: dict[str, Holder]) -> Line:
    """The best-ranked entry that the award admits and whose entrant has nothing yet."""
    passed: list[Passed] = []
    for candidate in filter(award.admits, ranked):
        holder = held.get(candidate.entrant)
        if holder is None:
            tied = contenders(award, number, candidate, ranked, fixed, held)
            return Line(award.key, number, candidate.code, Ground.RANK, candidate.rank, tuple(passed), tied)
        if holder.award != award.key:
            passed.append(Passed(candidate.code, candidate.rank or 0, holder.award, through(holder, candidate)))
    return Line(award.key, number, "", Ground.NOBODY, passed=tuple(passed))


def through(holder: Holder, candidate: Candidate) -> str:
    return "" if holder.code == candidate.code else holder.code


def contenders(
    award: Given, number: int, chosen: Candidate, ranked: list[Candidate], fixed: Fixed, held: dict[str, Holder]
) -> tuple[str, ...]:
    """Those with the chosen one's rank, where the award has fewer places left than there are of them."""
    equals = [c for c in ranked if c.rank == chosen.rank and award.admits(c) and c.entrant not in held]
    left = sum((award.key, place) not in fixed for place in range(number, award.places + 1))
    return tuple(c.code for c in equals if c.code != chosen.code) if len(equals) > left else ()

"""Rankings by judges made into one: ballots read with their ties and gaps, counted by a named method."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from . import kemeny, pairwise, stv, worth
from .agreement import kendall_w
from .methods import method as recipe
from .rank import TieRule, rank
from .refusals import ScoringError
from .scale import exact
from .working import Note, Step, Working

Groups: TypeAlias = tuple[tuple[Hashable, ...], ...]


class Ballots(NamedTuple):
    """Ballots in one form: groups of equals, the best first; an entry in no group is unranked, below all that are."""

    entries: tuple[Hashable, ...]  # sorted
    groups: tuple[Groups, ...]
    weight: tuple[Fraction, ...]


class Outcome(NamedTuple):
    """What a method makes of the ballots, in the order of `entries`."""

    entries: tuple[Hashable, ...]
    place: tuple[int | None, ...]  # shared where the method ties; None for an entry that STV does not elect
    score: tuple[Any, ...]  # points, pairs won, worth ..., by the method
    tie_groups: tuple[tuple[int, ...], ...]
    prefers: np.ndarray  # float[E, E]: weight of the ballots that place row above column
    rounds: tuple[stv.Count, ...]  # of STV, else empty
    warnings: tuple[Note, ...]
    working: Working

    def order(self) -> tuple[tuple[Hashable, ...], ...]:
        """The entries from first to last, those that share a place together."""
        places = sorted({place for place in self.place if place is not None})
        return tuple(
            tuple(entry for entry, own in zip(self.entries, self.place, strict=True) if own == place)
            for place in places
        )


class _Counted(NamedTuple):
    """What a method hands back before ties and places are settled."""

    score: Sequence[Any]
    chain: tuple[TieRule, ...] = ()
    steps: tuple[Step, ...] = ()
    warnings: tuple[Note, ...] = ()
    rounds: tuple[stv.Count, ...] = ()


def read_ballots(
    ballots: Sequence[Any], entries: Sequence[Hashable] | None = None, weight: Sequence[Any] | None = None
) -> Ballots:
    """Ballots in one form.

    A ballot is a sequence from best to worst, in which a list, tuple or set holds equals; or text such as "ACB"; or a
    mapping from entry to rank, equal ranks being ties and None unranked. `weight` says how many such ballots there are;
    for text and mappings (number, ballot) says the same.
    Errors: an entry named twice, an entry that does not stand, an empty list, a weight not above zero.

    >>> read_ballots([(2, "AB"), ["C", ["A", "B"]], {"A": 1, "B": 2, "C": None}]).groups
    ((('A',), ('B',)), (('C',), ('A', 'B')), (('A',), ('B',)))
    """
    pairs = [_counted(each) for each in ballots] if weight is None else list(zip(weight, ballots, strict=True))
    read = [_groups(ballot, number) for number, (_, ballot) in enumerate(pairs, start=1)]
    named = {entry for groups in read for group in groups for entry in group}
    listed = [entry for _, ballot in pairs if isinstance(ballot, Mapping) for entry in ballot]
    standing = tuple(sorted(set(entries) if entries is not None else named | set(listed)))  # type: ignore[type-var]
    strangers = (named | set(listed)) - set(standing)
    if strangers:
        fault = "it does not stand in this vote"
        raise ScoringError("unknown-name", f"Entry {next(iter(strangers))}", fault, "correct the ballot")
    if not read or not standing:
        raise ScoringError("empty", "Ballots", "there are none", "collect at least one")
    weights = tuple(exact(number, "Number of ballots") for number, _ in pairs)
    if min(weights) <= 0:
        raise ScoringError("weight", "Number of ballots", f"{min(weights)} is not above zero", "leave the ballot out")
    return Ballots(standing, tuple(read), weights)


def aggregate_ranks(
    ballots: Sequence[Any],
    method: str = "schulze/1",
    *,
    entries: Sequence[Hashable] | None = None,
    weight: Sequence[Any] | None = None,
    seats: int | None = None,
    tie_order: Sequence[Hashable] = (),
    quota: str = "droop",
    ghost: float = 0.0,
) -> Outcome:
    """One ranking from many, by Borda, Copeland, Schulze, Kemeny, Bradley-Terry, Plackett-Luce or STV.

    ballots: see `read_ballots`; a ranked entry beats an unranked one. seats, quota and tie_order (a chair's order, asked
    only when counts tie) are for STV; ghost adds a pseudo-opponent to the worth methods. Pairs that a ballot names as
    equals count for neither side, except that Borda halves them and bradley-terry/2 and Plackett-Luce measure how likely
    a tie is. Formulas and sources: the
    modules pairwise, kemeny, worth and stv. Errors: those of the ballots; Kemeny above 30 entries; worth methods when
    some entry never loses, or never wins, and no ghost is allowed.

    >>> ballots = [(5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA")]
    >>> outcome = aggregate_ranks([*ballots, (8, "EBADC")])
    >>> "".join(entry for group in outcome.order() for entry in group)
    'EACBD'
    """
    name = recipe(method, takes="ballots").name
    if name not in _COUNTERS:
        raise ScoringError("wrong-method", f"Method {name}", "it does not count ballots", "choose another")
    read = read_ballots(ballots, entries, weight)
    prefers = preferences(read)
    options = {"seats": seats, "tie_order": tuple(tie_order), "quota": quota, "ghost": ghost}
    counted = _COUNTERS[name](read, prefers, options)
    ranking = rank(counted.score, tie_rules=counted.chain)
    return Outcome(
        read.entries,
        ranking.place,
        tuple(counted.score),
        ranking.tie_groups,
        prefers,
        counted.rounds,
        counted.warnings,
        Working(name, counted.steps + ranking.working.steps),
    )


def preferences(read: Ballots) -> np.ndarray:
    """P[a, b]: the weight of the ballots that place a above b, float[E, E]; ties count for neither."""
    total = np.zeros((len(read.entries), len(read.entries)))
    for level, weight in zip(_levels(read), read.weight, strict=True):
        total += float(weight) * (level[:, None] < level[None, :])
    return total


def _levels(read: Ballots) -> Iterator[np.ndarray]:
    """Of each ballot, which group of equals an entry is in, from 0; the unranked stand together below all others."""
    position = {entry: place for place, entry in enumerate(read.entries)}
    for groups in read.groups:
        level = np.full(len(position), len(position))
        for number, group in enumerate(groups):
            level[[position[entry] for entry in group]] = number
        yield level


def _counted(ballot: Any) -> tuple[Any, Any]:
    """(number, ballot) where the ballot is text or a mapping; other pairs could as well be rankings of two."""
    if isinstance(ballot, tuple | list) and len(ballot) == 2:
        number, inner = ballot
        whole = isinstance(inner, Mapping) or (isinstance(inner, str) and len(inner) > 1)
        if whole and isinstance(number, int | float | Fraction) and not isinstance(number, bool):
            return number, inner
    return 1, ballot


def _groups(ballot: Any, number: int) -> Groups:
    if isinstance(ballot, Mapping):
        ranked = {entry: exact(given, f"Rank of {entry}") for entry, given in ballot.items() if given is not None}
        levels = sorted(set(ranked.values()))
        return tuple(tuple(sorted(e for e, level in ranked.items() if level == each)) for each in levels)
    groups = tuple(
        tuple(sorted(group)) if isinstance(group, list | tuple | set | frozenset) else (group,) for group in ballot
    )
    named = [entry for group in groups for entry in group]
    twice = [entry for entry in named if named.count(entry) > 1]
    if twice:
        raise ScoringError("duplicate", f"Ballot {number}", f"{twice[0]} is named twice", "name each entry once")
    return tuple(group for group in groups if group)


def _borda(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    points = pairwise.borda(read.entries, read.groups, read.weight)
    words = "A place earns a point for every entry below it and half a point for every equal."
    return _Counted(points, steps=(Step("points", words, "", _by_name(read, points)), *_agreement(read)))


def _agreement(read: Ballots) -> Iterator[Step]:
    """Kendall's W, where there is anything to agree upon and every ballot stands for a whole number of voters."""
    if any(weight.denominator != 1 for weight in read.weight):
        return
    ranks = [
        level.tolist()
        for level, weight in zip(_levels(read), read.weight, strict=True)
        for _voter in range(int(weight))
    ]
    try:
        found = kendall_w(ranks)
    except ScoringError:
        return
    words = (
        "How far the ballots agree: Kendall's W, from 0 (not at all) to 1 (all the same), and its test against chance."
    )
    figures = {"W": found.W, "chi2": found.chi2, "df": found.df, "p": found.p}
    yield Step("agreement", words, "12 S / (m^2 (n^3 - n) - m T)", figures)


def _copeland(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    wins = pairwise.copeland(prefers)
    favour = TieRule.by("judges in favour", prefers.sum(axis=1).tolist())
    step = Step("pairs", "Compare two by two; count the pairs won.", "P[a,b] > P[b,a]", _by_name(read, wins))
    return _Counted(wins, (favour,), (step,))


def _schulze(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    strength = pairwise.schulze_strengths(prefers)
    unbeaten_by = (len(strength) - 1 - (strength < strength.T).sum(axis=1)).tolist()
    step = Step("paths", "A chain of victories is as strong as its weakest link.", "S", {"strengths": strength})
    words = "Others that do not beat it; whoever is beaten by nobody comes first."
    return _Counted(unbeaten_by, steps=(step, Step("unbeaten", words, "", _by_name(read, unbeaten_by))))


def _kemeny(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    found = kemeny.kemeny(prefers)
    score = [0] * len(read.entries)
    for place, position in enumerate(found.order):
        score[position] = len(read.entries) - place
    words = "The order with the fewest disagreements."
    notes: tuple[Note, ...] = ()
    if found.other is not None:
        other = ", ".join(str(read.entries[position]) for position in found.other)
        notes = (Note("not-unique", f"Another order disagrees as little: {other}.", {"other": other}),)
    step = Step("disagreements", words, "sum of P[b, a] for a above b", {"cost": found.cost})
    return _Counted(score, steps=(step,), warnings=notes)


def _bradley_terry(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    fitted = worth.bradley_terry(prefers, ghost=options["ghost"])
    step = Step("worth", "Worth that fits the pairs won.", "", _by_name(read, fitted.worth))
    return _Counted([round(each, 9) for each in fitted.ability], steps=(step,))


def _bradley_terry_with_ties(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    fitted = worth.bradley_terry(prefers, _ties(read), ghost=options["ghost"])
    figures = _by_name(read, fitted.worth) | {f"tie of {size}": nu for size, nu in fitted.ties.items()}
    step = Step("worth", "Worth that fits the pairs won and the pairs tied.", "", figures)
    return _Counted([round(each, 9) for each in fitted.ability], steps=(step,))


def _ties(read: Ballots) -> np.ndarray:
    """The weight of the ballots that name two entries as equals, float[E, E]; of the unranked nothing is said."""
    position = {entry: place for place, entry in enumerate(read.entries)}
    total = np.zeros((len(position), len(position)))
    for groups, weight in zip(read.groups, read.weight, strict=True):
        for group in groups:
            equals = [position[entry] for entry in group]
            total[np.ix_(equals, equals)] += float(weight)
    np.fill_diagonal(total, 0.0)
    return total


def _plackett_luce(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    position = {entry: place for place, entry in enumerate(read.entries)}
    groups = [tuple(tuple(position[entry] for entry in group) for group in each) for each in read.groups]
    weights = [float(weight) for weight in read.weight]
    fitted = worth.plackett_luce(groups, len(position), weights, ghost=options["ghost"])
    figures = _by_name(read, fitted.worth) | {f"tie of {size}": nu for size, nu in fitted.ties.items()}
    step = Step("worth", "Worth that makes the ballots most likely.", "", figures)
    return _Counted([round(each, 6) for each in fitted.ability], steps=(step,))


def _stv(read: Ballots, prefers: np.ndarray, options: Mapping) -> _Counted:
    seats = options["seats"]
    if seats is None:
        raise ScoringError("seats", "STV", "the number of seats is not given", "say how many are to be elected")
    result = stv.stv(read.entries, read.groups, read.weight, seats, options["quota"], options["tie_order"])
    score: list[int | None] = [None] * len(read.entries)
    for place, group in enumerate(result.elected):
        for entry in group:
            score[read.entries.index(entry)] = seats - place
    steps = tuple(
        Step("count", count.words, "", {str(e): v for e, v in count.votes.items()}) for count in result.counts
    )
    first = Step("quota", f"Quota ({options['quota']}).", "", {"quota": result.quota})
    return _Counted(score, steps=(first, *steps), rounds=result.counts)


def _by_name(read: Ballots, values: Sequence[Any]) -> dict[str, Any]:
    return {str(entry): value for entry, value in zip(read.entries, values, strict=True)}


_COUNTERS: dict[str, Callable[[Ballots, np.ndarray, Mapping], _Counted]] = {
    "borda/1": _borda,
    "copeland/1": _copeland,
    "schulze/1": _schulze,
    "kemeny/1": _kemeny,
    "bradley-terry/1": _bradley_terry,
    "bradley-terry/2": _bradley_terry_with_ties,
    "plackett-luce/1": _plackett_luce,
    "stv-droop/1": _stv,
}

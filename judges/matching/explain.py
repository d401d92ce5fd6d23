"""Why a wish cannot be met: by minimum cut, as data. Every cause states a number that is also a proof."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .flow import Bottleneck, Service, serve
from .problem import Problem
from .reasons import Reason
from .rules import NO_LIMIT

Ints = NDArray[np.int64]


class Causes(NamedTuple):
    """The causes of what is unmet on one line, and the least that must stay unmet because of them."""

    least: int
    reasons: tuple[Reason, ...]


class Eligibility(NamedTuple):
    """Who may read one entry. The reasons overlap: a judge may be barred for several."""

    judges: int
    barred: dict[str, int]
    no_room: int  # judges whose maximum load is 0
    eligible: int


def eligibility(problem: Problem, entry: str) -> Eligibility:
    """Count the judges who may read an entry, and those who may not, by reason.

    >>> from judges.matching import pose
    >>> p = pose(["a"], ["x", "y", "z"], np.ones((1, 3)), k=2, max_load=1, forbidden={"conflict": [("a", "z")]})
    >>> eligibility(p, "a")
    Eligibility(judges=3, barred={'conflict': 1}, no_room=0, eligible=2)
    """
    row = problem.barred[problem.entries.index(entry)]
    barred = {code: int((row >> bit & 1).sum()) for bit, code in enumerate(problem.codes)}
    open_pairs = (row == 0) & (problem.max_load > 0)
    return Eligibility(len(row), barred, int((problem.max_load == 0).sum()), int(open_pairs.sum()))


def why_short(problem: Problem) -> Causes:
    """Why not every entry gets its reviews: entries that compete for too few places with the judges.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], np.ones((2, 2)), k=2, max_load=[1, 2])
    >>> print(why_short(p).reasons[0])
    2 entries need 4 reviews (a, b), and 1 judge on whom that depends can take no more (x): at most 3 reviews, \
so 1 will be missing. Raise their limit, or find judges with 1 free place.
    """
    held = _held(problem)
    service = serve(problem.k - held.entry, problem.max_load - held.judge, held.cells)
    return Causes(service.missing, tuple(_entries_short(problem, one) for one in service.bottlenecks))


def why_under(problem: Problem) -> Causes:
    """Why not every judge gets the minimum: judges for whom there is too little to read."""
    held = _held(problem)
    service = serve(np.maximum(problem.min_load - held.judge, 0), problem.k - held.entry, held.cells[:, ::-1])
    reasons = tuple(
        Reason(
            "judges_under",
            {
                "judges": _names(problem.judges, one.askers),
                "entries": _names(problem.entries, one.within_reach),
                "needed": one.needed,
                "possible": one.possible,
                "missing": one.missing,
            },
        )
        for one in service.bottlenecks
    )
    return Causes(service.missing, reasons)


def why_broken(problem: Problem, rule: str) -> Causes:
    """Why a rule cannot hold on every entry, group by group; the numbers add up to a proven least.

    >>> from judges.matching import at_least, pose
    >>> senior = at_least("seniority", {"x": "senior", "y": None}, {"senior": 1})
    >>> p = pose(["a", "b"], ["x", "y"], np.ones((2, 2)), k=1, max_load=[1, 2], rules=[senior])
    >>> print(why_broken(p, "seniority").reasons[0])
    Rule seniority, senior: 2 entries need 2 (a, b); the judges of the group who may read them (x) can give 1. \
At least 1 will be missing. Raise their limit, or find judges of the group with 1 free place.
    """
    mine = [b for b, name in enumerate(problem.bands.name) if name == rule]
    asking = [b for b in mine if problem.bands.low[:, b].any()]
    few, beyond = [_too_few(problem, b) for b in asking], _beyond_panels(problem, asking)
    limited = [b for b in mine if (problem.bands.high[:, b] < problem.k).any()]
    many = _too_many(problem, limited) if limited else []
    least = max(sum(one.least for one in few), beyond.least) + sum(one.least for one in many)
    return Causes(least, tuple(reason for one in (beyond, *few, *many) for reason in one.reasons))


class _Held(NamedTuple):
    """What the locks already use, and the pairs still open."""

    entry: Ints  # (n,), reviews
    judge: Ints  # (m,)
    cells: Ints  # (C, 2)


def _held(problem: Problem) -> _Held:
    allowed = problem.allowed
    allowed[problem.locks[:, 0], problem.locks[:, 1]] = False
    return _Held(
        np.bincount(problem.locks[:, 0], minlength=len(problem.entries)),
        np.bincount(problem.locks[:, 1], minlength=len(problem.judges)),
        np.argwhere(allowed),
    )


def _beyond_panels(problem: Problem, bands: list[int]) -> Causes:
    """A rule that asks for more judges than the panel has places. Groups that share judges may be served by one."""
    low = problem.bands.low[:, bands].astype(np.int64)
    disjoint = problem.bands.member[bands].sum(axis=0).max(initial=0) <= 1
    asked = low.sum(axis=1) if disjoint else low.max(axis=1, initial=0)
    over = np.flatnonzero(asked > problem.k)
    if not len(over):
        return Causes(0, ())
    needed, possible = int(asked[over].sum()), int(problem.k[over].sum())
    figures = {
        "rule": problem.bands.name[bands[0]],
        "entries": _names(problem.entries, over),
        "needed": needed,
        "possible": possible,
        "missing": needed - possible,
    }
    return Causes(needed - possible, (Reason("beyond_panels", figures),))


def _too_few(problem: Problem, b: int) -> Causes:
    """A group that is asked for more than it can give: only its own judges are in the network."""
    held, member = _held(problem), problem.bands.member[b]
    locked = problem.locks[member[problem.locks[:, 1]], 0]
    demand = np.maximum(problem.bands.low[:, b] - np.bincount(locked, minlength=len(problem.entries)), 0)
    asked = demand > 0
    cells = held.cells[member[held.cells[:, 1]] & asked[held.cells[:, 0]]]
    service = serve(demand, problem.max_load - held.judge, cells)
    return Causes(
        service.missing, tuple(_group_reason(problem, b, one, "group_too_small") for one in service.bottlenecks)
    )


def _too_many(problem: Problem, bands: list[int]) -> list[Causes]:
    """Limits on groups: how many reviews fit without breaking them, against how many can be given at all.

    Groups of one rule that share no judge go into one network; others get one each.
    """
    disjoint = problem.bands.member[bands].sum(axis=0).max(initial=0) <= 1
    together = [bands] if disjoint else [[b] for b in bands]
    return [_crowded(problem, some) for some in together]


def _crowded(problem: Problem, bands: list[int]) -> Causes:
    held, high = _held(problem), problem.bands.high[:, bands]
    group = np.full(len(held.cells), -1, dtype=np.int64)
    limit: list[int] = []
    for place, b in enumerate(bands):
        bound = np.flatnonzero(high[:, place] != NO_LIMIT)
        number = np.full(len(problem.entries), -1, dtype=np.int64)
        number[bound] = len(limit) + np.arange(len(bound))
        hit = problem.bands.member[b][held.cells[:, 1]] & (number[held.cells[:, 0]] >= 0)
        group[hit] = number[held.cells[hit, 0]]
        locked = np.bincount(
            problem.locks[problem.bands.member[b][problem.locks[:, 1]], 0], minlength=len(problem.entries)
        )
        limit += np.maximum(high[bound, place] - locked[bound], 0).tolist()
    demand, supply = problem.k - held.entry, problem.max_load - held.judge
    service = serve(demand, supply, held.cells, group, np.array(limit, dtype=np.int64))
    if not service.missing:
        return Causes(0, ())
    least = serve(demand, supply, held.cells).most - service.most
    reasons = tuple(_group_reason(problem, bands[0], one, "rule_crowds_out") for one in service.bottlenecks)
    return Causes(max(least, 0), reasons if least > 0 else ())


def _entries_short(problem: Problem, one: Bottleneck) -> Reason:
    codes = problem.barred[one.askers]
    figures = {
        "entries": _names(problem.entries, one.askers),
        "judges": _names(problem.judges, one.givers if len(one.givers) else one.within_reach),
        "needed": one.needed,
        "possible": one.possible,
        "missing": one.missing,
        "barred": {code: int((codes >> bit & 1).sum()) for bit, code in enumerate(problem.codes)},
        "pairs": int(codes.size),
    }
    return Reason("judges_full" if len(one.givers) else "too_few_eligible", figures)


def _group_reason(problem: Problem, b: int, one: Bottleneck, code: str) -> Reason:
    if code == "group_too_small" and not len(one.givers):
        code = "group_too_few_eligible"
    figures = {
        "rule": problem.bands.name[b],
        "group": problem.bands.label[b],
        "entries": _names(problem.entries, one.askers),
        "judges": _names(problem.judges, one.within_reach),
        "needed": one.needed,
        "possible": one.possible,
        "missing": one.missing,
    }
    return Reason(code, figures)


def _names(ids: tuple[str, ...], places: Ints) -> tuple[str, ...]:
    return tuple(sorted(ids[i] for i in places))


__all__ = ["Causes", "Eligibility", "Service", "eligibility", "why_broken", "why_short", "why_under"]

"""After a judge is lost or an entry comes late: fill the holes with the fewest moves, and move no score."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .plan import Plan
from .problem import Problem, check_locks, seal
from .reading import ProblemError, identifiers, pairs_of
from .solve import assign

Pair = tuple[str, str]
LOST = "lost"
"""The reason code of pairs barred because their judge is no longer there."""


class Difference(NamedTuple):
    """What changes between two assignments."""

    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    kept: int
    judges: tuple[str, ...]  # whose reviews change
    entries: tuple[str, ...]  # whose panel changes


class Repair(NamedTuple):
    """A repaired assignment: the plan, and what it changes."""

    plan: Plan
    given_up: tuple[Pair, ...]  # reviews of lost judges, and pairs now forbidden, that others take over
    moved: tuple[Pair, ...]  # reviews of the other judges that had to change hands
    difference: Difference
    problem: Problem  # the question answered, for the certificate


def repair(
    problem: Problem,
    pairs: Iterable[Pair],
    *,
    lost: Iterable[str] = (),
    scored: Iterable[Pair] = (),
    gap: float = 0.0001,
    time_limit: float = 60.0,
) -> Repair:
    """Fill every hole, moving as few reviews as possible and no scored one.

    pairs: the assignment so far. lost: judges who take nothing more; what they have scored stays.
    scored: pairs that must stay. Order of importance: fill, rules that must hold, fewest moves, then
    as in `assign`. Late entries are holes as well. A judge or entry whose scores exceed its limit
    keeps them. Raises `ProblemError`, also where a scored pair is now forbidden.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y", "z"], np.ones((2, 3)), k=1, max_load=2)
    >>> done = repair(p, [("a", "x"), ("b", "y")], lost=["x"], scored=[("b", "y")])
    >>> ("b", "y") in done.plan.pairs, done.moved, done.given_up
    (True, (), (('a', 'x'),))
    """
    before = tuple(pairs)
    gone = identifiers("lost judge", lost, among=problem.judges)
    changed = after_loss(problem, before, gone, tuple(scored))
    plan = assign(changed, gap=gap, time_limit=time_limit)
    change = difference(before, plan.pairs)
    given_up = tuple(pair for pair in change.removed if _barred(changed, pair))
    moved = tuple(pair for pair in change.removed if pair not in set(given_up))
    return Repair(plan, given_up, moved, change, changed)


def after_loss(problem: Problem, pairs: tuple[Pair, ...], lost: tuple[str, ...], scored: tuple[Pair, ...]) -> Problem:
    """The problem without the lost judges, scored pairs locked, all other pairs to be kept if possible."""
    cells = pairs_of("pairs", pairs, problem.entries, problem.judges)
    fixed = pairs_of("scored", scored, problem.entries, problem.judges)
    is_gone = np.isin(problem.judges, lost)
    locks = np.unique(np.vstack([problem.locks[~is_gone[problem.locks[:, 1]]], fixed]), axis=0)
    at_judge = np.bincount(locks[:, 1], minlength=len(problem.judges))
    at_entry = np.bincount(locks[:, 0], minlength=len(problem.entries))
    high = np.where(is_gone, at_judge, np.maximum(problem.max_load, at_judge))
    barred = np.repeat(is_gone[None, :], len(problem.entries), axis=0)
    barred[locks[:, 0], locks[:, 1]] = False
    changed = _with_code(problem, LOST, barred)._replace(
        locks=locks, max_load=high, min_load=np.where(is_gone, 0, problem.min_load)
    )
    readers = np.where(problem.anchor, changed.allowed.sum(axis=1), problem.k)
    changed = changed._replace(k=np.maximum(readers, at_entry))
    check_locks(changed)
    kept = np.zeros(barred.shape, dtype=bool)
    kept[cells[:, 0], cells[:, 1]] = True
    return seal(changed._replace(kept=kept & changed.allowed))


def difference(before: Iterable[Pair], after: Iterable[Pair]) -> Difference:
    """What changes between two assignments.

    >>> difference([("a", "x"), ("b", "y")], [("a", "x"), ("b", "z")])[:3]
    ((('b', 'z'),), (('b', 'y'),), 1)
    """
    old, new = set(before), set(after)
    added, removed = sorted(new - old), sorted(old - new)
    changed = added + removed
    return Difference(
        tuple(added),
        tuple(removed),
        len(old & new),
        tuple(sorted({judge for _, judge in changed})),
        tuple(sorted({entry for entry, _ in changed})),
    )


def _with_code(problem: Problem, code: str, mask: NDArray[np.bool_]) -> Problem:
    """The problem with some more pairs forbidden, for a reason that may be new."""
    codes = problem.codes if code in problem.codes else (*problem.codes, code)
    bit = codes.index(code)
    if bit >= 32:
        raise ProblemError("too_many_codes", number=bit + 1)
    width = np.uint8 if len(codes) <= 8 else np.uint16 if len(codes) <= 16 else np.uint32
    wide = problem.barred.astype(width)
    marked = np.where(mask, np.bitwise_or(wide, wide.dtype.type(1 << bit)), wide)
    return problem._replace(codes=codes, barred=marked)


def _barred(problem: Problem, pair: Pair) -> bool:
    return bool(problem.barred[problem.entries.index(pair[0]), problem.judges.index(pair[1])])

"""Are we ready to start? For each judge: if this judge leaves, can the others take over without a move?"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .flow import serve
from .problem import Problem
from .reading import pairs_of

Ints = NDArray[np.int64]
Pair = tuple[str, str]


class Cover(NamedTuple):
    """What happens if one judge leaves."""

    judge: str
    reviews: int  # that would have to be taken over
    missing: int  # of them, nobody could take over as things stand
    entries: tuple[str, ...]  # that would compete for the missing ones

    @property
    def covered(self) -> bool:
        """The others can take over everything, and nothing else changes."""
        return self.missing == 0


def readiness(problem: Problem, pairs: Iterable[Pair], *, scored: Iterable[Pair] = ()) -> tuple[Cover, ...]:
    """For every judge with open reviews, whether the others could take them over; the worst first.

    Scored reviews stay, so they need no cover. One small maximum flow per judge: holes of one place
    each, against the free places of the judges who may read the entry and do not yet.

    >>> from judges.matching import pose
    >>> p = pose(["a", "b"], ["x", "y"], np.ones((2, 2)), k=1, max_load=[2, 1])
    >>> [(c.judge, c.missing) for c in readiness(p, [("a", "x"), ("b", "y")])]
    [('x', 1), ('y', 0)]
    """
    cells = pairs_of("pairs", pairs, problem.entries, problem.judges)
    done = pairs_of("scored", scored, problem.entries, problem.judges)
    free = problem.max_load - np.bincount(cells[:, 1], minlength=len(problem.judges))
    usable = problem.allowed
    usable[cells[:, 0], cells[:, 1]] = False
    open_pair = np.zeros(usable.shape, dtype=bool)
    open_pair[cells[:, 0], cells[:, 1]] = True
    open_pair[done[:, 0], done[:, 1]] = False
    found = [_cover(problem, j, np.flatnonzero(open_pair[:, j]), np.maximum(free, 0), usable) for j in _busy(open_pair)]
    return tuple(sorted(found, key=lambda one: (-one.missing, one.judge)))


def _busy(open_pair: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(open_pair.any(axis=0)).tolist()


def _cover(problem: Problem, judge: int, holes: Ints, free: Ints, usable: NDArray[np.bool_]) -> Cover:
    room = free.copy()
    room[judge] = 0
    helpers = np.flatnonzero(room)
    choice = usable[np.ix_(holes, helpers)]
    name = problem.judges[judge]
    if _easily(choice, room[helpers]):
        return Cover(name, len(holes), 0, ())
    service = serve(np.ones(len(holes), dtype=np.int64), room[helpers], np.argwhere(choice))
    stuck = {problem.entries[holes[e]] for one in service.bottlenecks for e in one.askers}
    return Cover(name, len(holes), service.missing, tuple(sorted(stuck)))


def _easily(choice: NDArray[np.bool_], room: Ints) -> bool:
    """The hole with the fewest helpers first, the helper with the most room: often enough."""
    left = room.copy()
    for hole in np.argsort(choice.sum(axis=1), kind="stable"):
        best = int(np.argmax(np.where(choice[hole], left, 0))) if len(left) else 0
        if not len(left) or not choice[hole, best] or left[best] <= 0:
            return False
        left[best] -= 1
    return True

"""When judges still fall into groups that share no entry: which entries two groups should read together.

That two groups share an entry is no linear condition, since any entry would do. One entry is therefore chosen for each
group, the cheapest, and asked to be read by both sides. The solver then finds the best assignment that does so; should
others have fallen apart meanwhile, the same is asked of them.
"""

import numpy as np

from .plan import Plan
from .problem import Problem
from .rules import Band, Rule


def missing_ties(problem: Problem, plan: Plan) -> tuple[Rule, ...]:
    """A rule for each group of judges but the largest: one of its entries has a reader from outside as well.

    Of all entries of the group, the one whose best outsider suits it best beside its least suitable reader. None where
    all groups are one, and none for a group whose entries nobody else may read. The rules are insisted on: give them to
    `pose` beside the others.

    >>> from judges.matching import assign, pose
    >>> scores = [[1, 1, 0, 0], [1, 1, 0.5, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    >>> asked = {"entries": list("abcd"), "judges": list("wxyz"), "scores": scores, "k": 2, "max_load": 3}
    >>> plan = assign(pose(**asked))
    >>> len(plan.connectivity.groups)
    2
    >>> rule, = missing_ties(pose(**asked), plan)
    >>> len(assign(pose(**asked, rules=[rule])).connectivity.groups)
    1
    """
    allowed = problem.allowed
    has = np.zeros(allowed.shape, dtype=bool)
    row, column = {e: i for i, e in enumerate(problem.entries)}, {j: i for i, j in enumerate(problem.judges)}
    for entry, judge in plan.pairs:
        has[row[entry], column[judge]] = True
    locked = np.zeros(allowed.shape, dtype=bool)
    locked[problem.locks[:, 0], problem.locks[:, 1]] = True
    known = {rule.name for rule in problem.rules}
    found: list[Rule] = []
    for group in plan.connectivity.groups[1:]:
        inside = np.isin(problem.judges, group)
        number = next(n for n in range(1, len(known) + 2) if f"tie {n}" not in known)
        rule = _tie(problem, has & inside, allowed & ~inside, locked, inside, f"tie {number}")
        if rule is not None:
            found.append(rule)
            known.add(rule.name)
    return tuple(found)


def _tie(
    problem: Problem,
    readers: np.ndarray,
    outsiders: np.ndarray,
    locked: np.ndarray,
    inside: np.ndarray,
    name: str,
) -> Rule | None:
    free = readers & ~locked  # whose place an outsider may take
    fits = free.any(axis=1) & outsiders.any(axis=1) & (problem.k > 1)
    if not fits.any():
        return None
    gain = np.where(outsiders, problem.scores, -np.inf).max(axis=1)
    loss = np.where(free, problem.scores, np.inf).min(axis=1)
    worth = np.where(fits, gain - np.where(fits, loss, 0.0), -np.inf)
    entry = (problem.entries[int(np.argmax(worth))],)
    own = tuple(judge for judge, here in zip(problem.judges, inside, strict=True) if here)
    other = tuple(judge for judge, here in zip(problem.judges, inside, strict=True) if not here)
    return Rule(
        name,
        (Band("inside", own, at_least=1, entries=entry), Band("outside", other, at_least=1, entries=entry)),
        "must",
    )

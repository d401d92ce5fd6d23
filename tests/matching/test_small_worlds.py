"""Small instances, compared with every possible assignment: the order of importance is strict."""

from itertools import combinations, product

import numpy as np
import pytest

from judges.matching import Bridges, assign, at_least, at_most, count, pose
from judges.matching.bridges import NO_BRIDGES
from judges.matching.order import amounts
from judges.matching.repair import after_loss


def every_assignment(problem):
    """All assignments within the maximum loads, as (A, 2) positions; entries may miss reviews."""
    choices = []
    for e in range(len(problem.entries)):
        open_judges = np.flatnonzero(problem.allowed[e])
        sizes = range(min(int(problem.k[e]), len(open_judges)) + 1)
        choices.append([[(e, j) for j in chosen] for size in sizes for chosen in combinations(open_judges, size)])
    for panels in product(*choices):
        cells = np.array([pair for panel in panels for pair in panel], dtype=np.int64).reshape(-1, 2)
        if (np.bincount(cells[:, 1], minlength=len(problem.judges)) <= problem.max_load).all():
            yield cells


def rank(problem, cells):
    """The order of importance as a tuple: smaller is better."""
    found = count(problem, cells)
    lines = amounts(problem, found)
    return (*(round(amount, 6) for amount in lines.values()), -round(found.quality - found.load_cost, 6))


def of_plan(problem, plan):
    """The same tuple for a plan, from its pairs."""
    entry, judge = ({name: i for i, name in enumerate(ids)} for ids in (problem.entries, problem.judges))
    return rank(problem, np.array([(entry[e], judge[j]) for e, j in plan.pairs], dtype=np.int64).reshape(-1, 2))


def best_by_loads(problem):
    """The best rank of any assignment, entry by entry over the loads reached so far: every assignment is counted."""
    start = (0,) * len(problem.judges)
    reached = {start: (0, 0.0)}  # reviews missing, less the score
    for e in range(len(problem.entries)):
        open_judges = [int(j) for j in np.flatnonzero(problem.allowed[e])]
        panels = [one for size in range(int(problem.k[e]) + 1) for one in combinations(open_judges, size)]
        further = {}
        for (load, (missing, lost)), panel in product(reached.items(), panels):
            after = tuple(count + (j in panel) for j, count in enumerate(load))
            if all(count <= most for count, most in zip(after, problem.max_load, strict=True)):
                one = (missing + int(problem.k[e]) - len(panel), lost - sum(problem.scores[e, j] for j in panel))
                further[after] = min(further.get(after, one), one)
        reached = further
    least = problem.min_load.tolist()
    return min(
        (missing, sum(max(low - count, 0) for low, count in zip(least, load, strict=True)), round(lost, 6))
        for load, (missing, lost) in reached.items()
    )


@pytest.mark.parametrize("seed", range(150))
def test_six_entries_and_five_judges_are_assigned_as_full_enumeration_would(seed):
    """Tight loads with minima, a quarter of the pairs in conflict: two separate flows, as others use, often fail here."""
    lot = np.random.default_rng(1000 + seed)
    n, m, k = int(lot.integers(3, 7)), int(lot.integers(3, 6)), 2
    high = lot.integers(1, 4, m)
    problem = pose(
        [f"e{e}" for e in range(n)],
        [f"j{j}" for j in range(m)],
        lot.random((n, m)).round(2),
        k=k,
        max_load=high,
        min_load=np.minimum(lot.integers(0, 4, m), high),
        forbidden={"conflict": lot.random((n, m)) < 0.25},
        seed=str(seed),
    )
    plan = assign(problem, gap=0)
    lines = {line.code: line.unmet for line in plan.lines}
    assert (lines["fill"], lines["min_load"], round(-plan.quality, 6)) == best_by_loads(problem)
    assert plan.bound >= plan.worth - 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_the_plan_equals_the_best_of_all_assignments(seed):
    lot = np.random.default_rng(seed)
    n, m, k = int(lot.integers(2, 5)), int(lot.integers(2, 5)), int(lot.integers(1, 3))
    high = lot.integers(1, 4, m)
    problem = pose(
        [f"e{e}" for e in range(n)],
        [f"j{j}" for j in range(m)],
        lot.random((n, m)).round(2),
        k=k,
        max_load=high,
        min_load=np.minimum(lot.integers(0, 3, m), high),
        forbidden={"conflict": lot.random((n, m)) < 0.25},
        seed=str(seed),
    )
    plan = assign(problem, gap=0)
    assert of_plan(problem, plan) == min(rank(problem, cells) for cells in every_assignment(problem))
    assert plan.bound >= plan.worth - 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_rules_of_every_force_are_met_in_their_order(seed):
    lot = np.random.default_rng(seed)
    n, m = 3, 5
    judges = [f"j{j}" for j in range(m)]
    forces = lot.permutation(["must", "should", "may"])
    problem = pose(
        [f"e{e}" for e in range(n)],
        judges,
        lot.random((n, m)).round(2),
        k=2,
        max_load=lot.integers(1, 4, m),
        min_load=lot.integers(0, 2, m),
        forbidden={"conflict": lot.random((n, m)) < 0.2},
        rules=[
            at_most("region", dict(zip(judges, lot.choice(["north", "south"], m), strict=True)), 1, str(forces[0])),
            at_least(
                "senior", dict(zip(judges, lot.choice(["yes", "no"], m), strict=True)), {"yes": 1}, str(forces[1])
            ),
            at_least(
                "gender", dict(zip(judges, lot.choice(["w", "m"], m), strict=True)), {"w": 1, "m": 1}, str(forces[2])
            ),
        ],
        seed=str(seed),
    )
    plan = assign(problem, gap=0)
    assert of_plan(problem, plan) == min(rank(problem, cells) for cells in every_assignment(problem))
    assert plan.bound >= plan.worth - 1e-9
    assert all(line.least <= line.unmet + 1e-9 for line in plan.lines)


@pytest.mark.parametrize("seed", range(20))
def test_floors_and_load_costs_are_weighed_as_stated(seed):
    lot = np.random.default_rng(seed)
    problem = pose(
        [f"e{e}" for e in range(3)],
        [f"j{j}" for j in range(4)],
        lot.random((3, 4)).round(2),
        k=2,
        max_load=3,
        floor=0.8,
        load_cost=0.1,
        unwanted=lot.random((3, 4)) < 0.3,
        unwanted_cost=0.1,
        seed=str(seed),
    )
    plan = assign(problem, gap=0)
    best = max(count(problem, cells).worth for cells in every_assignment(problem))
    assert plan.worth == pytest.approx(best)
    assert plan.bound >= plan.worth - 1e-9


def mixed_world(seed):
    """Locks, anchors, bridges, a rule, a floor and load costs as the lot will have it; half of them are repairs."""
    lot = np.random.default_rng(seed)
    n, m = int(lot.integers(2, 4)), int(lot.integers(3, 5))
    entries, judges = [f"e{e}" for e in range(n)], [f"j{j}" for j in range(m)]
    barred, high = lot.random((n, m)) < 0.2, lot.integers(1, 4, m)
    free = [(entries[e], judges[j]) for e, j in np.argwhere(~barred)]
    home, away = ({name: str(lot.choice(["a", "b"])) for name in names} for names in (entries, judges))
    force, other = lot.choice(["must", "should", "may"], 2)
    bridges = Bridges(home, away, share=0.3, per_judge=int(lot.integers(0, 2)), force=str(force))
    problem = pose(
        entries,
        judges,
        lot.random((n, m)).round(2),
        k=2,
        max_load=high,
        min_load=np.minimum(lot.integers(0, 3, m), high),
        forbidden={"conflict": barred},
        locks=[free[int(lot.integers(len(free)))]] if lot.random() < 0.5 else [],
        anchors=[entries[0]] if lot.random() < 0.3 else [],
        bridges=bridges if lot.random() < 0.6 else NO_BRIDGES,
        rules=[at_least("senior", {"j0": "yes", "j1": "yes"}, {"yes": 1}, str(other))],
        floor=float(lot.choice([0, 0.7])),
        load_cost=float(lot.choice([0, 0.1])),
        seed=str(seed),
    )
    if lot.random() < 0.5:
        before = assign(problem).pairs
        scored = tuple(pair for pair in before if lot.random() < 0.3)
        problem = after_loss(problem, before, (judges[int(lot.integers(m))],), scored)
    return problem


@pytest.mark.parametrize("seed", range(80))
def test_locks_anchors_bridges_and_repairs_are_what_full_enumeration_finds(seed):
    problem = mixed_world(seed)
    locks = set(map(tuple, problem.locks.tolist()))

    def rank_with_anchors(cells):
        missing = np.where(problem.anchor, 2, 1) @ count(problem, cells).missing  # a review of an anchor counts twice
        return (float(missing), *rank(problem, cells))

    possible = (cells for cells in every_assignment(problem) if locks <= set(map(tuple, cells.tolist())))
    best = min(rank_with_anchors(cells) for cells in possible)
    plan = assign(problem, gap=0)
    entry, judge = ({name: i for i, name in enumerate(ids)} for ids in (problem.entries, problem.judges))
    cells = np.array([(entry[e], judge[j]) for e, j in plan.pairs], dtype=np.int64).reshape(-1, 2)
    assert rank_with_anchors(cells) == best
    assert plan.bound >= plan.worth - 1e-9
    assert all(line.least <= line.unmet + 1e-9 for line in plan.lines)

"""What must hold for every instance: changes whose effect is known in advance."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judges.matching import (
    ProblemError,
    SolverError,
    assign,
    at_least,
    dump_duals,
    load_duals,
    lock_costs,
    pose,
    recompute_bound,
    worst_served,
)
from judges.matching.counting import is_lawful
from judges.matching.order import Proof
from judges.matching.report import percent_proven, report

SEEDS = st.integers(0, 10_000)


def instance(seed, n=12, m=6, k=2, **changes):
    lot = np.random.default_rng(seed)
    conflicts = [(f"e{e}", f"j{j}") for e, j in np.argwhere(lot.random((n, m)) < 0.15)]
    wishes = {"k": k, "max_load": int(np.ceil(n * k / m)) + 2, "min_load": 1, "forbidden": {"conflict": conflicts}}
    return {
        "entries": [f"e{e}" for e in range(n)],
        "judges": [f"j{j}" for j in range(m)],
        "scores": lot.random((n, m)).round(3),
        **wishes,
        **changes,
    }


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_the_order_of_rows_and_columns_does_not_matter(seed):
    asked = instance(seed)
    lot = np.random.default_rng(seed + 1)
    rows, columns = lot.permutation(12), lot.permutation(6)
    shuffled = asked | {
        "entries": [asked["entries"][i] for i in rows],
        "judges": [asked["judges"][i] for i in columns],
        "scores": asked["scores"][np.ix_(rows, columns)],
    }
    one, other = assign(pose(**asked)), assign(pose(**shuffled))
    assert one.pairs == other.pairs
    assert one.digest == other.digest
    assert one.bound == other.bound


def test_the_same_question_always_gets_the_same_answer_and_another_draw_another():
    level = instance(1, scores=np.ones((12, 6)))
    assert assign(pose(**level, seed="a")).pairs == assign(pose(**level, seed="a")).pairs
    assert assign(pose(**level, seed="a")).pairs != assign(pose(**level, seed="b")).pairs


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_another_judge_never_lowers_and_another_conflict_never_raises_the_total(seed):
    asked = instance(seed, min_load=0)
    plan = assign(pose(**asked))
    more = asked | {
        "judges": [*asked["judges"], "new"],
        "scores": np.column_stack([asked["scores"], np.full(12, 0.5)]),
    }
    assert assign(pose(**more)).worth >= plan.worth - 1e-9
    conflict = [*asked["forbidden"]["conflict"], plan.pairs[0]]
    assert assign(pose(**asked | {"forbidden": {"conflict": conflict}})).worth <= plan.worth + 1e-9


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_scores_twice_as_high_give_the_same_assignment(seed):
    asked = instance(seed)
    twice = asked | {"scores": asked["scores"] * 2}
    assert assign(pose(**asked)).pairs == assign(pose(**twice)).pairs


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_locking_an_assigned_pair_costs_nothing(seed):
    asked = instance(seed)
    plan = assign(pose(**asked))
    held = assign(pose(**asked, locks=plan.pairs[:3]))
    assert held.worth == pytest.approx(plan.worth)
    assert set(plan.pairs[:3]) <= set(held.pairs)


def test_a_lock_is_kept_whatever_it_costs():
    problem = pose(["a", "b"], ["x", "y"], [[1, 0], [0, 1]], k=1, max_load=1, locks=[("a", "y")])
    plan = assign(problem)
    assert plan.pairs == (("a", "y"), ("b", "x"))
    assert recompute_bound(problem, plan.duals) == pytest.approx(0)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_a_lock_costs_what_solving_again_without_it_gains(seed):
    asked = instance(seed, min_load=0)
    taken = asked["forbidden"]["conflict"]
    locks = [pair for pair in ((f"e{e}", f"j{e % 6}") for e in range(4)) if pair not in taken]
    with_all = assign(pose(**asked, locks=locks), gap=0)
    costs = {(one.entry, one.judge): one for one in lock_costs(pose(**asked, locks=locks))}
    assert set(costs) == set(locks)
    for lock, one in costs.items():
        without = assign(pose(**asked, locks=[other for other in locks if other != lock]), gap=0)
        assert one.cost == pytest.approx(without.worth - with_all.worth, abs=1e-6)
        assert one.quality == pytest.approx(one.cost, abs=1e-6), "nothing but quality is at stake here"


@pytest.mark.parametrize("wrong", [[(0, 0), (0, 0)], [(0, 0), (0, 1)], [(0, 0), (1, 0)], [(1, 1)], []])
def test_a_plan_is_looked_at_by_itself_and_one_that_breaks_a_limit_never_leaves(wrong):
    problem = pose(["a", "b"], ["x", "y"], np.ones((2, 2)), k=1, max_load=1, locks=[("a", "x")])
    a, x = problem.entries.index("a"), problem.judges.index("x")
    cells = np.array([(a ^ e, x ^ j) for e, j in wrong], dtype=np.int64).reshape(-1, 2)
    assert not is_lawful(problem, cells)
    with pytest.raises(SolverError, match="breaks a limit or a lock"):
        report(problem, cells, assign(problem).duals, Proof((), (), {}), True, 0.0)


def test_no_share_is_rounded_up_to_all():
    assert percent_proven(0.99999, 2) == 99.99
    assert percent_proven(1.0, 3) == percent_proven(1 - 1e-12, 3) == 100


def test_the_worst_served_are_told_with_who_may_not_read_them():
    forbidden = {"conflict": [("a", "x")], "country": [("a", "x"), ("a", "y")]}
    problem = pose(["a"], ["x", "y", "z"], [[1, 0.5, 0.25]], k=2, max_load=1, forbidden=forbidden)
    (one,) = worst_served(problem, assign(problem).pairs)
    assert (one.judges, one.eligible, one.barred) == (3, 1, {"conflict": 1, "country": 2})


def test_a_lock_on_a_forbidden_pair_is_refused_with_the_reason():
    with pytest.raises(ProblemError, match=r"Entry a is locked to judge x, but that pair is forbidden \(conflict\)"):
        pose(["a"], ["x"], [[1]], k=1, max_load=1, forbidden={"conflict": [("a", "x")]}, locks=[("a", "x")])


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_additive_scores_have_the_optimum_one_can_add_up(seed):
    lot = np.random.default_rng(seed)
    a, b = lot.random(20), lot.random(8)
    plan = assign(pose([f"e{e}" for e in range(20)], [f"j{j}" for j in range(8)], a[:, None] + b, k=3, max_load=12))
    room, left = 0.0, 60
    for value in sorted(b, reverse=True):
        room, left = room + value * min(12, left), left - min(12, left)
    assert plan.quality == pytest.approx(3 * a.sum() + room)


def test_equal_scores_fill_everything_in_one_group():
    plan = assign(
        pose([f"e{e}" for e in range(30)], [f"j{j}" for j in range(9)], np.full((30, 9), 0.5), k=4, max_load=14)
    )
    assert plan.quality == 0.5 * 4 * 30
    assert sum(plan.loads.values()) == 120
    assert plan.filled == plan.wanted == 120
    assert len(plan.connectivity.groups) == 1


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_the_bound_is_recomputed_from_stored_prices_without_a_solver(seed):
    problem = pose(**instance(seed))
    plan = assign(problem)
    stored = dump_duals(problem, plan.duals)
    assert recompute_bound(problem, load_duals(problem, stored)) == plan.bound
    assert plan.bound >= plan.worth - 1e-9
    assert plan.gap == pytest.approx(max(plan.bound - plan.worth, 0) / plan.quality_bound, abs=1e-12)


def bound_by_hand(asked, senior, stored, unit):
    """The bound from the question and the stored prices in plain Python: additions, and nothing of ours."""
    price, entry, judge = stored["prices"], stored["entry"], stored["judge"]
    band = {name: value for name, _, _, value in stored["band"]}
    conflicts, locks = set(asked["forbidden"]["conflict"]), set(asked["locks"])
    total = 0.0
    for name in asked["entries"]:
        wish = band.get(name, 0.0)  # at least one senior: a price of 0 or less
        total += asked["k"] * (entry.get(name, 0.0) + max(-price["fill"] - entry.get(name, 0.0), 0.0))
        total += min(wish, 0.0) + max(-price["should"] - wish, 0.0)
    for name in asked["judges"]:
        of = judge.get(name, 0.0)
        total += max(of, 0.0) * asked["max_load"]
        total += (min(of, 0.0) + max(-price["min_load"] - of, 0.0)) * asked["min_load"]
    for e, row in zip(asked["entries"], asked["scores"].tolist(), strict=True):
        for j, score in zip(asked["judges"], row, strict=True):
            left = score / unit - entry.get(e, 0.0) - judge.get(j, 0.0) - min(band.get(e, 0.0), 0.0) * (j in senior)
            if (e, j) in locks:
                total += left
            elif (e, j) not in conflicts:
                total += max(left, 0.0)
    return total * unit


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_a_stranger_adds_up_the_bound_from_what_is_stored(seed):
    asked = instance(seed)
    free = next((e, "j3") for e in asked["entries"] if (e, "j3") not in asked["forbidden"]["conflict"])
    senior = {"j0": "yes", "j1": "yes"}
    asked = asked | {"locks": [free], "rules": [at_least("senior", senior, {"yes": 1})]}
    problem = pose(**asked)
    plan = assign(problem)
    stored = json.loads(json.dumps(dump_duals(problem, plan.duals)))
    assert bound_by_hand(asked, senior, stored, problem.unit) == pytest.approx(plan.bound, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_any_prices_whatever_give_a_true_bound(seed):
    problem = pose(**instance(seed))
    plan = assign(problem)
    lot = np.random.default_rng(seed)
    wild = plan.duals._replace(entry=plan.duals.entry + lot.normal(size=12), judge=lot.normal(size=6))
    assert recompute_bound(problem, wild) >= plan.worth - 1e-9


def test_what_cannot_be_filled_is_named_and_the_rest_is_filled():
    plan = assign(pose(["a", "b"], ["x", "y"], [[1, 1], [1, 1]], k=2, max_load=1, min_load=0))
    assert plan.filled == 2
    assert plan.wanted == 4
    assert sum(plan.short.values()) == 2
    assert {wish.line for wish in plan.unmet} == {"fill"}


def test_no_entries_and_no_judges_are_answered_too():
    assert assign(pose([], ["x"], np.zeros((0, 1)), k=1, max_load=1)).pairs == ()
    nobody = assign(pose(["a"], [], np.zeros((1, 0)), k=1, max_load=1))
    assert nobody.short == {"a": 1}

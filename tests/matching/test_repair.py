"""When judges drop out: holes filled with the fewest moves, and no score moved."""

from collections import Counter

import numpy as np
import pytest

from judges.matching import ProblemError, assign, difference, pose, readiness, recompute_bound, repair


@pytest.fixture(scope="module")
def s(synthetic):
    problem = synthetic("S")
    return problem, assign(problem)


@pytest.fixture(scope="module")
def m(synthetic):
    problem = synthetic("M")
    return problem, assign(problem)


@pytest.mark.parametrize(
    ("lost", "moves"), [(["j5"], 0), (["j5", "j31"], 0), (["j1", "j21", "j22", "j27"], 4)], ids=["one", "two", "four"]
)
def test_the_fewest_moves_are_made(s, lost, moves):
    problem, plan = s
    done = repair(problem, plan.pairs, lost=lost)
    assert len(done.moved) == done.plan.moved == moves
    line = next(line for line in done.plan.lines if line.code == "moves")
    assert (line.unmet, line.least) == (moves, moves)
    assert done.plan.filled == done.plan.wanted == 1200
    assert not {judge for _, judge in done.plan.pairs} & set(lost)
    assert {judge for _, judge in done.given_up} <= set(lost)
    assert recompute_bound(done.problem, done.plan.duals) == done.plan.bound


def test_losing_ten_of_two_hundred_moves_no_scored_pair(m):
    problem, plan = m
    lot = np.random.default_rng(7)
    lost = [f"j{j}" for j in lot.choice(200, 10, replace=False)]
    scored = [pair for pair in plan.pairs if lot.random() < 0.4]
    done = repair(problem, plan.pairs, lost=lost, scored=scored)
    assert set(scored) <= set(done.plan.pairs)
    assert done.moved == ()
    assert done.plan.filled == 10_000
    new = set(done.plan.pairs) - set(scored)
    assert not {judge for _, judge in new} & set(lost)


def test_what_a_lost_judge_has_scored_stays_and_counts():
    problem = pose(["a", "b"], ["x", "y", "z"], np.ones((2, 3)), k=2, max_load=2)
    before = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    done = repair(problem, before, lost=["x"], scored=[("a", "x")])
    assert set(done.plan.pairs) == {("a", "x"), ("a", "y"), ("b", "y"), ("b", "z")}
    assert done.given_up == (("b", "x"),)


def test_late_entries_are_holes_that_move_nobody():
    problem = pose(["a", "b", "late"], ["x", "y"], np.ones((3, 2)), k=1, max_load=2)
    done = repair(problem, [("a", "x"), ("b", "y")])
    assert {("a", "x"), ("b", "y")} <= set(done.plan.pairs)
    assert done.moved == ()
    assert done.difference.entries == ("late",)


def test_a_pair_that_has_become_forbidden_is_given_up_not_moved():
    problem = pose(["a"], ["x", "y"], [[1, 0]], k=1, max_load=1, forbidden={"conflict": [("a", "x")]})
    done = repair(problem, [("a", "x")])
    assert (done.plan.pairs, done.given_up, done.moved) == ((("a", "y"),), (("a", "x"),), ())


def test_a_scored_pair_that_has_become_forbidden_is_refused_with_the_reason():
    problem = pose(["a"], ["x", "y"], [[1, 0]], k=1, max_load=1, forbidden={"conflict": [("a", "x")]})
    with pytest.raises(ProblemError, match="conflict"):
        repair(problem, [("a", "x")], scored=[("a", "x")])


def test_scores_beyond_a_lowered_limit_stay():
    problem = pose(["a", "b"], ["x", "y"], np.ones((2, 2)), k=1, max_load=[1, 2])
    before = [("a", "x"), ("b", "x")]
    done = repair(problem, before, scored=before)
    assert set(done.plan.pairs) == set(before)


def test_an_unknown_lost_judge_is_named():
    problem = pose(["a"], ["x"], [[1]], k=1, max_load=1)
    with pytest.raises(ProblemError, match="lost judge nobody"):
        repair(problem, [("a", "x")], lost=["nobody"])


def test_a_repaired_plan_serves_as_well_as_the_moves_allow(s):
    problem, plan = s
    done = repair(problem, plan.pairs, lost=["j5"])
    changed = Counter(judge for _, judge in done.difference.added)
    assert sum(changed.values()) == len(done.given_up)
    assert done.plan.quality < plan.quality
    assert done.plan.quality > plan.quality - 2


def test_ten_of_the_forty_judges_of_s_cannot_be_covered_and_none_of_the_two_hundred_of_m(s, m):
    assert sum(not cover.covered for cover in readiness(s[0], s[1].pairs)) == 10
    assert sum(not cover.covered for cover in readiness(m[0], m[1].pairs)) == 0


def test_readiness_says_the_same_as_a_repair_without_moves(s):
    problem, plan = s
    for cover in readiness(problem, plan.pairs)[:12]:
        done = repair(problem, plan.pairs, lost=[cover.judge])
        assert (len(done.moved) == 0) == cover.covered


def test_scored_reviews_need_no_cover():
    problem = pose(["a"], ["x", "y"], np.ones((1, 2)), k=1, max_load=[1, 0])
    assert readiness(problem, [("a", "x")])[0].entries == ("a",)
    assert readiness(problem, [("a", "x")], scored=[("a", "x")]) == ()


def test_a_difference_lists_what_changes():
    found = difference([("a", "x"), ("b", "y")], [("a", "x"), ("b", "z")])
    assert found == ((("b", "z"),), (("b", "y"),), 1, ("y", "z"), ("b",))

"""Bridges between panels, and anchors read by all: what makes scores comparable."""

from collections import Counter
from math import ceil

import numpy as np
import pytest

from judges.matching import Bridges, assign, at_most, missing_ties, pose

N, M, K, PANELS = 80, 20, 4, 4


@pytest.fixture(scope="module")
def divisions():
    """Four divisions, each with its own judges."""
    lot = np.random.default_rng(11)
    entry = {f"e{e}": f"division {e % PANELS}" for e in range(N)}
    judge = {f"j{j}": f"division {j % PANELS}" for j in range(M)}
    return (
        {"entries": list(entry), "judges": list(judge), "scores": lot.random((N, M)), "k": K, "max_load": 20},
        entry,
        judge,
    )


def crossing(pairs, entry, judge):
    return [(e, j) for e, j in pairs if entry[e] != judge[j]]


def test_without_bridges_each_division_stands_alone(divisions):
    asked, entry, judge = divisions
    away = np.array([[entry[e] != judge[j] for j in judge] for e in entry])
    plan = assign(pose(**asked, forbidden={"panel": away}))
    assert len(plan.connectivity.groups) == PANELS
    assert plan.connectivity.precision == 0


def test_bridges_tie_the_divisions_together_as_asked(divisions):
    asked, entry, judge = divisions
    plan = assign(pose(**asked, bridges=Bridges(entry, judge, share=0.05, per_judge=1)))
    across = crossing(plan.pairs, entry, judge)
    assert plan.complete
    assert plan.connectivity.comparable
    assert plan.connectivity.precision > 0.5
    assert min(Counter(entry[e] for e, _ in across).values()) >= ceil(0.05 * N * K / PANELS)
    assert set(Counter(j for _, j in across)) == set(judge)
    assert max(Counter(e for e, _ in across).values()) == 1
    assert plan.bound >= plan.worth - 1e-9
    assert plan.gap <= 1e-4


def test_more_bridges_compare_better_and_cost_more(divisions):
    asked, entry, judge = divisions
    few = assign(pose(**asked, bridges=Bridges(entry, judge, share=0.05, per_judge=1, outsiders=1)))
    home = [(e, j) for e in entry for j in judge if entry[e] != judge[j]][:0]
    many = assign(pose(**asked, locks=home, bridges=Bridges(entry, judge, share=0.2, per_judge=3, outsiders=1)))
    assert many.connectivity.precision > 0.5
    assert many.quality <= few.quality + 1e-9


def test_bridges_that_cannot_be_built_are_named(divisions):
    asked, entry, judge = divisions
    away = np.array([[entry[e] != judge[j] for j in judge] for e in entry])
    plan = assign(pose(**asked, forbidden={"panel": away}, bridges=Bridges(entry, judge)))
    should = next(line for line in plan.lines if line.code == "should")
    assert (should.unmet, should.proven) == (PANELS * ceil(0.05 * N * K / PANELS) + M, True)
    assert {wish.rule for wish in plan.unmet} == {"bridges"}
    assert "too_few_crossings" in {reason.code for reason in plan.reasons}
    assert plan.filled == N * K


def test_groups_that_bridges_leave_apart_are_tied_by_an_entry_each():
    entry, judge = {f"e{e}": "ab"[e // 3] for e in range(6)}, {f"j{j}": "ab"[j // 3] for j in range(6)}
    bridges, before = Bridges(entry, judge, per_judge=1), 0
    for seed in range(20):
        scores = np.random.default_rng(seed).random((6, 6))
        asked = {
            "entries": list(entry),
            "judges": list(judge),
            "scores": scores,
            "k": 2,
            "max_load": 3,
            "bridges": bridges,
        }
        problem = pose(**asked)
        plan = assign(problem)
        before += not plan.connectivity.comparable
        rules = ()
        while ties := missing_ties(problem, plan):
            rules += ties
            assert len(rules) < 6, seed
            problem = pose(**asked, rules=rules)
            plan = assign(problem)
        assert plan.connectivity.comparable, seed
        assert plan.filled == 12
    assert before > 0, "bridges alone would have done, and nothing was shown"


def test_groups_whose_entries_nobody_else_may_read_stay_apart(divisions):
    asked, entry, judge = divisions
    away = np.array([[entry[e] != judge[j] for j in judge] for e in entry])
    problem = pose(**asked, forbidden={"panel": away})
    assert missing_ties(problem, assign(problem)) == ()


def test_one_panel_needs_no_bridge():
    scores = np.ones((2, 2))
    plan = assign(pose(["a", "b"], ["x", "y"], scores, k=1, max_load=1, bridges=Bridges({"a": "p"}, {"x": "p"})))
    assert plan.complete


def test_an_anchor_is_read_by_every_eligible_judge_whatever_the_rules(divisions):
    asked, entry, judge = divisions
    region = dict.fromkeys(judge, "here")
    forbidden = {"conflict": [("e3", "j5")]}
    plan = assign(pose(**asked, anchors=["e3"], forbidden=forbidden, rules=[at_most("region", region, K)]))
    readers = {j for e, j in plan.pairs if e == "e3"}
    assert readers == set(judge) - {"j5"}
    assert plan.complete
    assert plan.wanted == (N - 1) * K + M - 1


def test_one_anchor_makes_separate_panels_comparable(divisions):
    asked, entry, judge = divisions
    away = np.array([[entry[e] != judge[j] and e != "e0" for j in judge] for e in entry])
    plan = assign(pose(**asked, anchors=["e0"], forbidden={"panel": away}))
    assert plan.connectivity.comparable
    assert plan.connectivity.cut_judges == ()


def test_an_anchor_comes_before_other_entries_where_places_are_few():
    plan = assign(pose(["anchor", "b"], ["x", "y"], np.ones((2, 2)), k=1, max_load=1, anchors=["anchor"]))
    assert plan.pairs == (("anchor", "x"), ("anchor", "y"))
    assert plan.short == {"b": 1}

"""Optima published or proven elsewhere."""

from itertools import permutations

import pytest

from judges.matching import assign, by_lot, chances, draw, highest_floor, recompute_bound, worst_served

REAL = [("preflib1", 3, 6), ("preflib3", 3, 6), ("aamas2015", 3, 12), ("counter", 1, 1)]
BIDS = REAL[:3]


@pytest.mark.parametrize(("name", "k", "max_load"), REAL)
def test_real_bids_reach_the_optimum_others_found(real, expected, name, k, max_load):
    problem = real(name, k=k, max_load=max_load)
    plan = assign(problem)
    known = expected[name]
    assert (len(problem.entries), len(problem.judges)) == (known["entries"], known["judges"])
    assert (k, max_load) == (known["k"], known["max_load"])
    assert plan.quality == pytest.approx(known["optimum_total"], abs=1e-6)
    assert plan.status == "optimal"
    assert plan.complete


@pytest.mark.parametrize(("name", "k", "max_load"), BIDS)
def test_minimum_loads_are_met_at_the_least_cost(real, expected, name, k, max_load):
    for known in expected[name]["with_minimum_loads_positive_pairs_only"]:
        low, high = known["min_load"], known["max_load"]
        plan = assign(real(name, k=k, max_load=high, min_load=low, positive=True))
        assert plan.quality == pytest.approx(known["optimum_total"], abs=1e-6)
        assert plan.status == "optimal"
        assert plan.under == {}
        assert set(plan.loads.values()) <= set(range(low, high + 1))


@pytest.mark.parametrize(("name", "k", "max_load"), BIDS)
def test_chances_within_a_cap_cost_what_the_authors_published(real, expected, name, k, max_load):
    problem, known = real(name, k=k, max_load=max_load), expected[name]
    assert len(known["published_cap_ratio"]) == 8
    for case in known["published_cap_ratio"]:
        found = chances(problem, cap=case["cap"])
        assert found.expected / known["optimum_total"] == pytest.approx(case["ratio"], abs=1e-9)
        assert found.bound == pytest.approx(found.expected, rel=1e-9)
        assert max(found.chance.values()) <= case["cap"] + 1e-9


@pytest.mark.parametrize(("name", "k", "max_load"), BIDS)
def test_the_worst_served_entry_of_real_bids_is_served_as_well_as_can_be(real, expected, name, k, max_load):
    known = expected[name]["positive_pairs_only"]
    found = highest_floor(real(name, k=k, max_load=max_load, positive=True), gap=0)
    assert found.proven
    assert found.floor == pytest.approx(known["best_worst_entry"], abs=1e-9)
    assert found.plan.quality == pytest.approx(known["best_total_at_that_floor"], abs=1e-6)


def test_the_counter_has_three_best_assignments_and_a_draw_for_each_finds_one(real, expected):
    known = expected["counter"]
    problem = real("counter", k=1, max_load=1)
    score = {(e, j): problem.scores[a, b] for a, e in enumerate(problem.entries) for b, j in enumerate(problem.judges)}
    entries = sorted(problem.entries)
    every = [tuple(zip(entries, order, strict=True)) for order in permutations(sorted(problem.judges))]
    best = {pairs for pairs in every if sum(score[pair] for pair in pairs) == known["optimum_total"]}
    assert len(best) == known["optimal_assignments"]
    assert {assign(real("counter", k=1, max_load=1, seed=str(lot))).pairs for lot in range(12)} <= best


def test_with_one_judge_of_a_country_as_well_the_bound_is_the_one_others_found(synthetic, expected):
    plan = assign(synthetic("M", rules=True, country=True), gap=0.01)
    assert plan.complete
    assert plan.bound == pytest.approx(expected["M"]["rules_plus_country1"]["lp_bound"], abs=5e-4)
    assert 0 <= plan.gap <= 0.01


@pytest.mark.parametrize("name", ["S", "M"])
def test_synthetic_instances_reach_their_optimum(synthetic, expected, name):
    problem, known = synthetic(name), expected[name]
    plan = assign(problem)
    assert (len(problem.entries), len(problem.judges), set(problem.k)) == (
        known["entries"],
        known["judges"],
        {known["k"]},
    )
    assert plan.quality == pytest.approx(known["optimum_total"], abs=5e-5)
    assert plan.bound == pytest.approx(plan.quality, rel=1e-9)
    assert recompute_bound(problem, plan.duals) == plan.bound
    assert plan.connectivity.precision == pytest.approx({"S": 0.941, "M": 0.933}[name], abs=5e-4)
    assert plan.connectivity.fewest_co_judges == {"S": 25, "M": 54}[name]


def test_the_worst_served_entry_of_m_has_its_own_best_panel(synthetic, expected):
    known, problem = expected["M"], synthetic("M")
    found = highest_floor(problem)
    assert found.floor == pytest.approx(known["best_possible_worst_entry"], abs=5e-5)
    assert found.plan.quality == pytest.approx(known["total_at_that_floor"], abs=5e-4)
    worst = min(worst_served(problem, found.plan.pairs, len(problem.entries)), key=lambda served: served.score)
    assert worst.score == pytest.approx(worst.best)


def test_a_draw_keeps_every_panel_full_even_where_too_few_may_read(real):
    """With a cap of one half a panel of three needs six who may read it; an entry with four gets what it needs."""
    problem = real("preflib1", k=3, max_load=6, positive=True)
    plan, chances_of, best = by_lot(problem, cap=0.5, time_limit=60)
    assert plan.short == assign(problem).short
    assert max(chances_of.cap) <= 1
    assert best == pytest.approx(assign(problem).quality)
    assert max(plan.loads.values()) <= 6
    assert plan.pairs == draw(chances_of.chance, seed=problem.seed)
    assert recompute_bound(problem, plan.duals) == plan.bound >= plan.worth - 1e-9

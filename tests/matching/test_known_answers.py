"""Optima published or proven elsewhere."""

import pytest

from judges.matching import assign, recompute_bound

REAL = [("preflib1", 3, 6), ("preflib3", 3, 6), ("aamas2015", 3, 12), ("counter", 1, 1)]
LOADED = [
    ("preflib1", 4, 6, 124.25),
    ("preflib3", 2, 4, 448.0),
    ("preflib3", 3, 4, 448.0),
    ("aamas2015", 7, 11, 1389.75),
]


@pytest.mark.parametrize(("name", "k", "max_load"), REAL)
def test_real_bids_reach_the_optimum_others_found(real, expected, name, k, max_load):
    plan = assign(real(name, k=k, max_load=max_load))
    assert plan.quality == pytest.approx(expected[name]["optimum_total"], abs=1e-6)
    assert plan.status == "optimal"
    assert plan.complete


@pytest.mark.parametrize(("name", "low", "high", "total"), LOADED)
def test_minimum_loads_are_met_at_the_least_cost(real, name, low, high, total):
    plan = assign(real(name, k=3, max_load=high, min_load=low, positive=True))
    assert plan.quality == pytest.approx(total, abs=1e-6)
    assert plan.status == "optimal"
    assert plan.under == {}
    assert set(plan.loads.values()) <= set(range(low, high + 1))


@pytest.mark.parametrize("name", ["S", "M"])
def test_synthetic_instances_reach_their_optimum(synthetic, expected, name):
    problem = synthetic(name)
    plan = assign(problem)
    assert plan.quality == pytest.approx(expected[name]["optimum_total"], abs=5e-5)
    assert plan.bound == pytest.approx(plan.quality, rel=1e-9)
    assert recompute_bound(problem, plan.duals) == plan.bound
    assert plan.connectivity.precision == pytest.approx({"S": 0.941, "M": 0.933}[name], abs=5e-4)
    assert plan.connectivity.fewest_co_judges == {"S": 25, "M": 54}[name]

"""Rules about panels: elastic, in the order of importance, each unmet one named."""

from collections import Counter

import numpy as np
import pytest
from scipy import optimize

from judges.matching import apart, assign, at_least, at_most, like_entry, pose, recompute_bound
from judges.matching.prices import Prices


def panels(plan):
    """The judges of each entry."""
    found = {}
    for entry, judge in plan.pairs:
        found.setdefault(entry, []).append(judge)
    return found


@pytest.fixture(scope="module")
def s_plan(synthetic):
    return assign(synthetic("S", rules=True))


@pytest.fixture(scope="module")
def m_plan(synthetic):
    return assign(synthetic("M", rules=True))


def test_s_leaves_exactly_the_proven_least_unmet(s_plan, expected):
    known = expected["S"]["rules_region2_gender2_senior1"]
    by_rule = Counter({(wish.rule, wish.band): 0 for wish in s_plan.unmet})
    for wish in s_plan.unmet:
        by_rule[wish.rule, wish.band] += wish.amount
    assert by_rule == {("seniority", "senior"): known["unmet_senior"], ("gender", "woman"): known["unmet_women"]}
    line = next(line for line in s_plan.lines if line.code == "should")
    assert (line.unmet, line.least, line.proven) == (known["minimum_unmet"], known["minimum_unmet"], True)
    assert s_plan.quality == pytest.approx(known["best_score_at_minimum_unmet"], abs=5e-5)
    assert s_plan.gap <= 1e-4


def test_m_meets_all_rules_within_a_hundredth_of_a_percent(m_plan, synthetic, expected):
    known = expected["M"]["rules_region2_gender2_senior1"]
    assert m_plan.complete
    assert m_plan.gap <= 1e-4
    assert m_plan.bound == pytest.approx(known["lp_bound"], abs=5e-4)
    assert known["proved_optimum_60_candidates"] * (1 - 1e-4) <= m_plan.quality <= known["lp_bound"]
    assert recompute_bound(synthetic("M", rules=True), m_plan.duals) == m_plan.bound


def test_an_independent_count_of_m_finds_no_rule_broken(m_plan, synthetic):
    problem = synthetic("M", rules=True)
    members = {
        (name, label): {problem.judges[j] for j in np.flatnonzero(member)}
        for name, label, member in zip(problem.bands.name, problem.bands.label, problem.bands.member, strict=True)
    }
    women, men = members["gender", "woman"], members["gender", "man"]
    regions = [judges for (name, _), judges in members.items() if name == "region"]
    allowed = {(problem.entries[e], problem.judges[j]) for e, j in np.argwhere(problem.allowed)}
    assert set(m_plan.pairs) <= allowed
    assert all(
        len(set(panel)) == 5
        and len(women.intersection(panel)) >= 2
        and len(men.intersection(panel)) >= 2
        and members["seniority", "senior"].intersection(panel)
        and max(len(region.intersection(panel)) for region in regions) <= 2
        for panel in panels(m_plan).values()
    )
    most = dict(zip(problem.judges, problem.max_load.tolist(), strict=True))
    least = dict(zip(problem.judges, problem.min_load.tolist(), strict=True))
    assert all(least[judge] <= load <= most[judge] for judge, load in m_plan.loads.items())


def test_one_should_outranks_any_number_of_mays():
    mays = [at_least(f"may {i}", {"y": "likes"}, {"likes": 1}, "may") for i in range(6)]
    should = at_least("senior", {"x": "senior"}, {"senior": 1}, "should")
    plan = assign(pose(["a"], ["x", "y"], [[0, 1]], k=1, max_load=1, rules=[should, *mays]))
    assert plan.pairs == (("a", "x"),)
    assert [(line.code, line.unmet) for line in plan.lines if line.unmet] == [("may", 6)]


def test_a_must_outranks_a_minimum_load_and_a_should_does_not():
    def plan(force):
        rule = at_least("senior", {"x": "senior"}, {"senior": 1}, force)
        return assign(pose(["a"], ["x", "y"], [[1, 0]], k=1, max_load=1, min_load=[0, 1], rules=[rule]))

    assert plan("must").pairs == (("a", "x"),)
    assert plan("should").pairs == (("a", "y"),)


def test_the_undeclared_count_for_neither_side():
    said = {"x": "woman", "y": None, "z": "man"}
    rule = at_least("gender", said, {"woman": 1, "man": 1})
    plan = assign(pose(["a"], ["x", "y", "z"], [[0, 1, 0]], k=2, max_load=1, rules=[rule]))
    assert plan.pairs == (("a", "x"), ("a", "z"))


def test_two_who_shall_not_meet_do_not():
    plan = assign(pose(["a"], ["x", "y", "z"], [[1, 1, 0]], k=2, max_load=1, rules=[apart("partners", ["x", "y"])]))
    assert {"x", "y"} - {judge for _, judge in plan.pairs}


def test_one_judge_per_country_and_two_per_region():
    country = {"u": "FR", "v": "FR", "w": "KR", "x": "KE", "y": "UG"}
    region = {"u": "Europe", "v": "Europe", "w": "Asia", "x": "Africa", "y": "Africa"}
    rules = [at_most("country", country, 1), at_most("region", region, 2)]
    plan = assign(pose(["a"], list("uvwxy"), [[5, 4, 1, 1, 1]], k=3, max_load=1, rules=rules))
    assert Counter(country[judge] for _, judge in plan.pairs).most_common(1)[0][1] == 1
    assert plan.complete


def test_a_reader_of_the_language_is_asked_for_where_the_entry_needs_one():
    reads = {"x": {"en", "fr"}, "y": "en", "z": "en"}
    rule = like_entry("language", reads, {"a": "fr", "b": "en"}, least=1)
    plan = assign(pose(["a", "b"], ["x", "y", "z"], [[0, 1, 1], [1, 1, 1]], k=2, max_load=2, rules=[rule]))
    assert ("a", "x") in plan.pairs
    assert plan.complete


def test_the_number_asked_for_may_differ_by_entry():
    rule = at_least("senior", {"x": "s", "y": "s"}, {"s": {"a": 2, "b": 0}})
    plan = assign(pose(["a", "b"], ["x", "y", "z"], [[0, 0, 1], [1, 1, 0]], k=2, max_load=2, rules=[rule]))
    assert {("a", "x"), ("a", "y")} <= set(plan.pairs)
    assert plan.complete


@pytest.mark.parametrize("seed", range(6))
def test_a_plain_integer_programme_finds_nothing_better(seed):
    """The whole model at once, written out anew for SciPy's solver."""
    lot = np.random.default_rng(seed)
    n, m, k, most = 14, 8, 3, 7
    judges = [f"j{j}" for j in range(m)]
    region, senior = lot.integers(0, 3, m), lot.random(m) < 0.4
    scores, free = lot.random((n, m)).round(3), lot.random((n, m)) > 0.15
    rules = [
        at_most("region", {j: str(r) for j, r in zip(judges, region, strict=True)}, 1),
        at_least("senior", {j: "yes" for j, s in zip(judges, senior, strict=True) if s}, {"yes": 1}),
    ]
    plan = assign(
        pose([f"e{e}" for e in range(n)], judges, scores, k=k, max_load=most, forbidden={"no": ~free}, rules=rules),
        gap=0,
    )
    # columns: pairs, then reviews missing, seniors missing, and judges too many of each of the three regions
    rows, low, high = [], [], []

    def limit(pairs, escapes, least, most):
        rows.append(np.r_[pairs.ravel(), escapes])
        low.append(least)
        high.append(most)

    for e in range(n):
        of_entry, this = np.zeros((n, m)), np.eye(5 * n)
        of_entry[e] = 1
        limit(of_entry, this[e], k, k)
        limit(of_entry * senior, this[n + e], 1, np.inf)
        for value in range(3):
            limit(of_entry * (region == value), -this[(2 + value) * n + e], -np.inf, 1)
    for j in range(m):
        limit(np.eye(m)[j] * np.ones((n, 1)), np.zeros(5 * n), 0, most)
    found = optimize.milp(
        np.r_[-scores.ravel(), np.full(n, Prices().fill), np.full(4 * n, Prices().should)],
        constraints=optimize.LinearConstraint(np.array(rows), low, high),
        integrality=1,
        bounds=optimize.Bounds(0, np.r_[free.ravel().astype(float), np.full(5 * n, float(k))]),
    )
    assert found.status == 0
    assert plan.worth == pytest.approx(-found.fun, abs=1e-6)
    assert plan.bound >= plan.worth - 1e-9

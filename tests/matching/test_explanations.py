"""What cannot be met is named, with its whole cause and its size."""

import numpy as np
import pytest

from judges.matching import (
    assign,
    at_least,
    at_most,
    eligibility,
    least_unmet,
    pose,
    why_broken,
    why_short,
    why_under,
)


def planted(synthetic, name, language, readers, *, alone=False):
    """The instance, with one language left to a few full-time judges; alone: nothing else bars anybody."""
    plain = synthetic(name)
    with np.load(synthetic.path(name)) as stored:
        data = dict(stored)
    entries = np.flatnonzero(data["lang_e"] == language)
    full_time = [j for j in np.flatnonzero(data["lang_j"][:, language]) if data["hi"][j] == data["hi"].max()]
    chosen = full_time[:readers]
    barred = ~data["langok"]
    barred[np.ix_(entries, np.setdiff1d(np.arange(len(plain.judges)), chosen))] = True
    forbidden = {"language": barred} | ({} if alone else {"country": data["same"], "conflict": data["coi"]})
    return synthetic(name, forbidden=forbidden), {f"e{e}" for e in entries}, {f"j{j}" for j in chosen}


def test_the_cut_names_exactly_the_planted_entries_and_judges_and_the_missing_number(synthetic):
    problem, entries, judges = planted(synthetic, "M", language=4, readers=6)
    causes = why_short(problem)
    (reason,) = causes.reasons
    assert causes.least == 235
    assert reason.code == "judges_full"
    assert set(reason.figures["entries"]) == entries
    assert set(reason.figures["judges"]) == judges
    assert (reason.figures["needed"], reason.figures["possible"], reason.figures["missing"]) == (595, 360, 235)
    assert "119 entries need 595 reviews" in str(reason)


def test_the_planted_fault_of_s_misses_twenty_reviews(synthetic):
    problem, entries, judges = planted(synthetic, "S", language=4, readers=3, alone=True)
    causes = why_short(problem)
    (reason,) = causes.reasons
    assert causes.least == reason.figures["missing"] == 20
    assert set(reason.figures["entries"]) == entries
    assert set(reason.figures["judges"]) == judges


def test_a_plan_for_the_planted_fault_misses_exactly_that_many_and_says_so(synthetic):
    problem, entries, _ = planted(synthetic, "S", language=4, readers=3)
    plan = assign(problem)
    fill = plan.lines[0]
    assert fill.unmet == fill.least == sum(plan.short.values())
    assert set(plan.short) <= entries
    (reason,) = [reason for reason in plan.reasons if reason.code == "too_few_eligible"]
    assert set(plan.short) <= set(reason.figures["entries"])
    assert reason.figures["missing"] == fill.unmet
    assert set(reason.figures["barred"]) == {"conflict", "country", "language"}


def test_seniority_in_s_is_explained_by_five_seniors_and_the_entries_without_any(synthetic):
    problem = synthetic("S", rules=True)
    senior, women = why_broken(problem, "seniority"), why_broken(problem, "gender")
    assert (senior.least, women.least) == (28, 1)
    full, none = senior.reasons
    assert (full.code, len(full.figures["judges"]), full.figures["possible"]) == ("group_too_small", 5, 180)
    assert none.code == "group_too_few_eligible"
    assert len(full.figures["entries"]) + len(none.figures["entries"]) == 208
    (woman,) = women.reasons
    assert woman.figures["entries"] == ("e233",)
    assert (woman.figures["needed"], woman.figures["possible"]) == (2, 1)


def test_judges_with_too_little_to_read_are_named():
    problem = pose(["a", "b"], ["x", "y"], np.ones((2, 2)), k=1, max_load=4, min_load=2)
    causes = why_under(problem)
    assert causes.least == 2
    assert causes.reasons[0].figures["judges"] == ("x", "y")
    assert assign(problem).lines[3] == ("min_load", 2, 2)


def test_a_limit_on_groups_that_crowds_out_is_counted_across_its_groups():
    region = {"u": "n", "v": "n", "w": "n", "x": "s"}
    problem = pose(["a", "b"], list("uvwx"), np.ones((2, 4)), k=3, max_load=2, rules=[at_most("region", region, 1)])
    causes = why_broken(problem, "region")
    assert causes.least == 2
    assert causes.reasons[0].code == "rule_crowds_out"
    plan = assign(problem)
    assert sum(wish.amount for wish in plan.unmet) == 2
    assert plan.status == "optimal"


def test_rules_that_compete_are_named_with_the_judges_in_demand():
    """Each rule alone can hold; one review cannot be both."""
    rules = [at_least("senior", {"x": "yes"}, {"yes": 1}), at_least("local", {"y": "yes"}, {"yes": 1})]
    plan = assign(pose(["a"], ["x", "y"], [[1, 1]], k=1, max_load=1, rules=rules))
    should = next(line for line in plan.lines if line.code == "should")
    assert (should.unmet, should.least) == (1, 1)
    (reason,) = [reason for reason in plan.reasons if reason.code == "competing"]
    assert set(reason.figures["rules"]) == {"senior", "local"}
    assert reason.figures["entries"] == ("a",)


@pytest.mark.parametrize(
    ("values", "wanted", "k"),
    [({"x": "s", "y": "s", "z": "s"}, {"s": 3}, 2), ({"x": "w", "y": "m", "z": "w"}, {"w": 2, "m": 1}, 2)],
    ids=["one group", "two groups"],
)
def test_a_rule_that_asks_for_more_than_a_panel_holds_is_told_so(values, wanted, k):
    problem = pose(["a", "b"], list("xyz"), np.ones((2, 3)), k=k, max_load=2, rules=[at_least("rule", values, wanted)])
    causes = why_broken(problem, "rule")
    assert causes.least == 2
    assert [reason.code for reason in causes.reasons] == ["beyond_panels"]
    assert "it asks for 6 judges where 2 entries have 4 reviews (a, b): 2 will be missing" in str(causes.reasons[0])
    plan = assign(problem)
    assert sum(wish.amount for wish in plan.unmet) == 2
    assert "competing" not in {reason.code for reason in plan.reasons}
    assert plan.status == "optimal"


def test_the_proof_of_a_line_is_recomputed_from_its_prices():
    rules = [at_least("senior", {"x": "yes"}, {"yes": 1}), at_least("local", {"y": "yes"}, {"yes": 1})]
    problem = pose(["a"], ["x", "y"], [[1, 1]], k=1, max_load=1, rules=rules)
    plan = assign(problem)
    cells = np.array([(problem.entries.index(e), problem.judges.index(j)) for e, j in plan.pairs])
    assert least_unmet(problem, cells, "should", plan.proofs["should"]) == 1


@pytest.mark.parametrize("seed", range(25))
def test_every_unmet_line_has_a_cause(seed):
    lot = np.random.default_rng(seed)
    judges = [f"j{j}" for j in range(5)]
    rules = [
        at_most("region", dict(zip(judges, lot.choice(["n", "s"], 5), strict=True)), 1),
        at_least("senior", dict(zip(judges, lot.choice(["yes", "no"], 5), strict=True)), {"yes": 1}, "must"),
    ]
    problem = pose(
        [f"e{e}" for e in range(6)],
        judges,
        lot.random((6, 5)),
        k=3,
        max_load=lot.integers(0, 4, 5),
        forbidden={"conflict": lot.random((6, 5)) < 0.3},
        rules=rules,
    )
    plan = assign(problem)
    causes = {
        "fill": {"judges_full", "too_few_eligible"},
        "must": {"group_too_small", "group_too_few_eligible"},
        "should": {"rule_crowds_out"},
    }
    codes = {reason.code for reason in plan.reasons}
    for line in plan.lines:
        if line.unmet:
            assert codes & (causes[line.code] | {"competing"})
    for reason in plan.reasons:
        assert str(reason)


def test_one_entry_is_told_how_many_may_read_it_and_why_others_may_not():
    mask = np.array([[True, True, False, False]])
    problem = pose(
        ["a"],
        list("wxyz"),
        np.ones((1, 4)),
        k=3,
        max_load=[1, 1, 1, 0],
        forbidden={"conflict": [("a", "w")], "language": mask},
    )
    assert eligibility(problem, "a") == (4, {"conflict": 1, "language": 2}, 1, 1)


def test_nobody_at_all_is_explained_too():
    plan = assign(pose(["a"], ["x"], [[1]], k=1, max_load=1, forbidden={"conflict": [("a", "x")]}))
    assert plan.short == {"a": 1}
    assert "too_few_eligible" in {reason.code for reason in plan.reasons}

"""What cannot be asked is refused, with the place and the remedy; what is merely odd is answered."""

import numpy as np
import pytest

from judges.matching import Band, Bridges, ProblemError, Rule, assign, at_least, pose, recompute_bound, repair


def ask(**changes):
    """Two entries, two judges, changed as given."""
    plain = {"entries": ["a", "b"], "judges": ["x", "y"], "scores": np.ones((2, 2)), "k": 1, "max_load": 2}
    return pose(**plain | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scores": [[1, float("nan")], [1, 1]]}, "entry a and judge y is nan: give a finite number"),
        ({"scores": [[1, 1], [float("inf"), 1]]}, "entry b and judge x is inf"),
        ({"scores": [[1, 1], [1e300, 1]]}, "entry b and judge x is 1e"),
        ({"scores": [[1, -1], [1, 1]]}, "entry a and judge y is -1"),
        ({"scores": [[1, "good"], [1, 1]]}, "no table of numbers: give 2 rows"),
        ({"scores": [[1, 1], [1]]}, "no table of numbers"),
        ({"scores": {("a", "x"): "good"}}, "entry a and judge x is 'good'"),
        ({"scores": {("a", "nobody"): 1}}, "names the judge nobody"),
        ({"scores": np.ones((3, 2))}, "3 rows, 2 columns: give 2 rows"),
        ({"k": 1.5}, "k of a is 1.5: give a whole number"),
        ({"k": "many"}, "k of a is 'many'"),
        ({"k": {"a": 1}}, "k has no value for b"),
        ({"k": [1, 2, 3]}, "k has 3 values for 2 names"),
        ({"k": 10**9}, "0 to 1,000,000"),
        ({"max_load": -1}, "max_load of x is -1"),
        ({"min_load": 3, "max_load": 1}, "lower the one or raise the other"),
        ({"entries": ["a", "a"]}, "The entry a is listed twice"),
        ({"judges": ["x", ""]}, "The judge at position 1"),
        ({"judges": ["x", 7]}, "The judge at position 1 is 7"),
        ({"anchors": ["z"]}, "the anchor z"),
        ({"locks": ["ax"]}, "give pairs"),
        ({"locks": [("a", ["x"])]}, "locks names the judge"),
        ({"locks": [("a", "x"), ("a", "y")]}, "Entry a has 2 locks and wants 1"),
        ({"forbidden": {"conflict": np.ones((3, 3), dtype=bool)}}, "mask conflict has shape"),
        ({"forbidden": {str(code): [] for code in range(33)}}, "at most 32"),
        ({"floor": 1.5}, "floor is 1.5: give a number, 0 to 1"),
        ({"load_cost": float("nan")}, "load_cost is nan"),
        ({"rules": [at_least("s", {"x": "yes"}, {"yes": 1}, "perhaps")]}, "choose must, should or may"),
        ({"rules": [Rule("s", (Band("yes", ("x",)),))]}, "Rule s limits nothing"),
        ({"rules": [Rule("s", (Band("yes", ("x",), at_least=1.5),))]}, "1.5 is no number of judges"),
        ({"rules": [Rule("s", (Band("yes", ("x",), at_most=-1),))]}, "-1 is no number of judges"),
        ({"rules": [Rule("s", (Band("yes", ("x",), at_least=2, at_most=1),))]}, "at_least 2 is above at_most 1"),
        ({"rules": [Rule("s", (Band("g", ("x",), 1), Band("g", ("y",), 1)))]}, "two groups called g"),
        ({"rules": [at_least("s", {"z": "yes"}, {"yes": 1})]}, "Rule s names the judge z"),
        ({"bridges": Bridges({"a": "p"}, {"x": "q"}, per_judge=-1)}, "per_judge of bridges is -1"),
        ({"bridges": Bridges({"a": "p"}, {"x": "q"}, share=2)}, "share of bridges is 2"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_place_and_remedy(changes, words):
    with pytest.raises(ProblemError) as refused:
        ask(**changes)
    assert words in str(refused.value)


def test_a_judge_without_any_limit_may_be_given_any_large_number():
    problem = ask(max_load=1_000_000, load_cost=0.1, unwanted=[("a", "x")], unwanted_cost=0.1)
    assert problem.max_load.tolist() == [2, 2]
    assert assign(problem).complete


def test_more_reviews_than_judges_are_given_as_far_as_they_go():
    plan = assign(ask(k=1000))
    assert (plan.filled, plan.wanted) == (4, 2000)
    assert plan.lines[0].proven


def test_when_time_is_up_the_best_draft_is_given_with_a_bound_that_holds(synthetic):
    problem = synthetic("M", rules=True)
    plan = assign(problem, time_limit=0.2)
    assert plan.status == "best draft in the time given"
    assert "draft" in {reason.code for reason in plan.reasons}
    assert plan.filled > 0.9 * plan.wanted
    assert max(plan.loads.values()) <= problem.max_load.max()
    allowed = {(problem.entries[e], problem.judges[j]) for e, j in np.argwhere(problem.allowed)}
    assert set(plan.pairs) <= allowed
    assert plan.bound == recompute_bound(problem, plan.duals) >= plan.worth


def test_an_anchor_whose_scored_judge_is_lost_keeps_the_score_and_all_other_readers():
    problem = pose(["a", "b"], ["x", "y", "z"], np.ones((2, 3)), k=1, max_load=3, anchors=["a"])
    before = assign(problem).pairs
    scored = [("a", "x"), ("a", "y"), ("a", "z")]
    done = repair(problem, before, lost=["x"], scored=scored)
    assert set(scored) <= set(done.plan.pairs)
    again = repair(done.problem, done.plan.pairs, lost=["y"], scored=scored)
    assert set(scored) <= set(again.plan.pairs)
    assert again.problem.codes == ("lost",)
    assert again.plan.complete

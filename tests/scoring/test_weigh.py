from fractions import Fraction

import pytest

from prize.scoring import ScoringError, below_floor, leaf_weights, weigh


def test_a_sheet_is_the_weighted_mean_of_its_marks_exactly():
    weighed = weigh({"a": 1, "b": 2, "c": 2}, {"a": 1, "b": 1, "c": 1})
    assert weighed.score == Fraction(5, 3)
    assert sum(step.figures["part"] for step in weighed.working.steps[:-1]) == Fraction(5, 3)


def test_a_missing_mark_is_refused_because_the_other_weights_would_silently_grow():
    with pytest.raises(ScoringError, match="impact.*mark every criterion"):
        weigh({"innovation": 8}, {"innovation": 60, "impact": 40})


def test_a_criterion_that_weighs_nothing_needs_no_mark():
    assert weigh({"innovation": 8}, {"innovation": 60, "comment": 0}).score == 8


def test_a_mark_without_a_weight_is_refused():
    with pytest.raises(ScoringError, match="charm"):
        weigh({"innovation": 8, "charm": 9}, {"innovation": 60})


@pytest.mark.parametrize("weights", [{"a": 0, "b": 0}, {"a": -1, "b": 2}])
def test_weights_that_do_not_add_up_are_refused(weights):
    with pytest.raises(ScoringError):
        weigh({"a": 1, "b": 2}, weights)


def test_marks_on_different_scales_are_moved_onto_one():
    scales = {"a": (1, 5), "b": (0, 10)}
    assert weigh({"a": 3, "b": 5}, {"a": 1, "b": 1}, scales=scales, onto=(0, 100)).score == 50


def test_a_mark_off_its_scale_is_refused_by_name():
    with pytest.raises(ScoringError, match="Mark for a: 6 lies off the scale 1 to 5"):
        weigh({"a": 6}, {"a": 1}, scales={"a": (1, 5)})


def test_weights_at_both_levels_multiply_and_add_to_one():
    shares = leaf_weights({"design": (30, {"need": 1, "method": 2}), "impact": 70})
    assert shares == {"need": Fraction(1, 10), "method": Fraction(1, 5), "impact": Fraction(7, 10)}
    assert sum(shares.values()) == 1


def test_a_mean_on_the_floor_passes_and_one_below_it_does_not():
    assert below_floor({"impact": 6}, {"impact": 6}) == ()
    assert [note.code for note in below_floor({"impact": "5.99"}, {"impact": 6})] == ["below-floor"]

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prize.scoring import Rounding, RuleSet, ScoringError, exact, rounded
from prize.scoring.scale import MODES

DECIMAL_NAMES = {
    "half-up": "ROUND_HALF_UP",
    "half-even": "ROUND_HALF_EVEN",
    "half-down": "ROUND_HALF_DOWN",
    "up": "ROUND_UP",
    "down": "ROUND_DOWN",
    "ceiling": "ROUND_CEILING",
    "floor": "ROUND_FLOOR",
}


@pytest.mark.parametrize(("value", "expected"), [(2.345, "2.35"), (2.355, "2.36"), (2.365, "2.37"), (-2.345, "-2.35")])
def test_a_half_goes_up_as_people_expect_of_the_number_they_typed(value, expected):
    assert str(rounded(value, 2)) == expected


@given(st.decimals(-1000, 1000, allow_nan=False, places=4), st.integers(0, 5), st.sampled_from(sorted(MODES)))
def test_rounding_agrees_with_the_decimal_module_in_every_mode(value, places, mode):
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=DECIMAL_NAMES[mode])
    assert rounded(value, places, mode) == expected


@given(st.floats(-1e14, 1e14, allow_subnormal=False), st.integers(0, 12), st.sampled_from(sorted(MODES)))
def test_the_quick_way_for_floats_agrees_with_the_exact_one(value, places, mode):
    assert rounded(value, places, mode) == rounded(exact(value), places, mode)
    assert str(rounded(value, places, mode)) == str(rounded(exact(value), places, mode))


def test_a_third_is_rounded_from_the_fraction_not_from_its_float():
    assert str(rounded(Fraction(1, 3), 12)) == "0.333333333333"


def test_a_negative_number_that_rounds_to_nothing_is_plain_zero():
    assert str(rounded("-0.004", 2)) == "0.00"


@pytest.mark.parametrize("bad", ["", "nine", None, True, float("nan"), float("inf"), "NaN", "1e999"])
def test_what_is_no_number_is_refused_with_its_place(bad):
    with pytest.raises(ScoringError, match="Mark of judge 3.*Remedy"):
        exact(bad, "Mark of judge 3")


@pytest.mark.parametrize("bad", [{"places": -1}, {"places": 2, "mode": "bankers"}, {"digits": 2}, {"places": 1.5}])
def test_a_rounding_nobody_knows_is_refused(bad):
    with pytest.raises(ScoringError):
        Rounding.of(bad)


def test_rules_survive_the_way_through_json_and_keep_their_digest():
    rule = RuleSet(method="trimmed-mean/1", rounding={"mean": {"places": 2}}, scale=(0, 10), ties=("impact",))
    again = RuleSet.from_dict(rule.to_dict())
    assert again == rule
    assert again.digest() == rule.digest()
    assert again.digest() != RuleSet().digest()


@pytest.mark.parametrize(
    "bad", [{"across_parts": "ignore"}, {"scale": (5, 5)}, {"trim": (-1, 0)}, {"level": 2}, {"draws": 0}]
)
def test_rules_that_cannot_be_carried_out_are_refused(bad):
    with pytest.raises(ScoringError):
        RuleSet(**bad)


def test_a_setting_nobody_knows_is_refused_rather_than_ignored():
    with pytest.raises(ScoringError, match="trimm"):
        RuleSet.from_dict({"trimm": [1, 1]})


def test_one_rounding_for_all_and_one_number_to_trim_by_are_understood():
    rule = RuleSet(rounding=2, trim=2)
    assert (rule.rounding.mean, rule.rounding.adjusted, rule.trim) == (Rounding(2), Rounding(2), (2, 2))
    assert RuleSet(rounding=None).rounding.adjusted == Rounding(None)
    assert RuleSet.from_dict(rule.to_dict()) == rule

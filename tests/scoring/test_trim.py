import pytest

from prize.scoring import Refusal, RuleSet, fit_scores, rounded, total, trimmed_mean


def test_the_published_nine_judge_sheet_comes_out(known):
    sheet = known["trimmed_mean_rounding"]
    result = trimmed_mean(sheet["scores"], RuleSet(rounding={"mean": 2}))
    assert float(result.value) == sheet["expect"]


def test_the_same_sheet_comes_out_of_a_round():
    scores = [9.0, 9.0, 8.75, 9.25, 9.0, 9.5, 9.25, 9.0, 9.0]
    rule = RuleSet(method="trimmed-mean/1", rounding={"mean": 2})
    result = fit_scores([1] * 9, list(range(9)), scores, rule=rule)
    assert [str(value) for value in result.decisive()] == ["9.07"]


def test_the_order_of_roundings_is_part_of_the_rules():
    late = total(["9.07", "9.07"], ["1.5", "1.5"], RuleSet(rounding={"total": 1}))
    early = total(["9.07", "9.07"], ["1.5", "1.5"], RuleSet(rounding={"factored": 1, "total": 1}))
    assert (str(late.value), str(early.value)) == ("27.2", "27.2")
    late = total(["8.33", "8.33"], ["1.5", "1.5"], RuleSet(rounding={"total": 0}))
    early = total(["8.33", "8.33"], ["1.5", "1.5"], RuleSet(rounding={"factored": 1, "total": 1}))
    assert (str(late.value), str(early.value)) == ("25", "25.0")


def test_a_factor_is_applied_after_the_mean_is_rounded_and_rounded_again():
    rule = RuleSet(method="raw-mean/1", factor="1.5", rounding={"mean": 1, "factored": 1})
    result = fit_scores([1, 1, 1], [1, 2, 3], [7, 7, 8], rule=rule)
    assert [str(value) for value in result.decisive()] == ["11.0"]  # 22/3 -> 7.3 -> 10.95 -> 11.0
    assert str(rounded(22 / 3 * 1.5, 1)) == "11.0"


def test_fewer_than_five_judges_are_too_few_to_trim():
    with pytest.raises(Refusal, match="Entry 2: 4 scores, and trimming needs 5"):
        fit_scores([1] * 5 + [2] * 4, [*range(5), *range(4)], [5] * 9, rule=RuleSet(method="trimmed-mean/1"))


def test_a_dropped_score_has_no_weight_to_share_out():
    with pytest.raises(Refusal, match="weights"):
        fit_scores([1] * 5, [*range(5)], [5] * 5, [1, 1, 1, 1, 2], RuleSet(method="trimmed-mean/1"))


def test_the_median_is_the_middle_score_or_half_way():
    result = fit_scores([1, 1, 1, 2, 2], [1, 2, 3, 1, 2], [1, 9, 2, 4, 5], rule=RuleSet(method="median/1"))
    assert [float(value) for value in result.decisive()] == [2.0, 4.5]

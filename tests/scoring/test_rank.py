from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prize.scoring import Refusal, RuleSet, ScoringError, TieRule, fit_scores, rank, top_k


def test_ties_after_rounding_share_the_place_and_the_next_place_is_left_out():
    assert rank([8.444, 8.441, 9, 7], rounding=2).place == (2, 2, 1, 4)
    assert rank([8.444, 8.441, 9, 7]).place == (2, 3, 1, 4)


def test_exact_thirds_tie_where_floats_would_not():
    assert rank([Fraction(1, 10) + Fraction(2, 10), Fraction(3, 10)]).tie_groups == ((0, 1),)


def test_the_tie_chain_is_walked_in_order_and_says_which_rule_decided():
    chain = [TieRule.by("impact", [5, 7, 7, 7]), TieRule.by("reviews", [3, 3, 4, 4])]
    result = rank([9, 9, 9, 9], tie_rules=chain)
    assert result.place == (4, 3, 1, 1)
    assert [name for name, _ in result.broken] == ["impact", "reviews"]
    assert result.tie_groups == ((2, 3),)


def test_a_tie_is_never_broken_by_row_or_identifier():
    assert rank([5, 5, 5]).place == (1, 1, 1)


def test_low_can_be_good():
    assert rank([1.2, 3, 2], high_is_good=False).place == (1, 3, 2)


def test_an_entry_without_a_value_gets_no_place():
    assert rank([5, None, 7]).place == (2, None, 1)


def test_head_to_head_counts_only_pairs_among_the_tied():
    prefers = [[0, 3, 0], [2, 0, 0], [5, 5, 0]]
    assert rank([5, 5, 9], tie_rules=[TieRule.head_to_head("head to head", prefers)]).place == (2, 3, 1)


def test_a_public_draw_depends_on_the_seed_and_not_on_the_rows():
    draw = TieRule.draw("draw", "seed of 24 September", ["K7WQ", "P2XM", "R9TD"])
    first = rank([5, 5, 5], tie_rules=[draw]).place
    again = TieRule.draw("draw", "seed of 24 September", ["R9TD", "K7WQ", "P2XM"])
    assert rank([5, 5, 5], tie_rules=[again]).place == (first[2], first[0], first[1])
    assert sorted(first) == [1, 2, 3]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "high", True])
def test_what_cannot_be_compared_is_refused_with_its_position(bad):
    with pytest.raises(ScoringError, match="position 1"):
        rank([1, bad, 3])


def test_unlinked_parts_are_not_ranked_together_unless_somebody_decides_so():
    with pytest.raises(Refusal, match="share no judge"):
        rank([1, 2, 3, 4], parts=[0, 0, 1, 1])
    assert rank([1, 2, 3, 4], parts=[0, 0, 1, 1], across="exchangeable").place == (4, 3, 2, 1)
    assert rank([1, 2, 3, 4], parts=[0, 0, 1, 1], across="separate").place == (2, 1, 2, 1)


def test_a_result_is_ranked_by_its_own_rules(contest):
    entry, judge, score, _ = contest()
    result = fit_scores(entry, judge, score, rule=RuleSet(low_is_good=True, rounding={"adjusted": 1}))
    assert rank(result).place == rank(result.decisive(), high_is_good=False).place
    with pytest.raises(ScoringError, match="change the rules"):
        rank(result, high_is_good=False)


@given(st.lists(st.integers(0, 5) | st.none(), min_size=1, max_size=12))
def test_a_place_is_one_more_than_the_number_of_better_values(values):
    for value, place in zip(values, rank(values).place, strict=True):
        better = sum(other is not None and value is not None and other > value for other in values)
        assert place == (None if value is None else 1 + better)


def test_chances_add_up_to_the_places_there_are(contest):
    result = fit_scores(*contest()[:3])
    chances = top_k(result, 8)
    assert chances.prob.sum() == pytest.approx(8)
    assert (chances.rank_low <= chances.rank_high).all()


def test_the_grant_panel_is_as_unsure_as_three_reviewers_make_it(aibs):
    result = fit_scores(*aibs, rule=RuleSet(low_is_good=True))
    chances = top_k(result, 25)
    at_two = np.isclose(result.raw, 2.0)
    assert chances.prob[at_two] == pytest.approx(np.full(at_two.sum(), 0.51), abs=0.03)
    assert set(chances.rank_low[at_two]) <= {4, 5, 6}
    assert set(chances.rank_high[at_two]) <= {50, 51, 52, 53}
    assert ((chances.prob > 0.2) & (chances.prob < 0.8)).sum() == pytest.approx(39, abs=2)


def test_chances_are_those_of_the_formula_written_out(contest):
    result = fit_scores(*contest(entries=20, judges=6)[:3])
    a, cov = result.adjusted, result.cov
    noise = (np.trace(cov) - cov.sum() / 20) / 19
    quality = max(0.0, a.var(ddof=1) - noise)
    pull = quality * np.linalg.inv(quality * np.eye(20) + cov)
    rng = np.random.Generator(np.random.Philox(3))
    spread = quality * (np.eye(20) - pull)
    draws = rng.multivariate_normal(a.mean() + pull @ (a - a.mean()), (spread + spread.T) / 2, 8000)
    ranks = np.argsort(np.argsort(-draws, axis=1), axis=1) + 1
    chances = top_k(result, 6, draws=8000)
    assert chances.prob == pytest.approx((ranks <= 6).mean(axis=0), abs=0.025)
    assert chances.rank_low == pytest.approx(np.quantile(ranks, 0.05, axis=0), abs=1)
    assert chances.rank_high == pytest.approx(np.quantile(ranks, 0.95, axis=0), abs=1)


def test_chances_treat_unlinked_panels_as_the_rules_treat_them_when_ranking(contest):
    entry, judge, score, _ = contest(entries=20, judges=5)
    panels = (
        np.concatenate([entry, entry + 100]),
        np.concatenate([judge, judge + 100]),
        np.concatenate([score, score + 9]),
    )
    with pytest.raises(Refusal, match="share no judge"):
        top_k(fit_scores(*panels), 4)
    together = top_k(fit_scores(*panels, rule=RuleSet(across_parts="exchangeable")), 4)
    assert together.prob.sum() == pytest.approx(4)
    separate = top_k(fit_scores(*panels, rule=RuleSet(across_parts="separate")), 4)
    assert [separate.prob[:20].sum(), separate.prob[20:].sum()] == pytest.approx([4, 4])
    assert separate.rank_high.max() <= 20
    assert separate.rank_low[:20].min() == separate.rank_low[20:].min() == 1


def test_the_same_seed_gives_the_same_chances_and_another_seed_similar_ones(contest):
    result = fit_scores(*contest()[:3])
    assert top_k(result, 8).prob.tobytes() == top_k(result, 8).prob.tobytes()
    assert top_k(result, 8, seed=1).prob == pytest.approx(top_k(result, 8, seed=2).prob, abs=0.06)


def test_where_nothing_tells_entries_apart_every_one_has_the_same_chance():
    result = fit_scores([1, 1, 2, 2, 3, 3, 4, 4], [1, 2] * 4, [4, 6] * 4, rule=RuleSet(method="raw-mean/1"))
    assert top_k(result, 1).prob == pytest.approx(np.full(4, 0.25), abs=0.04)


def test_entries_with_too_few_scores_have_no_chance_and_no_range():
    result = fit_scores([1, 1, 2, 2, 3], [1, 2, 1, 2, 1], [5, 6, 7, 8, 9], rule=RuleSet(method="raw-mean/1"))
    chances = top_k(result, 1)
    assert (chances.prob[2], chances.rank_low[2], chances.rank_high[2]) == (0, 0, 0)


def test_chances_are_refused_when_nothing_is_known_of_error():
    with pytest.raises(Refusal, match="second scores"):
        top_k(fit_scores([1, 2], [1, 2], [5, 6]), 1)
    with pytest.raises(ScoringError, match="give 1 to 2"):
        top_k(fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [5, 6, 7, 7]), 3)


def test_a_tie_rule_without_a_value_for_everybody_is_refused_with_its_name():
    with pytest.raises(ScoringError, match="Tie rule impact: it has 1 values, and position 1 is tied"):
        rank([8, 8], tie_rules=[("impact", [6])])

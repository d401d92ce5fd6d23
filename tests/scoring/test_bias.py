import numpy as np
import pytest

from prize.scoring import (
    RuleSet,
    ScoringError,
    bias_report,
    collusion_report,
    consistency_report,
    drift,
    false_discovery,
    fit_scores,
    outliers,
    rank,
)


@pytest.fixture
def panel(contest):
    """120 entries, 12 judges, five each; score, related and the planted faults are added by the tests."""
    entry, judge, score, _ = contest(seed=11, entries=120, judges=12, each=5)
    related = np.random.Generator(np.random.Philox(3)).random(len(entry)) < 0.2
    return entry, judge, score, related


def test_a_planted_preference_is_found_and_nobody_else_is_flagged(panel):
    entry, judge, score, related = panel
    planted = score + 1.5 * (related & (judge == 4))
    report = bias_report(fit_scores(entry, judge, planted), related)
    assert [row.judge for row in report.rows if row.flagged] == [4]
    assert report.rows[4].effect == pytest.approx(1.5, abs=0.8)
    assert report.tests == sum(row.n_related >= 5 for row in report.rows)


def test_without_a_preference_flags_are_rare(contest):
    flagged = 0
    for seed in range(20):
        entry, judge, score, _ = contest(seed=seed, entries=60, judges=8, each=4)
        related = np.random.Generator(np.random.Philox(seed)).random(len(entry)) < 0.3
        report = bias_report(fit_scores(entry, judge, score), related, permutations=499)
        flagged += any(row.flagged for row in report.rows)
    assert flagged <= 4


def test_a_severe_judge_and_a_strong_city_are_no_preference(panel):
    entry, judge, score, related = panel
    strong = np.isin(entry, entry[related & (judge == 4)])
    report = bias_report(fit_scores(entry, judge, score + 2.0 * strong - 3.0 * (judge == 4)), related)
    assert not report.rows[4].flagged


def test_below_five_related_scores_nothing_is_shown(panel):
    entry, judge, score, _ = panel
    few = np.zeros(len(entry), dtype=bool)
    few[np.flatnonzero(judge == 2)[:4]] = True
    report = bias_report(fit_scores(entry, judge, score), few)
    assert {(row.effect, row.p, row.q) for row in report.rows} == {(None, None, None)}
    assert "too-few" in [note.code for note in report.warnings]


def test_a_fair_difference_between_strata_is_taken_out(panel):
    entry, judge, score, _ = panel
    category = entry % 2
    related = (judge == 4) & (category == 1) & (np.arange(len(entry)) % 3 > 0)
    lifted = score + 1.5 * ((judge == 4) & (category == 1))
    result = fit_scores(entry, judge, lifted)
    assert bias_report(result, related, category).rows[4].p > 0.05
    assert bias_report(result, related).rows[4].p < 0.05


def test_the_caller_s_order_of_rows_is_kept(panel):
    entry, judge, score, related = panel
    shuffle = np.random.Generator(np.random.Philox(5)).permutation(len(entry))
    one = bias_report(fit_scores(entry, judge, score), related)
    two = bias_report(fit_scores(entry[shuffle], judge[shuffle], score[shuffle]), related[shuffle])
    assert [row.effect for row in one.rows] == [row.effect for row in two.rows]


def test_lists_of_another_length_are_refused(panel):
    entry, judge, score, related = panel
    with pytest.raises(ScoringError, match="one for each score"):
        bias_report(fit_scores(entry, judge, score), related[:-1])


def test_false_discovery_agrees_with_the_rule_written_out():
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    q = false_discovery(p)
    expected = [min(min(p[j] * 10 / (j + 1) for j in range(i, 10)), 1) for i in range(10)]
    assert q == pytest.approx(expected)
    assert false_discovery([]) == []


def test_a_noisy_judge_is_noisy_and_a_severe_one_is_not(panel):
    entry, judge, score, _ = panel
    noise = np.random.Generator(np.random.Philox(7)).normal(size=len(entry)) * 2.5
    report = consistency_report(fit_scores(entry, judge, score + noise * (judge == 3) - 4 * (judge == 8)))
    assert [row.judge for row in report if row.flagged] == [3]
    assert report[8].severity < -3


def test_a_slip_of_the_pen_stands_out_with_its_row(panel):
    entry, judge, score, _ = panel
    slipped = score.copy()
    slipped[200] += 12
    found = outliers(fit_scores(entry, judge, slipped))[0]
    assert (found.row, found.entry, found.judge, found.score) == (200, entry[200], judge[200], slipped[200])
    assert found.influence < -1
    assert found.p < 1e-6
    assert found.q == pytest.approx(found.p * len(entry))  # the oddest of all of them


@pytest.mark.parametrize("low_is_good", [False, True])
def test_a_score_on_which_a_place_hangs_stands_out_when_a_limit_is_given(contest, low_is_good):
    entry, judge, score, _ = contest(seed=4, entries=15, judges=5)
    result = fit_scores(entry, judge, score, rule=RuleSet(low_is_good=low_is_good))
    d, sign = result.diagnostics, -1 if low_is_good else 1
    moved = []
    for row in range(len(entry)):
        without = result.adjusted.copy()
        without[entry[row]] += d.influence[row]
        places = [
            rank(np.round(values, 9).tolist(), high_is_good=sign > 0).place for values in (result.adjusted, without)
        ]
        moved.append(abs(places[0][entry[row]] - places[1][entry[row]]))
    found = outliers(result, places=3)
    assert {each.row for each in found} == {row for row, places in enumerate(moved) if places > 3}
    assert [each.places for each in found] == [moved[each.row] for each in found]
    assert outliers(result) == ()
    with pytest.raises(ScoringError, match="no limits"):
        outliers(result, places=0)


def test_nothing_stands_out_where_everything_agrees():
    result = fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [5, 5, 5, 5])
    assert outliers(result) == ()
    assert [row.rms for row in consistency_report(result)] == [0, 0]


def test_two_judges_who_copy_each_other_are_found(contest):
    entry, judge, score, _ = contest(seed=11, entries=120, judges=12, each=8)
    private = np.random.Generator(np.random.Philox(13)).normal(size=120) * 2.5
    copying = np.isin(judge, [2, 9])
    report = collusion_report(fit_scores(entry, judge, score + private[entry] * copying), permutations=1999)
    assert report[0].judges == (2, 9)
    assert report[0].correlation > 0.6
    assert [pair.judges for pair in report if pair.flagged] == [(2, 9)]


def test_a_judge_who_tires_shows_as_drift(panel):
    entry, judge, score, _ = panel
    slopes = drift(fit_scores(entry, judge, score - 0.03 * entry * (judge == 6)), entry)
    assert min(slopes, key=slopes.get) == 6

import numpy as np
import pytest

from prize.scoring import Refusal, RuleSet, ScoringError, fit_scores, rank, robustness
from prize.scoring.robust import METHODS


@pytest.fixture
def marks(contest):
    entry, judge, _, truth = contest(seed=21, entries=15, judges=6, each=5)
    rng = np.random.Generator(np.random.Philox(4))
    columns = {name: np.round(truth[entry] * 2 + 5 + rng.normal(size=len(entry)), 1).tolist() for name in ("a", "b")}
    return entry, judge, columns | {"c": np.round(rng.uniform(0, 10, len(entry)), 1).tolist()}


def test_every_judge_criterion_weight_and_method_is_tried(marks):
    entry, judge, columns = marks
    report = robustness(entry, judge, k=5, marks=columns, weights={"a": 3, "b": 3, "c": 1}, worlds=20)
    kinds = [scenario.kind for scenario in report.scenarios]
    assert kinds.count("judge left out") == 6
    assert kinds.count("criterion left out") == 3
    assert kinds.count("weights varied") == 20
    assert kinds.count("other method") + len(report.refused) == len(METHODS) - 1
    assert set(report.inside) == set(kinds)


def test_a_recount_is_the_very_round_without_the_judge(marks):
    entry, judge, columns = marks
    report = robustness(entry, judge, columns["a"], k=5)
    without = next(each for each in report.scenarios if each.change == "2")
    keep = judge != 2
    again = fit_scores(
        entry[keep], judge[keep], np.array(columns["a"])[keep], rule=RuleSet(method="severity-adjusted/1")
    )
    assert without.place == rank(again.decisive()).place


def test_the_ranges_hold_every_recount_and_the_rules_own_result(marks):
    entry, judge, columns = marks
    report = robustness(entry, judge, columns["a"], k=5)
    for position, own in enumerate(report.place):
        seen = [each.place[position] for each in report.scenarios] + [own]
        assert (report.rank_low[position], report.rank_high[position]) == (min(seen), max(seen))
    inside = {report.entries[p] for p in range(15) if report.rank_low[p] <= 5 < report.rank_high[p]}
    assert set(report.crossers) == inside


def test_a_clear_winner_stays_and_nobody_crosses():
    entry, judge = np.repeat(np.arange(4), 6), np.tile(np.arange(6), 4)
    score = np.array([9, 5, 4, 2])[entry] + 0.1 * (np.arange(24) * 7 % 5)
    report = robustness(entry, judge, score, k=1)
    assert report.crossers == ()
    assert {share[0] for share in report.inside.values()} == {1.0}


def test_unlinked_panels_are_recounted_as_the_rules_rank_them(contest):
    entry, judge, score, _ = contest(entries=12, judges=5)
    panels = (
        np.concatenate([entry, entry + 100]),
        np.concatenate([judge, judge + 100]),
        np.concatenate([score, score + 9]),
    )
    with pytest.raises(Refusal, match="share no judge"):
        robustness(*panels, k=3)
    report = robustness(*panels, k=3, rule=RuleSet(across_parts="separate"), methods=["raw-mean/1"])
    assert report.place == rank(fit_scores(*panels, rule=RuleSet(across_parts="separate"))).place
    assert max(place for each in report.scenarios for place in each.place if place is not None) <= 12
    assert sum(report.inside["other method"]) == 6


def test_a_recount_that_cannot_stand_is_named_with_the_reason(contest):
    report = robustness(*contest()[:3], k=5)
    assert any("trimmed-mean/1" in what and "trimming needs 5" in why for what, why in report.refused)


def test_scores_or_marks_are_needed_and_not_both(marks):
    entry, judge, columns = marks
    with pytest.raises(ScoringError, match="one of the two"):
        robustness(entry, judge, k=3)
    with pytest.raises(ScoringError, match="one of the two"):
        robustness(entry, judge, columns["a"], k=3, marks=columns, weights={"a": 1})

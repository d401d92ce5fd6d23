import numpy as np
import pytest

from prize.scoring import (
    Refusal,
    RuleSet,
    ScoringError,
    blocks,
    borderline,
    crossings,
    difference,
    fit_scores,
    justified_places,
    rank,
    reciprocal_favours,
    settled,
    top_k,
)


@pytest.fixture
def result(contest):
    return fit_scores(*contest()[:3])


def test_every_entry_is_inside_outside_or_open_and_the_open_ones_get_more_judges(result):
    chances = top_k(result, 10)
    found = settled(chances, result, budget=4)
    assert sorted((*found.inside, *found.outside, *found.open)) == list(result.entries)
    assert set(found.more_judges) == set(found.open)
    assert set(found.more_judges.values()) == {1}
    probability = dict(zip(chances.entries, chances.prob, strict=True))
    assert all(0.05 <= probability[entry] <= 0.95 for entry in found.open)


def test_an_entry_at_its_budget_gets_no_more_judges(result):
    assert settled(top_k(result, 10), result, budget=3).more_judges == {}


def test_shared_judges_cancel_in_a_difference(result):
    cov = result.cov
    found = difference(result, 3, 7)
    assert found.se == pytest.approx(np.sqrt(cov[3, 3] + cov[7, 7] - 2 * cov[3, 7]))
    assert found.difference == pytest.approx(result.adjusted[3] - result.adjusted[7])
    assert found.chance + difference(result, 7, 3).chance == pytest.approx(1)
    assert difference(result, 3, 3) == (0.0, 0.0, 0.5)


def test_where_low_is_good_the_lower_is_the_better(contest):
    low = fit_scores(*contest()[:3], rule=RuleSet(low_is_good=True))
    found = difference(low, 3, 7)
    assert (found.chance > 0.5) == (found.difference < 0)


def test_the_borderline_is_where_the_difference_is_within_the_error(result):
    near = {each.entry: each for each in borderline(result, 10)}
    order = [result.entries[place] for place in np.argsort(-result.adjusted)]
    for place, entry in enumerate(order, start=1):
        line = order[10] if place <= 10 else order[9]
        found = difference(result, entry, line)
        assert (entry in near) == (abs(found.difference) < 1.645 * found.se)
    assert near[order[9]].place == 10


def test_when_all_are_in_nobody_is_borderline(result):
    assert borderline(result, 40) == ()
    with pytest.raises(ScoringError, match="give 1 to 40"):
        borderline(result, 41)


def test_crossings_are_the_difference_between_two_rankings(result):
    raw, decided = rank(result.exact_raw()).place, rank(result).place
    found = crossings(result, 10)
    assert set(found.comes_in) == {e for e in range(40) if decided[e] <= 10 < raw[e]}
    assert set(found.goes_out) == {e for e in range(40) if raw[e] <= 10 < decided[e]}


def test_unlinked_panels_have_one_line_or_two_or_none_as_the_rules_say(contest):
    entry, judge, score, _ = contest(entries=20, judges=5)
    panels = (
        np.concatenate([entry, entry + 100]),
        np.concatenate([judge, judge + 100]),
        np.concatenate([score, score + 9]),
    )
    for ask in (crossings, borderline):
        with pytest.raises(Refusal, match="share no judge"):
            ask(fit_scores(*panels), 4)
    result = fit_scores(*panels, rule=RuleSet(across_parts="separate"))
    places = dict(zip(result.entries, rank(result).place, strict=True))
    near = borderline(result, 4)
    assert {each.entry < 100 for each in near} == {True, False}
    assert all(each.place == places[each.entry] for each in near)
    first = fit_scores(entry, judge, score)
    assert {each.entry for each in near if each.entry < 100} >= {rank(first).order[3], rank(first).order[4]}
    assert [len(each) for each in crossings(result, 20)] == [0, 0]


def test_a_difference_needs_entries_and_an_error(result):
    with pytest.raises(ScoringError, match="it has no scores"):
        difference(result, 3, 99)
    with pytest.raises(Refusal, match="second scores"):
        difference(fit_scores([1, 2], [1, 2], [5, 6]), 1, 2)


def test_no_more_decimals_are_printed_than_the_error_justifies():
    assert [justified_places(se) for se in (30.0, 3.0, 0.3, 0.03)] == [0, 0, 1, 2]


def test_favours_returned_are_found(contest):
    entry, judge, score, _ = contest(seed=3, entries=40, judges=8, each=6)
    own = {each: [100 + each] for each in range(8)}
    everybody = [(100 + owner, other) for owner in range(8) for other in range(8) if other != owner]
    e = np.concatenate([entry, [pair[0] for pair in everybody]])
    j = np.concatenate([judge, [pair[1] for pair in everybody]])
    rng = np.random.Generator(np.random.Philox(2))
    favour = [4.0 * (pair in ((101, 5), (105, 1))) for pair in everybody]
    result = fit_scores(e, j, np.concatenate([score, rng.normal(size=len(everybody)) + favour]))
    found = reciprocal_favours(result, own)
    assert len(found) == 28
    assert [each.judges for each in found if each.flagged] == [(1, 5)]


def test_a_block_of_judges_loads_together(contest):
    entry, judge, score, _ = contest(seed=3, entries=80, judges=8, each=6)
    taste = np.random.Generator(np.random.Philox(9)).normal(size=80) * 1.5
    block = np.isin(judge, [0, 1, 2])
    found = blocks(fit_scores(entry, judge, score + taste[entry] * block))
    signs = {j: np.sign(loading) for j, loading in found.loading.items()}
    assert {signs[j] for j in (0, 1, 2)} != {signs[j] for j in (3, 4, 5)}
    assert found.p <= 0.02


def test_without_a_block_one_is_seldom_seen(contest):
    chances = [blocks(fit_scores(*contest(seed=seed, entries=40, judges=8, each=6)[:3])).p for seed in range(12)]
    assert sum(p < 0.05 for p in chances) <= 2

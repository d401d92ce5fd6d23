import pytest

from prize.scoring import (
    RuleSet,
    ScoringError,
    crossing_sentence,
    crossings,
    entry_sentence,
    fit_scores,
    severity_sentences,
    top_k,
)


@pytest.fixture
def result(contest):
    return fit_scores(*contest()[:3])


def test_every_judge_gets_a_sentence_with_the_points_that_were_moved(result):
    sentences = severity_sentences(result)
    assert list(sentences) == list(result.judges)
    strictest = int(result.severity.argmin())
    assert f"{-result.severity[strictest]:.1f} points were added back" in sentences[result.judges[strictest]]
    assert "biased" not in " ".join(sentences.values())


def test_without_correction_the_sentence_says_so():
    raw = fit_scores([1, 1], [1, 2], [3, 4], rule=RuleSet(method="raw-mean"))
    assert "No correction" in severity_sentences(raw)[1]


def test_an_entry_s_line_tells_raw_adjusted_places_and_chance(result):
    chances = top_k(result, 10)
    line = entry_sentence(result, chances, 7)
    assert line.startswith(f"Raw {result.raw[7]:.1f} from 3 judges. Adjusted {result.adjusted[7]:.1f}.")
    assert f"{chances.rank_low[7]} to {chances.rank_high[7]}" in line
    with pytest.raises(ScoringError, match="no scores"):
        entry_sentence(result, chances, 99)


def test_an_entry_with_too_few_scores_has_no_likely_place():
    result = fit_scores([1, 1, 2, 2, 3], [1, 2, 1, 2, 1], [5, 6, 7, 8, 9])
    assert entry_sentence(result, top_k(result, 1), 3).endswith("from 1 judge. Too few scores for a place.")


def test_who_crosses_the_line_is_named(result):
    found = crossings(result, 10)
    sentence = crossing_sentence(result, 10)
    assert all(str(entry) in sentence for entry in (*found.comes_in, *found.goes_out))
    number = len(found.comes_in) + len(found.goes_out)
    assert number > 1
    assert sentence.startswith(f"{number} entries cross the line of the first 10")

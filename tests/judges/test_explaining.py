"""Why a plan is as it is, in the reader's words."""

import re
from string import Formatter

import pytest

from judges.explaining import WORDS, in_words
from judges.matching import assign, at_least, pose
from judges.matching.reasons import SENTENCES


def test_every_reason_that_matching_may_give_has_words():
    assert set(WORDS) == set(SENTENCES)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_the_words_ask_for_no_figure_that_the_reason_does_not_give(code):
    given = {name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name}
    assert set(re.findall(r"%\((\w+)\)s", str(WORDS[code]))) <= given


def test_a_plan_that_misses_reviews_says_whom_it_depends_on_by_name():
    rule = at_least("seniority", {"x": "senior"}, {"senior": 1})
    problem = pose(["a", "b"], ["x", "y"], [[1, 1], [1, 1]], k=2, max_load={"x": 1, "y": 2}, rules=[rule])
    plan = {"causes": [reason._asdict() for reason in assign(problem).reasons]}
    words = in_words(plan, {"x": "Eve", "y": "Frank"})
    assert any(line.startswith("Reviews missing: 1. The entries a, b need 4") and "(Eve)" in line for line in words)
    assert any("Rule “seniority” (senior) cannot be kept, 1 short" in line for line in words)


def test_long_lists_are_cut_short_and_old_plans_keep_their_sentences():
    figures = {"entries": [f"e{n:02}" for n in range(20)]}
    (words,) = in_words({"causes": [{"code": "floor_too_high", "figures": figures}]}, {})
    assert words.endswith("e11 and 8 more.")
    assert in_words({"reasons": ["All 12 reviews are given."]}, {}) == ["All 12 reviews are given."]

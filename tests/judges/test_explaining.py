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
    assert any("Rule “readers' seniority” (senior) cannot be kept, 1 short" in line for line in words)


@pytest.mark.parametrize(
    ("rule", "group", "said"),
    [
        ("tie 2", "inside", ("an entry that ties two groups of judges (2)", "judges of the group")),
        ("country", "KR", ("readers' countries", "South Korea")),
        ("region", "north", ("readers' regions", "North")),
        ("language", "ko", ("readers who have named the language", "Korean")),
        ("outsiders", "people", ("readers from other panels", "People")),
        ("gender", "woman", ("readers' gender", "woman")),
    ],
)
def test_rules_and_their_groups_go_by_the_words_an_officer_knows(rule, group, said):
    groups = {"region": {"north": "North"}, "outsiders": {"people": "People"}}
    figures = {"rule": rule, "group": group, "missing": 1, "entries": ["e1"], "judges": [], "needed": 2, "possible": 1}
    (words,) = in_words({"causes": [{"code": "group_too_small", "figures": figures}]}, {}, groups)
    assert words.startswith(f"Rule “{said[0]}” ({said[1]}) cannot be kept, 1 short: e1 need 2")


def test_rules_that_compete_and_panels_without_bridges_are_named_too():
    competing = {
        "rules": ["country", "tie 1", "loads"],
        "amount": 2,
        "entries": ["e1"],
        "judges": ["x"],
        "line": "should",
    }
    alone = {"who": "people", "missing": 3}
    plan = {"causes": [{"code": "competing", "figures": competing}, {"code": "too_few_crossings", "figures": alone}]}
    first, second = in_words(plan, {"x": "Eve"}, {"outsiders": {"people": "People"}})
    assert "(readers' countries, an entry that ties two groups of judges (1), how much each judge reads)" in first
    assert second.startswith("People: too few reviews across panels")


def test_long_lists_are_cut_short_and_old_plans_keep_their_sentences():
    figures = {"entries": [f"e{n:02}" for n in range(20)]}
    (words,) = in_words({"causes": [{"code": "floor_too_high", "figures": figures}]}, {})
    assert words.endswith("e11 and 8 more.")
    assert in_words({"reasons": ["All 12 reviews are given."]}, {}) == ["All 12 reviews are given."]

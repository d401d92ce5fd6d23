"""The section ``judges``: load, export, load is the identity, and mistakes are named."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from judges import criteria, rulebook
from judges.models import Round, Terms

BOOK = Path(__file__).resolve().parents[2] / "prize" / "rulebooks" / "seoul-2023.yaml"


@pytest.fixture
def section():
    return rulebook.Section.model_validate(yaml.safe_load(BOOK.read_text())["judges"])


@pytest.fixture
def seoul(edition, section):
    from factories import prize as make

    make.make_committee(edition, "jury")
    for order, key in enumerate(section.rounds[0].quotas):
        edition.categories.create(key=key, name={"en": key}, order=order)
    rulebook.adopt(edition, section)
    return edition


def test_load_export_load_is_the_identity(seoul, section):
    described = rulebook.describe(seoul)
    assert described.model_dump(mode="json") == section.model_dump(mode="json")
    rulebook.adopt(seoul, described)
    assert rulebook.describe(seoul) == described


def test_the_shipped_round_has_six_main_criteria_and_quotas_for_forty(seoul):
    round = Round.objects.get(stage__edition=seoul)
    assert round.criteria.filter(parent=None).count() == 6
    assert round.shortlist_size == 40
    leaves = criteria.leaves(round, seoul.categories.first())
    assert [(leaf.key, float(leaf.share)) for leaf in leaves] == [
        ("problem", 0.1), ("innovation", 0.1), ("design", 0.15), ("planning", 0.15), ("implementation", 0.15),
        ("learning", 0.1), ("outcomes", 0.15), ("reach", 0.1),
    ]  # fmt: skip
    assert all(set(leaf.criterion.anchors) == {"2", "4", "6", "8", "10"} for leaf in leaves)
    assert all(set(text) == {"en", "ko"} for leaf in leaves for text in leaf.criterion.anchors.values())


def test_the_pledge_is_there_in_both_languages(seoul):
    assert set(Terms.objects.get(edition=seoul).pledge) == {"en", "ko"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "magic/1"}, "no method of scores is called magic/1"),
        ({"method_settings": {"luck": 1}}, "luck"),
        ({"scale_low": 10, "scale_high": 1}, "give a scale"),
        ({"criteria": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]}, "named twice: a"),
    ],
    ids=["method", "setting", "scale", "criteria"],
)
def test_a_mistake_in_a_round_is_named(change, said):
    plain = {"stage": "second", "reviews_per_entry": 3, "scale_low": 1, "scale_high": 10, "method": "raw-mean/1"}
    with pytest.raises(ValidationError, match=said):
        rulebook.Section.model_validate({"rounds": [{**plain, **change}]})


def test_a_rulebook_without_judging_is_valid():
    assert rulebook.Section.model_validate({}).rounds == []

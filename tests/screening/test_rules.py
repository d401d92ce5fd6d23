"""Machine rules: what they answer, and that they only propose."""

import pytest
from factories.applications import ANSWERS, make_application, make_attached
from factories.screening import into_screening, make_entry, make_items

from applications import submitting
from screening import checking, proposing, rules
from screening.models import Check
from screening.rules import Facts


@pytest.mark.parametrize(
    ("rule", "facts", "result"),
    [
        ({"answer": "maturity", "in": ["ongoing", "finished"]}, Facts(answers={"maturity": "ongoing"}), "passed"),
        ({"answer": "maturity", "in": ["ongoing", "finished"]}, Facts(answers={"maturity": "planned"}), "failed"),
        ({"answer": "maturity", "in": ["ongoing"]}, Facts(answers={"maturity": ""}), None),
        ({"answer": "topics", "in": ["health"]}, Facts(answers={"topics": ["energy", "health"]}), "passed"),
        ({"applicant_type": ["city"]}, Facts(applicant_type="city"), "passed"),
        ({"applicant_type": ["city"]}, Facts(applicant_type="company"), "failed"),
        ({"has_file": "evidence"}, Facts(files={"evidence": 2}), "passed"),
        ({"has_file": "evidence"}, Facts(files={"evidence": 0}), "failed"),
        ({"has_file": "evidence"}, Facts(), None),
        ({"has_file": ["evidence", "letter"]}, Facts(files={"evidence": 0, "letter": 1}), "passed"),
        ({"has_file": ["evidence", "letter"], "otherwise": "ask"}, Facts(files={"evidence": 0}), None),
        ({"country_in_regions": True}, Facts(country="KR", region="east"), "passed"),
        ({"country_in_regions": True}, Facts(country="BR"), "failed"),
        ({"country_in_regions": True}, Facts(), None),
        ({"one_per_category": True}, Facts(), "passed"),
        ({"one_per_category": True}, Facts(others=("K7WQ3M9T",)), "failed"),
        ({}, Facts(), None),
    ],
)
def test_a_rule_answers_what_it_can_read_and_nothing_else(rule, facts, result):
    found = rules.propose(rule, facts)
    assert (found.result if found else None) == result
    assert rules.problems(rule) == []


@pytest.mark.parametrize(
    "rule", [["has_file"], {"colour": "red"}, {"has_file": "a", "applicant_type": []}, {"answer": "a"}]
)
def test_a_rule_that_cannot_be_read_is_named(rule):
    assert len(rules.problems(rule)) == 1


@pytest.fixture
def then(edition):
    make_items(edition)
    return into_screening(edition)


def test_rules_read_the_sealed_entry_and_not_the_draft(edition, amina, then):
    early = edition.stages.get(slug="call").opens_at
    entry = make_application(edition, amina, at=early, answers=ANSWERS | {"domain": "health"})
    make_attached(entry, at=early)
    submitting.submit(entry, by=amina, at=early)
    proposals = proposing.proposals_for([entry], edition)[entry.pk]
    keys = {item.pk: item.key for item in edition.check_items.all()}
    assert {keys[item]: found.result for item, found in proposals.items()} == {"domain": "failed", "evidence": "passed"}
    entry.answers.filter(question__key="domain").update(value="energy")
    assert proposing.proposals_for([entry], edition)[entry.pk] == proposals


def test_a_proposal_is_nothing_until_an_officer_confirms_it(edition, amina, mio, then):
    entry = make_entry(edition, amina)
    assert proposing.unconfirmed([entry], edition) == 2
    assert checking.verdict_of(entry).word == ""
    assert not Check.objects.exists()
    checking.record(entry, edition.check_items.get(key="domain"), "passed", by=mio, at=then)
    assert proposing.unconfirmed([entry], edition) == 1


def test_two_entries_of_one_applicant_in_one_category_know_of_each_other(edition, amina, bruno, then):
    item = edition.check_items.get(key="complete")
    item.rule = {"one_per_category": True}
    item.save()
    first, second, other = make_entry(edition, amina), make_entry(edition, amina), make_entry(edition, bruno)
    found = proposing.proposals_for([first, second, other], edition)
    assert [found[entry.pk][item.pk].result for entry in (first, second, other)] == ["failed", "failed", "passed"]
    assert second.code in found[first.pk][item.pk].why


def test_proposals_take_the_same_queries_for_one_entry_and_for_many(edition, amina, then, django_assert_num_queries):
    entries = [make_entry(edition, amina)]
    with django_assert_num_queries(4):
        proposing.proposals_for(entries, edition)
    entries += [make_entry(edition) for _number in range(3)]
    with django_assert_num_queries(4):
        assert len(proposing.proposals_for(entries, edition)) == 4

"""Whatever was written is kept; what is wrong with it is said."""

import pytest
from factories.applications import ANSWERS, make_application, make_form
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import answering, collaborating, drafting
from applications.models import Application, Question
from prize.governing import Refused


@pytest.fixture
def entry(edition, amina, at):
    return make_application(edition, amina, at=at, answers={})


def messages(entry, at, key):
    return [problem.message for problem in drafting.problems(entry, at) if problem.question == key]


def question(entry, key):
    return Question.objects.get(section__form=entry.form, key=key)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("summary", "two words", "2 words; write at least 5"),
        ("summary", "w " * 31, "31 words; the limit is 30"),
        ("budget", "much", "Write a number"),
        ("budget", "1e3", "Write a number"),
        ("budget", "-1", "smallest number allowed is 0"),
        ("budget", "100.1", "largest number allowed is 100"),
        ("domain", "magic", "Choose from the list"),
        ("organisation", "x" * 301, "301 characters; the limit is 300"),
    ],
)
def test_an_answer_that_will_not_do_is_kept_and_told(key, value, message, entry, amina, at):
    drafting.save(entry, {key: value}, version=entry.version, by=amina, at=at)
    assert entry.answers.get(question__key=key).value == value.strip()
    assert message in messages(entry, at, key)[0]


@pytest.mark.parametrize("value", ["", "0", "100", "1.25", "1,200", "12 500"])
def test_numbers_are_read_as_people_write_them(value, entry, amina, at):
    asked = question(entry, "budget")
    asked.maximum = 100_000
    assert answering.number_faults(asked, value, at) == [] if value else True


@pytest.mark.parametrize(
    ("value", "sound"),
    [("https://example.org/a?b=c", True), ("http://xn--bcher-kva.example", True), ("example.org", False),
     ("javascript:alert(1)", False), ("https://exa mple.org", False), ("https://", False), ("//[", False)],
)  # fmt: skip
def test_a_link_is_a_whole_web_address(value, sound, at):
    assert (answering.link_faults(Question(kind="link"), value, at) == []) is sound


@pytest.mark.parametrize(("value", "sound"), [("2021", True), ("21", False), ("２０２１", False), ("3021", False)])
def test_a_year_has_four_figures(value, sound, at):
    assert (answering.year_faults(Question(kind="year"), value, at) == []) is sound


def test_only_the_missing_consent_that_is_required_stands_in_the_way(entry, at):
    found = {problem.question for problem in drafting.problems(entry, at)}
    assert found == {"summary", "domain", "consent_publication"}


def test_an_answer_to_a_question_the_form_does_not_ask_is_refused(entry, amina, at):
    with pytest.raises(Refused, match="colour"):
        drafting.save(entry, {"colour": "red"}, version=entry.version, by=amina, at=at)


def test_a_number_is_sealed_in_one_form(entry):
    asked = question(entry, "budget")
    assert [answering.sealed_value(asked, text) for text in ("1,200.50", "2.0", "12", "")] == ["1200.5", "2", "12", ""]


def test_what_others_wrote_elsewhere_does_not_make_a_saving_stale(entry, amina, carla, at):
    collaborating.join(collaborating.invite(entry, carla.email, by=amina, at=at), by=carla, at=at)
    opened_at = entry.version
    drafting.save(entry, {"budget": "3"}, version=opened_at, by=carla, at=at)
    drafting.save(entry, {"summary": "Text of Amina."}, version=opened_at, by=amina, at=at)
    assert set(entry.answers.values_list("question__key", "value")) == {("budget", "3"), ("summary", "Text of Amina.")}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["open", "save"])), max_size=12))
def test_in_two_tabs_every_text_that_was_acknowledged_is_seen_before_it_is_replaced(steps, edition, amina, at):
    from django.db import transaction

    with transaction.atomic():
        entry = make_application(edition, amina, at=at, answers={})
        tabs = {name: {"version": entry.version, "text": ""} for name in "ab"}
        stored = ""
        for count, (name, step) in enumerate(steps):
            tab = tabs[name]
            if step == "open":
                entry = Application.objects.get(pk=entry.pk)
                tab.update(version=entry.version, text=stored)
                continue
            mine = f"{tab['text']} {name}{count}".strip()
            if tab["text"] == stored:
                drafting.save(entry, {"summary": mine}, version=tab["version"], by=amina, at=at)
                stored = mine
                tab.update(version=entry.version, text=mine)
                continue
            with pytest.raises(drafting.Stale) as caught:
                drafting.save(entry, {"summary": mine}, version=tab["version"], by=amina, at=at)
            assert [(found.theirs, found.mine) for found in caught.value.conflicts] == [(stored, mine)]
        assert entry.answers.filter(value=stored).exists() or not stored
        transaction.set_rollback(True)


def test_a_collaborator_who_was_removed_writes_no_more(entry, amina, carla, at):
    found = collaborating.join(collaborating.invite(entry, carla.email, by=amina, at=at), by=carla, at=at)
    collaborating.remove(found, by=amina, at=at)
    with pytest.raises(Refused):
        drafting.save(entry, ANSWERS, version=entry.version, by=carla, at=at)


def test_who_was_invited_but_has_not_joined_writes_nothing(entry, amina, carla, at):
    collaborating.invite(entry, carla.email, by=amina, at=at)
    with pytest.raises(Refused):
        drafting.save(entry, ANSWERS, version=entry.version, by=carla, at=at)


def test_a_pair_that_the_category_does_not_admit_is_refused_even_with_a_form(edition, amina, at):
    form = make_form(edition, category="people", applicant_type="person")
    with pytest.raises(Refused):
        drafting.start(edition, category=form.category, applicant_type=form.applicant_type, by=amina, at=at)

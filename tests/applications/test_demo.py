"""The demonstration's entries: as many and from where they were published, complete, and with no brace left open."""

import random
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from pypdf import PdfReader

from applications import rulebook as forms
from applications.answering import Answered, faults
from applications.demo_people import Cast
from applications.demo_writing import Writer, chart, entrants, note
from applications.inspecting import inspect
from applications.models import Answer, Question
from prize import clock, rulebook
from prize.models import Person

SEOUL = Path(rulebook.__file__).parent / "rulebooks" / "seoul-2023.yaml"


@pytest.fixture(scope="module")
def coming():
    return entrants()


@pytest.fixture(scope="module")
def questions():
    """The Seoul forms' questions by category and applicant type, without a database."""
    section = forms.Section.model_validate(yaml.safe_load(SEOUL.read_text(encoding="utf-8"))["applications"])
    return {
        (form.category, kind): [
            Question(**(question.model_dump() | {"minimum": question.minimum, "maximum": question.maximum}))
            for part in form.sections
            for question in part.questions
        ]
        for form in section.forms
        for kind in form.applicant_types
    }


def cast():
    story = SimpleNamespace(chance=lambda name: random.Random(name), made={"applicant": None})
    return Cast(story)  # type: ignore[arg-type]


def test_the_entries_are_as_many_and_from_where_they_were_published(coming):
    eligible = [entrant for entrant in coming if "reason" not in entrant.record]
    assert (len(coming), len(eligible)) == (240, 209)
    assert len({(entrant.country["code"], entrant.city["name"]) for entrant in eligible}) == 93
    assert len({entrant.country["code"] for entrant in eligible}) == 47
    assert Counter(entrant.country["region"] for entrant in eligible) == {
        "asia": 92, "europe": 50, "middle-east": 36, "americas": 21, "africa": 6, "oceania": 4,
    }  # fmt: skip


def test_every_entry_is_complete_within_its_limits_and_has_no_open_brace(coming, questions, db):
    at, writer, people = clock.now(), Writer(), cast()
    for entrant in coming:
        person = Person(name="Ann Example", native_name="안예시")
        chance = random.Random(entrant.number)
        values = writer.values(entrant, person, people.name_of(entrant), chance)
        answers = writer.answers(entrant, values, chance) | {"title": writer.title(entrant, values)}
        assert not [text for text in answers.values() if isinstance(text, str) and ("{" in text or "}" in text)]
        for question in questions[entrant.record["category"], entrant.record["type"]]:
            if question.kind != "file":
                answered = Answered(question, Answer(value=answers.get(question.key, "")), ())
                assert faults(answered, at) == [], (entrant.number, question.key)


def test_a_project_sent_twice_comes_from_one_body_and_reads_the_same(coming):
    people, first = cast(), {}
    twice = 0
    for entrant in coming:
        key = (entrant.country["code"], entrant.city["name"], entrant.record["type"], entrant.kind["key"])
        name = people.name_of(entrant)
        if key in first:
            twice += 1
            assert first[key] == name
        first[key] = name
    assert twice >= 3


def test_titles_differ(coming):
    writer, people = Writer(), cast()
    person = Person(name="Ann Example", native_name="안예시")
    titles = [
        writer.title(one, writer.values(one, person, people.name_of(one), random.Random(one.number))) for one in coming
    ]
    assert [title for title, count in Counter(titles).items() if count > 1] == []


def test_the_files_open_and_pass_our_own_door(coming):
    from io import BytesIO

    for kind in {entrant.kind["key"]: entrant.kind for entrant in coming[:40]}.values():
        content = note(kind)
        inspect("note-on-measurement.pdf", content)
        assert "What was measured" in PdfReader(BytesIO(content)).pages[0].extract_text()
    inspect("before-and-after.png", chart(23, 61))

"""The forms of the rulebook are the forms in the rows."""

from pathlib import Path

import pytest
import yaml
from factories.applications import make_application
from pydantic import ValidationError

from applications import rulebook as forms
from applications.models import Question
from prize import rulebook
from prize.rulebook import RulebookError

SEOUL = Path(rulebook.__file__).parent / "rulebooks" / "seoul-2023.yaml"


def seoul_section():
    data = yaml.safe_load(SEOUL.read_text(encoding="utf-8"))
    return {
        "prize": rulebook.Section.model_validate(data["prize"]),
        "applications": forms.Section.model_validate(data["applications"]),
    }


@pytest.fixture
def seoul(db):
    sections = seoul_section()
    edition = rulebook.adopt(None, sections["prize"])
    forms.adopt(edition, sections["applications"])
    return edition


def test_the_seoul_forms_come_out_as_they_went_in_and_again(seoul):
    wanted = seoul_section()["applications"]
    assert forms.describe(seoul) == wanted
    forms.adopt(seoul, forms.describe(seoul))
    assert forms.describe(seoul) == wanted


def test_every_pair_of_the_seoul_rulebook_has_a_form_with_its_required_consents(seoul):
    pairs = {(c.key, kind.key) for c in seoul.categories.all() for kind in c.applicant_types.all()}
    assert {(form.category.key, form.applicant_type.key) for form in seoul.entry_forms.all()} == pairs
    for form in seoul.entry_forms.all():
        consents = Question.objects.filter(section__form=form, kind="consent").values_list("key", "required")
        assert dict(consents) == {"consent_publication": True, "consent_data": True, "consent_partners": False}


def test_all_words_of_the_seoul_forms_are_in_both_languages(seoul):
    for question in Question.objects.all():
        words = [question.label, question.help, *(choice["name"] for choice in question.choices)]
        assert {frozenset(text) for text in words if text} == {frozenset({"en", "ko"})}, question.key


def test_a_question_that_was_answered_cannot_be_dropped_by_a_new_rulebook(edition, amina, at):
    make_application(edition, amina, at=at)
    described = forms.describe(edition)
    described.forms[0].sections[0].questions.pop(0)
    with pytest.raises(RulebookError, match="in use"):
        forms.adopt(edition, described)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "choice"}, "choices"),
        ({"min_words": 9, "max_words": 3}, "no answer would do"),
        ({"colour": "red"}, "Extra inputs"),
        ({"max_files": 0}, "greater than or equal"),
    ],
)
def test_a_question_nobody_could_answer_is_refused_with_its_reason(change, message):
    with pytest.raises(ValidationError, match=message):
        forms.QuestionPart(**{"key": "q", "kind": "long", "label": "Question", **change})


def test_two_forms_for_one_pair_are_refused():
    form = {
        "category": "people",
        "applicant_types": ["city"],
        "sections": [{"key": "one", "title": "One", "questions": []}],
    }
    with pytest.raises(ValidationError, match="two forms for people for city"):
        forms.Section(forms=[form, form])

"""The section ``applications`` of a rulebook: the forms of the call, each for one category and some applicant types."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from applications.models import EntryForm, Question
from prize.models import Edition
from prize.rulebook import Figure, Part, Words, keep, remove, take, unknown


class ChoicePart(Part):
    key: str
    name: Words


class QuestionPart(Part):
    key: str
    kind: Literal["short", "long", "number", "choice", "multiple", "year", "link", "file", "consent"]
    label: Words
    help: Words = {}
    required: bool = True
    choices: list[ChoicePart] = []
    min_words: int | None = Field(None, ge=1)
    max_words: int | None = Field(None, ge=1)
    max_characters: int | None = Field(None, ge=1)
    minimum: Figure | None = None
    maximum: Figure | None = None
    unit: str = ""
    max_files: int = Field(1, ge=1, le=20)
    is_public: bool = False
    identifies: bool = False

    @model_validator(mode="after")
    def can_be_answered(self) -> "QuestionPart":
        if (self.kind in ("choice", "multiple")) != bool(self.choices):
            raise ValueError(f"question {self.key}: `choices` belong to the kinds choice and multiple, and only there")
        for least, most in ((self.min_words, self.max_words), (self.minimum, self.maximum)):
            if least is not None and most is not None and least > most:
                raise ValueError(f"question {self.key}: {least} is more than {most}, so no answer would do")
        return self


class SectionPart(Part):
    key: str
    title: Words
    guidance: Words = {}
    questions: list[QuestionPart]


class FormPart(Part):
    category: str
    applicant_types: list[str] = Field(min_length=1)
    sections: list[SectionPart] = Field(min_length=1)

    @model_validator(mode="after")
    def keys_are_single(self) -> "FormPart":
        for keys in ([part.key for part in self.sections], [q.key for part in self.sections for q in part.questions]):
            twice = sorted({key for key in keys if keys.count(key) > 1})
            if twice:
                raise ValueError(f"form {self.category}: twice in one form: {', '.join(twice)}")
        if "about" in {part.key for part in self.sections}:
            raise ValueError("a section cannot be called about: every entry has one already")
        return self


class Section(Part):
    forms: list[FormPart] = []

    @model_validator(mode="after")
    def one_form_per_pair(self) -> "Section":
        pairs = [(form.category, kind) for form in self.forms for kind in form.applicant_types]
        twice = sorted({f"{category} for {kind}" for category, kind in pairs if pairs.count((category, kind)) > 1})
        if twice:
            raise ValueError(f"two forms for {', '.join(twice)}")
        return self


def contradictions(section: Section, sections: Mapping[str, Any]) -> list[str]:
    """Forms are for categories and applicant types of the prize section, and for those types that may enter the category."""
    categories = {part.key: part.applicant_types for part in sections["prize"].categories}
    found = []
    for number, form in enumerate(section.forms):
        place = f"applications.forms.{number}"
        found += unknown(f"{place}.category", [form.category], categories)
        if form.category in categories:
            found += unknown(f"{place}.applicant_types", form.applicant_types, categories[form.category])
    return found


def adopt(edition: Edition, section: Section) -> None:
    """Make the edition's forms be these: update, add, and remove what the file no longer names."""
    categories = {category.key: category for category in edition.categories.all()}
    types = {kind.key: kind for kind in edition.applicant_types.all()}
    kept = []
    for part in section.forms:
        for key in part.applicant_types:
            form, _made = EntryForm.objects.get_or_create(
                edition=edition, category=categories[part.category], applicant_type=types[key]
            )
            adopt_sections(form, part.sections)
            kept.append(form.pk)
    remove(edition.entry_forms.exclude(pk__in=kept))


def adopt_sections(form: EntryForm, parts: list[SectionPart]) -> None:
    rows = keep(form.sections, parts, without={"questions"})
    for part in parts:
        keep(rows[part.key].questions, part.questions)


def describe(edition: Edition) -> Section:
    """Read the forms back; applicant types of a category that are asked the same share one form in the file."""
    found: list[FormPart] = []
    rows = EntryForm.objects.filter(edition=edition).select_related("category", "applicant_type")
    for form in rows.prefetch_related("sections__questions"):
        sections = [describe_section(section) for section in form.sections.all()]
        same = next((f for f in found if f.category == form.category.key and f.sections == sections), None)
        if same:
            same.applicant_types.append(form.applicant_type.key)
        else:
            kinds = [form.applicant_type.key]
            found.append(FormPart(category=form.category.key, applicant_types=kinds, sections=sections))
    return Section(forms=found)


def describe_section(section: Any) -> SectionPart:
    return take(section, SectionPart, questions=[describe_question(question) for question in section.questions.all()])


def describe_question(question: Question) -> QuestionPart:
    return take(question, QuestionPart)

"""What an answer is, and what is wrong with it. An answer is kept as it was written; whether it will do is asked afterwards."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Answer, Application, Attachment, Question, Section
from prize.rulebook import plain
from prize.wording import wording

Kind = Question.Kind
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
LONGEST_SHORT = 300


@dataclass(frozen=True)
class Problem:
    """Why an entry cannot be submitted yet: where, and in words."""

    section: str
    question: str
    message: str
    missing: bool = False


@dataclass(frozen=True)
class Answered:
    """A question with what stands in the entry."""

    question: Question
    answer: Answer | None
    files: tuple[Attachment, ...]

    @property
    def value(self) -> Any:
        return self.answer.value if self.answer else blank(self.question)

    @property
    def is_empty(self) -> bool:
        return not self.files if self.question.kind == Kind.FILE else not self.value


@dataclass(frozen=True)
class Part:
    """A section with its questions, answered or not."""

    section: Section
    answers: tuple[Answered, ...]

    @property
    def is_empty(self) -> bool:
        return all(answered.is_empty for answered in self.answers)

    def problems(self, at: datetime) -> list[Problem]:
        return [
            Problem(self.section.key, answered.question.key, message, missing=answered.is_empty)
            for answered in self.answers
            for message in faults(answered, at)
        ]


def parts_of(application: Application) -> list[Part]:
    """The whole form with its answers and files, in five queries."""
    answers = {answer.question_id: answer for answer in application.answers.all()}
    files: dict[int, list[Attachment]] = {}
    for attachment in application.attachments.filter(removed_at=None):
        files.setdefault(attachment.question_id, []).append(attachment)
    return [
        Part(
            section,
            tuple(
                Answered(question, answers.get(question.pk), tuple(files.get(question.pk, ())))
                for question in section.questions.all()
            ),
        )
        for section in application.form.sections.prefetch_related("questions")
    ]


def blank(question: Question) -> Any:
    return {Kind.MULTIPLE: [], Kind.CONSENT: False}.get(Kind(question.kind), "")


def kept(question: Question, value: Any) -> Any:
    """The value in the shape its question's kind is stored in. Nothing that was written is lost."""
    if question.kind == Kind.MULTIPLE:
        return [str(part) for part in value or []]
    if question.kind == Kind.CONSENT:
        return bool(value)
    return str(value if value is not None else "").replace("\r\n", "\n").replace("\x00", "").strip()


def number(text: str) -> Decimal | None:
    """A number as people write it: 2.5, 1,200 or 1 200.

    >>> number("1,200.50"), number("2.5"), number("about three"), number("1e5")
    (Decimal('1200.50'), Decimal('2.5'), None, None)
    """
    bare = text.replace("\u00a0", "").replace(" ", "")
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not re.fullmatch(r"-?\d{1,14}(\.\d{1,4})?", bare, re.ASCII):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def words_in(text: str) -> int:
    return len(text.split())


def faults(answered: Answered, at: datetime) -> list[str]:
    """What is wrong with an answer, in words for whoever wrote it."""
    question = answered.question
    if answered.is_empty:
        return [missing(question)] if question.required else []
    if question.kind == Kind.FILE:
        return too_many_files(question, len(answered.files))
    return CHECKS.get(Kind(question.kind), lambda question, value, at: [])(question, answered.value, at)


def missing(question: Question) -> str:
    if question.kind == Kind.CONSENT:
        return _("Without this consent the entry cannot be submitted.")
    return _("Add a file.") if question.kind == Kind.FILE else _("Write an answer.")


def too_many_files(question: Question, count: int) -> list[str]:
    if count <= question.max_files:
        return []
    return [
        _("There are %(count)s files; at most %(most)s are allowed.") % {"count": count, "most": question.max_files}
    ]


def text_faults(question: Question, value: str, at: datetime) -> list[str]:
    found, words = [], words_in(value)
    if question.min_words and words < question.min_words:
        text = ngettext(
            "%(count)d word; write at least %(least)d.", "%(count)d words; write at least %(least)d.", words
        )
        found.append(text % {"count": words, "least": question.min_words})
    if question.max_words and words > question.max_words:
        text = _("%(count)d words; the limit is %(most)d. Your text is kept; shorten it before you submit.")
        found.append(text % {"count": words, "most": question.max_words})
    longest = question.max_characters or (LONGEST_SHORT if question.kind == Kind.SHORT else None)
    if longest and len(value) > longest:
        text = _("%(count)d characters; the limit is %(most)d. Your text is kept; shorten it before you submit.")
        found.append(text % {"count": len(value), "most": longest})
    return found


def number_faults(question: Question, value: str, at: datetime) -> list[str]:
    found = number(value)
    if found is None:
        return [_("Write a number, such as 2.5, and nothing else.")]
    return range_faults(question, found)


def range_faults(question: Question, value: Decimal) -> list[str]:
    if question.minimum is not None and value < question.minimum:
        return [_("The smallest number allowed is %(least)s.") % {"least": plain(question.minimum)}]
    if question.maximum is not None and value > question.maximum:
        return [_("The largest number allowed is %(most)s.") % {"most": plain(question.maximum)}]
    return []


def year_faults(question: Question, value: str, at: datetime) -> list[str]:
    if not re.fullmatch(r"[12]\d{3}", value, re.ASCII):
        return [_("Write a year in four figures, such as 2021.")]
    return range_faults(question, Decimal(value))


def choice_faults(question: Question, value: Any, at: datetime) -> list[str]:
    known = {str(choice["key"]) for choice in question.choices}
    chosen = set(value) if isinstance(value, list) else {value}
    return [] if chosen <= known else [_("Choose from the list.")]


def link_faults(question: Question, value: str, at: datetime) -> list[str]:
    try:
        address = urlsplit(value)
    except ValueError:
        address = urlsplit("")
    if address.scheme in ("http", "https") and "." in (address.hostname or "") and not re.search(r"\s", value):
        return []
    return [_("Write a whole web address, such as https://www.example.org/project.")]


CHECKS = {
    Kind.SHORT: text_faults,
    Kind.LONG: text_faults,
    Kind.NUMBER: number_faults,
    Kind.YEAR: year_faults,
    Kind.CHOICE: choice_faults,
    Kind.MULTIPLE: choice_faults,
    Kind.LINK: link_faults,
}


def shown(question: Question, value: Any) -> list[dict[str, str]]:
    """The names of what was chosen, in every language the rulebook has."""
    chosen = value if isinstance(value, list) else [value]
    names = {str(choice["key"]): dict(choice["name"]) for choice in question.choices}
    return [names.get(key, {"en": key}) for key in chosen if key]


def names_of(question: Question, value: Any) -> list[str]:
    """The names of what was chosen, in the reader's language."""
    return [str(wording(name)) for name in shown(question, value)]


def sealed_value(question: Question, value: Any) -> Any:
    """The value as it is sealed: numbers in one canonical form, as text."""
    if question.kind == Kind.NUMBER and value:
        found = number(value)
        return plain(found) if found is not None else value
    return value

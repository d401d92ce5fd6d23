"""Writing an entry: start it, save answers, say what still stands in the way. Whatever was written is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_countries import countries

from applications import answering
from applications.answering import Part, Problem
from applications.attaching import attach, detach
from applications.collaborating import invite, join, remove
from applications.lifecycle import hold, require_editable
from applications.models import Answer, Application, EntryForm, Question
from prize import calendar, canonical
from prize.codes import new_code
from prize.governing import Refused
from prize.models import ApplicantType, Category, City, Edition, Organisation, Person, Stage

__all__ = ["Stale", "attach", "basis_of", "describe", "detach", "invite", "join", "problems", "remove", "save", "start"]


@dataclass(frozen=True)
class Conflict:
    """Two texts for one question: theirs is saved, mine was just sent."""

    question: Question
    theirs: Any
    mine: Any
    by: Person
    at: datetime


class Stale(Exception):
    """Somebody saved another text since this form was opened. Nothing of what was sent is saved yet."""

    def __init__(self, version: int, conflicts: list[Conflict]):
        self.version = version
        self.conflicts = conflicts
        super().__init__(f"changed since: {', '.join(conflict.question.key for conflict in conflicts)}")


@transaction.atomic
def start(
    edition: Edition,
    *,
    category: Category,
    applicant_type: ApplicantType,
    by: Person,
    at: datetime,
    title: str = "",
    city: City | None = None,
    country: str = "",
    organisation: Organisation | None = None,
    language: str = "en",
    code: str | None = None,
) -> Application:
    """Start an entry in an open call, for a pair of category and applicant type that has a form."""
    calendar.require_open(edition.stage(Stage.Kind.CALL), at)
    pair = {"category": category, "applicant_type": applicant_type}
    if not EntryForm.objects.filter(edition=edition, category__applicant_types=applicant_type, **pair).exists():
        raise Refused(_("There is no form for this category and this kind of applicant. Choose another pair."))
    return Application.objects.create(
        code=code or new_code(),
        edition=edition,
        **pair,
        owner=by,
        title=title.strip(),
        city=city,
        country=country or (str(city.country) if city else ""),
        organisation=organisation,
        language=language,
        started_at=at,
        changed_at=at,
    )


def basis_of(application: Application) -> str:
    """What was said about the entry, as a digest, to notice that somebody else has said otherwise."""
    places = (application.city_id, str(application.country), application.organisation_id)
    return canonical.digest([application.title, application.language, *places])


@transaction.atomic
def describe(
    application: Application,
    *,
    title: str,
    city: City | None,
    country: str,
    organisation: Organisation | None,
    language: str,
    by: Person,
    at: datetime,
    basis: str = "",
) -> Application:
    """Say what the entry is called and whose it is. ``basis`` is ``basis_of`` the entry when the form was opened."""
    hold(application)
    require_editable(application, by, at)
    stored = Application.objects.get(pk=application.pk)
    if basis and basis != basis_of(stored):
        places = (stored.city, countries.name(stored.country), stored.organisation)
        said = ", ".join(str(part) for part in (stored.title, *places) if part)
        text = _(
            "Somebody has changed this since you opened the page. It now says: %(said)s. "
            "Save again to keep what you wrote instead."
        )
        raise Refused(text % {"said": said})
    application.title, application.city, application.country = title.strip(), city, country
    application.organisation, application.language = organisation, language
    application.version, application.changed_at = application.version + 1, at
    application.save(update_fields=["title", "city", "country", "organisation", "language", "version", "changed_at"])
    return application


@transaction.atomic
def save(application: Application, answers: dict[str, Any], *, version: int, by: Person, at: datetime) -> Application:
    """Save answers by question. ``version`` is the one the form was opened at: an answer that somebody else has
    changed since, to something else, makes the whole saving ``Stale``; what others wrote elsewhere does not.
    """
    hold(application)
    require_editable(application, by, at)
    questions = {question.key: question for question in questions_of(application, answers)}
    stored = {answer.question_id: answer for answer in application.answers.filter(question__in=questions.values())}
    fresh = {questions[key]: answering.kept(questions[key], value) for key, value in answers.items()}
    changed = {
        question: value
        for question, value in fresh.items()
        if value != (stored[question.pk].value if question.pk in stored else answering.blank(question))
    }
    refuse_stale(application, changed, stored, version)
    if changed:
        application.version, application.changed_at = application.version + 1, at
        Application.objects.filter(pk=application.pk).update(version=application.version, changed_at=at)
        write(application, changed, stored, by, at)
    return application


def questions_of(application: Application, keys: dict[str, Any]) -> list[Question]:
    form = {
        "section__form__category": application.category_id,
        "section__form__applicant_type": application.applicant_type_id,
    }
    found = list(Question.objects.filter(key__in=keys, **form).exclude(kind=Question.Kind.FILE))
    unknown = set(keys) - {question.key for question in found}
    if unknown:
        raise Refused(_("This form does not ask: %(keys)s.") % {"keys": ", ".join(sorted(unknown))})
    return found


def refuse_stale(
    application: Application, changed: dict[Question, Any], stored: dict[int, Answer], version: int
) -> None:
    conflicts = [
        Conflict(
            question, stored[question.pk].value, value, stored[question.pk].changed_by, stored[question.pk].changed_at
        )
        for question, value in changed.items()
        if question.pk in stored and stored[question.pk].version > version
    ]
    if conflicts:
        raise Stale(application.version, conflicts)


def write(
    application: Application, changed: dict[Question, Any], stored: dict[int, Answer], by: Person, at: datetime
) -> None:
    new: list[Answer] = []
    old: list[Answer] = []
    for question, value in changed.items():
        answer = stored.get(question.pk) or Answer(application=application, question=question)
        answer.value, answer.version, answer.changed_at, answer.changed_by = value, application.version, at, by
        (old if answer.pk else new).append(answer)
    Answer.objects.bulk_create(new)
    Answer.objects.bulk_update(old, ["value", "version", "changed_at", "changed_by"])


def problems(application: Application, at: datetime, parts: list[Part] | None = None) -> list[Problem]:
    """Why the entry cannot be submitted yet; empty if all is well."""
    parts = answering.parts_of(application) if parts is None else parts
    return about_problems(application) + [problem for part in parts for problem in part.problems(at)]


def about_problems(application: Application) -> list[Problem]:
    """The first section is the same for every form: title and country are always needed."""
    needed = {"title": _("Give the entry a title."), "country": _("Say in which country it is.")}
    return [
        Problem("about", name, text, missing=True) for name, text in needed.items() if not getattr(application, name)
    ]

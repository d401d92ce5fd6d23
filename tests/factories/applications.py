"""A small form, and entries at every point of their way."""

from datetime import datetime
from typing import Any

from applications import drafting, submitting
from applications.models import Application, EntryForm, Question, Submission
from factories import prize as make
from prize.models import City, Edition, Person

Kind = Question.Kind
DOMAINS = [{"key": key, "name": {"en": key.title()}} for key in ("mobility", "energy", "health")]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
ANSWERS: dict[str, Any] = {
    "summary": "A bank of hours for neighbours who help each other with screens and forms.",
    "domain": "mobility",
    "budget": "1.25",
    "organisation": "Harbour city, department of neighbours",
    "consent_publication": True,
    "consent_partners": True,
}


def make_form(edition: Edition, *, category: str = "people", applicant_type: str = "city") -> EntryForm:
    """Two sections: texts, a choice, a number, a file, a question that names the applicant, and two consents."""
    form = EntryForm.objects.create(
        edition=edition,
        category=edition.categories.get(key=category),
        applicant_type=edition.applicant_types.get(key=applicant_type),
    )
    project = form.sections.create(key="project", title={"en": "The project", "ko": "사업"}, order=0)
    consents = form.sections.create(key="consents", title={"en": "Consents"}, order=1)
    questions: list[tuple[Any, str, str, dict[str, Any]]] = [
        (project, "summary", Kind.LONG, {"min_words": 5, "max_words": 30, "is_public": True}),
        (project, "domain", Kind.CHOICE, {"choices": DOMAINS}),
        (project, "budget", Kind.NUMBER, {"required": False, "minimum": 0, "maximum": 100, "unit": "million USD"}),
        (project, "organisation", Kind.SHORT, {"required": False, "identifies": True}),
        (project, "evidence_file", Kind.FILE, {"required": False, "max_files": 2}),
        (consents, "consent_publication", Kind.CONSENT, {}),
        (consents, "consent_partners", Kind.CONSENT, {"required": False}),
    ]
    for order, (section, key, kind, more) in enumerate(questions):
        section.questions.create(
            key=key, kind=kind, label={"en": key.replace("_", " ").capitalize(), "ko": key}, order=order, **more
        )
    return form


def form_of(edition: Edition, category: str = "people", applicant_type: str = "city") -> EntryForm:
    pair = {"category__key": category, "applicant_type__key": applicant_type}
    found = EntryForm.objects.filter(edition=edition, **pair).first()
    return found or make_form(edition, category=category, applicant_type=applicant_type)


def make_city(name: str = "Bergen", country: str = "NO") -> City:
    return City.objects.get_or_create(name=name, country=country)[0]


def make_application(
    edition: Edition,
    owner: Person | None = None,
    *,
    at: datetime,
    answers: dict[str, Any] | None = None,
    category: str = "people",
    applicant_type: str = "city",
    **fields: Any,
) -> Application:
    """A draft of a city, complete if no other answers are given."""
    form = form_of(edition, category, applicant_type)
    fields.setdefault("city", make_city())
    fields.setdefault("title", "A bank of hours")
    owner = owner or make.make_person(f"Owner {Application.objects.count() + 1}")
    application = drafting.start(
        edition, category=form.category, applicant_type=form.applicant_type, by=owner, at=at, **fields
    )
    given = ANSWERS if answers is None else answers
    return drafting.save(application, given, version=application.version, by=owner, at=at)


def make_submitted(edition: Edition, owner: Person | None = None, *, at: datetime, **fields: Any) -> Application:
    """A submitted entry; its sealed submission is ``application.sealed``."""
    application = make_application(edition, owner, at=at, **fields)
    submitting.submit(application, by=application.owner, at=at)
    return application


def make_attached(application: Application, *, at: datetime, name: str = "plan.pdf", content: bytes = PDF):
    question = application.form.sections.get(key="project").questions.get(key="evidence_file")
    return drafting.attach(application, question, name=name, content=content, by=application.owner, at=at)


def last_receipt(application: Application) -> Submission:
    return application.submissions.order_by("-number")[0]

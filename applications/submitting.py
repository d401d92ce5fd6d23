"""Submitting: the entry as it stands is sealed, counted, receipted."""

from datetime import datetime
from typing import Any

from django.db import transaction

from applications import answering, drafting, policy
from applications.answering import Answered, Part, Problem
from applications.lifecycle import hold, move, require_editable
from applications.models import Application, Submission
from prize import canonical, post
from prize.governing import Refused
from prize.models import Person
from prize.wording import wording

FORMAT = 1


class Incomplete(Exception):
    """What still stands in the way of submitting."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("; ".join(f"{problem.question}: {problem.message}" for problem in problems))


@transaction.atomic
def submit(application: Application, *, by: Person, at: datetime, key: str = "") -> Submission:
    """Seal the entry and give a receipt. The same press, repeated, gets the same receipt."""
    hold(application)
    earlier = application.submissions.filter(idempotency_key=key).first() if key else None
    if earlier:
        if not policy.is_writer(by, application):
            raise Refused(policy.editing_problems(by, application, at)[0])
        return earlier
    require_editable(application, by, at)
    parts = answering.parts_of(application)
    problems = drafting.problems(application, at, parts)
    if problems:
        raise Incomplete(problems)
    submission = seal(application, parts, by=by, at=at, key=key)
    facts = {"receipt": submission.receipt, "number": submission.number, "digest": submission.digest}
    move(application, Application.State.SUBMITTED, by=by, at=at, act="entry.submitted", facts=facts)
    send_receipts(submission, by, at)
    return submission


def seal(application: Application, parts: list[Part], *, by: Person, at: datetime, key: str) -> Submission:
    snapshot = snapshot_of(application, parts)
    last = application.submissions.order_by("-number").values_list("number", flat=True).first()
    return Submission.objects.create(
        application=application,
        number=(last or 0) + 1,
        snapshot=snapshot,
        digest=canonical.digest(snapshot),
        submitted_at=at,
        submitted_by=by,
        idempotency_key=key,
    )


def send_receipts(submission: Submission, by: Person, at: datetime) -> None:
    """To the owner, and to whoever pressed if that is another writer."""
    application = submission.application
    for person in {application.owner_id: application.owner, by.pk: by}.values():
        key = f"applications:receipt:{application.code}:{submission.number}:{person.code}"
        about = {"receipt": submission.receipt}
        post.queue("applications.receipt", key=key, to=person, at=at, edition=application.edition, about=about)


# --- The snapshot: what the form holds and nothing about whose account wrote it ------------------------------


def snapshot_of(application: Application, parts: list[Part]) -> dict[str, Any]:
    edition = application.edition
    return {
        "format": FORMAT,
        "edition": f"{edition.prize.slug}-{edition.year}",
        "entry": application.code,
        "title": application.title,
        "language": application.language,
        "category": named(application.category),
        "applicant_type": named(application.applicant_type),
        "country": str(application.country),
        "city": place(application.city),
        "organisation": place(application.organisation),
        "consents": consents(parts),
        "sections": [
            {
                "key": part.section.key,
                "title": dict(part.section.title),
                "answers": [sealed_answer(answered) for answered in part.answers],
            }
            for part in parts
        ],
    }


def named(row: Any) -> dict[str, Any]:
    return {"key": row.key, "name": dict(wording(row.name))}


def place(row: Any) -> dict[str, str] | None:
    """A city or an organisation."""
    if row is None:
        return None
    return {"code": row.code, "name": row.name, "native_name": row.native_name, "country": str(row.country)}


def consents(parts: list[Part]) -> dict[str, bool]:
    answers = [answered for part in parts for answered in part.answers if answered.question.kind == "consent"]
    return {answered.question.key: bool(answered.value) for answered in answers}


def sealed_answer(answered: Answered) -> dict[str, Any]:
    question = answered.question
    sealed: dict[str, Any] = {
        "key": question.key,
        "kind": question.kind,
        "label": dict(question.label),
        "unit": question.unit,
        "public": question.is_public,
        "identifies": question.identifies,
        "value": answering.sealed_value(question, answered.value),
    }
    if question.kind in ("choice", "multiple"):
        sealed["shown"] = answering.shown(question, answered.value)
    if question.kind == "file":
        sealed["files"] = [
            {"code": file.code, "name": file.name, "kind": file.kind, "size": file.size, "sha256": file.sha256}
            for file in answered.files
        ]
    return sealed

"""A question to an applicant, with a date, and the answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.lifecycle import hold
from applications.models import Application, Outcome
from prize import ledger, post
from prize.governing import Refused
from prize.models import Person
from screening import policy
from screening.checking import refuse_first, require_running
from screening.models import Clarification


@transaction.atomic
def ask(application: Application, question: str, *, due_at: datetime, by: Person, at: datetime) -> Clarification:
    """Ask the applicant. Everybody who writes the entry gets the letter."""
    require_running(application.edition, at)
    refuse_first(policy.screening_problems(by, application))
    if not question.strip():
        raise Refused(_("Write the question."))
    if due_at <= at:
        raise Refused(_("Give the applicant time: the date must lie ahead."))
    refuse_if_announced(application)
    asked = Clarification.objects.create(
        application=application, question=question.strip(), due_at=due_at, asked_by=by, asked_at=at
    )
    ledger.record(application.edition, "clarification.asked", subject=asked.code, by=by, at=at, facts=about(asked))
    for person in writers_of(application):
        post.queue(
            "screening.clarification",
            key=f"screening:clarification:{asked.code}:{person.code}",
            to=person,
            at=at,
            edition=application.edition,
            about={"clarification": asked.code},
        )
    return asked


def refuse_if_announced(application: Application) -> None:
    stage = policy.screening_stage(application.edition)
    if Outcome.objects.announced().filter(application=application, stage=stage).exists():
        raise Refused(_("The outcome is announced; a question would come too late."))


def writers_of(application: Application) -> list[Person]:
    """The owner, and those who joined."""
    joined = application.collaborators.filter(joined_at__isnull=False, removed_at=None)
    return [application.owner, *Person.objects.filter(collaborations__in=joined).order_by("pk")]


@transaction.atomic
def answer(clarification: Clarification, text: str, *, by: Person, at: datetime) -> Clarification:
    """Answer, once. A late answer is taken as long as the entry is not decided: it can only help."""
    if not policy.may_answer(by, clarification):
        raise Refused(_("This question is answered or withdrawn, or it is not yours."))
    if not text.strip():
        raise Refused(_("Write your answer."))
    application = hold(clarification.application)
    refuse_if_decided(application)
    won = Clarification.objects.open().filter(pk=clarification.pk)
    if not won.update(answer=text.strip(), answered_by=by, answered_at=at):
        raise Refused(_("This question was answered or withdrawn a moment ago."))
    clarification.refresh_from_db()
    facts = about(clarification) | {"late": at >= clarification.due_at}
    ledger.record(application.edition, "clarification.answered", subject=clarification.code, by=by, at=at, facts=facts)
    return clarification


def refuse_if_decided(application: Application) -> None:
    stage = policy.screening_stage(application.edition)
    decided = Outcome.objects.standing().filter(application=application, stage=stage).exists()
    if decided or stage.closed_at:  # decided is not announced: the words must not tell
        raise Refused(_("Answers to this question are no longer taken. Write to the secretariat."))


@transaction.atomic
def withdraw(clarification: Clarification, *, by: Person, at: datetime) -> Clarification:
    """Take a question back. The letter, if it has not gone yet, stays here."""
    application = clarification.application
    refuse_first(policy.screening_problems(by, application))
    if not Clarification.objects.open().filter(pk=clarification.pk).update(withdrawn_at=at):
        raise Refused(_("This question was answered or withdrawn a moment ago."))
    clarification.refresh_from_db()
    facts = about(clarification)
    ledger.record(application.edition, "clarification.withdrawn", subject=clarification.code, by=by, at=at, facts=facts)
    return clarification


def about(clarification: Clarification) -> dict[str, str]:
    return {"entry": clarification.application.code}

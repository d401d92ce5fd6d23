"""Who may screen what. Recusals are subtracted from every look-up."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application
from prize.models import Edition, Person, Stage
from prize.policy import is_screening_officer, is_secretariat
from screening.models import CheckItem, Clarification


def entries_for(person: Person, edition: Edition):
    """Entries this officer may screen: those that compete, without those the officer stands aside from."""
    if not is_screening_officer(person, edition):
        return Application.objects.none()
    return Application.objects.submitted().filter(edition=edition).not_recused(person)


def clarifications_of(person: Person):
    """Questions about the entries a person owns or writes with."""
    mine = Application.objects.of(person).values("pk")
    return Clarification.objects.filter(application__in=mine).select_related("application__edition", "asked_by")


def screening_stage(edition: Edition) -> Stage:
    """The one stage of this kind, out of those already read where they are."""
    return next(stage for stage in edition.stages.all() if stage.kind == Stage.Kind.SCREENING)


def is_running(stage: Stage, at: datetime) -> bool:
    """Officers work from the opening until the stage is closed by a deed; the clock alone does not lock them out."""
    return stage.opens_at <= at and stage.closed_at is None


def screening_problems(person: Person, application: Application) -> list[str]:
    """Why this person may not screen this entry; empty if all is well."""
    if not is_screening_officer(person, application.edition):
        return [_("Only screening officers and the secretariat may screen entries.")]
    if application.recusals.filter(person=person, lifted_at=None).exists():
        return [_("You stand aside from this entry, so you cannot screen it.")]
    if application.state in {Application.State.WITHDRAWN, Application.State.DISQUALIFIED}:
        return [_("This entry is %(state)s and no longer competes.") % {"state": application.get_state_display()}]
    return []


def may_screen(person: Person, application: Application) -> bool:
    return not screening_problems(person, application)


def waiving_problems(person: Person, application: Application, item: CheckItem) -> list[str]:
    """Who tests does not excuse: an exception is the secretariat's."""
    if not is_secretariat(person, application.edition):
        return [_("Only the secretariat may grant an exception.")]
    if not item.may_be_waived:
        return [_("The rules do not allow an exception from “%(item)s”.") % {"item": item}]
    return screening_problems(person, application)


def may_answer(person: Person, clarification: Clarification) -> bool:
    return clarification.is_open and Application.objects.of(person).filter(pk=clarification.application_id).exists()


def may_measure(person: Person, edition: Edition) -> bool:
    """Readings are entered by whoever screens; the index itself is the secretariat's to run."""
    return is_screening_officer(person, edition)

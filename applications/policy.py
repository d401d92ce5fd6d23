"""Who may see and do what with applications. Look-ups are querysets, permissions are predicates, reasons are lists."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications import calling
from applications.models import Application, Attachment, Outcome
from prize.models import Edition, Organiser, Person, Stage
from prize.policy import is_secretariat

State = Application.State


def visible_to_writer(person: Person):
    """The applications a person owns or writes with, ready for its pages."""
    return Application.objects.of(person).select_related(
        "edition__prize", "category", "applicant_type", "city", "owner"
    )


def owned_by(person: Person):
    return visible_to_writer(person).filter(owner=person)


def outcomes_visible_to(person: Person, outcomes: QuerySet[Outcome]) -> QuerySet[Outcome]:
    """The secretariat sees every outcome; a screening officer those of screening, and later ones once they are announced."""
    if person.is_superuser:
        return outcomes
    everything = Edition.objects.organised_by(person, Organiser.Role.SECRETARIAT)
    told = Q(stage__kind=Stage.Kind.SCREENING) | Q(announced_at__isnull=False)
    return outcomes.filter(told | Q(application__edition__in=everything))


def files_visible_to_writer(person: Person):
    return Attachment.objects.filter(application__in=Application.objects.of(person))


def is_writer(person: Person, application: Application) -> bool:
    """The owner, or somebody who joined and was not removed."""
    if application.owner_id == person.pk:
        return True
    return application.collaborators.filter(Q(person=person), ~Q(joined_at=None), removed_at=None).exists()


def editing_problems(person: Person, application: Application, at: datetime) -> list[str]:
    """Why this person cannot change this entry now; empty if all is well."""
    if not is_writer(person, application):
        return [_("Only the owner of an entry and those who write it with the owner may change it.")]
    if application.state != State.DRAFT:
        return [not_a_draft(application)]
    if not calling.is_open_for(application, at):
        return [_("The call is closed for this entry.")]
    return []


def not_a_draft(application: Application) -> str:
    return {
        State.SUBMITTED: _("This entry is submitted. Reopen it to change it, until the call closes."),
        State.WITHDRAWN: _("This entry is withdrawn. It can no longer be changed."),
        State.DISQUALIFIED: _("This entry is disqualified. Write to the secretariat if that is a mistake."),
    }[State(application.state)]


def may_edit(person: Person, application: Application, at: datetime) -> bool:
    return not editing_problems(person, application, at)


def withdrawing_problems(person: Person, application: Application, at: datetime) -> list[str]:
    if application.owner_id != person.pk:
        return [_("Only the owner of an entry may withdraw it.")]
    if application.state not in (State.DRAFT, State.SUBMITTED):
        return [_("This entry is %(state)s already.") % {"state": application.get_state_display()}]
    return []


def reopening_problems(person: Person, application: Application, at: datetime) -> list[str]:
    """Applicants reopen until the call closes; the office only what may still be written."""
    if not (is_writer(person, application) or is_secretariat(person, application.edition)):
        return [_("Only those who write an entry and the secretariat may reopen it.")]
    if application.state != State.SUBMITTED:
        return [_("Only a submitted entry can be reopened.")]
    if not calling.is_open_for(application, at):
        return [_("The call is closed for this entry. The secretariat can give it more time.")]
    return []


def disqualifying_problems(person: Person, application: Application, at: datetime) -> list[str]:
    if not is_secretariat(person, application.edition):
        return [_("Only the secretariat may disqualify an entry.")]
    if application.state not in (State.DRAFT, State.SUBMITTED):
        return [_("This entry is %(state)s already.") % {"state": application.get_state_display()}]
    return []


def reinstating_problems(person: Person, application: Application, at: datetime) -> list[str]:
    if not is_secretariat(person, application.edition):
        return [_("Only the secretariat may lift a disqualification.")]
    if application.state != State.DISQUALIFIED:
        return [_("This entry is not disqualified.")]
    if not application.submissions.exists():
        return [_("This entry was never submitted, so there is nothing to bring back.")]
    return []


def collaborating_problems(person: Person, application: Application, at: datetime) -> list[str]:
    if application.owner_id != person.pk:
        return [_("Only the owner of an entry may say who writes it.")]
    if application.state not in (State.DRAFT, State.SUBMITTED):
        return [not_a_draft(application)]
    return []

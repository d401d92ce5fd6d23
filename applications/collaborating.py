"""Who writes an entry with its owner: invited by address, joined when signed in with it, removed by the owner."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from applications import policy
from applications.lifecycle import hold, refuse_if
from applications.models import Application, Collaborator
from prize import ledger, post
from prize.governing import Refused
from prize.models import Person


@transaction.atomic
def invite(application: Application, email: str, *, by: Person, at: datetime) -> Collaborator:
    """Invite somebody by address. Inviting the same address again changes nothing."""
    hold(application)
    refuse_if(policy.collaborating_problems(by, application, at))
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("%(address)s is not an e-mail address.") % {"address": address}) from None
    if address == application.owner.email.lower():
        raise Refused(_("This is the owner's own address."))
    found, made = Collaborator.objects.get_or_create(
        application=application, email=address, removed_at=None, defaults={"invited_by": by, "invited_at": at}
    )
    if made:
        about = {"collaborator": found.code}
        to = Person.objects.filter(email__iexact=address, is_active=True).first() or address
        key = f"applications:collaboration:{found.code}"
        post.queue("applications.collaboration", key=key, to=to, at=at, edition=application.edition, about=about)
    return found


def joining_problems(collaborator: Collaborator, person: Person) -> list[str]:
    """Why this person cannot take up this invitation; empty if all is well."""
    if collaborator.removed_at:
        return [_("The owner of the entry has taken this invitation back.")]
    if collaborator.person_id not in (None, person.pk):
        return [_("This invitation has been taken up already.")]
    if collaborator.email.lower() != person.email.lower():
        return [_("This invitation was sent to another address. Sign in with that address, or ask for a new one.")]
    return []


@transaction.atomic
def join(collaborator: Collaborator, *, by: Person, at: datetime) -> Collaborator:
    """Take up an invitation. A second press changes nothing."""
    refuse_if(joining_problems(collaborator, by))
    open_ones = Collaborator.objects.filter(pk=collaborator.pk, joined_at=None, removed_at=None)
    if open_ones.update(person=by, joined_at=at):
        entry = collaborator.application
        ledger.record(entry.edition, "entry.joined", subject=entry.code, by=by, at=at, concerns=[entry.owner])
    collaborator.refresh_from_db()
    return collaborator


@transaction.atomic
def remove(collaborator: Collaborator, *, by: Person, at: datetime) -> bool:
    """The owner takes somebody off the entry; it closes to that person at once."""
    entry = collaborator.application
    refuse_if(policy.collaborating_problems(by, entry, at))
    gone = Collaborator.objects.filter(pk=collaborator.pk, removed_at=None).update(removed_at=at)
    if gone and collaborator.person:
        ledger.record(entry.edition, "entry.left", subject=entry.code, by=by, at=at, concerns=[collaborator.person])
    return bool(gone)

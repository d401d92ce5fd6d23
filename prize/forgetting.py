"""Forget a person: what names them goes, what they did stays, and the ledger still verifies."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from prize import governing, ledger
from prize.models import Approval, Edition, Letter, Person

GONE = "forgotten.invalid"


def ask(person: Person, *, edition: Edition, reason: str, by: Person, at: datetime) -> Approval:
    """Ask a second person: this cannot be undone."""
    problems = forgetting_problems(person)
    if problems:
        raise governing.Refused(problems[0])
    title = _("Forget the person %(code)s") % {"code": person.code}
    content = {"person": person.code}
    return governing.ask(edition, "prize.forget", content, title=title, reason=reason, by=by, at=at)


def forgetting_problems(person: Person) -> list[str]:
    """Why this person cannot be forgotten now; empty if all is well."""
    if person.erased_at:
        return [_("This person is forgotten already.")]
    if person.offices.exists() or person.seats.filter(left_at=None).exists():
        return [_("This person holds an office or a seat. End that first.")]
    return []


@transaction.atomic
def forget(person: Person, *, edition: Edition, by: Person, at: datetime) -> None:
    """Empty what names the person: the account, the letters, the ledger's payloads."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    problems = forgetting_problems(person)
    if problems:
        raise governing.Refused(problems[0])
    addresses = [person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)]
    Letter.objects.filter(person=None, address__in=addresses).update(person=person, address="")
    Letter.objects.filter(person=person).update(subject="", body="", reason="")
    Letter.objects.filter(person=person, state=Letter.State.QUEUED).update(state=Letter.State.WITHHELD)
    EmailAddress.objects.filter(user=person).delete()
    person.name, person.native_name, person.country, person.zone = _("Forgotten person"), "", "", ""
    person.email, person.is_active, person.erased_at = f"{person.code.lower()}@{GONE}", False, at
    person.set_unusable_password()
    person.save()
    ledger.record(edition, "person.forgotten", subject=person.code, by=by, at=at)
    ledger.forget(person, at=at)

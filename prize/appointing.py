"""Who works in the office of a prize: appointed and dismissed by two people, because an office opens what is sealed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prize import governing, ledger, policy
from prize.governing import Refused
from prize.models import Approval, Edition, Organiser, Person, Prize

ACT = "prize.appoint"
NONE = ""  # the role of whoever leaves


def ask(prize: Prize, person: Person, role: str, *, reason: str, by: Person, at: datetime) -> Approval:
    """Ask a second person of the secretariat to give this person an office, or with no role to take it back."""
    edition = prize.editions.order_by("-year", "-pk").first()
    if edition is None or not policy.is_secretariat(by, edition):
        raise Refused(_("Only the secretariat may ask for this."))
    if not role and not Organiser.objects.filter(prize=prize, person=person).exists():
        raise Refused(_("%(name)s has no office here.") % {"name": person})
    content = {"person": person.code, "role": str(role)}
    title = _("An office for the person %(code)s") % {"code": person.code}
    return governing.ask(edition, ACT, content, title=title, by=by, at=at, reason=reason)


@transaction.atomic
def appoint(edition: Edition, person: Person, role: str, *, by: Person, at: datetime) -> None:
    """What the approval does."""
    if not person.is_active:
        raise Refused(_("This account is not active."))
    if role:
        Organiser.objects.update_or_create(prize=edition.prize, person=person, defaults={"role": role})
    else:
        Organiser.objects.filter(prize=edition.prize, person=person).delete()
    facts = {"person": person.code, "role": role or "none"}
    ledger.record(edition, "office.given", subject=edition.prize.slug, facts=facts, by=by, at=at, concerns=[person])


def describe(content: dict[str, str], edition: Edition) -> list[str]:
    person = Person.objects.get(code=content["person"])
    values = {"name": person, "email": person.email, "role": dict(Organiser.Role.choices).get(content["role"], "")}
    if content["role"]:
        return [_("%(name)s (%(email)s) works in the office from now on, as %(role)s.") % values]
    return [_("%(name)s (%(email)s) works in the office no more.") % values]

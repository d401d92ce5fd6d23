"""Objections to a candidate: somebody's evidence, taken down by the office, and the ruling on it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.lifecycle import hold
from ceremony.models import Objection
from prize import ledger
from prize.governing import Refused
from prize.models import Person
from prize.policy import is_secretariat


@transaction.atomic
def receive(objection: Objection, *, by: Person, at: datetime) -> Objection:
    """Keep an objection that came in. Who objects stays out of the chain.

    It holds the entry: a list of laureates that is being carried out either knows of the objection or was there first.
    """
    edition = objection.application.edition
    if not is_secretariat(by, edition):
        raise Refused(_("Only the secretariat may take down an objection."))
    hold(objection.application)
    objection.received_at = at
    objection.save()
    facts = {"entry": objection.application.code}
    ledger.record(
        edition, "objection.received", subject=objection.code, facts=facts, by=by, at=at,
        personal={"name": objection.name, "email": objection.email},
    )  # fmt: skip
    return objection


@transaction.atomic
def rule(objection: Objection, ruling: str, *, reason: str, by: Person, at: datetime) -> Objection:
    """Dismiss or uphold it, once, with a reason. Of two who rule at once, one does."""
    edition = objection.application.edition
    if not is_secretariat(by, edition):
        raise Refused(_("Only the secretariat may rule on an objection."))
    if ruling not in (Objection.Ruling.DISMISSED, Objection.Ruling.UPHELD):
        raise Refused(_("Dismiss the objection or uphold it."))
    if not reason.strip():
        raise Refused(_("Say why: whoever objected, and whoever is objected to, may ask for it."))
    open_rows = Objection.objects.filter(pk=objection.pk, ruling=Objection.Ruling.OPEN)
    won = open_rows.update(ruling=ruling, ruling_reason=reason.strip(), ruled_by=by, ruled_at=at)
    if not won:
        raise Refused(_("Somebody has ruled on this objection already. Read the ruling."))
    facts = {"entry": objection.application.code, "ruling": str(ruling)}
    ledger.record(edition, "objection.ruled", subject=objection.code, facts=facts, by=by, at=at)
    objection.refresh_from_db()
    return objection

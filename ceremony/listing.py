"""The guest list leaves the house as a file: one officer asks and says why, a second reads what would go, the first takes it.

It holds addresses, companions and what guests need, and a file that has left cannot be called back. So the second person approves
these very rows, and a list that has changed since asks for another approval.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ceremony.guests import GuestResource
from ceremony.models import Occasion
from prize import governing, ledger
from prize.governing import Refused
from prize.models import Approval, Edition, Person

ACT = "ceremony.export_guests"
STANDS = timedelta(days=1)  # so long the approved list may be taken out


def read(occasion: Occasion) -> tuple[str, dict[str, Any]]:
    """The list as CSV, and what a second person approves of it: whose, how many, which columns, and the file by its digest.

    Both are from one reading, always in the same order: an answer that comes meanwhile is in both or in neither.
    """
    rows = GuestResource().export(occasion.guests.order_by("pk"))
    table = str(rows.csv)
    content = {
        "occasion": occasion.code,
        "count": len(rows),
        "columns": list(GuestResource.Meta.export_order),
        "file": hashlib.sha256(table.encode()).hexdigest(),
    }
    return table, content


def ask(occasion: Occasion, *, reason: str, by: Person, at: datetime) -> Approval:
    if not occasion.guests.exists():
        raise Refused(_("Nobody is on this list yet."))
    title = _("Take out the guest list of “%(occasion)s”") % {"occasion": occasion}
    _table, content = read(occasion)
    return governing.ask(occasion.edition, ACT, content, title=title, reason=reason, by=by, at=at)


def describe(content: dict[str, Any], edition: Edition) -> list[str]:
    occasion = edition.occasions.get(code=content["occasion"])
    text = ngettext(
        "A file with %(count)s guest of “%(occasion)s” leaves the house.",
        "A file with %(count)s guests of “%(occasion)s” leaves the house.",
        content["count"],
    )
    return [
        text % {"count": content["count"], "occasion": occasion},
        _("Its columns: %(columns)s.") % {"columns": ", ".join(content["columns"])},
        _("Whoever asked may take it for a day after this approval, as long as the list does not change."),
        _("Digest of the exact file: %(digest)s") % {"digest": content["file"]},
    ]


def unchanged(content: dict[str, Any], edition: Edition) -> str:
    """The file that was read when this was asked for; refused if it would be another by now."""
    table, now = read(edition.occasions.get(code=content["occasion"]))
    if now != content:
        raise Refused(
            _("The guest list has changed since this was asked. Ask again, so that what goes out is what was read.")
        )
    return table


def approved(occasion: Occasion, person: Person, at: datetime) -> Approval | None:
    """The newest approval by which this person may take the list now."""
    given = Approval.objects.filter(
        edition=occasion.edition_id,
        act=ACT,
        asked_by=person,
        approved_at__gt=at - STANDS,
        content__occasion=occasion.code,
    )
    return given.order_by("-approved_at").first()


@transaction.atomic
def take(occasion: Occasion, *, by: Person, at: datetime) -> str:
    """The file, to whoever asked for it. The ledger says by which approval it left."""
    approval = approved(occasion, by, at)
    if approval is None:
        raise Refused(_("A second person has to approve this first. Ask for the list."))
    table = unchanged(approval.content, occasion.edition)
    facts = {"count": approval.content["count"], "file": approval.content["file"], "approval": approval.code}
    ledger.record(occasion.edition, "guests.exported", subject=occasion.code, facts=facts, by=by, at=at)
    return table

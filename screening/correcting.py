"""Putting an outcome right after it was announced or the stage was closed: two people, on the record, nothing overwritten."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Outcome
from prize import governing
from prize.governing import Refused
from prize.models import Approval, Person
from screening import checking, policy
from screening.models import Check, CheckItem

RESULTS = tuple((value, name) for value, name in Check.Result.choices if value != Check.Result.UNSURE)


def ask_to_correct(
    application: Application, item: CheckItem, result: str, *, note: str, by: Person, at: datetime
) -> Approval:
    """Ask a second person to change what one check found."""
    if result not in dict(RESULTS) or not note.strip():
        raise Refused(_("Say what the check should have found, and why."))
    checking.refuse_first(policy.screening_problems(by, application))
    content = {"entry": application.code, "item": item.key, "result": str(result), "note": note.strip()}
    title = _("Correct a check of entry %(code)s") % {"code": application.code}
    return governing.ask(application.edition, "screening.correct", content, title=title, by=by, at=at)


@transaction.atomic
def correct(application: Application, item: CheckItem, result: str, *, note: str, by: Person, at: datetime) -> Outcome:
    """Record the corrected check and conclude again. The earlier outcome is superseded; the new one is silent."""
    checking.refuse_first(policy.screening_problems(by, application))
    checking.write_checks(application, {item: checking.Answer(result, note)}, by=by, at=at)
    return checking.conclude(application, by=by, at=at, announced_too=True)

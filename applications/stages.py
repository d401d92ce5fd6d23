"""How a call closes."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications import calling
from prize import policy
from prize.calendar import Closing, closings
from prize.governing import Refused
from prize.models import Approval, Person, Stage


def close(stage: Stage, *, by: Person, at: datetime) -> bool:
    if not policy.is_secretariat(by, stage.edition):
        raise Refused(_("Only the secretariat may close the call."))
    if at < stage.closes_at:
        raise Refused(_("The call is open until its time is up. Closing it early needs a second person's approval."))
    return calling.close_call(stage, by=by, at=at)


def ask(stage: Stage, *, reason: str, by: Person, at: datetime) -> Approval:
    return calling.ask_early_closing(stage.edition, reason=reason, by=by, at=at)


closings.add(Stage.Kind.CALL)(Closing(close, ask))

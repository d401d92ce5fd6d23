"""How the stages close that only have to be over: final selection, ceremony, after-care."""

from datetime import datetime

from django.utils.translation import gettext as _

from prize import calendar, governing, policy
from prize.calendar import Closing, closings
from prize.models import Approval, Person, Stage


def close(stage: Stage, *, by: Person, at: datetime) -> bool:
    if not policy.is_secretariat(by, stage.edition):
        raise governing.Refused(_("Only the secretariat may close a stage."))
    if at < stage.closes_at:
        raise governing.Refused(_("This stage is open until its time is up. Closing it early needs a second person."))
    return calendar.close(stage, by=by, at=at)


def ask(stage: Stage, *, reason: str, by: Person, at: datetime) -> Approval:
    title = _("Close “%(stage)s” before its time") % {"stage": stage}
    content = {"stage": stage.slug}
    return governing.ask(stage.edition, "prize.close_stage", content, title=title, reason=reason, by=by, at=at)


for kind in (Stage.Kind.FINAL, Stage.Kind.CEREMONY, Stage.Kind.AFTERCARE):
    closings.add(kind)(Closing(close, ask))

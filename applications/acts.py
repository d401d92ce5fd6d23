"""What needs two people here: closing the call before its time, and giving one entry more time."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications import calling
from applications.models import Application
from prize.calendar import require_open
from prize.governing import act
from prize.models import Edition, Person


def local(moment: datetime, edition: Edition) -> str:
    return f"{moment.astimezone(edition.tz):%Y-%m-%d %H:%M} ({edition.zone})"


def describe_extension(content: dict[str, Any], edition: Edition) -> list[str]:
    application = Application.objects.get(edition=edition, code=content["application"])
    until = datetime.fromisoformat(content["until"])
    return [
        _("Entry %(code)s, “%(title)s”, may be written and submitted until %(until)s.")
        % {"code": application.code, "title": application.title, "until": local(until, edition)},
        _("For all others the call ends as it does now: %(until)s.")
        % {"until": local(edition.stage("call").closes_at, edition)},
        _("Reason: %(reason)s") % {"reason": content["reason"]},
    ]


@act("applications.extend", describe=describe_extension)
def extend(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    application = Application.objects.get(edition=edition, code=content["application"])
    until = datetime.fromisoformat(content["until"])
    calling.extend(application, until=until, reason=content["reason"], by=by, at=at)


def describe_closing(content: dict[str, Any], edition: Edition) -> list[str]:
    stage = edition.stage("call", content["stage"])
    drafts = Application.objects.unsent().filter(edition=edition).count()
    return [
        _("The call closes at once, instead of %(until)s.") % {"until": local(stage.closes_at, edition)},
        _("Entries not submitted yet: %(count)s. Their owners get a letter; extensions that were granted still hold.")
        % {"count": drafts},
        _("Reason: %(reason)s") % {"reason": content["reason"]},
    ]


@act("applications.close_call_early", describe=describe_closing)
def close_call_early(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    stage = edition.stage("call", content["stage"])
    require_open(stage, at)
    calling.close_call(stage, by=by, at=at)

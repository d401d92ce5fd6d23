"""What needs two people here: closing the call early, giving one entry more time, and taking one out of the competition."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications import calling, lifecycle
from applications.models import Application
from prize.calendar import require_open
from prize.governing import Refused, act
from prize.models import Edition, Person
from prize.saying import said


def describe_extension(content: dict[str, Any], edition: Edition) -> list[str]:
    application = Application.objects.get(edition=edition, code=content["application"])
    until = datetime.fromisoformat(content["until"])
    return [
        _("Entry %(code)s, “%(title)s”, may be written and submitted until %(until)s.")
        % {"code": application.code, "title": application.title, "until": said(until, edition)},
        _("For all others the call ends as it does now: %(until)s.")
        % {"until": said(edition.stage("call").closes_at, edition)},
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
        _("The call closes at once, instead of %(until)s.") % {"until": said(stage.closes_at, edition)},
        _("Entries not submitted yet: %(count)s. Their owners get a letter; extensions that were granted still hold.")
        % {"count": drafts},
        _("Reason: %(reason)s") % {"reason": content["reason"]},
    ]


@act("applications.close_call_early", describe=describe_closing)
def close_call_early(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    stage = edition.stage("call", content["stage"])
    require_open(stage, at)
    calling.close_call(stage, by=by, at=at)


def entry_of(content: dict[str, Any], edition: Edition) -> Application:
    return Application.objects.select_related("edition").get(edition=edition, code=content["application"])


def entry_as_asked(content: dict[str, Any], edition: Edition) -> Application:
    """The entry, held, if it is still as it was when this was asked."""
    application = lifecycle.hold(entry_of(content, edition))
    if lifecycle.as_it_is(application) != {key: content[key] for key in ("application", "state", "submission")}:
        raise Refused(_("The entry has changed since this was asked. Look at it, and ask again."))
    return application


def describe_disqualification(content: dict[str, Any], edition: Edition) -> list[str]:
    application = entry_of(content, edition)
    return [
        _("Entry %(code)s, “%(title)s”, is disqualified.") % {"code": application.code, "title": application.title},
        _("It leaves the competition and every judge's list at once."),
        _("Reason: %(reason)s") % {"reason": content["reason"]},
    ]


@act(lifecycle.DISQUALIFY, describe=describe_disqualification)
def disqualify(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    lifecycle.disqualify(entry_as_asked(content, edition), by=by, at=at, reason=content["reason"])


def describe_reinstatement(content: dict[str, Any], edition: Edition) -> list[str]:
    application = entry_of(content, edition)
    return [
        _("The disqualification of entry %(code)s, “%(title)s”, is lifted. What was submitted last competes again.")
        % {"code": application.code, "title": application.title},
        _("Reason: %(reason)s") % {"reason": content["reason"]},
    ]


@act(lifecycle.REINSTATE, describe=describe_reinstatement)
def reinstate(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    lifecycle.reinstate(entry_as_asked(content, edition), by=by, at=at, reason=content["reason"])

"""The call for entries: until when an application may be written, and what happens when the call closes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Extension
from prize import calendar, governing, ledger, policy, post
from prize.calendar import StageClosed
from prize.models import Edition, Person, Stage

# Who pressed the button before the end is in, even where the answer takes a while. A letter that said otherwise would be wrong,
# so it lies for as long as any request can last, and asks again before it goes.
UNDER_WAY = timedelta(minutes=5)


class CallClosed(StageClosed):
    """The call is closed for this application, at its own moment if it had more time."""

    def __init__(self, application: Application, at: datetime):
        super().__init__(application.call, at)
        if not self.not_yet:
            self.moment = application.last_minute()


def is_open_for(application: Application, at: datetime) -> bool:
    """Whether this application may be written and submitted: the call is open, or its own extension runs."""
    return application.call.opens_at <= at < application.closes_at()


def require_open(application: Application, at: datetime) -> None:
    if not is_open_for(application, at):
        raise CallClosed(application, at)


@transaction.atomic
def close_call(stage: Stage, *, by: Person, at: datetime) -> bool:
    """Close the call once. Whoever wins tells those with an unsent draft, in the same transaction."""
    if not calendar.close(stage, by=by, at=at):
        return False
    for draft in Application.objects.unsent().filter(edition=stage.edition_id).select_related("owner"):
        key = f"applications:unsent:{draft.code}:{stage.slug}"
        about = {"application": draft.code}
        later = at + UNDER_WAY
        post.queue(
            "applications.unsent", key=key, to=draft.owner, at=at, edition=stage.edition, about=about, not_before=later
        )
    return True


def close_due(*, at: datetime) -> list[Stage]:
    """Close every call whose time is up; return those that we closed."""
    due = Stage.objects.due_to_close(at).filter(kind=Stage.Kind.CALL).select_related("edition")
    return [stage for stage in due if close_call(stage, by=Person.objects.clock(), at=at)]


@transaction.atomic
def extend(application: Application, *, until: datetime, reason: str, by: Person, at: datetime) -> Extension:
    """Give one application more time. Two people decide it: see the act ``applications.extend``."""
    edition = application.edition
    if not policy.is_secretariat(by, edition):
        raise governing.Refused(_("Only the secretariat may give an application more time."))
    if until <= max(at, application.closes_at()):
        raise governing.Refused(_("The new deadline must lie after the one that holds now, and in the future."))
    if not reason.strip():
        raise governing.Refused(_("Say why this application gets more time."))
    call = edition.stage(Stage.Kind.CALL)
    extension = Extension.objects.create(
        application=application, stage=call, until=until, reason=reason.strip(), granted_by=by, granted_at=at
    )
    facts = {"stage": call.slug, "until": until.isoformat()}
    ledger.record(
        edition, "entry.extended", subject=application.code, facts=facts, by=by, at=at,
        personal={"reason": extension.reason}, concerns=[application.owner],
    )  # fmt: skip
    about = {"application": application.code}
    key = f"applications:extended:{application.code}:{extension.pk}"
    post.queue("applications.extended", key=key, to=application.owner, at=at, edition=edition, about=about)
    return extension


def ask_extension(application: Application, *, until: datetime, reason: str, by: Person, at: datetime):
    """Ask a second person of the secretariat to approve more time for one application."""
    content = {"application": application.code, "until": until.isoformat(), "reason": reason.strip()}
    title = _("More time for entry %(code)s") % {"code": application.code}
    return governing.ask(
        application.edition, "applications.extend", content, title=title, by=by, at=at, reason=reason.strip()
    )


def ask_early_closing(edition: Edition, *, reason: str, by: Person, at: datetime):
    """Ask a second person of the secretariat to approve closing the call before its time."""
    call = edition.stage(Stage.Kind.CALL)
    calendar.require_open(call, at)
    content = {"stage": call.slug, "reason": reason.strip()}
    title = _("Close the call before its time")
    return governing.ask(
        edition, "applications.close_call_early", content, title=title, by=by, at=at, reason=reason.strip()
    )

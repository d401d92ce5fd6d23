"""The applicant's part of the desk, and what the call gives the office to do."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import calling, policy
from applications.models import Application, Collaborator, Outcome
from prize.desks import Panel, Todo, office_todo, panel
from prize.models import Edition, Person, Stage

State = Application.State
SOON = timedelta(days=3)


@panel("applications.entries", order=10)
def entries(person: Person, at: datetime) -> Panel | None:
    """A person's entries: where each stands and what to do next."""
    announced = Outcome.objects.announced().select_related("stage").order_by("stage__order")
    told = Prefetch("outcomes", announced, to_attr="told")
    rows = policy.visible_to_writer(person).prefetch_related("submissions", "extensions", "edition__stages", told)
    invited = Collaborator.objects.filter(email__iexact=person.email, joined_at=None, removed_at=None)
    invited = invited.select_related("application__owner", "application__edition")
    items = [invitation_line(found) for found in invited if calling.is_open_for(found.application, at)]
    items += [entry_line(row, at) for row in rows]
    if not items:
        return None
    call = (
        Stage.objects.open(at).filter(kind=Stage.Kind.CALL, edition__is_public=True).select_related("edition").first()
    )
    return Panel(_("My entries"), "applications/_entries_panel.html", {"items": items, "call": call, "at": at})


def invitation_line(found: Collaborator) -> Todo:
    return Todo(
        title=_("%(name)s asks you to write an entry together") % {"name": found.application.owner.name},
        href=reverse("applications:invitation", args=[found.code]),
        action=_("Read"),
        word=_("to do"),
        primary=True,
    )


def entry_line(application: Any, at: datetime) -> Todo:
    """The state in words, or what was decided last and announced, and one next step."""
    href = reverse("applications:entry", args=[application.code])
    title = application.title or _("Entry without a title")
    text, kind, action, primary = standing(application, calling.is_open_for(application, at))
    if application.told:
        last = application.told[-1]
        text = f"{last.stage}: {last.get_verdict_display()}"
        kind = (
            "ok" if last.verdict == Outcome.Verdict.ADVANCED else "neutral"
        )  # green tells nobody that they were declined
    line = f"{application.code} · {application.category} · {text}"
    return Todo(title=title, text=line, href=href, action=action, kind=kind, word=text, primary=primary)


def standing(application: Application, is_open: bool) -> tuple[str, str, str, bool]:
    if application.state == State.DRAFT and is_open:
        sealed = application.sealed
        text = (
            _("open again; your last submission counts until you submit anew") if sealed else _("draft, not submitted")
        )
        return text, "warn", _("Continue"), True
    if application.state == State.DRAFT:
        sealed = application.sealed
        return (_("submitted") if sealed else _("not submitted in time")), "ok" if sealed else "bad", _("Read"), False
    kind = {State.SUBMITTED: "ok", State.WITHDRAWN: "neutral", State.DISQUALIFIED: "bad"}[State(application.state)]
    return application.get_state_display(), kind, _("Read"), False


@office_todo("applications.call")
def call_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """The call's last days, and a call whose time is up and that nobody has closed."""
    call = edition.first_stage(Stage.Kind.CALL)
    if call is None or call.opens_at > at or call.closed_at:
        return []
    href = reverse("admin:applications_application_changelist") + "?state__exact=draft"
    if call.is_over(at):
        return [
            Todo(_("The call's time is up and it is not closed yet"), href=href, action=_("See drafts"), kind="bad")
        ]
    drafts = Application.objects.unsent().filter(edition=edition).count()
    if call.closes_at - at > SOON or not drafts:
        return []
    text = ngettext("%(count)d entry is not submitted yet", "%(count)d entries are not submitted yet", drafts)
    title = _("The call closes soon: %(drafts)s") % {"drafts": text % {"count": drafts}}
    return [Todo(title, href=href, action=_("See drafts"))]

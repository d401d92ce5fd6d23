"""What stands on a person's desk, and on the office's home in the admin. Apps add theirs in their own ``desks.py``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from prize import governing, policy
from prize.models import Approval, Committee, Edition, Letter, Motion, Person, Reply, Seat
from prize.registry import Registry


@dataclass(frozen=True)
class Panel:
    """One part of a desk: a heading and a template with its values."""

    title: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Todo:
    """Something that needs somebody today. The keys are those of components/todo.html."""

    title: str
    text: str = ""
    href: str = ""
    action: str = ""
    kind: str = "warn"
    word: str = ""
    primary: bool = False


DeskPanel = Callable[[Person, datetime], Panel | None]
OfficePanel = Callable[[Edition, datetime], Panel | None]
OfficeTodo = Callable[[Edition, Person, datetime], list[Todo]]

panels: Registry[tuple[int, DeskPanel]] = Registry("desks")
office_panels: Registry[OfficePanel] = Registry("desks")
todos: Registry[OfficeTodo] = Registry("desks")
for_officers: set[str] = set()


def panel(name: str, *, order: int) -> Callable[[DeskPanel], DeskPanel]:
    """Add a panel to every desk; it returns None for those whom it does not concern."""

    def keep(function: DeskPanel) -> DeskPanel:
        panels.add(name)((order, function))
        return function

    return keep


def office_panel(name: str) -> Callable[[OfficePanel], OfficePanel]:
    """Add a panel to the secretariat's home in the admin; it returns None while its stage is not on."""
    return office_panels.add(name)


def office_todo(name: str, *, screening: bool = False) -> Callable[[OfficeTodo], OfficeTodo]:
    """Add to what the admin's home says needs somebody today: the secretariat, or with ``screening`` its officers too."""
    if screening:
        for_officers.add(name)
    return todos.add(name)


def desk_of(person: Person, at: datetime) -> list[Panel]:
    ordered = sorted(panels.all().values(), key=lambda pair: pair[0])
    return [found for _order, function in ordered if (found := function(person, at))]


def office_todos(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """Asked here once for all: titles and digests of what is decided are not for every office."""
    secretary = policy.is_secretariat(person, edition)
    officer = secretary or policy.is_screening_officer(person, edition)
    mine = [function for name, function in todos.all().items() if secretary or (officer and name in for_officers)]
    return [todo for function in mine for todo in function(edition, person, at)]


def office_panels_of(edition: Edition, at: datetime) -> list[Panel]:
    """For the secretariat."""
    return [found for function in office_panels.all().values() if (found := function(edition, at))]


# --- The prize app's own ------------------------------------------------------------------------


@panel("prize.committee", order=30)
def committee_panel(person: Person, at: datetime) -> Panel | None:
    """Motions that wait for this member's vote, and the next meetings."""
    if not policy.has_seat(person, "promotion", "partner"):
        return None
    motions = policy.motions_for(person).pending()
    waiting = [motion for motion in motions if not motion.votes.filter(seat__person=person).exists()]
    meetings = list(policy.meetings_for(person).filter(ends_at__gt=at)[:3])
    replied = set(Reply.objects.filter(seat__person=person, meeting__in=meetings).values_list("meeting", flat=True))
    unanswered = {meeting.pk for meeting in meetings if meeting.starts_at > at} - replied
    values = {"waiting": waiting, "meetings": meetings, "unanswered": unanswered}
    return Panel(_("Committee"), "prize/_committee_panel.html", values)


@office_todo("prize.beginning")
def beginning_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """What an edition just loaded lacks before anything can be asked, decided or entered."""
    found = []
    if policy.secretaries(edition).count() < 2:
        title, text = _("Nobody can approve yet"), _("Whatever cannot be undone takes two people of the secretariat.")
        href = reverse("admin:prize_prize_change", args=[edition.prize_id])
        found.append(Todo(title, text=text, href=href, action=_("Name the second"), kind="bad"))
    seated = Seat.objects.filter(left_at=None, may_vote=True).values("committee")
    for body in edition.committees.filter(kind=Committee.Kind.PROMOTION).exclude(pk__in=seated):
        href = reverse("admin:prize_committee_change", args=[body.pk])
        title, text = _("Nobody sits on “%(body)s” yet") % {"body": body}, _("It adopts the rules and decides.")
        found.append(Todo(title, text=text, href=href, action=_("Seat its members")))
    if not edition.is_public and not edition.published:
        href, text = reverse("admin:prize_edition_change", args=[edition.pk]), _("Nobody can enter before they can.")
        found.append(Todo(_("The public cannot see this edition yet"), text=text, href=href, action=_("Show it")))
    return found


@office_todo("prize.approvals")
def approvals_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    waiting = Approval.objects.waiting(at).filter(edition=edition).select_related("asked_by")
    return [
        Todo(
            title=_("Waiting for a second person: %(title)s") % {"title": approval.title},
            text=_("Asked by %(name)s. Content %(digest)s.")
            % {"name": approval.asked_by, "digest": approval.digest[:8]},
            href=reverse("admin:prize_approval_change", args=[approval.pk]),
            action=_("Read and decide"),
            kind="ok",
            primary=approval.asked_by_id != person.pk,
        )
        for approval in waiting
    ]


@office_todo("prize.motions")
def motions_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    pending = Motion.objects.pending().filter(committee__edition=edition).select_related("committee__edition")
    return [
        Todo(
            title=_("A motion is before the %(body)s: %(title)s")
            % {"body": motion.committee, "title": governing.heading(motion)},
            href=reverse("admin:prize_motion_change", args=[motion.pk]),
            action=_("See the vote"),
            kind="neutral",
        )
        for motion in pending
    ]


@office_todo("prize.letters")
def letters_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    failed = Letter.objects.filter(edition=edition, state=Letter.State.FAILED).count()
    if not failed:
        return []
    text = _("%(count)s letters could not be delivered") % {"count": failed}
    href = reverse("admin:prize_letter_changelist") + "?state__exact=failed"
    return [Todo(title=text, href=href, action=_("See them"), kind="bad")]

"""What stands on the desks of partners' jurors and laureates, and what waits in the office."""

from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ceremony import announcing, conferring, offering, partnering, policy, proposing
from ceremony.models import Announcement, Laureate, Objection, Occasion
from prize.desks import Panel, Todo, office_todo, panel
from prize.models import Edition, Person, Stage
from prize.saying import said
from prize.templatetags.components import day


@panel("ceremony.laureate", order=12)
def laureate_panel(person: Person, at: datetime) -> Panel | None:
    """One's awards, from the release on; before it there is no such panel."""
    laureates = policy.visible_to_laureate(person, at).select_related("certificate", "edition")
    if not laureates:
        return None
    offers = policy.offers_visible_to_laureate(person, at).order_by("answer", "answer_by")
    return Panel(_("Your award"), "ceremony/_laureate_panel.html", {"laureates": laureates, "offers": offers, "at": at})


@panel("ceremony.partner", order=25)
def partner_panel(person: Person, at: datetime) -> Panel | None:
    """The awards one helps to give, and how far their nominations are."""
    specials = policy.special_awards_of(person)
    if not specials:
        return None
    awards = [(special, policy.nomination_of(special), partnering.pending(special).first()) for special in specials]
    values = {"awards": awards, "stage": final_of(specials[0].award.edition), "at": at}
    return Panel(_("Your special award"), "ceremony/_partner_panel.html", values)


def final_of(edition: Edition) -> Stage | None:
    return edition.first_stage(Stage.Kind.FINAL)


# --- The office -----------------------------------------------------------------------------------


@office_todo("ceremony.laureates")
def laureates_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """The final is open, and no list that could still carry is before the committee."""
    final = final_of(edition)
    if final is None or not final.is_open(at) or not proposing.standing_tallies(edition):
        return []
    if Laureate.objects.standing().filter(edition=edition).exists():
        return []
    title, kind = _("Put the laureates to the committee"), "neutral"
    if lists := list(conferring.pending(edition)):
        if not all(conferring.overtaken(motion) for motion in lists):
            return []
        title, kind = _("A partner has chosen anew: put the laureates to the committee again"), "warn"
    return [Todo(title=title, href=workbench_url(edition), action=_("See the proposal"), kind=kind)]


def workbench_url(edition: Edition) -> str:
    return reverse("admin:ceremony_award_workbench", args=[edition.pk])


@office_todo("ceremony.objections")
def objections_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """Evidence against an entry that nobody has ruled on. Until then no list that names the entry is carried."""
    waiting = Objection.objects.unruled().filter(application__edition=edition).count()
    if not waiting:
        return []
    title = ngettext("%(count)s objection waits for a ruling", "%(count)s objections wait for a ruling", waiting) % {
        "count": waiting
    }
    text = _("An entry that is objected to receives no award before it.")
    href = reverse("admin:ceremony_objection_changelist") + f"?ruling__exact={Objection.Ruling.OPEN}"
    return [Todo(title=title, text=text, href=href, action=_("Read"), kind="warn")]


@office_todo("ceremony.release")
def release_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    announcement = Announcement.objects.filter(edition=edition).first()
    if (announcement and announcement.released_at) or not Laureate.objects.standing().filter(edition=edition).exists():
        return []
    title = _("The laureates are decided and not announced")
    if announcement is None:
        href = f"{reverse('admin:ceremony_announcement_add')}?edition={edition.pk}"
        return [Todo(title=title, text=_("No time is set for it."), href=href, action=_("Set a time"), kind="warn")]
    text = _("Planned: %(time)s. The release takes two people.") % {"time": said(announcement.due_at, edition)}
    return [
        Todo(
            title=title,
            text=text,
            href=reverse("admin:ceremony_announcement_change", args=[announcement.pk]),
            action=_("Open"),
            kind="bad" if announcing.is_overdue(announcement, at) else "neutral",
        )
    ]


@office_todo("ceremony.guests")
def guests_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    waiting = Count("guests", filter=Q(guests__invited_at=None))
    silent = Count("guests", filter=Q(guests__invited_at__isnull=False, guests__answer=""))
    coming = Occasion.objects.filter(edition=edition, starts_at__gt=at).annotate(waiting=waiting, silent=silent)
    return [todo for occasion in coming for todo in guest_todos(occasion, at)]


def guest_todos(occasion, at: datetime) -> list[Todo]:
    href = reverse("admin:ceremony_guest_changelist") + f"?occasion__id__exact={occasion.pk}"
    found = []
    if occasion.waiting:
        title = ngettext(
            "%(count)s guest is not invited yet", "%(count)s guests are not invited yet", occasion.waiting
        ) % {"count": occasion.waiting}
        change = reverse("admin:ceremony_occasion_change", args=[occasion.pk])
        found.append(Todo(title=title, href=change, action=_("Send the invitations"), kind="neutral"))
    if occasion.silent and at >= occasion.answer_by:
        title = ngettext("%(count)s guest has not answered", "%(count)s guests have not answered", occasion.silent) % {
            "count": occasion.silent
        }
        found.append(Todo(title=title, href=f"{href}&answer__exact=", action=_("See who"), kind="warn"))
    return found


@office_todo("ceremony.followups")
def followups_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    return [
        Todo(
            title=_("Overdue: %(step)s (%(benefit)s)") % {"step": step.title, "benefit": step.offer.benefit.name},
            text=_("Due on %(day)s, followed by %(name)s.")
            % {"day": day(step.due_at, edition.zone), "name": step.offer.owner or "–"},
            href=reverse("admin:ceremony_offer_change", args=[step.offer_id]),
            action=_("Open the case"),
            kind="warn",
        )
        for step in offering.overdue(edition, at)
    ]

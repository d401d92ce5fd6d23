"""What waits: questions on an applicant's desk, and the officers' list on the admin's home."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Outcome
from prize.desks import Panel, Todo, office_todo, panel
from prize.models import Edition, Person, Stage
from prize.policy import is_secretariat
from prize.saying import said
from screening import closing, policy, proposing
from screening.models import Clarification, Similarity


@panel("screening.clarifications", order=5)
def clarifications_panel(person: Person, at: datetime) -> Panel | None:
    """Questions that wait for this applicant's answer come before everything else."""
    waiting = policy.clarifications_of(person).open()
    waiting = [row for row in waiting if row.application.edition.stage(Stage.Kind.SCREENING).closed_at is None]
    if not waiting:
        return None
    values = {"clarifications": waiting, "at": at}
    return Panel(_("Questions about your entry"), "screening/_clarifications_panel.html", values)


@office_todo("screening.checks", screening=True)
def screening_todos(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    stage = edition.first_stage(Stage.Kind.SCREENING)
    if stage is None or stage.opens_at > at:
        return []
    if stage.closed_at:
        return silent(stage, person)
    mine = policy.entries_for(person, edition)
    found = [undecided(stage, mine), unconfirmed(stage, mine), answered(stage, mine), overdue(mine, at), pairs(edition)]
    found += [held_open(stage, at), *silent(stage, person)]
    return [todo for todo in found if todo]


def undecided(stage: Stage, entries) -> Todo | None:
    count = without_outcome(entries, stage).count()
    if not count:
        return None
    title = ngettext("%(count)s entry to screen", "%(count)s entries to screen", count) % {"count": count}
    text = _("Screening runs until %(moment)s.") % {"moment": said(stage.last_minute, stage.edition)}
    return Todo(title=title, text=text, href=board("todo"), action=_("Screen them"), primary=True)


def unconfirmed(stage: Stage, entries) -> Todo | None:
    count = proposing.unconfirmed(without_outcome(entries, stage), stage.edition)
    if not count:
        return None
    words = ngettext(
        "%(count)s answer given by a rule waits for an officer",
        "%(count)s answers given by rules wait for an officer",
        count,
    )
    return Todo(title=words % {"count": count}, href=board("todo"), action=_("Confirm them"), kind="neutral")


def answered(stage: Stage, entries) -> Todo | None:
    rows = Clarification.objects.filter(application__in=without_outcome(entries, stage), answered_at__isnull=False)
    count = rows.count()
    if not count:
        return None
    words = ngettext("%(count)s applicant has answered", "%(count)s applicants have answered", count)
    return Todo(title=words % {"count": count}, href=board("answered"), action=_("Read the answers"), kind="ok")


def overdue(entries, at: datetime) -> Todo | None:
    count = Clarification.objects.overdue(at).filter(application__in=entries).count()
    if not count:
        return None
    words = ngettext("%(count)s question is overdue", "%(count)s questions are overdue", count)
    return Todo(title=words % {"count": count}, href=board("overdue"), action=_("See them"))


def pairs(edition: Edition) -> Todo | None:
    count = Similarity.objects.filter(one__edition=edition, ruling=Similarity.Ruling.OPEN).count()
    if not count:
        return None
    words = ngettext("%(count)s pair of entries is alike", "%(count)s pairs of entries are alike", count)
    href = reverse("admin:screening_similarity_changelist") + "?ruling__exact=open"
    return Todo(title=words % {"count": count}, href=href, action=_("Compare them"), kind="neutral")


def held_open(stage: Stage, at: datetime) -> Todo | None:
    """The clock closes a stage, but not over a gap."""
    missing = closing.gaps(stage) if at >= stage.closes_at else []
    if not missing:
        return None
    title = _("Screening is over but cannot close")
    return Todo(
        title=title, text=closing.gap_sentence(missing)[0], href=board("todo"), action=_("Decide them"), kind="bad"
    )


def silent(stage: Stage, person: Person) -> list[Todo]:
    count = closing.unannounced(stage).count()
    if not count or not is_secretariat(person, stage.edition):
        return []
    words = ngettext(
        "%(count)s outcome is decided and not announced", "%(count)s outcomes are decided and not announced", count
    )
    return [Todo(title=words % {"count": count}, href=board("decided"), action=_("Announce them"), kind="neutral")]


def without_outcome(entries, stage: Stage):
    concluded = Outcome.objects.standing().filter(stage=stage).values("application")
    return entries.exclude(pk__in=concluded)


def board(state: str) -> str:
    return reverse("admin:screening_check_board") + f"?state={state}"

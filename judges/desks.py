"""What judging puts on a person's desk, and on the office's home."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judges import board, policy
from judges.models import Assignment, Invitation, Judge, Round, Tally
from judges.tallying import gaps
from judges.views.desk import piles
from prize.desks import Panel, Todo, office_panel, office_todo, panel
from prize.models import Edition, Person, Stage


@panel("judges.judge", order=10)
def judge_panel(person: Person, at: datetime) -> Panel | None:
    """The next step on the way in, or the entries with their progress."""
    judge = Judge.objects.of(person).select_related("edition", "person").order_by("-edition__year", "-pk").first()
    if judge is None:
        return None
    invitation = Invitation.objects.filter(judge=judge).first()
    if invitation is None or invitation.answer == Invitation.Answer.DECLINED:
        return None
    values = {
        "judge": judge,
        "steps": policy.steps(judge),
        "step": policy.next_step(judge),
        "piles": piles(person),
        "at": at,
    }
    return Panel(_("Judging"), "judges/_judge_panel.html", values)


@panel("judges.chair", order=12)
def chair_panel(person: Person, at: datetime) -> Panel | None:
    rounds = [
        {"round": found, "coverage": board.coverage(found)}
        for found in policy.chaired_by(person).select_related("stage__edition")
        if found.stage.opens_at <= at
    ]
    return Panel(_("The jury you chair"), "judges/_chair_panel.html", {"rounds": rounds, "at": at}) if rounds else None


def change(round: Round) -> str:
    return reverse("admin:judges_round_change", args=[round.pk])


@office_panel("judges.progress")
def progress_panel(edition: Edition, at: datetime) -> Panel | None:
    """How far each judge is, slowest first, while a round is open."""
    rounds = Round.objects.filter(stage__in=edition.stages.open(at)).select_related("stage__edition")
    round = rounds.order_by("stage__order").first()
    progress = sorted(board.progress_of(round), key=lambda one: one.done / max(one.total, 1)) if round else []
    if not progress:
        return None
    return Panel(_("Judges"), "judges/_office_panel.html", {"round": round, "progress": progress})


@office_todo("judges.invitations")
def invitations_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    waiting = Judge.objects.filter(edition=edition, invitation=None, stepped_down_at=None).count()
    late = Invitation.objects.filter(judge__edition=edition, answer="", answer_by__lte=at).count()
    found = []
    if waiting:
        text = ngettext(
            "%(n)s recommended judge is not invited yet", "%(n)s recommended judges are not invited yet", waiting
        )
        href = reverse("admin:judges_judge_changelist") + "?stage=recommended"
        found.append(Todo(text % {"n": waiting}, href=href, action=_("Invite"), primary=True))
    if late:
        text = ngettext("%(n)s invitation is past its date", "%(n)s invitations are past their date", late)
        href = reverse("admin:judges_invitation_changelist") + "?answer__exact="
        found.append(Todo(text % {"n": late}, href=href, action=_("See them")))
    return found


@office_todo("judges.assignment")
def assignment_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """Rounds that need assigning, and holes that recusals left."""
    found = []
    for round in Round.objects.filter(stage__edition=edition, stage__closed_at=None).select_related(
        "stage__edition", "source"
    ):
        source = round.source or edition.first_stage(Stage.Kind.CALL)
        source_closed = source is None or source.is_over(at)
        if not Assignment.objects.filter(round=round).exists():
            if source_closed:
                title = _("%(round)s: entries are not assigned to judges yet") % {"round": round}
                found.append(Todo(title, href=change(round), action=_("Draft an assignment"), primary=True))
            continue
        holes = board.with_too_few_judges(round)
        if holes:
            text = ngettext("%(n)s entry has too few judges", "%(n)s entries have too few judges", holes) % {"n": holes}
            found.append(
                Todo(
                    text,
                    text=_("A repair fills the holes and moves as little as it can."),
                    href=change(round),
                    action=_("Repair"),
                    kind="bad",
                )
            )
    return found


@office_todo("judges.closing")
def closing_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    """A round whose time is up and which has gaps stays open in the books: somebody has to decide."""
    over = Round.objects.filter(stage__edition=edition, stage__closes_at__lte=at, stage__closed_at=None)
    found = []
    for round in over.select_related("stage__edition", "source"):
        missing = gaps(round)
        if missing:
            text = ngettext("%(n)s entry lacks reviews.", "%(n)s entries lack reviews.", len(missing)) % {
                "n": len(missing)
            }
            title = _("%(round)s is over but not closed") % {"round": round}
            found.append(Todo(title, text=text, href=change(round), action=_("Decide"), kind="bad", primary=True))
    return found


@office_todo("judges.behind")
def behind_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    found = []
    for round in Round.objects.filter(stage__edition=edition, stage__in=edition.stages.open(at)).select_related(
        "stage__edition"
    ):
        late = [one for one in board.progress_of(round, at) if one.state == "behind"]
        if late:
            text = ngettext("%(n)s judge is behind pace", "%(n)s judges are behind pace", len(late)) % {"n": len(late)}
            names = ", ".join(f"{one.judge} {one.done} / {one.total}" for one in late[:4])
            found.append(
                Todo(
                    text,
                    text=names,
                    href=reverse("admin:judges_round_coverage", args=[round.pk]),
                    action=_("See the board"),
                )
            )
    return found


@office_todo("judges.tallies")
def tallies_todo(edition: Edition, person: Person, at: datetime) -> list[Todo]:
    failed = Tally.objects.filter(round__stage__edition=edition, superseded_at=None, state=Tally.State.FAILED)
    return [
        Todo(
            _("The tally of %(category)s could not be computed") % {"category": tally.category},
            text=tally.problem,
            href=reverse("admin:judges_tally_change", args=[tally.pk]),
            action=_("Look into it"),
            kind="bad",
        )
        for tally in failed.select_related("category")
    ]

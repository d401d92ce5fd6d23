"""The letters of judging. Each looks again, when it is about to go, whether what it says is still so."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from applications.models import Application, Outcome
from judges import policy
from judges.models import Assignment, AssignmentRun, Invitation, Judge, Round
from prize.models import Attendance, Letter, Meeting
from prize.post import Withheld, Words, letter


@letter("judges.invitation", _("invitation to judge"))
def invitation(row: Letter) -> Words:
    """You are invited to judge."""
    found = Invitation.objects.select_related("judge__edition", "judge__person").get(code=row.about["invitation"])
    if found.answer:
        raise Withheld(gettext_noop("the invitation was answered before this letter went"))
    return Words("judges/letters/invitation.txt", {"invitation": found, "round": first_round(found.judge)})


@letter("judges.briefing", _("call to the briefing"))
def briefing(row: Letter) -> Words:
    """You are called to the briefing."""
    meeting = Meeting.objects.select_related("committee__edition").get(code=row.about["meeting"])
    if Attendance.objects.filter(meeting=meeting, seat__person=row.person).exists():
        raise Withheld(gettext_noop("attendance was confirmed before this letter went"))
    return Words("judges/letters/briefing.txt", {"meeting": meeting})


@letter("judges.assigned", _("entries assigned to a judge"))
def assigned(row: Letter) -> Words:
    """Entries are assigned to you."""
    run = AssignmentRun.objects.select_related("round__stage__edition").get(code=row.about["run"])
    judge = Judge.objects.get(code=row.about["judge"])
    count = run.assignments.standing().filter(judge=judge).count()
    if judge.stepped_down_at or not count:
        raise Withheld(gettext_noop("nothing of this plan is assigned to this judge any more"))
    return Words("judges/letters/assigned.txt", {"round": run.round, "count": count})


@letter("judges.changed", _("changes of a judge's list"))
def changed(row: Letter) -> Words:
    """Entries are no longer on your list, and perhaps others are: which, stands behind the log-in only."""
    run = AssignmentRun.objects.select_related("round__stage__edition").get(code=row.about["run"])
    judge = Judge.objects.get(code=row.about["judge"])
    standing = Assignment.objects.standing().filter(round=run.round, judge=judge)
    back = standing.filter(application__code__in=row.about["taken"]).count()
    taken, given = len(row.about["taken"]) - back, standing.filter(run=run).count()
    if judge.stepped_down_at or not taken:
        raise Withheld(
            gettext_noop("nothing was taken off this judge's list, or it was given back before this letter went")
        )
    return Words("judges/letters/changed.txt", {"round": run.round, "taken": taken, "given": given})


@letter("judges.reminder", _("reminder of open sheets"))
def reminder(row: Letter) -> Words:
    """Sheets of yours are still to be cast: counted again as the letter goes."""
    round = Round.objects.select_related("stage__edition").get(
        stage__edition=row.edition_id, stage__slug=row.about["round"]
    )
    if round.stage.closed_at or not row.person:
        raise Withheld(gettext_noop("the round closed before this letter went"))
    count = policy.visible_to_judge(row.person).filter(assignment__round=round, cast_at=None).count()
    if not count:
        raise Withheld(gettext_noop("every sheet was cast before this letter went"))
    return Words("judges/letters/reminder.txt", {"round": round, "count": count})


@letter("judges.decision", _("outcome of a round"))
def decision(row: Letter) -> Words:
    """Your entry goes on, or it does not: the outcome that stands, and only once it is announced."""
    outcome = Outcome.objects.select_related("application__category", "stage").get(pk=row.about["outcome"])
    if outcome.superseded_at:
        raise Withheld(gettext_noop("the outcome was corrected before this letter went"))
    if not outcome.announced_at:
        raise Withheld(gettext_noop("the outcome is under embargo"))
    entry = outcome.application
    if entry.state not in (Application.State.SUBMITTED, Application.State.DRAFT):
        raise Withheld(gettext_noop("the entry no longer competes"))
    template = "finalist" if outcome.verdict == Outcome.Verdict.ADVANCED else "not_finalist"
    return Words(f"judges/letters/{template}.txt", {"entry": entry, "stage": outcome.stage})


def first_round(judge: Judge) -> Round | None:
    return Round.objects.filter(stage__edition=judge.edition).select_related("stage").order_by("stage__order").first()

"""Who may see and do what in judging. Look-ups are querysets, permissions are predicates."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, Recusal
from judges.briefing import briefings
from judges.models import Declaration, Invitation, Judge, Panel, Pledge, Round, ScoreSheet, Tally
from judges.recruiting import jury_of
from prize.models import Attendance, Edition, Person, Seat
from prize.policy import is_secretariat, presides

COMPETING = (Application.State.SUBMITTED, Application.State.DRAFT)


# --- The way in --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step between an invitation and the entries."""

    key: str
    title: str
    done: bool
    view: str
    argument: str = ""


def judge_of(person: Person, edition: Edition) -> Judge | None:
    return Judge.objects.of(person).filter(edition=edition).select_related("edition", "person").first()


def steps(judge: Judge) -> list[Step]:
    """What a judge does before reading, in order."""
    invitation = Invitation.objects.filter(judge=judge).first()
    accepted = bool(invitation and invitation.answer == Invitation.Answer.ACCEPTED)
    found = [
        Step(
            "invitation",
            _("Accept the invitation"),
            accepted,
            "judges:invitation",
            invitation.code if invitation else "",
        ),
        Step("pledge", _("Sign the pledge"), Pledge.objects.filter(judge=judge).exists(), "judges:pledge"),
    ]
    briefed = Attendance.objects.filter(seat__person=judge.person, meeting=OuterRef("pk"))
    for meeting in briefings(jury_of(judge.edition)).annotate(confirmed=Exists(briefed)):
        found.append(
            Step("briefing", _("Take part in the briefing"), meeting.confirmed, "judges:briefing", meeting.code)
        )
    declared = Declaration.objects.filter(judge=judge).exists()
    return [*found, Step("declaration", _("Declare your interests"), declared, "judges:declaration")]


def next_step(judge: Judge) -> Step | None:
    return next((step for step in steps(judge) if not step.done), None)


# --- Sheets ------------------------------------------------------------------------------------------


def visible_to_judge(person: Person) -> QuerySet[ScoreSheet]:
    """A judge's own sheets of entries that compete, less those the judge stands aside from, once pledged and declared."""
    aside = Recusal.objects.of(person).filter(application=OuterRef("assignment__application"))
    return (
        ScoreSheet.objects.of(person)
        .filter(
            ~Exists(aside),
            assignment__judge__pledge__isnull=False,
            assignment__judge__declaration__isnull=False,
            assignment__application__state__in=COMPETING,
        )
        .select_related("assignment__judge", "assignment__application__category", "assignment__round__stage__edition")
    )


def may_mark(person: Person, sheet: ScoreSheet, at: datetime) -> bool:
    return not marking_problems(person, sheet, at)


def marking_problems(person: Person, sheet: ScoreSheet, at: datetime) -> list[str]:
    """Why this person cannot mark this sheet now; empty if all is well. The stage's clock is asked by the verb."""
    assignment = sheet.assignment
    judge, edition = assignment.judge, assignment.round.stage.edition
    if sheet.cast_at:
        return [_("This sheet is cast. A change needs a correction by the secretariat, approved by a second person.")]
    if person.pk != judge.person_id and not is_secretariat(person, edition):
        return [_("Only the judge may mark this sheet.")]
    if sheet.superseded_at or assignment.withdrawn_at or judge.stepped_down_at:
        return [_("This entry is no longer assigned to you.")]
    if Recusal.objects.of(judge.person).filter(application=assignment.application_id).exists():
        return [_("The judge stands aside from this entry.")]
    return []


# --- Reminding ---------------------------------------------------------------------------------------


def reminding_problems(person: Person, round: Round, at: datetime) -> list[str]:
    """Why this person cannot ask for missing sheets now; empty if all is well."""
    if not (is_secretariat(person, round.stage.edition) or presides(person, round.jury)):
        return [_("Only the chair of the jury and the secretariat may ask for missing sheets.")]
    if not round.stage.is_open(at):
        return [_("The round is not open, so no sheet can be cast now.")]
    return []


# --- Results -----------------------------------------------------------------------------------------


def chaired_by(person: Person) -> QuerySet[Round]:
    """Rounds whose jury, or one of whose panels, this person chairs."""
    roles = (Seat.Role.CHAIR, Seat.Role.CO_CHAIR)
    seats = Seat.objects.held_by(person).filter(role__in=roles)
    panels = Q(panels__chair__person=person, panels__chair__stepped_down_at=None)
    return Round.objects.filter(Q(jury__in=seats.values("committee")) | panels).distinct()


def rounds_visible_to(person: Person) -> QuerySet[Round]:
    """For the chair's and the secretariat's page of a round."""
    offices = person.offices.filter(role="secretariat").values("prize")
    mine = Q(pk__in=chaired_by(person).values("pk")) | Q(stage__edition__prize__in=offices)
    found = Round.objects.all() if person.is_superuser else Round.objects.filter(mine)
    return found.select_related("stage__edition__prize", "jury")


def has_uncast_sheets(person: Person, round: Round) -> bool:
    mine = ScoreSheet.objects.of(person).filter(assignment__round=round, cast_at=None)
    aside = Recusal.objects.of(person).values("application")
    return mine.exclude(assignment__application__in=aside).exists()


def may_see_results(person: Person, round: Round) -> bool:
    """The secretariat, and a chair none of whose own sheets is uncast: nobody marks with the result in mind."""
    if is_secretariat(person, round.stage.edition):
        return True
    return chaired_by(person).filter(pk=round.pk).exists() and not has_uncast_sheets(person, round)


def tallies_visible_to(person: Person, round: Round) -> QuerySet[Tally]:
    """Those of the round that this person may read, less what a panel's chair does not preside over."""
    tallies = Tally.objects.filter(round=round, superseded_at=None).select_related("category", "round__stage__edition")
    if not may_see_results(person, round):
        return tallies.none()
    if is_secretariat(person, round.stage.edition) or presides(person, round.jury):
        return tallies
    chaired = Panel.objects.filter(round=round, chair__person=person)
    return tallies.filter(category__in=chaired.values("category"))

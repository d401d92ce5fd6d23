"""Conflicts of interest: declared against organisations before reading, or by stepping aside from one entry."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications import recusing
from applications.lifecycle import hold_all
from applications.models import Application, Recusal
from judges import tallying
from judges.conflicts import ABSTAINED
from judges.models import Assignment, Conflict, Declaration, Judge, Pledge, ScoreSheet
from prize import governing, ledger, policy
from prize.governing import Refused
from prize.models import Approval, Edition, Organisation, Person


def organisations_listed(edition: Edition) -> QuerySet[Organisation]:
    """Whose entries compete: the names alone, without their entries, so that the list tells nothing of these."""
    competing = Application.objects.submitted().filter(edition=edition)
    return Organisation.objects.filter(pk__in=competing.values("organisation")).order_by("name")


@transaction.atomic
def declare(judge: Judge, organisations: Iterable[Organisation], *, by: Person, at: datetime) -> Declaration:
    """Declare every conflict there is, or that there is none. Each makes the judge stand aside from its entries."""
    if by.pk != judge.person_id:
        raise Refused(_("Only the judge may declare this."))
    if not Pledge.objects.filter(judge=judge).exists():
        raise Refused(_("Sign the pledge first."))
    chosen = list(organisations)
    try:
        with transaction.atomic():
            listed = organisations_listed(judge.edition).count()
            declaration = Declaration.objects.create(judge=judge, declared_at=at, listed=listed)
    except IntegrityError:
        raise Refused(
            _("You have declared your interests. Step aside from an entry if you find another conflict.")
        ) from None
    Conflict.objects.bulk_create(Conflict(declaration=declaration, organisation=one) for one in chosen)
    entries = Application.objects.submitted().filter(edition=judge.edition, organisation__in=chosen)
    for entry in hold_all(entries.not_recused(by)):
        recusing.stand_aside(entry, by, Recusal.Ground.PROFESSIONAL, by=by, at=at, note=str(entry.organisation))
    facts = {"conflicts": len(chosen), "listed": listed}
    ledger.record(judge.edition, "judge.declared", subject=judge.code, facts=facts, by=by, at=at)
    return declaration


SET_ASIDE = "judges.set_aside"


def needs_a_second_person(assignment: Assignment, by: Person) -> bool:
    """Whether this would take away a cast sheet over its judge's head: one officer alone could steer a result so."""
    return by.pk != assignment.judge.person_id and ScoreSheet.objects.cast().filter(assignment=assignment).exists()


@transaction.atomic
def ask_to_set_aside(assignment: Assignment, ground: str, *, by: Person, at: datetime, note: str = "") -> Approval:
    """Ask a second person to record that a judge stands aside from an entry whose sheet is cast."""
    round, entry = assignment.round, assignment.application
    content = {
        "round": round.stage.slug, "entry": entry.code, "judge": assignment.judge.code, "ground": str(ground), "note": note,
        "sheet": ScoreSheet.objects.cast().get(assignment=assignment).digest,
    }  # fmt: skip
    title = _("A judge stands aside from entry %(code)s") % {"code": entry.code}
    return governing.ask(round.stage.edition, SET_ASIDE, content, title=title, by=by, at=at, reason=note)


@transaction.atomic
def step_aside(
    assignment: Assignment, ground: str, *, by: Person, at: datetime, note: str = "", approved: bool = False
) -> Recusal:
    """Stand aside from an assigned entry: access ends now, and what was cast is kept but no longer counts."""
    judge, round = assignment.judge, assignment.round
    if by.pk != judge.person_id and not policy.is_secretariat(by, judge.edition):
        raise Refused(_("Only the judge or the secretariat may record this."))
    if needs_a_second_person(assignment, by) and not approved:
        raise Refused(_("A sheet is cast. That it no longer counts has to be approved by a second person."))
    if ground not in Recusal.Ground.values:
        raise Refused(_("Choose a ground from the list."))
    if not Assignment.objects.standing().select_for_update(no_key=True).filter(pk=assignment.pk):
        raise Refused(_("This entry is no longer assigned."))
    if round.stage.closed_at:
        tallying.held_tallies(round, assignment.application.category)
    recusal = recusing.stand_aside(assignment.application, judge.person, ground, by=by, at=at, note=note)
    withdraw(assignment, at=at, reason=f"recused: {ground}")
    if round.stage.closed_at:
        tallying.ask_again(round, assignment.application.category, by=by, at=at)
    return recusal


@transaction.atomic
def abstain(assignment: Assignment, *, reason: str, by: Person, at: datetime) -> None:
    """Give an entry back that one cannot judge well, without any conflict. Nothing of it counts, least of all as a nought."""
    round, judge = assignment.round, assignment.judge
    if by.pk != judge.person_id:
        raise Refused(_("Only the judge may abstain."))
    if not reason.strip():
        raise Refused(_("Say why you cannot judge this entry: the secretariat finds somebody who can."))
    if round.stage.closed_at:
        raise Refused(_("The round is closed."))
    if not Assignment.objects.standing().select_for_update(no_key=True).filter(pk=assignment.pk):
        raise Refused(_("This entry is no longer assigned."))
    if ScoreSheet.objects.cast().filter(assignment=assignment).exists():
        raise Refused(_("Your sheet is cast. A change needs a correction by the secretariat."))
    withdraw(assignment, at=at, reason=f"{ABSTAINED}: {reason.strip()}"[:250])
    facts, personal = {"judge": judge.code}, {"reason": reason.strip()}
    code = assignment.application.code
    ledger.record(
        round.stage.edition, "assignment.abstained", subject=code, facts=facts, personal=personal, by=by, at=at
    )


def withdraw(assignment: Assignment, *, at: datetime, reason: str) -> None:
    Assignment.objects.filter(pk=assignment.pk, withdrawn_at=None).update(withdrawn_at=at, withdrawn_reason=reason)
    assignment.withdrawn_at, assignment.withdrawn_reason = at, reason

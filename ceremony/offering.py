"""After the ceremony: benefits are offered, accepted or declined, and an accepted one becomes a small case with due dates."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ceremony import policy
from ceremony.models import Benefit, FollowUp, Laureate, Offer
from prize import ledger, post
from prize.governing import Refused
from prize.models import Person
from prize.policy import is_secretariat


@transaction.atomic
def offer(
    benefit: Benefit, laureate: Laureate, *, by: Person, at: datetime, answer_by: datetime | None = None
) -> Offer:
    """Offer a benefit to a laureate, by letter. Offered twice, the first offer stands."""
    problems = offering_problems(benefit, laureate, by, at)
    if problems:
        raise Refused(problems[0])
    values = {"offered_by": by, "offered_at": at, "answer_by": answer_by or at + timedelta(days=benefit.answer_days)}
    made, new = Offer.objects.get_or_create(benefit=benefit, laureate=laureate, defaults=values)
    if new:
        facts = {"benefit": benefit.key, "laureate": laureate.code}
        ledger.record(benefit.edition, "offer.made", subject=made.code, facts=facts, by=by, at=at)
        post.queue(
            "ceremony.offer", key=f"ceremony:offer:{made.code}", to=laureate.application.owner, at=at,
            edition=benefit.edition, about={"offer": made.code},
        )  # fmt: skip
    return made


def offering_problems(benefit: Benefit, laureate: Laureate, by: Person, at: datetime) -> list[str]:
    if not is_secretariat(by, benefit.edition):
        return [_("Only the secretariat may make offers.")]
    if laureate.edition_id != benefit.edition_id:
        return [_("This benefit belongs to another edition.")]
    if laureate.revoked_at:
        return [_("This award was revoked.")]
    announcement = getattr(laureate.edition, "announcement", None)
    if announcement is None or announcement.released_at is None or announcement.released_at > at:
        return [_("Offers are made after the announcement: before it a letter would tell the result.")]
    return []


@transaction.atomic
def answer(offer: Offer, choice: str, *, by: Person, at: datetime) -> Offer:
    """Accept or decline, once. Accepting opens the case: its steps with due dates, and somebody who follows them."""
    offer = (
        Offer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("benefit__edition", "laureate__application")
        .get(pk=offer.pk)
    )
    if choice not in Offer.Answer.values:
        raise Refused(_("Accept or decline."))
    problems = policy.answering_problems(offer, by, at)
    if problems:
        raise Refused(problems[0])
    offer.answer, offer.answered_by, offer.answered_at = choice, by, at
    if choice == Offer.Answer.ACCEPTED:
        offer.owner = offer.offered_by
        open_case(offer, at)
    offer.save(update_fields=["answer", "answered_by", "answered_at", "owner"])
    ledger.record(offer.benefit.edition, "offer.answered", subject=offer.code, facts={"answer": choice}, by=by, at=at)
    return offer


def open_case(offer: Offer, at: datetime) -> list[FollowUp]:
    today = at.astimezone(offer.benefit.edition.tz).date()
    return FollowUp.objects.bulk_create(
        FollowUp(offer=offer, title=step["name"], due_on=today + timedelta(days=step["days"]))
        for step in offer.benefit.steps
    )


@transaction.atomic
def complete_step(step: FollowUp, *, note: str, by: Person, at: datetime) -> FollowUp:
    """Done, with a word on what was done."""
    if not is_secretariat(by, step.offer.benefit.edition):
        raise Refused(_("Only the secretariat may complete a step."))
    if not note.strip():
        raise Refused(_("Write a word on what was done."))
    won = FollowUp.objects.filter(pk=step.pk, done_at=None).update(done_at=at, done_by=by, note=note.strip())
    if not won:
        raise Refused(_("This step is done already."))
    facts = {"due": step.due_on.isoformat()}
    ledger.record(step.offer.benefit.edition, "offer.step_done", subject=step.offer.code, facts=facts, by=by, at=at)
    step.refresh_from_db()
    return step


@transaction.atomic
def close(offer: Offer, *, result: str, by: Person, at: datetime) -> Offer:
    """End the case, with what came of it. Steps left open are left open on purpose; the result says why."""
    if not is_secretariat(by, offer.benefit.edition):
        raise Refused(_("Only the secretariat may close a case."))
    if offer.answer != Offer.Answer.ACCEPTED:
        raise Refused(_("Only an accepted offer can be closed."))
    if not result.strip():
        raise Refused(_("Write what came of it."))
    won = Offer.objects.filter(pk=offer.pk, closed_at=None).update(closed_at=at, result=result.strip())
    if not won:
        raise Refused(_("This case is closed already."))
    ledger.record(offer.benefit.edition, "offer.closed", subject=offer.code, by=by, at=at)
    offer.refresh_from_db()
    return offer


def overdue(edition, at: datetime):
    today = at.astimezone(edition.tz).date()
    steps = FollowUp.objects.filter(offer__benefit__edition=edition, done_at=None, offer__closed_at=None)
    return steps.filter(due_on__lt=today).select_related(
        "offer__benefit__edition", "offer__laureate__place__award", "offer__owner"
    )

"""A round closes once, covered or with two signatures; then its tally is computed, by whichever worker comes first."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from judges import computing
from judges.models import Round, ScoreSheet, Tally, TallyLine
from prize import calendar, ledger, policy
from prize.governing import Refused
from prize.models import Category, Person, Stage
from prize.scoring import ScoringError
from prize.waking import wake

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=5)


class Uncovered(Refused):
    """A round that cannot close, because entries lack reviews. They are named."""

    def __init__(self, gaps: dict[str, int]):
        self.gaps = gaps
        named = ", ".join(f"{code} ({missing})" for code, missing in list(gaps.items())[:8])
        more = f" … (+{len(gaps) - 8})" if len(gaps) > 8 else ""
        text = ngettext(
            "%(count)s entry lacks reviews: %(named)s. Repair the assignment, or ask a second person to close with gaps.",
            "%(count)s entries lack reviews: %(named)s. Repair the assignment, or ask a second person to close with gaps.",
            len(gaps),
        )
        super().__init__(text % {"count": len(gaps), "named": named + more})


# --- Coverage -----------------------------------------------------------------------------------------


def competing(round: Round) -> QuerySet[Application]:
    """What the round judges: all that was submitted, or what the stage before let go on."""
    entries = Application.objects.submitted().filter(edition=round.stage.edition)
    return entries.filter(pk__in=Application.objects.advanced(round.source).values("pk")) if round.source else entries


def entries_in(round: Round) -> list[Application]:
    """What the round judges, with the number of reviews that count (``done``) for each."""
    done = dict(
        ScoreSheet.objects.counting()
        .filter(assignment__round=round, assignment__judge__stepped_down_at=None)
        .values_list("assignment__application")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found = list(competing(round).select_related("category").order_by("code"))
    for entry in found:
        entry.done = done.get(entry.pk, 0)  # type: ignore[attr-defined]
    return found


def gaps(round: Round) -> dict[str, int]:
    """Entries that lack reviews, with how many."""
    wanted = round.reviews_per_entry
    return {e.code: wanted - e.done for e in entries_in(round) if e.done < wanted}  # type: ignore[attr-defined]


# --- Closing ------------------------------------------------------------------------------------------


@transaction.atomic
def close_round(round: Round, *, by: Person, at: datetime) -> list[Tally]:
    """Close the round when its time is up and every entry has its reviews. The one who wins gets the tallies."""
    stage = held(round)
    if stage.closed_at:
        return []
    require_office(round, by)
    if at < stage.closes_at:
        raise Refused(_("The round is open until its time is up. Closing it early needs a second person's approval."))
    missing = gaps(round)
    if missing:
        raise Uncovered(missing)
    return finish(round, stage, by=by, at=at)


def early_or_gaps(round: Round, *, at: datetime) -> dict[str, Any]:
    """The content a second person approves: which entries lack how many reviews, and whether it is before its time."""
    return {"round": round.stage.slug, "gaps": gaps(round), "early": at < round.stage.closes_at}


@transaction.atomic
def close_with_gaps(content: dict[str, Any], *, round: Round, by: Person, at: datetime) -> list[Tally]:
    """Close as two people decided. A gap that they did not know of, or haste they did not sign for, is refused."""
    stage = held(round)
    if stage.closed_at:
        raise Refused(_("This round is closed already."))
    new = {code: missing for code, missing in gaps(round).items() if missing > content["gaps"].get(code, 0)}
    if new:
        raise Uncovered(new)
    if at < stage.closes_at and not content["early"]:
        raise Refused(_("The round is still open, and the approval does not say that it may close early."))
    return finish(round, stage, by=by, at=at)


def held(round: Round) -> Stage:
    """The stage, locked: whoever casts a sheet waits here, and is either in or told so."""
    stage = Stage.objects.select_for_update(no_key=True).select_related("edition").get(pk=round.stage_id)
    round.stage = stage
    return stage


def finish(round: Round, stage: Stage, *, by: Person, at: datetime) -> list[Tally]:
    if not calendar.close(stage, by=by, at=at):
        return []
    found = {entry.category_id: entry.category for entry in entries_in(round)}
    categories = sorted(found.values(), key=lambda category: category.order)
    return [ask(round, category, at=at) for category in categories]


def close_due(at: datetime) -> list[Round]:
    """Close the rounds whose time is up and which are covered. One with gaps stays, and the office is told."""
    clock, closed = Person.objects.clock(), []
    for stage in Stage.objects.due_to_close(at).filter(kind=Stage.Kind.ROUND, round__isnull=False):
        try:
            closed += [stage.round] if close_round(stage.round, by=clock, at=at) else []
        except Uncovered:
            log.info("round %s is over and has gaps: the office decides", stage)
    return closed


def require_office(round: Round, by: Person) -> None:
    if not policy.is_secretariat(by, round.stage.edition):
        raise Refused(_("Only the secretariat may do this."))


# --- Tallies ------------------------------------------------------------------------------------------


def ask(round: Round, category: Category, *, at: datetime) -> Tally:
    """A tally to be computed: a row in the caller's transaction, taken by a worker when that commits."""
    tally = Tally.objects.create(round=round, category=category, asked_at=at)
    wake("judges.tasks.compute_tally", tally.pk)
    return tally


def held_tallies(round: Round, category: Category) -> list[Tally]:
    """What stands for this category, kept until the transaction ends: taken before a deed is entered into the ledger."""
    rows = Tally.objects.select_for_update(no_key=True).filter(round=round, category=category, superseded_at=None)
    return list(rows.order_by("pk"))


@transaction.atomic
def ask_again(round: Round, category: Category, *, by: Person, at: datetime) -> Tally:
    """Compute a category anew. The tally before is kept and superseded."""
    standing = held_tallies(round, category)
    was = [tally.digest or tally.state for tally in standing]
    Tally.objects.filter(pk__in=[tally.pk for tally in standing]).update(superseded_at=at)
    tally = ask(round, category, at=at)
    facts = {"category": category.key, "was": was}
    ledger.record(round.stage.edition, "tally.asked", subject=tally.code, facts=facts, by=by, at=at)
    return tally


def compute(tally: Tally, *, at: datetime) -> bool:
    """Take a pending tally in hand, compute it, and store it. A worker that dies leaves a claim that lapses."""
    until = at + CLAIM
    if not Tally.objects.pending(at).filter(pk=tally.pk, superseded_at=None).update(claimed_until=until):
        return False
    tally = Tally.objects.select_related("round__stage__edition", "category").get(pk=tally.pk)
    try:
        codes = [entry.code for entry in entries_in(tally.round) if entry.category_id == tally.category_id]
        computed = computing.compute(tally.round, tally.category, entries=codes)
    except ScoringError as refusal:
        return fail(tally, str(refusal), until)
    except Exception as error:
        log.exception("tally %s could not be computed", tally.code)
        return fail(tally, _("The computation stopped: %(error)s") % {"error": error}, until)
    return store(tally, computed, until=until, at=at)


def in_hand(tally: Tally, until: datetime):
    """The row, if it is still ours: neither taken over after our claim lapsed, nor superseded."""
    return Tally.objects.filter(pk=tally.pk, state=Tally.State.PENDING, claimed_until=until, superseded_at=None)


def fail(tally: Tally, problem: str, until: datetime) -> bool:
    in_hand(tally, until).update(state=Tally.State.FAILED, problem=problem, claimed_until=None)
    return False


@transaction.atomic
def store(tally: Tally, computed: computing.Computed, *, until: datetime, at: datetime) -> bool:
    done = in_hand(tally, until).update(
        state=Tally.State.DONE,
        method=computed.method,
        method_settings=computed.settings,
        inputs_digest=computed.inputs_digest,
        digest=computed.digest,
        summary=computed.summary,
        working=computed.working,
        computed_at=at,
        claimed_until=None,
        problem="",
    )
    if not done:
        return False
    ids = dict(Application.objects.filter(edition=tally.round.stage.edition).values_list("code", "pk"))
    TallyLine.objects.bulk_create(
        TallyLine(
            tally=tally,
            application_id=ids[line.entry],
            rank=line.rank,
            reviews=line.reviews,
            raw=line.raw,
            adjusted=line.adjusted,
            error=line.error,
            rank_low=line.rank_low,
            rank_high=line.rank_high,
            chance=line.chance,
            working=line.working,
        )
        for line in computed.lines
    )
    facts = {"category": tally.category.key, "inputs": computed.inputs_digest, "result": computed.digest}
    clock = Person.objects.clock()
    ledger.record(tally.round.stage.edition, "tally.computed", subject=tally.code, facts=facts, by=clock, at=at)
    return True


def sweep(*, at: datetime) -> int:
    """Compute what is pending: what a lost broker or a dead worker left behind."""
    return sum(compute(tally, at=at) for tally in Tally.objects.pending(at).filter(superseded_at=None))

"""The end of screening: the stage closes once and not over a gap, and all outcomes are announced together by two people."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import concluding
from applications.models import Application, Outcome
from prize import calendar, canonical, governing, ledger, post
from prize.governing import Refused
from prize.models import Approval, Edition, Person, Stage
from prize.policy import is_secretariat
from prize.saying import said

SHOWN = 10  # codes in a sentence


# --- Closing --------------------------------------------------------------------------------------


def gaps(stage: Stage) -> list[str]:
    """Codes of competing entries without a standing outcome of this stage."""
    concluded = Outcome.objects.standing().filter(stage=stage).values("application")
    entries = Application.objects.submitted().filter(edition=stage.edition_id).exclude(pk__in=concluded)
    return sorted(entries.values_list("code", flat=True))


def closing_problems(stage: Stage, at: datetime) -> list[str]:
    """Why the stage cannot simply be closed now; empty if it can."""
    if stage.closed_at:
        return [_("This stage is closed already.")]
    problems = []
    if at < stage.closes_at:
        problems.append(_("It runs until %(moment)s.") % {"moment": said(stage.last_minute, stage.edition)})
    return problems + gap_sentence(gaps(stage))


def gap_sentence(codes: list[str]) -> list[str]:
    if not codes:
        return []
    listed = ", ".join(codes[:SHOWN]) + (" …" if len(codes) > SHOWN else "")
    words = ngettext(
        "%(count)s entry has no outcome yet: %(codes)s", "%(count)s entries have no outcome yet: %(codes)s", len(codes)
    )
    return [words % {"count": len(codes), "codes": listed}]


@transaction.atomic
def close(stage: Stage, *, by: Person, at: datetime) -> bool:
    """Close screening when its time is up and every entry has its outcome. Of two who try at once, one does."""
    refuse_strangers(by, stage)
    problems = [] if stage.closed_at else closing_problems(stage, at)
    if problems:
        raise Refused(" ".join([*problems, _("To close all the same, ask for a second person's approval.")]))
    return calendar.close(stage, by=by, at=at)


def close_due(*, by: Person, at: datetime) -> list[Stage]:
    """Close every screening stage whose time is up and that has no gap; the others wait for people."""
    due = Stage.objects.due_to_close(at).filter(kind=Stage.Kind.SCREENING).select_related("edition")
    return [stage for stage in due if not gaps(stage) and close(stage, by=by, at=at)]


def ask_to_close(stage: Stage, *, reason: str, by: Person, at: datetime) -> Approval:
    """Ask a second person to close the stage early or with gaps."""
    if stage.closed_at:
        raise Refused(_("This stage is closed already."))
    if not closing_problems(stage, at):
        raise Refused(_("Nothing stands in the way: close the stage without a second person."))
    title = _("Close “%(stage)s” early or with gaps") % {"stage": stage}
    content = {"stage": stage.slug, "gaps": gaps(stage)}
    return governing.ask(stage.edition, "screening.close", content, title=title, reason=reason, by=by, at=at)


@transaction.atomic
def close_with_gaps(stage: Stage, codes: list[str], *, by: Person, at: datetime) -> bool:
    """Carried out when the second person approved. A gap that nobody approved keeps the stage open."""
    if set(gaps(stage)) - set(codes):
        raise Refused(_("More entries lack an outcome than were approved. Ask again."))
    facts = {"gaps": gaps(stage)}
    closed = calendar.close(stage, by=by, at=at)
    ledger.record(stage.edition, "screening.closed-by-approval", subject=stage.slug, facts=facts, by=by, at=at)
    return closed


# --- Announcing -----------------------------------------------------------------------------------


def unannounced(stage: Stage):
    return Outcome.objects.standing().filter(stage=stage, announced_at=None)


def announcement(stage: Stage) -> dict[str, Any]:
    """What would be announced, exactly: how many of each verdict, and the digest of the list of codes and verdicts."""
    rows = list(unannounced(stage).order_by("application__code").values_list("application__code", "verdict"))
    counts = Counter(verdict for _code, verdict in rows)
    return {
        "stage": stage.slug,
        "counts": {name: counts[name] for name in sorted(counts)},
        "list": canonical.digest([list(row) for row in rows]),
    }


def ask_to_announce(stage: Stage, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Ask a second person to announce every outcome of this stage that is still silent."""
    missing = [] if stage.closed_at else gap_sentence(gaps(stage))
    if missing:
        raise Refused(missing[0])
    content = announcement(stage)
    if not content["counts"]:
        raise Refused(_("There is nothing to announce."))
    title = _("Announce the outcomes of “%(stage)s”") % {"stage": stage}
    return governing.ask(stage.edition, "screening.announce", content, title=title, reason=reason, by=by, at=at)


@transaction.atomic
def announce(stage: Stage, approved: dict[str, Any], *, by: Person, at: datetime) -> int:
    """Lift the embargo on exactly what was approved."""
    if announcement(stage) != approved:
        raise Refused(
            _("The outcomes have changed since this was asked. Ask again, so that what is announced is what was read.")
        )
    outcomes = list(unannounced(stage).select_related("application__owner"))
    count = concluding.announce(stage, by=by, at=at)
    for outcome in outcomes:
        write_to_applicant(outcome, stage, at)
    return count


def write_to_applicant(outcome: Outcome, stage: Stage, at: datetime) -> None:
    """The kind of letter follows the verdict; the letter asks again at send time whether it still holds."""
    post.queue(
        f"screening.{outcome.verdict}",
        key=f"screening:outcome:{outcome.application.code}:{outcome.pk}",
        to=outcome.application.owner,
        at=at,
        edition=stage.edition,
        about={"application": outcome.application.code, "outcome": outcome.pk},
    )


def refuse_strangers(person: Person, stage: Stage) -> None:
    if not is_secretariat(person, stage.edition):
        raise Refused(_("Only the secretariat may close a stage."))


def stage_of(edition: Edition, slug: str) -> Stage:
    return edition.stages.get(slug=slug)

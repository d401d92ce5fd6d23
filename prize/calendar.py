"""A stage closes once, whoever comes first: the clock, an officer, or two workers at the same instant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prize import ledger
from prize.models import Person, Stage
from prize.registry import Registry
from prize.templatetags import components as spoken


class StageClosed(Exception):
    """What was asked for needs an open stage."""

    def __init__(self, stage: Stage, at: datetime):
        self.stage = stage
        self.not_yet = at < stage.opens_at and stage.closed_at is None
        # Closed on time is told as the minute everybody was told before, not as the second some worker noticed.
        early = stage.closed_at if stage.closed_at and stage.closed_at < stage.closes_at else None
        moment = stage.opens_at if self.not_yet else early or stage.last_minute
        self.moment = moment.astimezone(stage.edition.tz)
        super().__init__(stage, at)

    def __str__(self) -> str:
        zone = self.stage.edition.zone
        words = {"stage": self.stage.name, "day": spoken.moment(self.moment, zone), "place": spoken.place(zone)}
        if self.not_yet:
            return _("%(stage)s opens on %(day)s (%(place)s).") % words
        return _("%(stage)s closed on %(day)s (%(place)s).") % words


@transaction.atomic
def close(stage: Stage, *, by: Person, at: datetime) -> bool:
    """Close the stage, if nobody has yet. The one who wins gets True and does, in the same transaction, what must follow."""
    won = Stage.objects.filter(pk=stage.pk, closed_at=None).update(closed_at=at, closed_by=by)
    if not won:
        return False
    stage.closed_at, stage.closed_by = at, by
    ledger.record(
        stage.edition,
        "stage.closed",
        subject=stage.slug,
        facts={"kind": stage.kind, "due": stage.closes_at.isoformat(), "early": at < stage.closes_at},
        by=by,
        at=at,
    )
    return True


def require_open(stage: Stage, at: datetime) -> None:
    if not stage.is_open(at):
        raise StageClosed(stage, at)


# --- Each app closes its own kind of stage: found by name in ``stages.py`` --------------------------


@dataclass(frozen=True)
class Closing:
    """How a kind of stage is closed when its time is up, and how two people close it early or with gaps."""

    close: Callable[..., Any]  # (stage, *, by, at)
    ask: Callable[..., Any]  # (stage, *, reason, by, at) -> Approval


closings: Registry[Closing] = Registry("stages")


RESCHEDULE = "prize.reschedule_stage"


@transaction.atomic
def ask_to_reschedule(stage: Stage, *, opens_at: datetime, closes_at: datetime, by: Person, at: datetime) -> Any:
    """Ask a second person to move a stage that has begun: for whoever is in the middle of it that is closing or reopening it."""
    from prize import governing  # noqa: PLC0415 - approvals tell of closed stages

    content = {
        "stage": stage.slug,
        "before": [stage.opens_at.isoformat(), stage.closes_at.isoformat()],
        "after": [opens_at.isoformat(), closes_at.isoformat()],
    }
    title = _("Move “%(stage)s” to other dates") % {"stage": stage}
    return governing.ask(stage.edition, RESCHEDULE, content, title=title, by=by, at=at)


@transaction.atomic
def reschedule(stage: Stage, *, opens_at: datetime, closes_at: datetime, by: Person, at: datetime) -> bool:
    """Move a stage that is not closed yet. The ledger keeps both calendars."""
    before = (stage.opens_at, stage.closes_at)
    moved = Stage.objects.filter(pk=stage.pk, closed_at=None).update(opens_at=opens_at, closes_at=closes_at)
    if not moved or before == (opens_at, closes_at):
        return bool(moved)
    facts = {
        "before": [moment.isoformat() for moment in before],
        "after": [opens_at.isoformat(), closes_at.isoformat()],
    }
    ledger.record(stage.edition, "stage.rescheduled", subject=stage.slug, facts=facts, by=by, at=at)
    return True

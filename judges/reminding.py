"""Sheets that are missing are asked for: by the chair or the secretariat when they wish, by the clock two days before the end."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from judges import board, policy
from judges.models import Judge, Round
from prize import ledger, post
from prize.governing import Refused
from prize.models import Letter, Person, Stage

LAST_DAYS = timedelta(hours=48)


@transaction.atomic
def remind(round: Round, *, by: Person, at: datetime) -> list[Letter]:
    """Write to every judge with sheets to cast, once on a day at most. Who asks is not written to."""
    problems = policy.reminding_problems(by, round, at)
    if problems:
        raise Refused(problems[0])
    today = at.astimezone(round.stage.edition.tz).date().isoformat()
    late = [judge for judge in waited_for(round) if judge.person_id != by.pk]
    if not late:
        raise Refused(_("Every sheet is cast: there is nobody to write to."))
    letters = write(round, late, occasion=today, by=by, at=at)
    if not letters:
        raise Refused(_("Everybody whose sheets are missing was written to today. You can write again tomorrow."))
    return letters


def remind_due(at: datetime) -> list[Letter]:
    """In the last two days of a round, one letter to each judge with sheets to cast."""
    clock, letters = Person.objects.clock(), []
    for round in Round.objects.filter(stage__in=Stage.objects.open(at)).select_related("stage__edition", "jury"):
        if round.stage.closes_at - at <= LAST_DAYS:
            with transaction.atomic():
                letters += write(round, waited_for(round), occasion="last days", by=clock, at=at)
    return letters


def waited_for(round: Round) -> list[Judge]:
    """Those with sheets to cast, slowest first."""
    return [one.judge for one in board.progress_of(round) if one.done < one.total]


def write(round: Round, judges: list[Judge], *, occasion: str, by: Person, at: datetime) -> list[Letter]:
    keys = {judge: f"judges:reminder:{round.pk}:{judge.code}:{occasion}" for judge in judges}
    written = set(Letter.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    fresh = {judge: key for judge, key in keys.items() if key not in written}
    edition = round.stage.edition
    about: dict[str, Any] = {"round": round.stage.slug}
    letters = [
        post.queue(
            "judges.reminder", key=key, to=judge.person, at=at, edition=edition, about={**about, "judge": judge.code}
        )
        for judge, key in fresh.items()
    ]
    if letters:
        facts = {"judges": [judge.code for judge in fresh], "occasion": occasion}
        ledger.record(edition, "round.reminded", subject=round.stage.slug, facts=facts, by=by, at=at)
    return letters

"""The running order: when each cue begins, from the minutes of those before it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from ceremony.models import Cue, Laureate, Occasion


class Timed(NamedTuple):
    cue: Cue
    starts_at: datetime
    laureates: list[Laureate]  # empty for whoever may not see them


def order_of(occasion: Occasion, *, sealed: bool) -> list[Timed]:
    """Every cue with its time. Names stand beside the awards only for those who may know them (``sealed``)."""
    laureates = laureates_by_award(occasion) if sealed else {}
    timed, moment = [], occasion.starts_at
    for cue in occasion.cues.select_related("award__parent"):
        timed.append(Timed(cue, moment, laureates.get(cue.award_id or 0, [])))
        moment += timedelta(minutes=cue.minutes)
    return timed


def laureates_by_award(occasion: Occasion) -> dict[int, list[Laureate]]:
    """A cue for a track, such as a category's medals, names those of all its awards; the highest is read out last."""
    found: dict[int, list[Laureate]] = {}
    rows = Laureate.objects.standing().filter(edition=occasion.edition_id).in_order().select_related("application")
    for laureate in rows:
        award = laureate.place.award
        for key in filter(None, {award.pk, award.parent_id}):
            found.setdefault(key, []).insert(0, laureate)
    return found


def minutes_over(occasion: Occasion) -> int:
    """How far the running order runs past the planned end; negative means time to spare."""
    planned = (occasion.ends_at - occasion.starts_at) // timedelta(minutes=1)
    return sum(occasion.cues.values_list("minutes", flat=True)) - planned

"""The office's home in the admin: what needs somebody today, the funnel, and the stages."""

from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prize import figures
from prize.desks import office_panels_of, office_todos
from prize.models import Edition, Person, Stage
from prize.policy import is_secretariat
from prize.views.public import stage_rows

# Each step with the figure that is planned or asked for, and the stages in which it is the one to watch.
Kind = Stage.Kind
FUNNEL = {
    "received": ("", {Kind.CALL}),
    "eligible": ("", {Kind.SCREENING}),
    "reviews": ("reviews_wanted", {Kind.ROUND}),
    "finalists": ("finalists_planned", {Kind.FINAL}),
    "awards": ("awards_planned", {Kind.CEREMONY, Kind.AFTERCARE}),
}
BY_STAGE = {"eligible", "finalists"}  # a prize without such a stage has no such step
PLACES = ("cities", "countries")


def office_today(edition: Edition, person: Person, at: datetime) -> dict[str, Any]:
    prefetch_related_objects([edition], "stages")  # half of what follows asks for one of them
    stage = edition.stage_now(at)
    secretary = is_secretariat(person, edition)
    counts = counted(edition, public=not secretary)
    return {
        "stage": stage,
        "stage_rows": stage_rows(edition, at),
        "headline": headline(stage, counts, at),
        "funnel": funnel(edition, stage, counts),
        "day": day_of(stage, at) if stage else None,
        "todos": office_todos(edition, person, at),
        "panels": office_panels_of(edition, at) if secretary else [],
    }


def day_of(stage: Stage, at: datetime) -> dict[str, int]:
    """Which day of the stage today is, counted by the edition's calendar."""
    zone = stage.edition.tz
    first, last, today = (moment.astimezone(zone).date() for moment in (stage.opens_at, stage.last_minute, at))
    return {"number": (today - first).days + 1, "all": (last - first).days + 1}


def counted(edition: Edition, *, public: bool) -> dict[str, Any]:
    """An officer of the screening counts what the public may know."""
    names = [*FUNNEL, *PLACES, *(wanted for wanted, _kinds in FUNNEL.values() if wanted)]
    return figures.counted(edition, names, public=public)


def headline(stage: Stage | None, counts: dict[str, Any], at: datetime) -> str:
    """The one figure of the stage that is on; empty where the date says more."""
    if stage is None or not stage.is_open(at):
        return ""
    if stage.kind == Kind.ROUND and counts.get("reviews_wanted"):
        return _("%(percent)s %% of reviews are in") % {
            "percent": min(100, 100 * counts["reviews"] // counts["reviews_wanted"])
        }
    if stage.kind == Kind.CALL and counts.get("received"):
        received = counts["received"]
        return ngettext("%(count)s entry has come in", "%(count)s entries have come in", received) % {"count": received}
    return ""


def funnel(edition: Edition, stage: Stage | None, counts: dict[str, Any]) -> list[dict[str, Any]]:
    """From received to awarded. What has not begun shows a dash, not a nought; nor does what an officer may not know yet."""
    words = {
        "received": _("Received"),
        "eligible": _("Eligible"),
        "reviews": _("Reviews"),
        "finalists": _("Finalists"),
        "awards": _("Awards"),
    }
    known = figures.figures.all()
    held = {one.kind for one in edition.stages.all()}
    return [
        {
            "label": words[name],
            "value": counts.get(name) or None,
            "of": counts.get(wanted) if name == "reviews" and counts.get(name) else None,
            "note": note(name, counts.get(wanted), counts),
            "current": bool(stage and stage.kind in kinds),
        }
        for name, (wanted, kinds) in FUNNEL.items()
        if name in known and (name not in BY_STAGE or kinds & held)
    ]


def note(name: str, wanted: int | None, counts: dict[str, Any]) -> str:
    """Where the entries come from, and what is planned while nothing is decided."""
    if name == "eligible" and counts.get(name) and counts.get("cities"):
        return _("%(cities)s cities, %(countries)s countries") % {one: counts.get(one, 0) for one in PLACES}
    if name in ("finalists", "awards") and wanted and not counts.get(name):
        return _("%(count)s planned") % {"count": wanted}
    return ""

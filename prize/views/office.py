"""The office's home in the admin: the stages, the funnel, and what needs somebody today."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from prize import figures
from prize.desks import office_panels_of, office_todos
from prize.models import Edition, Person, Stage
from prize.policy import is_secretariat
from prize.views.public import stage_rows

FUNNEL = ("received", "eligible", "reviews", "finalists", "awards")


def office_today(edition: Edition, person: Person, at: datetime) -> dict[str, Any]:
    stage = edition.stage_now(at)
    return {
        "stage": stage,
        "stage_rows": stage_rows(edition, at),
        "funnel": funnel(edition, person),
        "day": day_of(stage, at) if stage else None,
        "todos": office_todos(edition, person, at),
        "panels": office_panels_of(edition, person, at),
    }


def day_of(stage: Stage, at: datetime) -> dict[str, int]:
    """Which day of the stage today is, counted by the edition's calendar."""
    zone = stage.edition.tz
    first, last, today = (moment.astimezone(zone).date() for moment in (stage.opens_at, stage.last_minute, at))
    return {"number": (today - first).days + 1, "all": (last - first).days + 1}


def funnel(edition: Edition, person: Person) -> list[dict[str, Any]]:
    """From received to awarded. What has not begun shows a dash, not a nought; nor does what an officer may not know yet."""
    words = {
        "received": _("Received"),
        "eligible": _("Eligible"),
        "reviews": _("Reviews"),
        "finalists": _("Finalists"),
        "awards": _("Awards"),
    }
    counted = figures.report(edition) if is_secretariat(person, edition) else figures.public_report(edition)
    known = figures.figures.all()
    return [{"label": words[name], "value": counted.get(name) or None} for name in FUNNEL if name in known]

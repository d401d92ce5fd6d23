"""The office's home in the admin: the stages, the funnel, and what needs somebody today."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from prize import figures
from prize.desks import office_todos
from prize.models import Edition, Person
from prize.views.public import stage_rows

FUNNEL = ("received", "eligible", "reviews", "finalists", "awards")


def office_today(edition: Edition, person: Person, at: datetime) -> dict[str, Any]:
    stage = edition.stage_now(at)
    return {
        "stage": stage,
        "stage_rows": stage_rows(edition, at),
        "funnel": funnel(edition),
        "todos": office_todos(edition, person, at),
    }


def funnel(edition: Edition) -> list[dict[str, Any]]:
    """From received to awarded. What has not begun shows a dash, not a nought."""
    words = {
        "received": _("Received"),
        "eligible": _("Eligible"),
        "reviews": _("Reviews"),
        "finalists": _("Finalists"),
        "awards": _("Awards"),
    }
    counted = figures.report(edition)
    return [{"label": words[name], "value": counted[name] or None} for name in FUNNEL if name in counted]

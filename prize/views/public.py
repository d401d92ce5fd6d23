"""The public pages about the prize itself."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prize.access import public
from prize.calendar import StageClosed
from prize.figures import public_report
from prize.models import Edition, Stage
from prize.requests import Visit
from prize.views.context import current_edition


def edition_or_404() -> Edition:
    edition = current_edition()
    if edition is None:
        raise Http404
    return edition


@public("the prize presents itself")
def home(request: Visit) -> HttpResponse:
    edition = current_edition()
    if edition is None:
        return render(request, "prize/nothing_yet.html")
    at = request.at
    figures = public_report(edition)
    values = {
        "stage": edition.stage_now(at),
        "stages": stage_rows(edition, at),
        "deadline": deadline(edition, at),
        "ways": [way(category, tone) for category, tone in zip(edition.categories.all(), TONES * 5, strict=False)],
        "figures": figures,
        "tiles": tiles(figures),
        "region_rows": region_rows(edition, figures.get("regions") or {}),
    }
    return render(request, "prize/home.html", values)


TONES = ("brand", "accent", "gold", "neutral")


def way(category: Any, tone: str) -> dict[str, Any]:
    kinds = ", ".join(str(kind) for kind in category.applicant_types.all())
    return {"name": category.name, "text": category.description, "note": kinds, "tone": tone}


def stage_rows(edition: Edition, at: datetime) -> list[dict[str, Any]]:
    """The calendar as the component reads it."""
    return [stage_row(stage, at) for stage in edition.stages.all()]


def stage_row(stage: Stage, at: datetime) -> dict[str, Any]:
    state = "now" if stage.is_open(at) else "past" if stage.is_over(at) else "next"
    word = {"now": _("Open now"), "past": _("Over"), "next": str(stage.summary)}[state]
    return {"when": span(stage), "name": stage.name, "word": word, "state": state}


def span(stage: Stage) -> str:
    """First and last day, in the reader's way of writing dates."""
    day, year = pgettext("day and month", "j M"), pgettext("day, month and year", "j M Y")
    opens, last = stage.opens_at.astimezone(stage.edition.tz), stage.last_minute
    if opens.date() == last.date():
        return formatted(opens, day)
    return f"{formatted(opens, day)} – {formatted(last, year if (last - opens).days > 300 else day)}"


def deadline(edition: Edition, at: datetime) -> dict[str, Any] | None:
    """What the visitor is waiting for: the end of the call, or the ceremony."""
    for stage in edition.stages.select_related("edition"):
        if stage.kind == Stage.Kind.CALL and stage.is_open(at):
            return {"title": _("Entries close"), "instant": stage.last_minute}
        if stage.kind == Stage.Kind.CEREMONY and at < stage.opens_at:
            return {"title": _("Until the ceremony"), "instant": stage.opens_at}
    return None


def tiles(figures: dict[str, Any]) -> list[dict[str, Any]]:
    words = {
        "received": _("entries"),
        "cities": _("cities"),
        "countries": _("countries"),
        "finalists": _("finalists"),
        "awards": _("awards"),
    }
    return [{"figure": figures[key], "caption": caption} for key, caption in words.items() if figures.get(key)]


def region_rows(edition: Edition, counts: dict[str, int]) -> list[dict[str, Any]]:
    total = sum(counts.values()) or 1
    rows = [(region.name, counts.get(region.key, 0)) for region in edition.regions.all()]
    widest = max((count for _name, count in rows), default=0) or 1
    return [
        {"label": name, "value": f"{round(100 * count / total)} %", "share": 100 * count / widest}
        for name, count in rows
        if count
    ]


@public("the call is public")
def call(request: Visit) -> HttpResponse:
    edition = edition_or_404()
    at = request.at
    stage = edition.stages.filter(kind=Stage.Kind.CALL).select_related("edition").first()
    values = {
        "call": stage,
        "is_open": bool(stage and stage.is_open(at)),
        "closed_text": str(StageClosed(stage, at)) if stage else _("The dates of the call are not fixed yet."),
        "categories": edition.categories.prefetch_related("applicant_types"),
    }
    return render(request, "prize/call.html", values)

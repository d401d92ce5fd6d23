"""What was really published of past editions: facts only, each with its source."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django_countries import countries

from prize.access import public
from prize.models import Edition
from prize.requests import Visit
from prize.views.context import current_edition
from prize.wording import Wording, wording


@public("past editions are public")
def archive(request: Visit) -> HttpResponse:
    editions = [(past, line_of(past.published)) for past in published()]
    return render(request, "prize/archive.html", {"editions": editions})


@public("past editions are public")
def archived_edition(request: Visit, year: int) -> HttpResponse:
    past = get_object_or_404(published(), year=year)
    facts = worded(past.published)
    values = {
        "past": past,
        "line": line_of(past.published),
        "facts": facts,
        "regions": shares(facts.get("regions")),
        "laureates": [laureate(row, past) for row in facts.get("laureates", [])],
    }
    return render(request, "prize/archived_edition.html", values)


def published():
    return Edition.objects.public().exclude(published={}).select_related("prize")


def line_of(facts: dict[str, Any]) -> Wording:
    return Wording(en=facts.get("line", ""), ko=facts.get("line_ko", ""))


def worded(value: Any) -> Any:
    """Texts in several languages become Wordings, however deep they stand."""
    if isinstance(value, dict):
        return wording(value) if "en" in value else {key: worded(part) for key, part in value.items()}
    return [worded(part) for part in value] if isinstance(value, list) else value


def shares(regions: dict[str, Any] | None) -> dict[str, Any] | None:
    """The regional split as bars. Names of regions are those of the running edition, where it has them."""
    if not regions:
        return None
    edition = current_edition()
    names = {region.key: region.name for region in edition.regions.all()} if edition else {}
    widest = max(regions["shares"].values())
    unit = " %" if regions["unit"] == "per cent" else ""
    rows = [
        {"label": names.get(key, key), "value": f"{count}{unit}", "share": 100 * count / widest}
        for key, count in regions["shares"].items()
    ]
    of = {"eligible": _("of the eligible entries"), "received": _("of the entries received")}[regions["of"]]
    return {"rows": rows, "of": of, "source": regions["source"]}


def laureate(row: dict[str, Any], past: Edition) -> dict[str, Any]:
    awards = {
        "gold": _("Gold"),
        "silver": _("Silver"),
        "bronze": _("Bronze"),
        "corporation": _("Corporation"),
        "institution": _("Institution"),
        "leadership": _("Leadership"),
        "special": _("Special mention"),
    }
    edition = current_edition()
    names = {category.key: str(category.name) for category in edition.categories.all()} if edition else {}
    category = row.get("category") or ""
    return {
        **row,
        "award": awards.get(row["award"], _("not published")),
        "category": names.get(category, category),
        "country": countries.name(row.get("country") or ""),
    }

"""How we judge: the adopted rulebook in words, read from the file and not from what was edited since."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from prize import rulebook
from prize.access import public
from prize.models import Edition
from prize.requests import Visit
from prize.scoring import methods
from prize.views.public import edition_or_404
from prize.wording import wording

# What prize/scoring calls its methods, for those who translate: it knows no Django, so it cannot say so itself.
SAID = (
    gettext_noop("Severity-adjusted where the panel allows it, else the mean"),
    gettext_noop("Correct for severe and lenient judges when every entry has two scores and there are four judges."),
    gettext_noop("Mean"),
    gettext_noop("Add an entry's scores and divide by their number."),
    gettext_noop("Trimmed mean"),
    gettext_noop("Drop the lowest and the highest score, then add the rest and divide."),
    gettext_noop("Median"),
    gettext_noop("The score in the middle."),
    gettext_noop("Centred per judge"),
    gettext_noop("Compare each score with the judge's own average. Assumes every judge received an equally good set."),
    gettext_noop("Z-score per judge"),
    gettext_noop("Compare with the judge's own average and spread. Assumes every judge received an equally good set."),
    gettext_noop("Additive, severities taken in full"),
    gettext_noop("Take out each judge's severity as colleagues on the same entries show it, however few they are."),
    gettext_noop("Severity-adjusted"),
    gettext_noop("Take out each judge's severity as far as colleagues' scores of the same entries bear it out."),
    gettext_noop("Severity-adjusted, for small panels"),
    gettext_noop("As severity-adjusted, averaged over how much judges may differ."),
    gettext_noop("Both random"),
    gettext_noop(
        "Draw every entry towards the general mean as far as its scores are uncertain. Unfair between panels."
    ),
)


@public("how we judge is public")
def method(request: Visit) -> HttpResponse:
    edition = edition_or_404()
    rounds = [round_row(part, edition) for part in edition.rules.get("judges", {}).get("rounds", [])]
    return render(request, "prize/method.html", {"rounds": rounds, "stages": edition.stages.select_related("edition")})


def round_row(part: dict[str, Any], edition: Edition) -> dict[str, Any]:
    names = {stage.slug: stage.name for stage in edition.stages.all()}
    reviews = part.get("reviews_per_entry", 3)
    recipe = methods.method(part["method"])
    rows = [
        {
            "term": _("Reviews"),
            "text": ngettext("%(n)s for each entry", "%(n)s for each entry", reviews) % {"n": reviews},
        },
        {
            "term": _("Marks"),
            "text": _("from %(low)s to %(high)s")
            % {"low": part.get("scale_low", 1), "high": part.get("scale_high", 10)},
        },
        {"term": _("Method"), "text": f"{_(recipe.title)} ({recipe.name})"},
    ]
    return {
        "name": names.get(part.get("stage", ""), part.get("stage", "")),
        "rows": rows,
        "idea": _(recipe.idea),
        "assignment": rulebook.owners()["judges"].assignment_in_words(part.get("assignment")),
        "criteria": [criterion(one) for one in part.get("criteria", [])],
    }


def criterion(part: dict[str, Any]) -> dict[str, Any]:
    """A criterion with what it asks, or with its parts, each of which asks something."""
    parts = [criterion(one) for one in part.get("parts") or []]
    return {
        "name": wording(part.get("name")),
        "weight": part.get("weight", "1"),  # a rulebook kept leaves out what is as by default
        "guidance": wording(part.get("guidance")),
        "parts": parts,
        "whole": rulebook.plain(sum((Decimal(one["weight"]) for one in parts), Decimal())),
    }

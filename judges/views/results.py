"""A round for its chair and the secretariat: progress while it runs, the tally when it is closed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications.models import Recusal
from judges import board, policy, reminding
from judges.models import Judge, Round, Tally
from prize.access import signed_in
from prize.requests import Request


def round_or_404(request: Request, year: int, slug: str) -> Round:
    visible = policy.rounds_visible_to(request.user).filter(stage__edition__year=year, stage__slug=slug)
    found = visible.order_by("-stage__edition_id").first()
    if found is None:
        raise Http404
    return found


@signed_in
def round(request: Request, year: int, slug: str) -> HttpResponse:
    """The chair's panel: who has how far to go, what lacks reviews, and the tallies once the round is closed."""
    found = round_or_404(request, year, slug)
    shown = policy.may_see_results(request.user, found)
    tallies = list(policy.tallies_visible_to(request.user, found).order_by("category__order"))
    waiting = sum(tally.state == Tally.State.PENDING for tally in tallies)
    if request.htmx and request.GET.get("waiting") == str(waiting):
        return HttpResponse(status=204)  # nothing is new, so nothing is said again
    at = request.at
    values = {
        "round": found,
        "edition": found.stage.edition,
        "prize": found.stage.edition.prize,
        "coverage": board.coverage(found, at),
        "may_remind": not policy.reminding_problems(request.user, found, at),
        "tallies": tallies,
        "may_see_results": shown,
        "waiting": waiting,
    }
    template = "judges/_tally_states.html" if request.htmx else "judges/round.html"
    return render(request, template, values)


@require_POST
@signed_in
def reminders(request: Request, year: int, slug: str) -> HttpResponse:
    """Ask for missing sheets."""
    letters = reminding.remind(round_or_404(request, year, slug), by=request.user, at=request.at)
    text = ngettext("%(n)s judge is written to.", "%(n)s judges are written to.", len(letters))
    messages.success(request, text % {"n": len(letters)})
    return redirect("judges:round", year, slug)


@signed_in
def tally(request: Request, year: int, slug: str, category: str) -> HttpResponse:
    """One category's result, with its uncertainty; while it is being computed, the page says so and looks again."""
    found = round_or_404(request, year, slug)
    visible = policy.tallies_visible_to(request.user, found)
    shown = get_object_or_404(visible, category__key=category)
    if request.htmx and shown.state == Tally.State.PENDING:
        return HttpResponse(status=204)  # nothing is new, so nothing is said again
    values: dict[str, Any] = {
        "tally": shown,
        "round": found,
        "edition": found.stage.edition,
        "prize": found.stage.edition.prize,
        "tabs": [
            {
                "label": other.category,
                "href": reverse("judges:tally", args=[year, slug, other.category.key]),
                "current": other.pk == shown.pk,
            }
            for other in visible.order_by("category__order")
        ],
    }
    if shown.state == Tally.State.DONE:
        # Whoever stands aside from an entry reads nothing of it here either; the others keep their ranks.
        aside = set(Recusal.objects.of(request.user).values_list("application_id", "application__code"))
        keys, codes = {key for key, _code in aside}, {code for _key, code in aside}
        lines = board.lines_of(shown)
        names = names_of_judges(found)
        rows = board.rows(shown, lines, whole="whole" in request.GET)
        lines = [line for line in lines if line.application_id not in keys]
        values |= {
            "tiles": board.tiles(shown),
            "rows": [row for row in rows if row.line is None or row.line.application_id not in keys],
            "tied": [code for code in shown.summary.get("tied_at_line", []) if code not in codes],
            "kept_back": len(keys & set(shown.lines.values_list("application_id", flat=True))),
            "whole": "whole" in request.GET,
            "corrections": [{**one, "name": names.get(one["judge"], one["judge"])} for one in board.corrections(shown)],
            "unusual": board.unusual(shown, lines, names),
            "apart": board.apart(shown, lines),
            "warnings": board.warnings(shown),
            "stay": board.stay(shown),
            "count": shown.lines.filter(rank__isnull=False).count(),
        }
    template = "judges/_tally.html" if request.htmx else "judges/tally.html"
    return render(request, template, values)


def names_of_judges(found: Round) -> dict[str, str]:
    judges = Judge.objects.filter(edition=found.stage.edition).select_related("person")
    return {judge.code: str(judge) for judge in judges}

"""Reading an entry and marking it: one page, which works as a plain form."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.dossiers import Dossier, dossier_for
from judges import criteria, declaring, marking, policy
from judges.forms import GivingBackForm, SheetForm
from judges.models import Round, ScoreSheet
from judges.views.desk import in_order
from prize import keeping
from prize.access import seated
from prize.governing import Refused
from prize.requests import Request
from prize.templatetags.components import clock as time_of_day
from screening import indexing

MOST_BUTTONS = 21  # marks on a scale; one with more is a number to be typed


def sheet_or_404(request: Request, code: str) -> ScoreSheet:
    return get_object_or_404(policy.visible_to_judge(request.user), code=code)


@seated("jury")
def sheet(request: Request, code: str) -> HttpResponse:
    found = sheet_or_404(request, code)
    if request.method != "POST":
        return page_with_typed(request, found)
    form = SheetForm(request.POST, leaves=marking.leaves_of(found))
    if not form.is_valid():
        raise Refused(_("The page was incomplete. Open the entry again: what you saved is there."))
    if form.problems(found):
        return off_the_scale(request, found, form)
    try:
        found = save(found, form, request)
    except marking.Stale as stale:
        return both_versions(request, stale)
    if wants_json(request):
        return JsonResponse(saved_in_words(found))
    following = next_sheet(request, found) if "next" in request.POST else None
    if "later" in request.POST or ("next" in request.POST and following is None):
        return redirect("judges:entries")
    return redirect("judges:sheet", (following or found).code)


@require_POST
@seated("jury")
def casting(request: Request, code: str) -> HttpResponse:
    """Save what stands on the page and cast it: one press, one transaction each, the second only if the first held."""
    found = sheet_or_404(request, code)
    form = SheetForm(request.POST, leaves=marking.leaves_of(found))
    if not form.is_valid():
        raise Refused(_("The page was incomplete. Open the entry again: what you saved is there."))
    if form.problems(found):
        return off_the_scale(request, found, form)
    try:
        found = save(found, form, request)
        found = marking.cast(found, by=request.user, at=request.at)
    except marking.Stale as stale:
        return both_versions(request, stale)
    except marking.Incomplete as incomplete:
        return page(request, sheet_or_404(request, code), problems=incomplete.problems, status=422)
    messages.success(request, _("Your sheet is cast. Receipt %(digest)s.") % {"digest": found.digest[:8]})
    return redirect("judges:sheet", found.code)


def save(found: ScoreSheet, form: SheetForm, request: Request) -> ScoreSheet:
    data = form.cleaned_data
    return marking.save(
        found,
        form.marks,
        version=data["version"],
        comment=data["comment"],
        by=request.user,
        at=request.at,
    )


@seated("jury")
def recusal(request: Request, code: str) -> HttpResponse:
    found = sheet_or_404(request, code)
    form = GivingBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.abstains:
            declaring.abstain(found.assignment, reason=form.cleaned_data["note"], by=request.user, at=request.at)
            messages.success(request, _("You abstain from this entry. It is no longer on your list."))
        else:
            declaring.step_aside(found.assignment, by=request.user, at=request.at, **form.cleaned_data)
            messages.success(request, _("You stand aside from this entry. It is no longer on your list."))
        return redirect("judges:entries")
    values = {"sheet": found, "form": form, "edition": found.assignment.round.stage.edition}
    return render(request, "judges/recusal.html", values, status=422 if form.errors else 200)


# --- The page -----------------------------------------------------------------------------------------


def page(
    request: Request,
    found: ScoreSheet,
    *,
    problems: dict[str, str] | None = None,
    yours: dict[str, Any] | None = None,
    unsaved: SheetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    round = found.assignment.round
    edition = round.stage.edition
    leaves = marking.leaves_of(found)
    marks = on_scale(unsaved.marks, round) if unsaved else marking.marks_of(found)
    sent = unsaved.marks if unsaved else {}
    order = my_sheets(request, round)
    dossier, panel = dossier_for(found.assignment.application, blind=round.is_blind), index_panel(found)
    values = {
        "sheet": found,
        "round": round,
        "edition": edition,
        "prize": edition.prize,
        "dossier": dossier,
        "criteria": [row(leaf, round, marks, sent, problems or {}) for leaf in leaves],
        "total": criteria.running_total(marks, leaves),
        "scale_high": marking.plain(round.scale_high),
        "marked": sum(leaf.key in marks for leaf in leaves),
        "number": [one.pk for one in order].index(found.pk) + 1,
        "count": len(order),
        "cast": sum(one.cast_at is not None for one in order),
        "open": round.stage.is_open(request.at) and not found.cast_at,
        "panel": panel,
        "problems": problems or {},
        "missing": {key if key == "comment" else f"mark-{key}": words for key, words in (problems or {}).items()},
        "tabs": parts_of(dossier, panel),
        "comment": unsaved.cleaned_data["comment"] if unsaved else found.comment,
        "unsaved": unsaved is not None,
        "yours": yours,
        "following": next_of(order, found),
    }
    return render(request, "judges/sheet.html", values, status=status)


def parts_of(dossier: Dossier, panel: Any) -> list[dict[str, Any]]:
    """The parts of the page that one reads, as its tabs."""
    parts = [{"label": section.title, "href": f"#part-{section.key}"} for section in dossier.sections]
    return [*parts, {"label": _("City index"), "href": "#index"}] if panel else parts


def page_with_typed(request: Request, found: ScoreSheet) -> HttpResponse:
    """The sheet, and in it what the judge sent when the session had run out."""
    sent = keeping.typed(request)
    form = SheetForm(sent, leaves=marking.leaves_of(found)) if sent else None
    if form is None or not form.is_valid():
        return page(request, found)
    if found.cast_at or form.cleaned_data["version"] != found.version:
        keeping.let_go(request, request.path)  # it stands beside what was saved, from where it can be kept
        return page(request, found, yours=beside(found, form.marks, form.cleaned_data["comment"]))
    return page(request, found, unsaved=form)


def off_the_scale(request: Request, found: ScoreSheet, form: SheetForm) -> HttpResponse:
    """Nothing is saved, what was typed stands in the form, and each mark says what is wrong with it."""
    problems = form.problems(found)
    if wants_json(request):
        return JsonResponse({"stale": " ".join(problems.values())}, status=422)
    return page(request, found, unsaved=form, problems=problems, status=422)


def on_scale(marks: dict[str, str], round: Any) -> dict[str, Decimal]:
    """The marks of a form that the scale has; a browser sends no others."""
    known = {marking.plain(value): value for value in criteria.scale(round)}
    return {key: known[value] for key, value in marks.items() if value in known}


def row(
    leaf: criteria.Leaf, round: Any, marks: dict[str, Decimal], sent: dict[str, str], problems: dict[str, str]
) -> dict[str, Any]:
    """One criterion as components/scale.html draws it, or judges/_number.html where the scale is long."""
    levels = {Decimal(mark): text for mark, text in leaf.criterion.levels().items()}
    chosen, scale = marks.get(leaf.key), criteria.scale(round)
    is_long = len(scale) > MOST_BUTTONS
    return {
        "name": f"mark-{leaf.key}",
        "title": str(leaf.criterion),
        "group": str(leaf.criterion.parent) if leaf.criterion.parent_id else "",
        "weight": f"{float(leaf.share * 100):.4g} %" if leaf.counts else "",
        "help": str(leaf.criterion.guidance),
        "marks": [] if is_long else [{"value": marking.plain(v), "level": level_of(v, levels)} for v in scale],
        "as_number": is_long,
        "low": marking.plain(round.scale_low),
        "high": marking.plain(round.scale_high),
        "step": marking.plain(round.scale_step),
        "levels": [level_of(mark, levels) for mark in sorted(levels)],
        "chosen": sent.get(leaf.key, "") if chosen is None else marking.plain(chosen),
        "level": "" if chosen is None else level_of(chosen, levels),
        "error": problems.get(leaf.key, ""),
        "share": str(float(leaf.share)),
    }


def level_of(mark: Decimal, levels: dict[Decimal, str]) -> str:
    """What a mark means: its own words, or the two it stands between."""
    if mark in levels:
        return f"{marking.plain(mark)}: {levels[mark]}"
    below = max((known for known in levels if known < mark), default=None)
    above = min((known for known in levels if known > mark), default=None)
    if below is not None and above is not None:
        between = {"low": in_short(levels[below]), "high": in_short(levels[above])}
        return _("%(mark)s: between “%(low)s” and “%(high)s”.") % {"mark": marking.plain(mark), **between}
    if above is not None:
        return _("%(mark)s: below “%(level)s”.") % {"mark": marking.plain(mark), "level": in_short(levels[above])}
    if below is not None:
        return _("%(mark)s: above “%(level)s”.") % {"mark": marking.plain(mark), "level": in_short(levels[below])}
    return ""


def in_short(level: str) -> str:
    """The word that a level's text begins with, as far as its first full stop."""
    return level.partition(".")[0]


def index_panel(found: ScoreSheet) -> Any:
    """The city's index, where the round shows it and hides nobody's name."""
    round = found.assignment.round
    if not round.shows_index or round.is_blind:
        return None
    return indexing.panel_for(found.assignment.application)


def next_sheet(request: Request, found: ScoreSheet) -> ScoreSheet | None:
    return next_of(my_sheets(request, found.assignment.round), found)


def my_sheets(request: Request, round: Round) -> list[ScoreSheet]:
    return list(in_order(policy.visible_to_judge(request.user)).filter(assignment__round=round))


def next_of(order: list[ScoreSheet], found: ScoreSheet) -> ScoreSheet | None:
    """The next in order that is not cast, going round to the first."""
    place = next((number for number, one in enumerate(order) if one.pk == found.pk), 0)
    waiting = (one for one in (*order[place:], *order[:place]) if one.cast_at is None and one.pk != found.pk)
    return next(waiting, None)


def both_versions(request: Request, stale: marking.Stale) -> HttpResponse:
    """409: what was saved elsewhere stands in the form, and what was on this page is shown beside it."""
    found = sheet_or_404(request, stale.sheet.code)
    if wants_json(request):
        words = _("This entry was saved from another window. Load the page again to see both.")
        return JsonResponse({"stale": words}, status=409)
    return page(request, found, yours=beside(found, stale.marks, stale.comment), status=409)


def beside(found: ScoreSheet, marks: marking.Marks, comment: str) -> dict[str, Any]:
    """What the judge sent, beside what is saved."""
    names = {leaf.key: str(leaf.criterion) for leaf in marking.leaves_of(found)}
    saved = {key: marking.plain(value) for key, value in marking.marks_of(found).items()}
    rows = [{"name": name, "saved": saved.get(key, "–"), "yours": marks.get(key, "–")} for key, name in names.items()]
    return {"rows": rows, "fields": {f"mark-{key}": value for key, value in marks.items()}, "comment": comment}


def wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def saved_in_words(found: ScoreSheet) -> dict[str, Any]:
    """What the page shows after a save in the background."""
    leaves, marks = marking.leaves_of(found), marking.marks_of(found)
    zone = found.assignment.round.stage.edition.zone
    total = criteria.running_total(marks, leaves)
    return {
        "version": found.version,
        "saved": _("Saved %(time)s") % {"time": time_of_day(found.saved_at, zone)},
        "total": "–" if total is None else str(total),
        "marked": _("%(done)s of %(total)s") % {"done": len(marks), "total": len(leaves)},
    }

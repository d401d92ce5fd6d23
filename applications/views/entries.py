"""An entry as its writers see it: start one, its page, and the section that every entry has."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from applications import answering, calling, drafting, policy
from applications.forms import AboutForm, StartForm, about_values
from applications.models import Application
from prize import calendar, keeping
from prize.access import signed_in
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import Stage
from prize.requests import Request
from prize.views.context import current_edition


@signed_in
def start(request: Request) -> HttpResponse:
    """Choose a category and an applicant type, and say what is entered."""
    edition = current_edition()
    if edition is None:
        raise Http404
    call, typed = edition.stage(Stage.Kind.CALL), keeping.typed(request)
    if request.method != "POST" and not typed:
        calendar.require_open(call, request.at)
    sent = request.POST if request.method == "POST" else typed
    form = StartForm(sent, edition=edition, initial=wished(request, edition))
    if request.method == "POST" and form.is_valid():
        try:
            entry = drafting.start(edition, **form.pair(), **form.places(), by=request.user, at=request.at)
        except (Refused, StageClosed) as refusal:
            form.add_error(None, str(refusal))  # what was typed stays on the page
        else:
            messages.success(request, _("Your entry is started. Nothing is sent until you submit it."))
            return redirect("applications:entry", code=entry.code)
    values = {"form": form, "call": call, "typed": bool(typed)}
    return render(request, "applications/start.html", values, status=409 if form.non_field_errors() else 200)


def wished(request: Request, edition: Any) -> dict[str, str]:
    """The category somebody came for, if it has one applicant type only; and what we know of the person."""
    person = request.user
    values = {"language": person.language, "country": str(person.country)}
    forms = edition.entry_forms.filter(category__key=request.GET.get("category", ""))
    first = forms.select_related("category", "applicant_type").first()
    return {**values, "form": f"{first.category.key}.{first.applicant_type.key}"} if first else values


def entry_or_404(request: Request, code: str) -> Application:
    """Strangers learn nothing, not even that there is such an entry."""
    return get_object_or_404(policy.visible_to_writer(request.user), code=code)


@signed_in
def entry(request: Request, code: str) -> HttpResponse:
    """The entry's own page: its sections, what is missing, its receipts, and what one may do now."""
    found, at, person = entry_or_404(request, code), request.at, request.user
    parts = answering.parts_of(found)
    problems = drafting.problems(found, at, parts)
    values = {
        "entry": found,
        "tasks": tasks(found, parts, at),
        "problems": problems,
        "is_open": calling.is_open_for(found, at),
        "last_minute": found.last_minute(),
        "may_edit": policy.may_edit(person, found, at),
        "may_reopen": not policy.reopening_problems(person, found, at),
        "may_withdraw": not policy.withdrawing_problems(person, found, at),
        "is_owner": found.owner_id == person.pk,
        "receipts": found.submissions.order_by("-number"),
        "outcomes": found.outcomes.announced().select_related("stage").order_by("stage__order"),
        "writers": found.collaborators.filter(removed_at=None).select_related("person"),
    }
    return render(request, "applications/entry.html", values)


def tasks(application: Application, parts: list[answering.Part], at: Any) -> list[dict[str, Any]]:
    """One line per section: where it stands, in a word and a colour."""
    about = {"key": "about", "title": _("About this entry"), "count": len(drafting.about_problems(application))}
    rows = [about | {"empty": False}]
    for part in parts:
        row = {"key": part.section.key, "title": str(part.section.title), "count": len(part.problems(at))}
        rows.append(row | {"empty": part.is_empty})
    return [row | state_of(row) for row in rows]


def state_of(row: dict[str, Any]) -> dict[str, str]:
    if not row["count"]:
        return {"word": _("Ready"), "kind": "ok"}
    if row["empty"]:
        return {"word": _("Not started"), "kind": "neutral"}
    return {"word": _("%(count)d to do") % {"count": row["count"]}, "kind": "warn"}


@signed_in
def about(request: Request, code: str) -> HttpResponse:
    """Title, place and organisation."""
    found = entry_or_404(request, code)
    typed = keeping.typed(request)
    sent = request.POST if request.method == "POST" else typed
    form = AboutForm(sent, edition=found.edition, initial=about_values(found))
    if request.method == "POST" and form.is_valid():
        try:
            described(request, found, form)
        except (Refused, StageClosed) as refusal:
            form.add_error(None, str(refusal))  # what was typed stays on the page
            found = entry_or_404(request, code)
        else:
            messages.success(request, _("Saved."), extra_tags=request.path)
            return redirect("applications:entry", code=code)
    problems = policy.editing_problems(request.user, found, request.at)
    if problems and not sent:
        form.only_read()
    values = {
        "entry": found,
        "form": form,
        "basis": typed.get("basis", "") if typed else drafting.basis_of(found),
        "typed": bool(typed),
        "last_minute": found.last_minute(),
        "reason": problems[0] if problems else "",
    }
    return render(request, "applications/about.html", values, status=409 if form.non_field_errors() else 200)


def described(request: Request, found: Application, form: AboutForm) -> None:
    basis = request.POST.get("basis", "")
    drafting.describe(found, **form.places(), basis=basis, by=request.user, at=request.at)

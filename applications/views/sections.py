"""One page per section. Text is saved first and judged afterwards; where it cannot be saved, the page gives it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import answering, drafting, policy
from applications.answering import Kind, Part
from applications.calling import CallClosed
from applications.forms import SectionForm
from applications.inspecting import Unacceptable
from applications.models import Application
from applications.views.entries import entry_or_404
from prize import keeping
from prize.access import signed_in
from prize.governing import Refused
from prize.requests import Request


@signed_in
def section(request: Request, code: str, key: str) -> HttpResponse:
    """Show a section's form, or save what was written in it."""
    found = entry_or_404(request, code)
    parts = answering.parts_of(found)
    part = next((part for part in parts if part.section.key == key), None)
    if part is None:
        raise Http404
    if request.method == "POST":
        return saved(request, found, parts, part)
    typed = keeping.typed(request)
    form = SectionForm(part, typed, at=request.at, missing="problems" in request.GET)
    more = {"typed": True, "version": version_of(typed)} if typed else {}
    return shown(request, found, parts, part, form, **more)


def shown(
    request: Request,
    found: Application,
    parts: list[Part],
    part: Part,
    form: SectionForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    problems = policy.editing_problems(request.user, found, request.at)
    if problems:
        form.only_read()
    keys = [one.section.key for one in parts]
    place = keys.index(part.section.key)
    kinds = {answered.question.kind for answered in part.answers}
    values = {
        "entry": found,
        "section": part.section,
        "form": form,
        "number": place + 1,
        "total": len(keys),
        "next_key": keys[place + 1] if place + 1 < len(keys) else "",
        "last_minute": found.last_minute(),
        "reason": problems[0] if problems else "",
        "has_files": Kind.FILE in kinds,
        "has_consents": Kind.CONSENT in kinds,
        **more,
    }
    return render(request, "applications/section.html", values, status=status)


def saved(request: Request, found: Application, parts: list[Part], part: Part) -> HttpResponse:
    person, at = request.user, request.at
    form = SectionForm(part, request.POST, at=at)
    answers = form.answers()
    keep = {key for key in answers if request.POST.get(f"keep-{key}") != "theirs"}
    try:
        drafting.save(found, {key: answers[key] for key in keep}, version=version_of(request.POST), by=person, at=at)
    except drafting.Stale as stale:
        return conflicting(request, found, parts, part, form, stale)
    except (CallClosed, Refused) as refusal:
        return given_back(request, found, part, answers, refusal)
    refused = change_files(request, found, part)
    if refused:
        fresh = answering.parts_of(found)
        again = next(one for one in fresh if one.section.key == part.section.key)
        form = SectionForm(again, at=at)
        for key, message in refused:
            form.errors.setdefault(key, form.error_class()).append(message)
        return shown(request, found, fresh, again, form, status=422)
    return onward(request, found, part)


def version_of(sent: Any) -> int:
    text = sent.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def change_files(request: Request, found: Application, part: Part) -> list[tuple[str, str]]:
    """Remove and add files; what is wrong with a file is said, and the others are taken."""
    person, at, refused = request.user, request.at, []
    for attachment in found.attachments.filter(code__in=request.POST.getlist("remove"), removed_at=None):
        drafting.detach(attachment, by=person, at=at)
    for answered in part.answers:
        for upload in request.FILES.getlist(answered.question.key):
            try:
                drafting.attach(found, answered.question, name=upload.name or "", content=upload, by=person, at=at)
            except Unacceptable as error:
                refused.append((answered.question.key, str(error)))
    return refused


def onward(request: Request, found: Application, part: Part) -> HttpResponse:
    """To the next section if this one is well and the writer wants on; else here, with what is left to do."""
    address = reverse("applications:section", args=[found.code, part.section.key])
    messages.success(request, _("Saved."), extra_tags=address)  # the browser forgets what it kept of this page
    if "remove" in request.POST or request.POST.get("then") == "stay":
        return redirect(address)
    parts = answering.parts_of(found)
    place = next(order for order, one in enumerate(parts) if one.section.pk == part.section.pk)
    if parts[place].problems(request.at):
        return redirect(f"{address}?problems")
    if place + 1 == len(parts):
        return redirect("applications:check", code=found.code)
    return redirect("applications:section", code=found.code, key=parts[place + 1].section.key)


def conflicting(
    request: Request, found: Application, parts: list[Part], part: Part, form: SectionForm, stale: drafting.Stale
) -> HttpResponse:
    """Both texts, side by side, and a choice for each; nothing is saved and nothing lost until it is made."""
    form.errors.clear()  # first the choice, then what is wrong with the chosen text
    conflicts = [
        {
            "key": conflict.question.key,
            "label": conflict.question.label,
            "by": conflict.by,
            "at": conflict.at,
            "theirs": as_text(conflict.question, conflict.theirs),
            "mine": as_text(conflict.question, conflict.mine),
        }
        for conflict in stale.conflicts
    ]
    return shown(request, found, parts, part, form, status=409, conflicts=conflicts, version=stale.version)


def given_back(
    request: Request, found: Application, part: Part, answers: dict[str, Any], refusal: Exception
) -> HttpResponse:
    """The entry can no longer be changed: say since when or why, and give back what was typed, to be copied."""
    texts = [
        {"label": answered.question.label, "text": as_text(answered.question, answers[answered.question.key])}
        for answered in part.answers
        if answered.question.key in answers
        and answering.kept(answered.question, answers[answered.question.key]) != answered.value
    ]
    values = {"entry": found, "section": part.section, "texts": texts, "refusal": refusal}
    values |= {"is_closed": isinstance(refusal, CallClosed)}
    return render(request, "applications/given_back.html", values, status=409)


def as_text(question: Any, value: Any) -> str:
    if question.kind == Kind.CONSENT:
        return _("Yes") if value else _("No")
    if question.kind in (Kind.CHOICE, Kind.MULTIPLE):
        return ", ".join(answering.names_of(question, value))
    return str(value or "")

"""From the last look to the receipt, and the ways back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import answering, calling, drafting, lifecycle, policy, submitting
from applications.dossiers import dossier_for
from applications.forms import WithdrawalForm
from applications.views.entries import entry_or_404
from applications.views.sections import as_text
from prize.access import signed_in
from prize.codes import new_code
from prize.models import Letter
from prize.requests import Request


@signed_in
def check(request: Request, code: str) -> HttpResponse:
    """Every answer on one page, with what still stands in the way, and the button."""
    found, at = entry_or_404(request, code), request.at
    return checked(request, found, drafting.problems(found, at))


def checked(request: Request, found: Any, problems: list[Any], *, status: int = 200) -> HttpResponse:
    at = request.at
    parts = answering.parts_of(found)
    values = {
        "entry": found,
        "parts": [(part.section, [row_of(answered) for answered in part.answers]) for part in parts],
        "titles": {part.section.key: part.section.title for part in parts},
        "problems": problems,
        "groups": problem_groups(problems, parts),
        "last_minute": found.last_minute(),
        "is_open": calling.is_open_for(found, at),
        "may_edit": policy.may_edit(request.user, found, at),
        "key": f"{new_code()}{new_code()}",
    }
    return render(request, "applications/check.html", values, status=status)


def row_of(answered: answering.Answered) -> dict[str, Any]:
    question = answered.question
    text = as_text(question, answered.value) if question.kind != "file" else ""
    unit = question.unit if text else ""
    return {"label": question.label, "text": text, "unit": unit, "files": answered.files, "kind": question.kind}


def problem_groups(problems: list[answering.Problem], parts: list[answering.Part]) -> list[dict[str, Any]]:
    """By section, in the form's order: what is not written yet in one line, what is wrong with a line each."""
    labels = {answered.question.key: answered.question.label for part in parts for answered in part.answers}
    titles = {"about": _("About this entry")} | {part.section.key: str(part.section.title) for part in parts}
    groups = []
    for key, title in titles.items():
        own = [problem for problem in problems if problem.section == key]
        rows = [problem_row(problem, str(labels.get(problem.question, ""))) for problem in own]
        if rows:
            missing, wrong = [row for row in rows if row["missing"]], [row for row in rows if not row["missing"]]
            groups.append({"key": key, "title": title, "missing": missing, "wrong": wrong})
    return groups


def problem_row(problem: answering.Problem, label: str) -> dict[str, Any]:
    said = label.rstrip(".") or problem.message
    return {"question": problem.question, "label": said, "message": problem.message, "missing": problem.missing}


@require_POST
@signed_in
def submission(request: Request, code: str) -> HttpResponse:
    """Submit. The page's key makes a second press give the first one's receipt."""
    found = entry_or_404(request, code)
    key = request.POST.get("key", "")[:64]
    try:
        sealed = submitting.submit(found, by=request.user, at=request.at, key=key)
    except submitting.Incomplete as incomplete:
        return checked(request, found, incomplete.problems, status=422)
    return redirect("applications:receipt", code=code, receipt=sealed.receipt)


@signed_in
def receipt(request: Request, code: str, receipt: str) -> HttpResponse:
    """What was submitted, when, and its digest."""
    found = entry_or_404(request, code)
    sealed = get_object_or_404(found.submissions.select_related("submitted_by"), receipt=receipt)
    values = {
        "entry": found,
        "submission": sealed,
        "dossier": dossier_for(found, blind=False, submission=sealed),
        "is_last": sealed == found.sealed,
        "letter": Letter.objects.filter(
            kind="applications.receipt", person=request.user, about__receipt=receipt
        ).first(),
        "may_reopen": not policy.reopening_problems(request.user, found, request.at),
    }
    return render(request, "applications/receipt.html", values)


@signed_in
def withdrawal(request: Request, code: str) -> HttpResponse:
    """A page that asks once, and the POST that withdraws."""
    found = entry_or_404(request, code)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        lifecycle.withdraw(found, by=request.user, at=request.at, reason=form.cleaned_data["reason"])
        messages.success(request, _("Your entry is withdrawn."))
        return redirect("applications:entry", code=code)
    problems = policy.withdrawing_problems(request.user, found, request.at)
    values = {"entry": found, "form": form, "reason": problems[0] if problems else ""}
    return render(request, "applications/withdrawal.html", values)


@signed_in
def reopening(request: Request, code: str) -> HttpResponse:
    """A page that says what reopening means, and the POST that reopens."""
    found = entry_or_404(request, code)
    if request.method == "POST":
        lifecycle.reopen(found, by=request.user, at=request.at)
        messages.success(request, _("Your entry is open again. What you submitted last counts until you submit anew."))
        return redirect("applications:entry", code=code)
    problems = policy.reopening_problems(request.user, found, request.at)
    values = {"entry": found, "last_minute": found.last_minute(), "reason": problems[0] if problems else ""}
    return render(request, "applications/reopening.html", values)

"""The applicant's page of screening: a question, and the answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prize import keeping
from prize.access import signed_in
from prize.governing import Refused
from prize.requests import Request
from screening import clarifying, policy
from screening.forms import AnswerForm


@signed_in
def clarification(request: Request, code: str) -> HttpResponse:
    asked = get_object_or_404(policy.clarifications_of(request.user), code=code)
    typed = keeping.typed(request)
    values = {"clarification": asked, "form": AnswerForm(typed), "typed": bool(typed)}
    return render(request, "screening/clarification.html", values)


@require_POST
@signed_in
def answer(request: Request, code: str) -> HttpResponse:
    asked = get_object_or_404(policy.clarifications_of(request.user), code=code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return render(request, "screening/clarification.html", {"clarification": asked, "form": form}, status=422)
    try:
        clarifying.answer(asked, form.cleaned_data["answer"], by=request.user, at=request.at)
    except Refused as refusal:  # what was written stays on the page
        form.add_error(None, str(refusal))
        return render(request, "screening/clarification.html", {"clarification": asked, "form": form}, status=409)
    page = reverse("screening:clarification", args=[code])
    messages.success(request, _("Your answer is recorded. Nothing else is needed from you now."), extra_tags=page)
    return redirect(page)

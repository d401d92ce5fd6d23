"""A laureate's pages: an offer, and the certificate."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ceremony import offering, policy
from ceremony.models import Offer
from prize.access import signed_in
from prize.requests import Request
from prize.wording import wording


@signed_in
def offer(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(policy.offers_visible_to_laureate(request.user, request.at), code=code)
    values = {
        "offer": found,
        "edition": found.laureate.edition,
        "problems": policy.answering_problems(found, request.user, request.at),
        "steps": found.follow_ups.all(),
        "planned": [wording(step["name"]) for step in found.benefit.steps],
    }
    return render(request, "ceremony/offer.html", values)


@require_POST
@signed_in
def offer_answer(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(policy.offers_visible_to_laureate(request.user, request.at), code=code)
    found = offering.answer(found, request.POST.get("choice", ""), by=request.user, at=request.at)
    if found.answer == Offer.Answer.ACCEPTED:
        messages.success(request, _("Accepted. Below are the next steps, with their dates."))
    else:
        messages.success(request, _("Declined. Thank you for telling us."))
    return redirect("ceremony:offer", code=code)


@signed_in
def certificate_file(request: Request, number: str) -> Any:
    found = get_object_or_404(policy.certificates_visible_to(request.user, request.at), number=number)
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=f"{found.number}.pdf")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response

"""The stage as a whole: closing it, and asking that all its outcomes be announced."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from prize.governing import Refused
from prize.policy import is_secretariat
from prize.requests import Request
from screening import acts, closing, policy
from screening.admin import board
from screening.forms import ClosingForm


def closing_page(request: Request) -> HttpResponse:
    """Close the stage; where something stands in the way, ask a second person instead."""
    edition = board.edition_of(request)
    stage = policy.screening_stage(edition)
    problems = closing.closing_problems(stage, request.at)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return carried_out(request, lambda: close(request, stage, problems, form.cleaned_data["reason"]))
    sentences = problems or [_("“%(stage)s” closes now and does not open again.") % {"stage": stage}]
    about = {
        "title": _("Close the screening"),
        "sentences": sentences,
        "form": form if problems else None,
        "button": _("Ask a second person") if problems else _("Close the stage"),
        "possible": stage.closed_at is None,
    }
    return page(request, edition, about)


def close(request: Request, stage: Any, problems: list[str], reason: str) -> HttpResponse:
    person, at = request.user, request.at
    if not problems:
        closing.close(stage, by=person, at=at)
        messages.success(request, _("The stage is closed."))
        return redirect("admin:screening_check_board")
    approval = closing.ask_to_close(stage, reason=reason, by=person, at=at)
    return asked(request, approval)


def announcement(request: Request) -> HttpResponse:
    """What would be announced, exactly, and the request to a second person."""
    edition = board.edition_of(request)
    stage = policy.screening_stage(edition)
    person, at = request.user, request.at
    if request.method == "POST":
        return carried_out(request, lambda: asked(request, closing.ask_to_announce(stage, by=person, at=at)))
    content = closing.announcement(stage)
    missing = [] if stage.closed_at else closing.gap_sentence(closing.gaps(stage))
    nothing = [] if content["counts"] else [_("There is nothing to announce.")]
    about = {
        "title": _("Announce the outcomes"),
        "sentences": missing + nothing or acts.describe_announcement(content, edition),
        "button": _("Ask a second person"),
        "possible": not (missing or nothing),
    }
    return page(request, edition, about)


def carried_out(request: Request, deed: Any) -> HttpResponse:
    try:
        return deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:screening_check_board")


def asked(request: Request, approval: Any) -> HttpResponse:
    messages.success(request, _("Asked. A second person of the secretariat has to approve this exact content."))
    return redirect(reverse("admin:prize_approval_change", args=[approval.pk]))


def page(request: Request, edition: Any, about: dict[str, Any]) -> HttpResponse:
    values = {**admin.site.each_context(request), "edition": edition, **about}
    values["is_secretary"] = is_secretariat(request.user, edition)
    return render(request, "admin/screening/stage.html", values)

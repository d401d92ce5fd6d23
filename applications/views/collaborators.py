"""Who writes an entry with its owner."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import collaborating, policy
from applications.forms import InvitationForm
from applications.models import Collaborator
from applications.views.entries import entry_or_404
from prize.access import signed_in
from prize.governing import Refused
from prize.requests import Request


@signed_in
def collaborators(request: Request, code: str) -> HttpResponse:
    """The list, and a form to invite one more."""
    found = entry_or_404(request, code)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = collaborating.invite(found, form.cleaned_data["email"], by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("A letter goes to %(email)s.") % {"email": invited.email})
            return redirect("applications:collaborators", code=code)
    problems = policy.collaborating_problems(request.user, found, request.at)
    values = {
        "entry": found,
        "form": form,
        "writers": found.collaborators.filter(removed_at=None).select_related("person"),
        "reason": problems[0] if problems else "",
    }
    return render(request, "applications/collaborators.html", values)


@require_POST
@signed_in
def removal(request: Request, code: str, collaborator: str) -> HttpResponse:
    """The owner takes somebody off the entry."""
    found = entry_or_404(request, code)
    writer = get_object_or_404(found.collaborators, code=collaborator)
    collaborating.remove(writer, by=request.user, at=request.at)
    messages.success(request, _("%(name)s can no longer open this entry.") % {"name": writer})
    return redirect("applications:collaborators", code=code)


@signed_in
def invitation(request: Request, code: str) -> HttpResponse:
    """Take up an invitation to write with somebody."""
    rows = Collaborator.objects.select_related("application__owner", "application__edition", "invited_by")
    found = get_object_or_404(rows, code=code)
    if request.method == "POST":
        collaborating.join(found, by=request.user, at=request.at)
        return redirect("applications:entry", code=found.application.code)
    problems = collaborating.joining_problems(found, request.user)
    if found.person_id == request.user.pk and not problems:
        return redirect("applications:entry", code=found.application.code)
    return render(request, "applications/invitation.html", {"found": found, "reason": problems[0] if problems else ""})

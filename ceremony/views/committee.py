"""A committee member reads an entry that a list names, and may stand aside from it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import recusing
from applications.dossiers import dossier_for
from applications.models import Application
from ceremony import policy
from ceremony.forms import RecusalForm
from prize.access import seated
from prize.governing import Refused
from prize.requests import Request


@seated("promotion")
def entry(request: Request, code: str) -> HttpResponse:
    return page(request, entry_or_404(request, code), RecusalForm())


@require_POST
@seated("promotion")
def recusal(request: Request, code: str) -> HttpResponse:
    found = entry_or_404(request, code)
    motion = policy.list_to_decide(found, request.user)
    if motion is None:
        raise Refused(_("The list that names this entry is decided."))
    form = RecusalForm(request.POST)
    if not form.is_valid():
        return page(request, found, form)
    recusing.stand_aside(found, request.user, **form.cleaned_data, by=request.user, at=request.at)
    messages.success(request, _("You stand aside from this entry, and so from the list that names it."))
    return redirect("motion", code=motion.code)


def entry_or_404(request: Request, code: str) -> Application:
    entries = policy.entries_before_committee(request.user).prefetch_related("submissions")
    return get_object_or_404(entries, code=code)


def page(request: Request, found: Application, form: RecusalForm) -> HttpResponse:
    motion = policy.list_to_decide(found, request.user)
    values = {"dossier": dossier_for(found, blind=False), "form": form, "motion": motion}
    return render(request, "ceremony/committee_entry.html", values, status=422 if form.errors else 200)

"""A partner juror's pages: the entries before the partner, one entry, and a nomination. No scores, no other partner."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.dossiers import dossier_for
from applications.models import Application
from ceremony import partnering, policy
from ceremony.forms import NominationForm
from ceremony.models import SpecialAward
from prize.access import seated
from prize.requests import Request


@seated("partner")
def partner(request: Request) -> HttpResponse:
    specials = policy.special_awards_of(request.user)
    entries = {entry.pk: entry for special in specials for entry in listed(special, request)}
    values = {
        "awards": [
            (special, policy.nomination_of(special), partnering.pending(special).first()) for special in specials
        ],
        "dossiers": [dossier_for(entry, blind=False) for entry in entries.values()],
    }
    return render(request, "ceremony/partner.html", values)


@seated("partner")
def partner_entry(request: Request, code: str) -> HttpResponse:
    entry, specials = entry_or_404(request, code)
    return page(request, entry, NominationForm(specials=specials), specials)


@require_POST
@seated("partner")
def nomination(request: Request, code: str) -> HttpResponse:
    entry, specials = entry_or_404(request, code)
    form = NominationForm(request.POST, specials=specials)
    if not form.is_valid():
        return page(request, entry, form, specials)
    special, reason = form.cleaned_data["special"], form.cleaned_data["reason"]
    motion = partnering.propose_nomination(special, entry, reason=reason, by=request.user, at=request.at)
    messages.success(request, _("The nomination is before your committee. Vote, and have the chair close the vote."))
    return redirect("motion", code=motion.code)


def listed(special: SpecialAward, request: Request):
    entries = policy.entries_before(special, request.user)
    return entries.prefetch_related("submissions").order_by("title", "pk")


def entry_or_404(request: Request, code: str) -> tuple[Application, list[SpecialAward]]:
    """The entry, and for which of one's awards it is a candidate. Of any other entry nothing is said."""
    specials = policy.special_awards_of(request.user)
    found = [(entry, special) for special in specials for entry in listed(special, request).filter(code=code)]
    if not found:
        raise Http404
    return found[0][0], specials.filter(pk__in=[special.pk for _entry, special in found])


def page(request: Request, entry: Application, form: NominationForm, specials) -> HttpResponse:
    problems = [policy.nominating_problems(special, entry, request.user, request.at) for special in specials]
    values = {
        "dossier": dossier_for(entry, blind=False),
        "form": form,
        "problems": problems[0] if all(problems) else [],
        "partner": specials[0].partner,
        "cautions": partnering.cautions_in(entry.edition),
    }
    status = 422 if form.errors else 200
    return render(request, "ceremony/partner_entry.html", values, status=status)

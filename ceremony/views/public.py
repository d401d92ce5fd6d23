"""What everybody may see: the laureates once they are announced, a certificate's check, and a guest's own link."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ceremony import inviting, policy, showing
from ceremony.forms import AnswerForm
from ceremony.models import Announcement
from prize.access import public
from prize.requests import Visit
from prize.views.context import current_edition


@never_cache
@public("the list of laureates is public once it is announced")
def laureates(request: Visit) -> HttpResponse:
    edition = current_edition()
    announcement = Announcement.objects.filter(edition=edition).first()
    named = policy.visible_to_all(request.at).filter(edition=edition)
    named = list(named.select_related("place__award__special__partner__organisation", "place__award__parent__category"))
    values = {
        "announcement": announcement,
        "tracks": showing.tracks_of(named),
        "tiles": tiles(showing.counts_of(named)),
        "taken_back": policy.taken_back(request.at).filter(edition=edition),
        "regions": showing.regions_of(named, edition) if edition else [],
        "places": showing.places_of(named),
    }
    return render(request, "ceremony/laureates.html", values)


def tiles(counts: dict[str, int]) -> list[dict[str, object]]:
    words = {"laureates": _("laureates"), "cities": _("cities"), "countries": _("countries")}
    return [{"figure": counts[key], "caption": caption} for key, caption in words.items()]


@never_cache
@public("a laureate is public once announced")
def laureate(request: Visit, code: str) -> HttpResponse:
    found = get_object_or_404(policy.once_named(request.at), code=code)
    values = {
        "laureate": found,
        "giver": showing.Part(found.place.award, [found]).giver,
        "city_native": showing.city_as_written(found.application),
        "words": showing.words_of(found.application),
        "facts": showing.words_of(found.application, showing.FACTS),
    }
    return render(request, "ceremony/laureate.html", values)


@never_cache
@public("anybody who is shown a certificate may check it")
def certificate(request: Visit, number: str) -> HttpResponse:
    named = policy.once_named(request.at).select_related("certificate")
    found = get_object_or_404(named, certificate__number=number)
    return render(request, "ceremony/certificate.html", {"laureate": found, "certificate": found.certificate})


@never_cache
@public("the link in the letter is the right to answer")
def rsvp(request: Visit, token: str) -> HttpResponse:
    guest = policy.guests().filter(token=token).first()
    if guest is None:
        return unlisted(render(request, "ceremony/rsvp_unknown.html", status=404))
    is_open = guest.may_answer(request.at)
    kept = {name: getattr(guest, name) for name in ("answer", "companion", "language", "needs")}
    form = AnswerForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        inviting.answer(guest, said.pop("answer"), **said, at=request.at)
        messages.success(request, _("Thank you. Your answer is kept; you can change it here until the beginning."))
        return redirect("ceremony:rsvp", token=token)
    values = {
        "guest": guest,
        "occasion": guest.occasion,
        "edition": guest.occasion.edition,
        "form": form,
        "is_open": is_open,
        "is_late": request.at >= guest.occasion.answer_by,
        "is_over": request.at >= guest.occasion.ends_at,
    }
    return unlisted(render(request, "ceremony/rsvp.html", values, status=422 if form.errors else 200))


@public("the link in the letter is the right to the calendar entry")
def rsvp_calendar(request: Visit, token: str) -> HttpResponse:
    guest = get_object_or_404(policy.guests(), token=token)
    content = inviting.calendar_of(guest.occasion, request.at)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return unlisted(response)


def unlisted(response: HttpResponse) -> HttpResponse:
    """A page behind a secret link: no search engine, and no address handed on to another site.

    Within our own site the address may be told: with "no-referrer" a browser sends the answer from the origin "null", and
    the protection against forged requests refuses it.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response

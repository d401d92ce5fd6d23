"""The first minutes with the demonstration: who to be, and what to try. Only there."""

from typing import Any

import yaml
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prize import demo
from prize.access import public
from prize.models import Edition, Person
from prize.requests import Visit
from prize.views.context import current_edition
from prize.wording import wording

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def demonstration_or_404() -> Edition:
    edition = current_edition()
    if edition is None or not edition.is_demonstration:
        raise Http404
    return edition


@public("the demonstration introduces itself")
def guide(request: Visit) -> HttpResponse:
    edition = demonstration_or_404()
    stage = edition.stage_now(request.at)
    slug = stage.slug if stage else "aftercare"
    texts = yaml.safe_load((settings.BASE_DIR / "prize" / "demo_texts" / "guide.yaml").read_text(encoding="utf-8"))
    names = {person.email: person.called for person in Person.objects.filter(email__in=demo.ACCOUNTS)}
    values = {
        "stage": stage,
        "now": wording(texts["stages"].get(slug)),
        "stages": [name for name in demo.TODAY if name],
        "people": [role(part, names, slug) for part in texts["people"]],
        "password": demo.PASSWORD,
        "may_enter": settings.EMBEDDED,
    }
    return render(request, "prize/guide.html", values)


def role(part: dict[str, Any], names: dict[str, str], stage: str) -> dict[str, Any]:
    email = f"{part['account']}@demo.example"
    tries = [wording(text_of(one)) for one in part["tries"] if stage in one.get("during", [stage])]
    return {
        "account": part["account"],
        "email": email,
        "name": names.get(email, ""),
        "role": wording(part["role"]),
        "tries": tries,
    }


def text_of(one: dict[str, Any]) -> dict[str, str]:
    return {language: text for language, text in one.items() if language != "during"}


@public("invented people on the visitor's own machine, whose password stands on the page")
@require_POST
def entrance(request: HttpRequest, account: str) -> HttpResponse:
    """Be one of the printed accounts with one press. A service never offers it, whatever it has been filled with."""
    demonstration_or_404()
    if not settings.EMBEDDED:
        raise Http404
    email = f"{account}@demo.example"
    person = get_object_or_404(Person, email=email if email in demo.ACCOUNTS else "", is_fictional=True, is_active=True)
    login(request, person, backend=BACKEND)
    record_authentication(request, person, "demonstration")
    return redirect("admin:index" if person.is_staff else "desk")

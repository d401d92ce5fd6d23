"""What every request gets: one clock, the edition's time zone, a strict content policy, and refusals in plain words."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from prize import clock
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.views.system import unavailable

Handler = Callable[[HttpRequest], HttpResponse]


def request_clock(get_response: Handler) -> Handler:
    """``request.at`` is the database's time, read once before the view; a view marked ``timeless`` does without."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
            if not getattr(view, "timeless", False):
                request.at = clock.now()  # type: ignore[attr-defined]

    return Middleware()


def maintenance(get_response: Handler) -> Handler:
    """While ``MAINTENANCE`` is set, every page says that we are back soon. It asks neither database nor session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or request.path in ("/healthz", "/readyz"):
            return get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return unavailable(request)

    return middleware


def content_security_policy(get_response: Handler) -> Handler:
    """Django 6 has this built in, under the same setting; the upgrade deletes this function."""
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def plain_refusals(get_response: Handler) -> Handler:
    """A closed stage or a refused act that a view did not catch becomes a page that says what to do, never a 500."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            if isinstance(error, StageClosed):
                title = _("This stage is not open yet") if error.not_yet else _("This stage is closed")
                return render(
                    request,
                    "prize/stage_closed.html",
                    {"title": title, "stage": error.stage, "error": error},
                    status=409,
                )
            if isinstance(error, Refused):
                return render(request, "prize/refused.html", {"message": str(error)}, status=409)
            if isinstance(error, ValueError) and "NUL" in str(error):
                # PostgreSQL's driver, of a NUL byte in an address or a hidden field: no browser of ours sends one.
                return render(request, "400.html", status=400)
            return None

    return Middleware()

"""Pages about the system itself: is it alive, is it ready, what are its parts."""

import sys
from typing import Any

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static

from prize import keeping
from prize.access import organiser, public
from prize.requests import Request, Visit


def timeless(view: Any) -> Any:
    """It does without ``request.at``, which the middleware would ask the database for."""
    view.timeless = True
    return view


@timeless
@public("a load balancer asks whether the process lives")
def healthz(request: Visit) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@timeless
@public("a load balancer asks whether pages can be served")
def readyz(request: Visit) -> HttpResponse:
    """Pages need the database. Without Redis they still work, so its absence is told and takes no instance out of service."""
    parts = {"database": database_answers(), "cache": cache_answers()}
    return JsonResponse(parts, status=200 if parts["database"] else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Exception:
        return False


def cache_answers() -> bool:
    try:
        cache.set("readyz", "1", 10)
        return cache.get("readyz") == "1"
    except Exception:
        return False


@organiser
def patterns(request: Request) -> HttpResponse:
    """Every part of every page, in every state."""
    from prize.patterns import PATTERNS  # noqa: PLC0415

    return render(request, "prize/patterns.html", PATTERNS)


@public("an error page")
def bad_request(request: Visit, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@public("an error page")
def stale_form(request: Visit, reason: str = "") -> HttpResponse:
    """A form without the right token: mostly a page that was open while its reader signed in again."""
    gated = not getattr(request.resolver_match.func, "gate", "public").startswith("public")  # type: ignore[union-attr]
    is_kept = gated and request.COOKIES and keeping.is_from_here(request) and keeping.keep(request)
    page = keeping.page_of(request) if is_kept else ""
    return render(request, "403_csrf.html", {"page": page}, status=403)


@public("an error page")
def server_error(request: Visit) -> HttpResponse:
    """Ours to mend; while the database is away, it will pass, and the page says so."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return plain("500.html", 500)


@public("the page of a service that is closed for maintenance")
def unavailable(request: HttpRequest) -> HttpResponse:
    return plain("503.html", 503, {"Retry-After": "300"})


def plain(template: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """A page that stands on nothing that may have failed: no query, no session, and no style rather than no page."""
    try:
        values = {"style": static("css/errors.css"), "mark": static("img/mark.svg")}
    except ValueError:  # the list of hashed names is missing
        values = {}
    return HttpResponse(loader.render_to_string(template, values), status=status, headers=headers)

"""Pages about the system itself: is it alive, is it ready, what are its parts."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from prize.access import organiser, public


@public("a load balancer asks whether the process lives")
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@public("a load balancer asks whether database and cache answer")
def readyz(request: HttpRequest) -> HttpResponse:
    parts = {"database": database_answers(), "cache": cache_answers()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


healthz.timeless = readyz.timeless = True  # type: ignore[attr-defined]


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
def patterns(request: HttpRequest) -> HttpResponse:
    """Every part of every page, in every state."""
    from prize.patterns import PATTERNS  # noqa: PLC0415

    return render(request, "prize/patterns.html", PATTERNS)


@public("an error page")
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)

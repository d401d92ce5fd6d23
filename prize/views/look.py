"""A prize's own colours and logo, as files that a browser keeps until they change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition

from prize import brand
from prize.access import public
from prize.models import Prize


def state(request: HttpRequest, slug: str) -> str:
    return f'"{get_object_or_404(Prize, slug=slug).look}"'


@public("colours are on every public page")
@condition(etag_func=state)
@cache_control(public=True, max_age=31536000)
def brand_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The address on a page names the state, so that a year is not too long."""
    prize = get_object_or_404(Prize.objects.exclude(brand_colour=""), slug=slug)
    return HttpResponse(brand.sheet(prize.brand_colour, prize.accent_colour), content_type="text/css; charset=utf-8")


@public("the logo is on every public page")
@condition(etag_func=state)
@cache_control(public=True, max_age=31536000)
def logo(request: HttpRequest, slug: str) -> HttpResponse:
    """The logo, or our mark in the prize's colours: a picture that may not run or fetch anything, even opened by itself."""
    prize = get_object_or_404(Prize.objects.exclude(logo="", brand_colour=""), slug=slug)
    answer = HttpResponse(prize.emblem, content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return answer


brand_sheet.timeless = logo.timeless = True  # type: ignore[attr-defined]

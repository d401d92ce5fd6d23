"""A person's home: what waits for me, in every part I have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prize.access import signed_in
from prize.desks import desk_of


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "prize/desk.html", {"panels": desk_of(request.user, request.at)})  # type: ignore[arg-type, attr-defined]

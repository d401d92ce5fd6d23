"""A person's home: what waits for me, in every part I have."""

from django.http import HttpResponse
from django.shortcuts import render

from prize.access import signed_in
from prize.desks import desk_of
from prize.requests import Request


@signed_in
def desk(request: Request) -> HttpResponse:
    return render(request, "prize/desk.html", {"panels": desk_of(request.user, request.at)})

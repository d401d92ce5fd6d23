"""Whoever does what cannot be undone shows again who they are, unless they did a moment ago.

A screen left open in an office, or a cookie that was stolen, is then not enough to announce laureates. Signing in counts; so
does allauth's own page for this, which leads back to the very page. Whoever has a second factor shows that one.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from prize import keeping
from prize.requests import Request


def is_fresh(request: Request) -> bool:
    """Whether this person has shown lately who they are, by the strongest means they have."""
    records = get_authentication_records(request, request.user)
    if is_mfa_enabled(request.user):
        records = [record for record in records if record["method"] == "mfa"]
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] > since for record in records)


def ask(request: Request) -> HttpResponse:
    """To the page that asks who is there, and from it back to where the deed was about to be done."""
    page = request.get_full_path()
    if request.method == "POST":
        keeping.keep(request)  # what was typed stands in the form again
        page = keeping.page_of(request)
    ways = {way["id"]: way["url"] for way in get_adapter().get_reauthentication_methods(request.user)}
    address = ways.get("mfa_reauthenticate") or ways.get("reauthenticate")
    if address is None:
        messages.warning(request, _("Choose a password first: this needs somebody who can show who they are."))
        return redirect("account_set_password")
    text = _("What you are about to do cannot be undone. Show that it is you; then you are back where you were.")
    messages.info(request, text)
    return redirect(f"{address}?{urlencode({'next': page})}")


def confirmed(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a view behind a gate, whose deed asks for somebody who has just shown who they are."""

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs) if is_fresh(request) else ask(request)

    return asked

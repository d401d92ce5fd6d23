"""What a request carries in this house, beyond what Django's stubs know."""

from datetime import datetime
from typing import Any, TypeAlias

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from prize.models import Edition, Person


class Visit(HttpRequest):
    """Anybody's. The middleware has read the clock and htmx's headers."""

    at: datetime
    htmx: HtmxDetails


class Request(Visit):
    """One that passed a gate: it comes from a person we know."""

    user: Person
    office_edition: Edition | None  # what the office works on, once it was asked for
    office_contents: list[Any]  # its tables by what one is at


# Django declares the admin's hooks for any HttpRequest, and an override may not ask for more. Ours run behind the
# admin's gate: what they are handed is a Request.
HookRequest: TypeAlias = Any

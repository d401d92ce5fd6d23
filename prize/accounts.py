"""How allauth's letters and forms fit this house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from prize.models import Person


class Adapter(DefaultAccountAdapter):
    """Sign-in letters go out at once and are not kept: they hold secrets. All others go through the outbox."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Person:
        user.language = getattr(request, "LANGUAGE_CODE", "en")
        return super().save_user(request, user, form, commit)

"""How allauth's letters and forms fit this house."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils.translation import get_language

from prize import clock, post
from prize.codes import new_code
from prize.models import Person

KINDS = {
    "email_confirmation": "prize.confirm_address",
    "email_confirmation_signup": "prize.confirm_address",
    "password_reset_key": "prize.new_password",
    "unknown_account": "prize.no_account",
    "account_already_exists": "prize.account_exists",
}


class Adapter(DefaultAccountAdapter):
    """Letters about accounts go through the outbox like all others: nobody who signs up waits for a mail server, and none is
    lost while it is away. What they hold is secret, so it is written when they go and not kept.
    """

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        what = template_prefix.rpartition("/")[2]
        kind, person = KINDS.get(what, "prize.account_changed"), context.get("user")
        is_own = isinstance(person, Person) and person.email.lower() == email.lower()
        post.queue(
            kind,
            key=f"{kind}:{new_code()}{new_code()}",
            to=person if is_own else email,  # type: ignore[arg-type]
            at=getattr(self.request, "at", None) or clock.now(),
            language=getattr(person, "language", "") or get_language() or "",
            about={"what": what, "person": getattr(person, "code", "")},
        )

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Person:
        user.language = getattr(request, "LANGUAGE_CODE", "en")
        return super().save_user(request, user, form, commit)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in has shown who they are: on the way to a second factor nobody types a password twice."""
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        fresh = any(record["at"] > since for record in records)
        return not fresh and super().is_reauthentication_required(app=app, **kwargs)

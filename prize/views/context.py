"""What every template may use."""

from typing import Any

from django.http import HttpRequest

from prize.models import Edition
from prize.policy import is_staff_of_any


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The current edition and its prize, unless a view names another."""
    edition = current_edition()
    person = getattr(request, "user", None)
    return {
        "edition": edition,
        "prize": edition.prize if edition else None,
        "at": getattr(request, "at", None),
        "is_organiser": bool(person and person.is_authenticated and is_staff_of_any(person)),
    }


def current_edition() -> Edition | None:
    return Edition.objects.current()

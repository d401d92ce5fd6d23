"""The time zones that a calendar can be written in. With a name that nobody knows, no page could tell a time."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext_lazy as _


@cache
def known() -> tuple[str, ...]:
    """
    >>> "Asia/Seoul" in known(), "Asia/Soul" in known()
    (True, False)
    """
    return tuple(sorted(available_timezones()))


def choices() -> list[tuple[str, str]]:
    return [(name, name) for name in known()]


class ZoneField(models.CharField):
    """The name of a time zone, chosen from those that are known."""

    default_error_messages = {
        "invalid_choice": _("No time zone is called %(value)s. Write it as in Asia/Seoul or Europe/Lisbon.")
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"max_length": 64, **kwargs, "choices": choices})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)  # the list is the machine's: a new zone in the world is no migration
        return name, "django.db.models.CharField", args, kwargs

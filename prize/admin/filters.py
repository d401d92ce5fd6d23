"""Filters of the office that say what they find."""

from typing import Any

from django.contrib import admin


class Whether(admin.EmptyFieldListFilter):
    """Django calls them Empty and Not empty; whoever looks for what is not done yet calls them otherwise."""

    words: tuple[Any, Any]

    def choices(self, changelist: Any) -> Any:
        everything, empty, filled = super().choices(changelist)
        filled["display"], empty["display"] = self.words
        return [everything, empty, filled]


def whether(name: str, yes: Any, no: Any) -> tuple[str, type[Whether]]:
    """For ``list_filter``: rows in which the field is filled are called ``yes``, the others ``no``."""
    return name, type("Whether", (Whether,), {"words": (yes, no)})

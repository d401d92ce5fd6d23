"""Filters of the office that say what they find."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin


def called(choice: Any, name: Callable[[str], Any]) -> str:
    """A choice by another name; behind it stays how many rows there are, if the reader has asked for that."""
    said, sign, count = str(choice["display"]).rpartition(" (")
    return f"{name(said)} ({count}" if sign else str(name(count))


class Whether(admin.EmptyFieldListFilter):
    """Django calls them Empty and Not empty; whoever looks for what is not done yet calls them otherwise."""

    words: tuple[Any, Any]

    def choices(self, changelist: Any) -> Any:
        everything, empty, filled = super().choices(changelist)
        yes, no = self.words
        filled["display"], empty["display"] = called(filled, lambda _said: yes), called(empty, lambda _said: no)
        return [everything, empty, filled]


def whether(name: str, yes: Any, no: Any) -> tuple[str, type[Whether]]:
    """For ``list_filter``: rows in which the field is filled are called ``yes``, the others ``no``."""
    return name, type("Whether", (Whether,), {"words": (yes, no)})

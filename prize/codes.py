"""Public identifiers: short, without look-alike letters, and never a primary key."""

import secrets
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U/V pairs that a tired reader mixes up
LENGTH = 8


def new_code() -> str:
    """Eight letters of thirty: some 656 thousand million codes. A code is never the guard of what it names.

    >>> len(new_code()), set(new_code()) <= set(ALPHABET)
    (8, True)
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class CodeField(models.CharField):
    """A unique public code, made when the row is, and called so wherever a table or a form names it."""

    def __init__(self, *args, **kwargs):
        if not args:
            kwargs.setdefault("verbose_name", _("code"))
        kwargs.setdefault("max_length", 16)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", new_code)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """What it is called is no part of the table, so that migrations stay as they are."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name", None)
        return name, path, args, kwargs

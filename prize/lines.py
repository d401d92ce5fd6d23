"""One line of text that people read: a name, a title. What cannot be seen in it does not stay in it.

A name that turns the reading direction round, or holds letters without width, looks like another name; a line end in it would
begin a header of a letter; a tower of accents covers the line above.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.db import models

# Some scripts are not written without these: they join letters, or keep them apart, and turn nothing round.
NEEDED = frozenset("\u200c\u200d\u200e\u200f\u061c")
ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
TOWER = re.compile(f"([{ACCENTS}]{{4}})[{ACCENTS}]+")


def as_line(text: str) -> str:
    """
    >>> as_line(" Ada\\u202e ecalevoL\\r\\nBcc: x@example.org"), as_line("Zo\\u0065\\u0301"), as_line("\\u200b")
    ('Ada ecalevoL Bcc: x@example.org', 'Zoé', '')
    """
    composed = re.sub(r"\s", " ", unicodedata.normalize("NFC", text))
    seen = "".join(one for one in composed if one in NEEDED or unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    return " ".join(TOWER.sub(r"\1", seen).split())


class LineFormField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return as_line(text) if isinstance(text, str) and "\x00" not in text else text


class LineField(models.CharField):
    """A CharField whose text is one visible line, by whatever door it comes in."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return as_line(text) if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return as_line(text) if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LineFormField, **kwargs})

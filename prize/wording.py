"""Content in several languages, kept in one JSON column: {"en": "Call for entries", "ko": "공모"}."""

import json
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.html import escape
from django.utils.translation import get_language


class Wording(dict):
    """A text in several languages. As a string it is the reader's language, else the default, else any."""

    def __str__(self) -> str:
        return self.in_language(get_language() or settings.LANGUAGE_CODE)

    def in_language(self, language: str) -> str:
        """
        >>> Wording(en="Call", ko="공모").in_language("ko")
        '공모'
        >>> Wording(en="Call").in_language("ko")
        'Call'
        """
        for key in (language, language.split("-")[0], settings.LANGUAGE_CODE):
            if self.get(key):
                return self[key]
        return next((text for text in self.values() if text), "")

    def __bool__(self) -> bool:
        return any(self.values())

    def __html__(self) -> str:
        return escape(str(self))


def wording(value: Any) -> Wording:
    """Whatever stands for a text becomes a Wording; a plain string is taken as the default language."""
    if isinstance(value, Wording):
        return value
    if not value:
        return Wording()
    return Wording(value) if isinstance(value, dict) else Wording({settings.LANGUAGE_CODE: str(value)})


class Named:
    """Has a name in Latin letters and one in its own script. A reader who writes in that script is shown that one first."""

    name: Any
    native_name: Any

    @property
    def called(self) -> str:
        return for_reader(self.name, self.native_name)[0]

    @property
    def also_called(self) -> str:
        """The other form, where there are two."""
        return for_reader(self.name, self.native_name)[1]

    @property
    def both_names(self) -> str:
        return both(self.name, self.native_name)


def for_reader(latin: str, own: str) -> tuple[str, str]:
    """The form of a name that its reader knows, and the other one.

    >>> from django.utils.translation import override
    >>> with override("ko"):
    ...     for_reader("Hanbit", "한빛시"), for_reader("Alpha", "Άλφα"), for_reader("Lyon", "")
    (('한빛시', 'Hanbit'), ('Alpha', 'Άλφα'), ('Lyon', ''))
    """
    if not own or own == latin:
        return latin, ""
    return (own, latin) if is_script_of_reader(own) else (latin, own)


def both(latin: str, own: str) -> str:
    called, also = for_reader(latin, own)
    return f"{called} ({also})" if also else called


def is_script_of_reader(name: str) -> bool:
    """Whether a name is written as the reader's language writes its own name.

    >>> from django.utils.translation import override
    >>> with override("ko"):
    ...     is_script_of_reader("한빛시"), is_script_of_reader("Άλφα")
    (True, False)
    >>> with override("en"):
    ...     is_script_of_reader("한빛시")
    False
    """
    language = get_language() or settings.LANGUAGE_CODE
    about = LANG_INFO.get(language) or LANG_INFO.get(language.partition("-")[0]) or {}
    return scripts(name) == scripts(about.get("name_local", ""))


def scripts(text: str) -> set[str]:
    """
    >>> scripts("한빛시 2")
    {'HANGUL'}
    """
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}


class WordingWidget(forms.MultiWidget):
    """The languages side by side, each labelled."""

    template_name = "prize/_wording_widget.html"

    def __init__(self, attrs=None, *, long: bool = False):
        part = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
        super().__init__({code: part for code, _name in settings.LANGUAGES}, attrs)

    def decompress(self, value):
        return [wording(value).get(code, "") for code, _name in settings.LANGUAGES]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for (code, label), part in zip(settings.LANGUAGES, context["widget"]["subwidgets"], strict=True):
            whole = part["attrs"].get("aria-label")  # in a table no heading names the field: it says so itself
            part["attrs"] |= {"lang": code, "aria-label": f"{whole}: {label}" if whole else str(label)}
            part["language"] = label
        return context


class WordingFormField(forms.MultiValueField):
    def __init__(self, *, long: bool = False, required: bool = True, **kwargs):
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        parts = [forms.CharField(required=False) for _ in settings.LANGUAGES]
        kwargs["widget"] = WordingWidget(long=long)
        super().__init__(fields=parts, require_all_fields=False, required=required, **kwargs)

    def compress(self, values):
        pairs = zip(settings.LANGUAGES, values or [], strict=False)
        return Wording({code: text for (code, _name), text in pairs if text})


class InWords(json.JSONEncoder):
    """Django's admin prints a JSON field as JSON, unless its encoder declines: then it prints the value as text."""

    def encode(self, o: Any) -> str:
        if isinstance(o, Wording):
            raise TypeError("a wording is shown in the reader's language")
        return super().encode(o)


class WordingField(models.JSONField):
    """A model field of Wording. ``long=True`` for paragraphs."""

    def __init__(self, *args, long: bool = False, **kwargs):
        self.long = long
        kwargs.setdefault("default", Wording)
        super().__init__(*args, **{**kwargs, "encoder": InWords})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("encoder")
        if self.long:
            kwargs["long"] = True
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return wording(super().from_db_value(value, expression, connection))

    def to_python(self, value):
        return wording(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        plain = dict(value) if isinstance(value, Wording) else value
        return super().get_db_prep_value(plain, connection, prepared)

    def validate(self, value, model_instance):
        super().validate(dict(value) if isinstance(value, Wording) else value, model_instance)

    def pre_save(self, model_instance, add):
        value = wording(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return dict(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": WordingFormField, "long": self.long, **kwargs})

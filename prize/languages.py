"""Which languages the site speaks: the one its texts are written in, and every one that has a compiled catalogue.

A new language is a folder ``<code>/LC_MESSAGES`` with ``django.po`` and ``django.mo``, under ``locale/`` or under a folder that
``LOCALES`` names; no line of code changes.
"""

import gettext
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy, to_language

SOURCE = "en"


def found(folders: Iterable[Path]) -> list[tuple[str, Any]]:
    """Code and name of each, as ``settings.LANGUAGES`` has them: the source language leads, the others follow by code."""
    catalogues = {
        to_language(path.parts[-3]): path for folder in folders for path in folder.glob("*/LC_MESSAGES/django.mo")
    }
    for code, catalogue in catalogues.items():
        introduce(code, catalogue)
    return [(code, gettext_lazy(name_of(code))) for code in (SOURCE, *sorted(set(catalogues) - {SOURCE}))]


def introduce(code: str, catalogue: Path) -> None:
    """Of a language that Django does not know, the catalogue itself says in a header what it is called."""
    if not known(code):
        with catalogue.open("rb") as stream:
            name = gettext.GNUTranslations(stream).info().get("x-language-name", code)
        LANG_INFO[code] = {"bidi": False, "code": code, "name": name, "name_local": name}


def known(code: str) -> dict[str, Any]:
    return LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}


def name_of(code: str) -> str:
    """In English; Django's own catalogues translate it."""
    about = known(code)
    return about["name"] if "name" in about else name_of(about["fallback"][0])


def choices() -> list[tuple[str, Any]]:
    """For a form, asked when it is made."""
    return settings.LANGUAGES

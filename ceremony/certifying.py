"""Certificates: one template, filled from the sealed row of the laureate as data, so that no name can become markup."""

import hashlib
import json
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django_countries import countries

from ceremony.models import Certificate, Laureate, Occasion
from prize import ledger
from prize.governing import Refused
from prize.models import Edition, Person, Prize
from prize.policy import is_secretariat
from prize.templatetags.components import day
from prize.wording import Wording

HOME = Path(__file__).resolve().parent
GOLD = "#9a7434"
SCRIPTS = {"LATIN", "HANGUL", "GREEK", "CYRILLIC"}


@transaction.atomic
def make(laureate: Laureate, *, by: Person, at: datetime) -> Certificate:
    """Make a laureate's certificate and keep its digest. Asked again, the one that was made is returned."""
    if not is_secretariat(by, laureate.edition):
        raise Refused(_("Only the secretariat may make certificates."))
    if laureate.revoked_at:
        raise Refused(_("This award was revoked."))
    Edition.objects.select_for_update(no_key=True).get(pk=laureate.edition_id)  # numbers are given one after the other
    made = Certificate.objects.filter(laureate=laureate).first()
    if made:
        return made
    number = next_number(laureate.edition)
    content = as_pdf(data_of(laureate, number), at)
    certificate = Certificate(laureate=laureate, number=number, sha256=hashlib.sha256(content).hexdigest(), made_at=at)
    certificate.file.save("certificate.pdf", ContentFile(content), save=False)
    certificate.save()
    facts = {"number": number, "sha256": certificate.sha256}
    ledger.record(laureate.edition, "certificate.made", subject=laureate.code, facts=facts, by=by, at=at)
    return certificate


def make_all(edition: Edition, *, by: Person, at: datetime) -> int:
    """Make those that are missing, in the order of the awards."""
    missing = Laureate.objects.standing().filter(edition=edition, certificate=None).in_order()
    return sum(bool(make(laureate, by=by, at=at)) for laureate in missing.select_related("edition__prize"))


def next_number(edition: Edition) -> str:
    count = Certificate.objects.filter(laureate__edition=edition).count()
    return f"{edition.prize.slug}-{edition.year}-{count + 1:03}"


def data_of(laureate: Laureate, number: str) -> dict[str, Any]:
    """What is printed. Names are the sealed row's; the rest is the edition's and the award's."""
    edition = laureate.edition
    languages = languages_of(edition)
    return {
        "number": number,
        "prize": said(edition.name, languages),
        "hosts": said(edition.prize.hosts, languages),
        "award": said(laureate.place.award.full_name, languages),
        "name": laureate.name,
        "native_name": laureate.native_name if is_printable(laureate.native_name) else "",
        "title": laureate.title,
        "citation": citation_of(laureate),
        "place": ", ".join(filter(None, dict.fromkeys([laureate.city, country_of(laureate)]))),
        "date": date_of(edition, laureate, languages),
        "check": settings.SITE_ADDRESS + reverse("ceremony:certificate", args=[number]),
        "label": translated(gettext_lazy("Certificate of award"), languages),
        **look_of(edition.prize),
    }


def languages_of(edition: Edition) -> list[str]:
    """Those of the site in which the edition has a name that can be printed; the site's first one leads."""
    known = [code for code, _name in settings.LANGUAGES if (name := edition.name.get(code)) and is_printable(name)]
    return known or [settings.LANGUAGE_CODE]


def look_of(prize: Prize) -> dict[str, Any]:
    """The prize's emblem and colours; gold on plain paper for one that has neither."""
    colours = (prize.brand_colour, prize.accent_colour) if prize.brand_colour else (GOLD, GOLD)
    return {
        "emblem": prize.emblem if prize.look else "",
        "colours": dict(zip(("main", "accent"), colours, strict=True)),
    }


def citation_of(laureate: Laureate) -> list[dict[str, str]]:
    """In the languages it was written in: unlike a name, a sentence is not put in the place of another."""
    text = laureate.citation.text if hasattr(laureate, "citation") else {}
    known = [(code, text.get(code, "").strip()) for code, _name in settings.LANGUAGES]
    return [line(code, words) for code, words in known if words and is_printable(words)]


def line(language: str, words: str) -> dict[str, str]:
    return {"language": language.partition("-")[0], "words": words}


def country_of(laureate: Laureate) -> str:
    """In English, whoever presses the button in whatever language."""
    with override("en"):
        return countries.name(str(laureate.country)) if laureate.country else ""


def is_printable(text: str) -> bool:
    """Whether the certificate's fonts have the letters. A name in another script stays on the page, and off the paper."""
    letters = (letter for letter in text if letter.isalpha())
    return all(unicodedata.name(letter, "").split(" ")[0] in SCRIPTS for letter in letters)


def said(words: Wording, languages: list[str]) -> list[dict[str, str]]:
    """In the first language, whatever it was written in; in the others where it says something else."""
    first, *others = languages
    lead = words.in_language(first)
    rest = [(code, words[code]) for code in others if words.get(code, lead) != lead and is_printable(words[code])]
    return [line(first, lead), *(line(code, other) for code, other in rest)]


def translated(words: Any, languages: list[str]) -> list[dict[str, str]]:
    """A text of ours in each language."""
    found: dict[str, str] = {}
    for code in languages:
        with override(code):
            found.setdefault(str(words), code)
    return [line(code, text) for text, code in found.items()]


def date_of(edition: Edition, laureate: Laureate, languages: list[str]) -> list[dict[str, str]]:
    """The day of the ceremony, as each language writes it."""
    occasion = Occasion.objects.filter(edition=edition).first()
    moment = occasion.starts_at if occasion else laureate.conferred_at
    return translated(lazy(day, str)(moment, edition.zone), languages)


@lru_cache(maxsize=1)
def compiler() -> typst.Compiler:
    """One for the process: reading the fonts takes longer than a page. Nothing of the machine's own fonts is used."""
    return typst.Compiler(
        HOME / "typst" / "certificate.typ",
        root=HOME / "typst",
        font_paths=[HOME / "fonts"],
        ignore_system_fonts=True,
    )


def as_pdf(data: dict[str, Any], at: datetime) -> bytes:
    """The same row at the same time gives the same bytes."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    content = compiler().compile(format="pdf", sys_inputs=inputs, timestamp=int(at.timestamp()))
    if not isinstance(content, bytes):
        raise TypeError("the certificate came out as several files")
    return content

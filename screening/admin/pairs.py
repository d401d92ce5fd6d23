"""What the page of two entries that are alike shows: who they are, and what both say, each in its own words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext
from django_countries import countries

from applications.dossiers import WRITTEN, Dossier, DossierAnswer, dossier_for
from applications.models import Application
from prize.models import Person
from screening import policy
from screening.models import Similarity
from screening.passages import Excerpt, Passage, passages

MOST = 10  # passages on a page: who has read so many need not read on


def pair_for(similarity: Similarity, person: Person) -> dict[str, Any]:
    entries = (similarity.one, similarity.other)
    dossiers = [dossier_for(entry, blind=False) for entry in entries]
    answers = [written_in(dossier) for dossier in dossiers]
    one, other = ([answer.value for answer in written] for written in answers)
    found = passages(one, other)
    more = len(found) - MOST
    return {
        "heads": [head_of(entry, dossier, person) for entry, dossier in zip(entries, dossiers, strict=True)],
        "rows": [row_of(passage, dossiers, answers) for passage in found[:MOST]],
        "more": said_of_the_rest(more) if more > 0 else "",
    }


def head_of(entry: Application, dossier: Dossier, person: Person) -> dict[str, str]:
    """An entry as whoever rules knows it. It is entered by an organisation, else by its owner."""
    return {
        "title": dossier.title,
        "language": dossier.language,
        "code": dossier.code,
        "applicant": dossier.organisation or entry.owner.called,
        "place": ", ".join(part for part in (dossier.city, countries.name(dossier.country)) if part),
        "address": address_of(entry, person),
    }


def address_of(entry: Application, person: Person) -> str:
    """The officer's sheet of an entry that competes; one that competes no more has its page among all entries."""
    if policy.entries_for(person, entry.edition).filter(pk=entry.pk).exists():
        return reverse("admin:screening_check_entry", args=[entry.code])
    return reverse("admin:applications_application_change", args=[entry.pk])


def written_in(dossier: Dossier) -> list[DossierAnswer]:
    return [answer for section in dossier.sections for answer in section.answers if answer.kind in WRITTEN]


def row_of(passage: Passage, dossiers: list[Dossier], answers: list[list[DossierAnswer]]) -> dict[str, Any]:
    excerpts = (passage.one, passage.other)
    words = ngettext("%(count)s word in common", "%(count)s words in common", passage.length)
    return {
        "heading": words % {"count": passage.length},
        "sides": [side_of(*side) for side in zip(excerpts, dossiers, answers, strict=True)],
    }


def side_of(excerpt: Excerpt, dossier: Dossier, answers: list[DossierAnswer]) -> dict[str, Any]:
    answer = answers[excerpt.text]
    return {"code": dossier.code, "label": answer.label, "language": answer.language, "excerpt": excerpt}


def said_of_the_rest(count: int) -> str:
    words = ngettext(
        "%(count)s more passage is in common, no longer than these.",
        "%(count)s more passages are in common, none longer than these.",
        count,
    )
    return words % {"count": count}

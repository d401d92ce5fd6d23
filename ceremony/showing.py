"""How laureates and entries are laid out on pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from applications.models import Application
from ceremony.models import Award, Laureate
from prize.wording import wording


@dataclass(frozen=True)
class Track:
    """An award that stands on its own, or the awards of one category, with those who received them."""

    award: Award
    parts: list[tuple[Award, list[Laureate]]] = field(default_factory=list)


def tracks_of(laureates: Iterable[Laureate]) -> list[Track]:
    """Grouped as the award tree is: the tracks in the order of their best award, the parts by precedence."""
    by_award = [(award, list(rows)) for award, rows in groupby(laureates, key=lambda row: row.place.award)]
    tracks: dict[int, Track] = {}
    for award, rows in by_award:
        top = award.parent or award
        tracks.setdefault(top.pk, Track(top)).parts.append((award, rows))
    return list(tracks.values())


def words_of(application: Application) -> list[tuple[str, str]]:
    """What the entry says of itself to the public: its sealed answers marked as public, if it allowed that."""
    sealed = application.sealed
    if sealed is None or not sealed.snapshot.get("consents", {}).get("consent_publication"):
        return []
    return [
        (str(wording(answer["label"])), text_of(answer))
        for part in sealed.snapshot["sections"]
        for answer in part["answers"]
        if answer["public"] and answer["kind"] in ("short", "long", "choice", "year") and answer["value"]
    ]


def text_of(answer: dict[str, Any]) -> str:
    if answer["kind"] == "choice":
        return ", ".join(str(wording(name)) for name in answer["shown"])
    return str(answer["value"])

"""How laureates and entries are laid out on pages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from django_countries import countries

from applications.models import Application
from ceremony.models import Award, Laureate
from prize import atlas
from prize.models import Edition
from prize.wording import Wording, wording

# Answers of one word or one figure stand beside the text as facts; the others are the text.
FACTS = ("choice", "year")
TEXTS = ("short", "long")


class Part(NamedTuple):
    """One award of a track, and those who received it."""

    award: Award
    laureates: list[Laureate]

    @property
    def giver(self) -> str:
        """The partner whose award it is; empty for the prize's own."""
        special = getattr(self.award, "special", None)
        return special.partner.organisation.called if special else ""


@dataclass(frozen=True)
class Track:
    """An award that stands on its own, or the awards of one category, with those who received them."""

    award: Award
    parts: list[Part] = field(default_factory=list)

    @property
    def leads(self) -> bool:
        """Whether its first award is one above the others, as a gold medal is. Partners' awards stand side by side."""
        if len(self.parts) < 2 or self.parts[0].giver:
            return False
        return self.parts[0].award.precedence < self.parts[1].award.precedence

    @property
    def about(self) -> Wording:
        """What it is given for: its own words, or its category's."""
        own = wording(self.award.description)
        return own if own or self.award.category is None else wording(self.award.category.description)


def tracks_of(laureates: Iterable[Laureate]) -> list[Track]:
    """Grouped as the award tree is: the tracks in the order of their best award, the parts by precedence."""
    by_award = [(award, list(rows)) for award, rows in groupby(laureates, key=lambda row: row.place.award)]
    tracks: dict[int, Track] = {}
    for award, rows in by_award:
        top = award.parent or award
        tracks.setdefault(top.pk, Track(top)).parts.append(Part(award, rows))
    return list(tracks.values())


def counts_of(laureates: Iterable[Laureate]) -> dict[str, int]:
    rows = list(laureates)
    return {
        "laureates": len(rows),
        "cities": len({(str(row.country), row.city) for row in rows if row.city}),
        "countries": len({str(row.country) for row in rows if row.country}),
    }


def regions_of(laureates: Iterable[Laureate], edition: Edition) -> list[dict[str, Any]]:
    """How many laureates each region has and from which countries, as bars and as a table. Empty regions stay out."""
    rows = [row for row in laureates if row.country]
    found = []
    for region in edition.regions.all():
        here = [row for row in rows if str(row.country) in region.countries]
        names = sorted({str(countries.name(str(row.country))) for row in here})
        found.append({"label": region.name, "value": len(here), "share": len(here), "countries": names})
    return sorted((row for row in found if row["value"]), key=lambda row: -row["value"])


def places_of(laureates: Iterable[Laureate]) -> list[atlas.Place]:
    """The laureates on the map, by country; the table of regions says the same in words."""
    counts = Counter(str(row.country) for row in laureates if row.country)
    return atlas.places(counts, {code: str(countries.name(code)) for code in counts})


def words_of(application: Application, kinds: tuple[str, ...] = TEXTS) -> list[tuple[str, str]]:
    """What the entry says of itself to the public: its sealed answers marked as public, if it allowed that."""
    sealed = application.sealed
    if sealed is None or not sealed.snapshot.get("consents", {}).get("consent_publication"):
        return []
    return [
        (str(wording(answer["label"])), text_of(answer))
        for part in sealed.snapshot["sections"]
        for answer in part["answers"]
        if answer["public"] and answer["kind"] in kinds and answer["value"]
    ]


def text_of(answer: dict[str, Any]) -> str:
    if answer["kind"] == "choice":
        return ", ".join(str(wording(name)) for name in answer["shown"])
    return str(answer["value"])


def city_as_written(application: Application) -> str:
    """The city's name in its own script, as it was sealed; empty where that is the Latin one."""
    sealed = application.sealed
    city = sealed.snapshot.get("city") if sealed else None
    return city["native_name"] if city and city["native_name"] != city["name"] else ""

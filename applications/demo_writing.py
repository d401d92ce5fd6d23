"""What the demonstration's entries say: the colleague's texts, with the figures of one invented city filled in."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import typst
import yaml
from django.conf import settings
from PIL import Image, ImageDraw

from prize.models import Person

HOME = Path(__file__).resolve().parent
NOISE = 0.7  # how far an entry's merit strays from its kind's
CONSENTS = {"consent_publication": True, "consent_data": True}


@dataclass(frozen=True)
class Entrant:
    """One entry to come: who from where, with which kind of project, and what the screening will find."""

    number: int
    country: dict[str, Any]
    city: dict[str, Any]
    record: dict[str, Any]
    kind: dict[str, Any]

    @property
    def is_korean(self) -> bool:
        return self.language == "ko"

    @property
    def language(self) -> str:
        has_korean = self.kind["language"] == "ko" or "ko" in self.kind
        return "ko" if self.country["language"] == "ko" and has_korean else "en"


def texts(app: str, name: str) -> Any:
    return yaml.safe_load((settings.BASE_DIR / app / "demo_texts" / f"{name}.yaml").read_text(encoding="utf-8"))


def entrants() -> list[Entrant]:
    """All 240, numbered: those that will be found eligible, then those that will not."""
    kinds = {kind["key"]: kind for kind in texts("applications", "projects")}
    places = texts("applications", "cities")
    cities = {(c["code"], city["name"]): (c, city) for c in places["countries"] for city in c["cities"]}
    listed: Iterator[tuple[Any, Any, dict[str, Any]]] = itertools.chain(
        ((country, city, record) for country, city in cities.values() for record in city["entries"]),
        ((*cities[record["country"], record["city"]], record) for record in places["declined"]),
    )
    return [
        Entrant(n, country, city, record, kinds[record["kind"]]) for n, (country, city, record) in enumerate(listed, 1)
    ]


@dataclass
class Writer:
    """Fills texts in. The same kind in the same city comes out the same, as it does for two who send one project twice."""

    titles: dict[str, Iterator[str]] = field(default_factory=dict)

    def title(self, entrant: Entrant, values: dict[str, str]) -> str:
        """The kind's titles in turn; when all are used, the city makes the next ones its own."""
        source = self.source(entrant)
        key = f"{entrant.kind['key']}.{entrant.language}"
        titles = self.titles.setdefault(key, itertools.chain(source["titles"], itertools.repeat("")))
        found = next(titles) or f"{source['titles'][entrant.number % len(source['titles'])]} ({{city}})"
        return found.format(**values)

    def source(self, entrant: Entrant) -> dict[str, Any]:
        """The kind's texts in the entrant's language."""
        return entrant.kind["ko"] if entrant.is_korean and "ko" in entrant.kind else entrant.kind

    def values(self, entrant: Entrant, person: Person, body: tuple[str, str], chance: Random) -> dict[str, str]:
        """What stands for the braces of a text."""
        figures, korean = entrant.kind["figures"], entrant.is_korean
        drawn = {
            name: str(chance.randint(*figures[name])) for name in ("before", "after", "months", "districts", "year")
        }
        share = chance.uniform(*figures["people_share"])
        people = max(60, int(round(entrant.city["population"] * 1000 * share, -1)))
        name = person.native_name if korean and person.native_name else person.name
        country, city = entrant.country, entrant.city
        return {
            **drawn,
            "city": city["name_ko"] if korean else city["name"],
            "country": country["name_ko"] if korean else country.get("in_text", country["name"]),
            "organisation": body[1 if korean and body[1] else 0] or name,
            "person": name,
            "people": f"{people:,}",
            "budget": f"{chance.uniform(*figures['budget']):.1f}",
        }

    def answers(self, entrant: Entrant, values: dict[str, str], chance: Random) -> dict[str, Any]:
        source = self.source(entrant)
        written = {key: chance.choice(variants).format(**values) for key, variants in source["answers"].items()}
        consents = CONSENTS | {"consent_partners": chance.random() < 0.85}
        if entrant.record["type"] == "individual":
            return written | consents
        slug = f"{entrant.kind['key']}.{entrant.number}"
        return written | consents | {
            "domain": entrant.kind["domain"],
            "started": values["year"],
            "maturity": "ongoing" if chance.random() < 0.7 else "finished",
            "budget": values["budget"],
            "beneficiaries": values["people"].replace(",", ""),
            "link": f"https://{slug}.example/",
        }  # fmt: skip

    def merit(self, entrant: Entrant, chance: Random) -> dict[str, float]:
        """How good the entry is, criterion by criterion: the truth that the demonstration's judges try to see."""
        level = chance.gauss(0, NOISE)
        strength = entrant.kind["strength"]
        return {name: min(10.0, max(1.0, mean + level + chance.gauss(0, NOISE / 2))) for name, mean in strength.items()}


@cache
def compiler() -> typst.Compiler:
    """One for all notes: it reads the fonts once."""
    return typst.Compiler(HOME / "demo_files" / "note.typ", root=HOME / "demo_files", ignore_system_fonts=True)


def note(kind: dict[str, Any]) -> bytes:
    """A PDF on how this kind of project was measured."""
    measure = kind["measure"][0].upper() + kind["measure"][1:] + "."
    inputs = {"title": f"Note on measurement: {kind['key'].replace('-', ' ')}", "measure": measure}
    made = compiler().compile(sys_inputs=inputs)
    assert isinstance(made, bytes)  # noqa: S101 - one page size, one file
    return made


def chart(before: int, after: int) -> bytes:
    """A PNG with two bars: before and after."""
    picture = Image.new("RGB", (640, 400), "white")
    draw = ImageDraw.Draw(picture)
    for left, share, colour in ((140, before, "#8a94a6"), (380, after, "#1f5fa8")):
        draw.rectangle((left, 360 - 3 * share, left + 120, 360), fill=colour)
        draw.text((left + 44, 340 - 3 * share), f"{share} %", fill="black")
    draw.line((80, 360, 580, 360), fill="black", width=2)
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()

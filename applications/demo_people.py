"""Who enters in the demonstration: invented contacts from pools of names, and the bodies they work for."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from applications.demo_writing import Entrant, texts
from prize.demo import Story, invent
from prize.models import Organisation, Person

Key = tuple[str, str, str, str]


def key_of(entrant: Entrant) -> Key:
    """Two entries of one kind from one city and type are one entrant's, sent twice."""
    return (entrant.country["code"], entrant.city["name"], entrant.record["type"], entrant.kind["key"])


@dataclass
class Cast:
    """The people and bodies of the call, each made once."""

    story: Story
    given: dict[str, Any] = field(default_factory=lambda: texts("prize", "people"))
    names: dict[str, Iterator[dict[str, str]]] = field(default_factory=dict)
    companies: dict[str, Iterator[Any]] = field(default_factory=dict)
    people: dict[Key, Person] = field(default_factory=dict)
    bodies: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    named: dict[Key, tuple[str, str]] = field(default_factory=dict)

    def person(self, entrant: Entrant) -> Person:
        """The entry's owner; the printed accounts own those of their own cities' governments."""
        key = key_of(entrant)
        if key not in self.people:
            self.people[key] = self.applicant(entrant) or self.contact(entrant)
        return self.people[key]

    def applicant(self, entrant: Entrant) -> Person | None:
        return self.story.made["applicant"] if self.is_of(entrant, "applicant") else None

    def is_of(self, entrant: Entrant, printed: str) -> bool:
        """Whether this is the entry of the city government that a printed account writes for."""
        place = self.given[printed]
        mine = (entrant.country["code"], entrant.city["name"], entrant.record["type"])
        return mine == (place["country"], place["city"], "city")

    def contact(self, entrant: Entrant) -> Person:
        code = entrant.country["code"]
        if code not in self.names:
            self.names[code] = self.names_of(code)
        record = next(self.names[code]) | {"country": code, "language": entrant.country["language"]}
        name = "laureate" if self.is_of(entrant, "laureate") else f"entrant{entrant.number}"
        return invent(record, f"{name}@demo.example")

    def names_of(self, code: str) -> Iterator[dict[str, str]]:
        """Every pair of a pool once, in an order of chance; countries of one pool share it."""
        pool = next(pool for pool in self.given["name_pools"] if code in pool["countries"])
        if pool["key"] not in self.names:
            pairs = list(itertools.product(pool["family"], pool["given"]))
            self.story.chance(f"names {pool['key']}").shuffle(pairs)
            self.names[pool["key"]] = (written(pool, family, given) for family, given in pairs)
        return self.names[pool["key"]]

    def name_of(self, entrant: Entrant) -> tuple[str, str]:
        """The body's Latin name and its own; a person entering alone has none."""
        key = key_of(entrant)
        if key not in self.named:
            self.named[key] = self.invented(entrant)
        return self.named[key]

    def invented(self, entrant: Entrant) -> tuple[str, str]:
        forms, kind = self.given["organisations"], entrant.record["type"]
        korean = entrant.country["language"] == "ko"
        if kind == "individual":
            return "", ""
        if kind == "city":
            form = forms["city"].get(entrant.country["code"], forms["city"]["default"])
        elif kind == "institution":
            choices = forms["institution"].get(entrant.kind["key"], forms["institution"]["default"])
            form = self.story.chance(f"institution {key_of(entrant)}").choice(choices)
        else:
            group = "korean" if korean else "international"
            form = next(self.companies.setdefault(group, iter(forms["corporation"][group])))
        form = form if isinstance(form, dict) else {"name": form}
        native = form.get("native", "").format(city=entrant.city.get("name_ko", "")) if korean else ""
        return form["name"].format(city=entrant.city["name"]), native

    def body(self, entrant: Entrant) -> Organisation | None:
        name, native = self.name_of(entrant)
        key = (entrant.country["code"], name)
        if name and key not in self.bodies:
            self.bodies[key] = Organisation.objects.create(
                code=self.story.code("organisation", *key),
                name=name,
                native_name=native,
                country=key[0],
                is_fictional=True,
            )
        return self.bodies.get(key)


def written(pool: dict[str, Any], family: Any, given: Any) -> dict[str, str]:
    """A name in Latin letters in its language's order, and in its own script where the pool has it."""
    latin = [part if isinstance(part, str) else part[0] for part in (given, family)]
    own = ["" if isinstance(part, str) else part[1] for part in (given, family)]
    joined = pool.get("native") == "family-given-joined"
    return {
        "name": " ".join(reversed(latin) if pool["order"] == "family-given" else latin),
        "native_name": "".join(reversed(own)) if joined else " ".join(own).strip(),
    }

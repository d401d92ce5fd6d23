"""What a walk found, a line of JSON for each page: kept as it goes, so that a run that was stopped goes on where it was."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TO_ADD = re.compile("/add/$")  # the form of a row that is not there yet
OF_ANY_ROW = "/history/"  # Django's page of a row's history is one page, whatever the table


@dataclass
class Page:
    role: str
    address: str
    route: str
    status: int
    shape: frozenset[str] = frozenset()
    title: str = ""
    faults: list[str] = field(default_factory=list)
    read_in: list[str] = field(default_factory=list)


@dataclass
class Walk:
    pages: list[Page] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)


def kind_of(page: Page) -> str:
    """What two pages share of which one may stand for the other: their route, and how they answer."""
    route = f"admin{OF_ANY_ROW}" if page.route.endswith(OF_ANY_ROW) else page.route
    return f"{TO_ADD.sub('/<path:object_id>/change/', route)} {page.status}"


def is_of_a_table(kind: str) -> bool:
    """Django's own pages of the office: a list, a row's form, the question before one is deleted, a row's history."""
    return bool(re.match(r"admin/(\w+/\w+/(<path:object_id>/(change|delete)/)?|history/) ", kind))


def family_of(kind: str) -> str:
    """Pages made by the same hand: Django's admin makes all of the office's of the same parts."""
    return "admin" if kind.startswith("admin/") else kind


class Known:
    """What is looked at: each kind of page, and of every family each part. A page with neither new shows nothing new."""

    def __init__(self) -> None:
        self.parts: dict[str, set[str]] = defaultdict(set)
        self.shades: set[str] = set()
        self.kinds: set[str] = set()

    def choose(self, pages: Iterable[Page]) -> Iterator[Page]:
        chosen = set(self.kinds)
        for page in pages:
            kind = kind_of(page)
            parts = self.parts[family_of(kind)]
            if kind not in chosen or not page.shape <= parts:
                chosen.add(kind)
                parts |= page.shape
                yield page

    def learn(self, kind: str, parts: Iterable[str], shades: Iterable[str]) -> None:
        self.kinds.add(kind)
        self.parts[family_of(kind)] |= set(parts)
        self.shades |= set(shades)


class Findings:
    """One world's lines. Those of other worlds, and of an earlier run that is resumed, say what is known already."""

    def __init__(self, folder: Path, stage: str, *, resume: bool):
        self.path = path = folder / f"{stage}.findings"
        self.stage, self.known = stage, Known()
        before = read(path) if resume else []
        self.walked = next((line for line in before if "reached" in line), None)
        self.pages = [page_of(line["page"]) for line in before if "page" in line]
        # What had a fault is looked at again: somebody has mended it since.
        self.looked = [line for line in before if "seen" in line and not line["faults"]] if self.walked else []
        others = [line for other in folder.glob("*.findings") if other != path for line in read(other)]
        for line in [*others, *self.looked]:
            if "seen" in line:
                self.known.learn(line["seen"], line["parts"], line["shades"])
        self.out = path.open("w")

    def earlier(self) -> Walk | None:
        """The walk of the run before, if it came to its end."""
        return Walk(self.pages, set(self.walked["reached"])) if self.walked else None

    def keep(self, walk: Walk, wanted: set[str]) -> None:
        for page in walk.pages:
            self.note(page=vars(page) | {"shape": sorted(page.shape)})
        self.note(reached=sorted(walk.reached), pages=sorted(wanted))
        for line in self.looked:
            self.note(**line)

    def note(self, **values: Any) -> None:
        self.out.write(json.dumps(values | {"stage": self.stage}, ensure_ascii=False) + "\n")
        self.out.flush()


def page_of(values: dict) -> Page:
    return Page(**values | {"shape": frozenset(values["shape"])})


def read(path: Path) -> list[dict]:
    """Whole lines: a run that was killed may have left half of one."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]

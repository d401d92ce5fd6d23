"""The contact sheet's pictures: every route as each role meets it, in each language, on a desk and on a phone."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from gate import failing, looking, sheets, walking, worlds
from gate.findings import Page, kind_of
from gate.visiting import Readers, chosen, matches

HIGHEST = 1800  # pixels of a page that a picture shows: what is below is more of the same, or found by going there


def picture(options: argparse.Namespace) -> int:
    """One world: what its roles meet that no world before it has shown them."""
    folder: Path = options.pictures
    folder.mkdir(parents=True, exist_ok=True)
    taken = sheets.taken(folder)
    new = list(unseen([page for page in met(options) if matches(page.route, options.routes)], taken))
    print(f"{options.world.name}: {len(new)} pages to be pictured", flush=True)
    with worlds.served(options.world, options.port) as base, sync_playwright() as playwright:
        readers = Readers(looking.launch(playwright), base)
        for number, page in enumerate(new, start=len(taken) + 1):
            for width, language in sheets.LOOKS:
                tab = readers.of(page.role, language)
                with failing.shown(tab, page.address, language):
                    take(tab, page.address, width, folder / sheets.name(number, width, language))
            note(folder, page, number=number, stage=options.world.name)
    return 0


def met(options: argparse.Namespace) -> list[Page]:
    roles, _languages = chosen(options)
    pages = [page for page in walking.walk(roles).pages if page.address not in failing.BY_ADDRESS]
    return pages + (list(failing.pages(("en", "ko"))) if walking.VISITOR in roles else [])


def unseen(pages: Iterable[Page], taken: list[dict]) -> Iterator[Page]:
    """Each kind of page once for each role, and again where it has a part that nobody has been shown of it."""
    seen = {(line["role"], line["kind"]) for line in taken}
    parts: dict[str, set[str]] = defaultdict(set)
    for line in taken:
        parts[line["kind"]] |= set(line["parts"])
    for page in sorted(pages, key=lambda page: -len(page.shape)):
        kind = kind_of(page)
        if (page.role, kind) not in seen or not page.shape <= parts[kind]:
            seen.add((page.role, kind))
            parts[kind] |= page.shape
            yield page


def take(tab: Tab, address: str, width: int, path: Path) -> None:
    looking.show(tab, width, "light")
    tab.goto(address, wait_until="load")
    high = min(tab.evaluate("document.documentElement.scrollHeight"), HIGHEST)
    tab.screenshot(
        path=path, type="jpeg", quality=75, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": high}
    )


def note(folder: Path, page: Page, **where: object) -> None:
    """As it goes, so that a run that was stopped has what it took."""
    shown = {key: getattr(page, key) for key in ("role", "address", "status", "title")}
    line = where | shown | {"kind": kind_of(page), "parts": sorted(page.shape)}
    with (folder / sheets.TAKEN).open("a") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")

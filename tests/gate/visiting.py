"""One world: its pages are walked through, and those whose state is new are looked at in the browser."""

import argparse
import hashlib
import json
import random
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from gate import failing, looking, routes, walking, worlds

# Forms that are sent empty, to see the page that says what is missing: role, and where the form stands.
ERRORS = [
    (walking.VISITOR, "/accounts/login/"),
    (walking.VISITOR, "/accounts/signup/"),
    (walking.VISITOR, "/accounts/password/reset/"),
    (walking.NORA, "/accounts/password/change/"),
    ("applicant", "entries/<str:code>/about/"),
    ("applicant", "entries/<str:code>/collaborators/"),
    ("applicant", "clarifications/<str:code>/"),
    ("judge", "judging/sheets/<str:code>/recusal/"),
    ("office", "/admin/prize/edition/add/"),
    ("office", "/admin/prize/person/add/"),
]


def visit(options: argparse.Namespace) -> int:
    stage = options.world.name
    path = Path(options.folder) / f"{stage}.findings"
    earlier = [
        json.loads(line)
        for other in Path(options.folder).glob("*.findings")
        if other != path
        for line in other.read_text().splitlines()
    ]
    known = {line["seen"] for line in earlier if "seen" in line}
    with path.open("w") as out:

        def note(**values: Any) -> None:
            out.write(json.dumps({"stage": stage, **values}, ensure_ascii=False) + "\n")
            out.flush()

        few = {} if everything(options) else {"most": options.pages, "chance": random.Random(options.seed)}
        walk = walking.walk(*chosen(options), **few)
        wanted = {route for route, kind in routes.table().items() if kind == routes.PAGE}
        note(reached=sorted(walk.reached), pages=sorted(wanted))
        for page in walk.pages:
            for fault in dict.fromkeys(page.faults):
                note(fault=fault, role=page.role, address=page.address)
        languages = chosen(options)[1]
        for failure in failing.FAILURES if not options.routes else ():
            for language in languages:
                for fault in failing.faults(failure, failure.page(language), language):
                    note(fault=f"{language}: {fault}", role=walking.VISITOR, address=failure.address)
        print(f"{stage}: {len(walk.pages)} pages walked", flush=True)
        if not options.no_browser:
            pages = [page for page in walk.pages if matches(page.route, options.routes)]
            with worlds.served(options.world, options.port) as base, sync_playwright() as playwright:
                look_at_all(looking.launch(playwright), base, pages, known, options, note)
    return 0


def everything(options: argparse.Namespace) -> bool:
    return bool(options.whole or options.roles or options.routes)


def chosen(options: argparse.Namespace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The whole: everybody, in every language. A sample: a few roles, and one language beside English."""
    if everything(options):
        return tuple(options.roles or walking.ROLES), tuple(options.languages)
    chance = random.Random(options.seed)
    roles = chance.sample(walking.ROLES[:-2], 2) + [chance.choice(walking.ROLES[-2:])]
    return tuple(roles), ("en", chance.choice(options.languages[1:]))


def matches(route: str, beginnings: list[str] | None) -> bool:
    return not beginnings or any(route.startswith(beginning) for beginning in beginnings)


def look_at_all(browser: Browser, base: str, pages: list, known: set, options: argparse.Namespace, note: Any) -> None:
    new = []
    for page in pages:
        seen = f"{page.route} {page.status} {hash_of(page.shape)}"
        if seen not in known:
            known.add(seen)
            new.append((page, seen))
    errors = ERRORS
    if not everything(options):
        random.Random(options.seed).shuffle(new)
        del new[options.pages :]
        errors = random.Random(options.seed).sample(ERRORS, 1)
    languages = chosen(options)[1]
    readers = Readers(browser, base)
    for number, (page, seen) in enumerate(new):
        if number % 25 == 0:
            print(f"  {number} of {len(new)} states looked at", flush=True)
        for language in languages:
            tab = readers.of(page.role, language)
            for fault in looking.look(tab, page.address, page.status, thorough=language == "en"):
                note(fault=f"{language} {fault}", role=page.role, address=page.address)
        note(seen=seen, looks=5 if len(languages) == 1 else 5 + 3 * (len(languages) - 1))
    for failure in failing.FAILURES if not options.routes else ():
        seen = f"{failure.address} {failure.status}"
        if seen in known:
            continue
        known.add(seen)
        for language in languages:
            tab = readers.of(walking.VISITOR, language)
            failing.shown(tab, failure, failure.page(language))
            for fault in looking.look(tab, failure.address, failure.status, thorough=language == "en"):
                note(fault=f"{language} {fault}", role=walking.VISITOR, address=failure.address)
            tab.unroute(f"**{failure.address}")
        note(seen=seen, looks=5 + 3 * (len(languages) - 1))
    for role, where in errors:
        found = next((page.address for page in pages if page.role == role and where in (page.route, page.address)), "")
        found = found or (where if where.startswith("/") and any(page.role == role for page in pages) else "")
        seen = f"error {role} {where}"
        if found and seen not in known:
            for fault in looking.look_at_error(readers.of(role, "en"), found):
                note(fault=f"en sent empty: {fault}", role=role, address=found)
            note(seen=seen, looks=5)


class Readers:
    """One tab for each role and language, opened when it is first wanted."""

    def __init__(self, browser: Browser, base: str):
        self.browser, self.base = browser, base
        self.tabs: dict[tuple[str, str], Page] = {}

    def of(self, role: str, language: str) -> Page:
        if (role, language) not in self.tabs:
            self.tabs[role, language] = looking.reader(self.browser, self.base, session_of(role), language)
        return self.tabs[role, language]


def hash_of(shape: frozenset[str]) -> str:
    return hashlib.sha256("\n".join(sorted(shape)).encode()).hexdigest()[:12]


SESSIONS: dict[str, str] = {}


def session_of(role: str) -> str:
    """One signed-in session a role; the walk and the browser share the world's database."""
    if role != walking.VISITOR and role not in SESSIONS:
        SESSIONS[role] = walking.browser_of(role, "en").cookies[settings.SESSION_COOKIE_NAME].value
    return SESSIONS.get(role, "")

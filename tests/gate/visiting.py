"""One world: its pages are walked through, and those whose state is new are looked at in the browser."""

import argparse
import random
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from gate import failing, looking, routes, walking, worlds
from gate.findings import Findings, Page, is_of_a_table, kind_of

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
    findings = Findings(Path(options.folder), options.world.name, resume=options.resume)
    walk = findings.earlier()
    if walk:
        walking.walk_again(walk)
    else:
        few = {} if everything(options) else {"most": options.pages, "chance": random.Random(options.seed)}
        walk = walking.walk(chosen(options)[0], **few)
    walk.pages = [page for page in walk.pages if page.address not in failing.BY_ADDRESS]
    walk.pages += failing.pages(chosen(options)[1])
    pages = [page for page in walk.pages if matches(page.route, options.routes)]
    new = list(findings.known.choose(in_order(pages, options)))
    for page in new:
        for language in chosen(options)[1][1:]:
            if language not in page.read_in:
                walking.read_in(language, page)
    findings.keep(walk, {route.replace("/^", "/") for route, kind in routes.table().items() if kind == routes.PAGE})
    print(f"{findings.stage}: {len(walk.pages)} pages walked, {len(new)} show something new", flush=True)
    if not options.no_browser:
        with worlds.served(options.world, options.port) as base, sync_playwright() as playwright:
            readers = Readers(looking.launch(playwright), base)
            look_at_all(readers, new, findings, chosen(options)[1])
            look_at_errors(readers, pages, findings, options)
    return 0


def everything(options: argparse.Namespace) -> bool:
    return bool(options.whole or options.roles or options.routes or options.pictures)


def chosen(options: argparse.Namespace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The whole: everybody, in every language. A sample: a few roles, and one language beside English."""
    if everything(options):
        return tuple(options.roles or (*walking.ROLES, *walking.CALLED)), tuple(options.languages)
    chance = random.Random(options.seed)
    roles = chance.sample(walking.ROLES[:-2], 2) + [chance.choice(walking.ROLES[-2:])]
    return tuple(roles), ("en", chance.choice(options.languages[1:]))


def matches(route: str, beginnings: list[str] | None) -> bool:
    return not beginnings or any(route.startswith(beginning) for beginning in beginnings)


def in_order(pages: list[Page], options: argparse.Namespace) -> list[Page]:
    """Of the whole, what has the most parts comes first, so that few pages show them all."""
    if everything(options):
        return sorted(pages, key=lambda page: (-len(page.shape), page.address))
    return random.Random(options.seed).sample(pages, len(pages))[: options.pages]


def look_at_all(readers: "Readers", pages: list[Page], findings: Findings, languages: tuple[str, ...]) -> None:
    """In English by every rule. In others by what depends on them: widths and, once for each kind of page, names.

    What a table of the office calls its fields is told by English: no page of it has a name in one language alone.
    """
    known = findings.known
    for number, page in enumerate(pages):
        if number % 25 == 0:
            print(f"  {number} of {len(pages)} looked at", flush=True)
        kind = kind_of(page)
        named = kind not in known.kinds and not is_of_a_table(kind)
        faults, before = [], set(known.shades)
        for language in languages:
            tab = readers.of(page.role, language)
            rules = {"shades": known.shades} if language == "en" else names(new=named)
            with failing.shown(tab, page.address, language):
                faults += [f"{language} {fault}" for fault in looking.look(tab, page.address, page.status, **rules)]
        shades = known.shades - before
        known.learn(kind, page.shape, shades)
        looks = 3 * len(languages) + len({shade.split()[0] for shade in shades})
        findings.note(seen=kind, parts=sorted(page.shape), shades=sorted(shades), role=page.role, address=page.address,
                      looks=looks, faults=faults)  # fmt: skip


def names(*, new: bool) -> dict[str, Any]:
    return {"colours": False, "widths": (looking.NARROW,) if new else ()}


def look_at_errors(readers: "Readers", pages: list[Page], findings: Findings, options: argparse.Namespace) -> None:
    errors, known = ERRORS if everything(options) else random.Random(options.seed).sample(ERRORS, 1), findings.known
    for role, where in errors:
        addresses = [page.address for page in pages if page.role == role and where in (page.route, page.address)]
        if not addresses and where.startswith("/") and any(page.role == role for page in pages):
            addresses = [where]
        seen, tab = f"{where} sent empty by the {role}", readers.of(role, "en")
        found = next((one for one in addresses if looking.emptied(tab, one)), "") if seen not in known.kinds else ""
        if found:
            faults = [f"en sent empty: {fault}" for fault in looking.look_at_answer(tab)]
            findings.note(seen=seen, parts=[], shades=[], role=role, address=found, looks=5, faults=faults)


class Readers:
    """One tab for each role and language, opened when it is first wanted."""

    def __init__(self, browser: Browser, base: str):
        self.browser, self.base = browser, base
        self.tabs: dict[tuple[str, str], Tab] = {}

    def of(self, role: str, language: str) -> Tab:
        if (role, language) not in self.tabs:
            self.tabs[role, language] = looking.reader(self.browser, self.base, session_of(role), language)
        return self.tabs[role, language]


SESSIONS: dict[str, str] = {}


def session_of(role: str) -> str:
    """One signed-in session a role; the walk and the browser share the world's database."""
    if role != walking.VISITOR and role not in SESSIONS:
        SESSIONS[role] = walking.browser_of(role, "en").cookies[settings.SESSION_COOKIE_NAME].value
    return SESSIONS.get(role, "")

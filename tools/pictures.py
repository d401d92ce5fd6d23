"""Make the pictures of the documentation from a running demonstration: ``python tools/pictures.py http://127.0.0.1:8000``.

Each picture is one page of one role, at the width of a desktop and of a phone. ``--all DIR`` takes every page of PAGES at both
widths and in both languages instead, to be looked at one by one.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "a-prize-for-2023"  # noqa: S105 - the demonstration's own
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
PICTURES = {"home": ("", "/"), "office": ("office", "/admin/"), "desk": ("judge", "/desk/")}
PAGES = {
    "": [
        "/",
        "/call/",
        "/method/",
        "/laureates/",
        "/archive/",
        "/archive/2023/",
        "/accounts/login/",
        "/accounts/signup/",
    ],
    "applicant": ["/desk/", "/entries/new/"],
    "judge": ["/desk/", "/judging/"],
    "chair": ["/desk/", "/judging/"],
    "member": ["/desk/", "/committee/"],
    "partner": ["/desk/", "/partner/"],
    "screening": ["/admin/"],
    "office": ["/admin/", "/desk/"],
}


def opened(browser: Browser, base: str, role: str, width: int, language: str) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, base_url=base, locale=language).new_page()
    if role:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", f"{role}@demo.example")
        page.fill("input[name=password]", PASSWORD)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url("**/desk/")
    return page


def linked(page: Page) -> Iterator[str]:
    """The pages that a role's own pages lead to, one of each kind."""
    kinds = set()
    for address in page.locator("main a[href^='/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    ):
        kind = re.sub(r"/[0-9A-Z]{8,}/|/\d+/", "/*/", address.split("?")[0])
        if kind not in kinds and "logout" not in kind and "/files/" not in kind and not kind.endswith("/calendar/"):
            kinds.add(kind)
            yield address


def sheet(browser: Browser, base: str, folder: Path) -> None:
    for role, addresses in PAGES.items():
        for width in (1280, 390):
            for language in ("en", "ko"):
                page = opened(browser, base, role, width, language)
                waiting, seen = list(addresses), set()
                while waiting:
                    address = waiting.pop(0)
                    answer = page.goto(address)
                    if address in addresses:
                        waiting += [found for found in linked(page) if found not in {*addresses, *seen}]
                    seen |= {address, *waiting}
                    name = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") or "home"
                    wide = page.evaluate(
                        "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
                    )
                    print(
                        answer.status if answer else "-",
                        role or "visitor",
                        width,
                        language,
                        address,
                        "TOO WIDE" if wide else "",
                    )
                    page.screenshot(
                        path=folder / f"{role or 'visitor'}_{name[:60]}_{width}_{language}.png", full_page=True
                    )
                page.context.close()


def main() -> None:
    base, *rest = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        if rest[:1] == ["--all"]:
            folder = Path(rest[1])
            folder.mkdir(parents=True, exist_ok=True)
            sheet(browser, base, folder)
            return
        folder = Path(__file__).resolve().parent.parent / "docs" / "pictures"
        folder.mkdir(exist_ok=True)
        for name, (role, address) in PICTURES.items():
            page = opened(browser, base, role, 1280, "en")
            page.goto(address)
            page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main()

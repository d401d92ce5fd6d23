"""What only a browser can tell of a page: axe's rules, what the console says, and whether the page scrolls sideways."""

import shutil
from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from playwright.sync_api import TimeoutError as Timeout

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
WIDE, NARROW, ZOOMED = 1280, 390, 320  # 320 px is 1280 px at 400 %
ALL = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light"))
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # No criterion of WCAG: Django's tables of related rows keep a column for the row's name.
    "rules": {"empty-table-header": {"enabled": False}},
    "preload": False,
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width + 1) return "";
  const out = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1);
  });
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className} ${(one.textContent || "").trim().slice(0, 30)}`;
  return out.slice(-2).map(name).join(" | ") || "unknown";
}"""
EMPTIED = """() => {
  const form = document.querySelector("main form[method=post], #content form[method=post]");
  if (!form) return false;
  const typed = /^(text|email|password|url|number|date|tel)$|textarea/;
  for (const field of form.elements) if (typed.test(field.type)) field.value = "";
  form.noValidate = true;
  (form.querySelector("button[type=submit]:not([name=delete]), input[type=submit]") || form).click();
  return true;
}"""


def launch(playwright: Playwright) -> Browser:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        raise SystemExit("There is no Chromium on this machine: install the package chromium.")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def reader(browser: Browser, base: str, session: str, language: str) -> Page:
    """A page of somebody who is signed in by this session and reads this language."""
    context: BrowserContext = browser.new_context(base_url=base, locale=language[:2], reduced_motion="reduce")
    cookies = {"django_language": language} | ({settings.SESSION_COOKIE_NAME: session} if session else {})
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    return context.new_page()


def look(page: Page, address: str, status: int, *, thorough: bool = True) -> Iterator[str]:
    """Every fault of one address, at both widths and zoomed; ``thorough`` in dark and at both widths with every rule."""
    said: list[str] = []
    listen = lambda message: said.append(message.text) if complaint(message, address) else None  # noqa: E731
    page.on("console", listen)
    failed = lambda error: said.append(str(error))  # noqa: E731
    page.on("pageerror", failed)
    page.set_viewport_size({"width": WIDE, "height": 900})
    page.emulate_media(color_scheme="light")
    answer = page.goto(address, wait_until="load")
    if answer is not None and answer.status != status:
        yield f"answers {answer.status}, the walk saw {status}"
    page.remove_listener("console", listen)
    page.remove_listener("pageerror", failed)
    yield from examine(page, thorough=thorough)  # axe itself tries styles that the content policy refuses, aloud
    yield from (f"console: {text[:200]}" for text in dict.fromkeys(said))


def complaint(message, address: str) -> bool:
    """An error on the console, but for the browser's own remark that a refusal is one."""
    own = (message.location or {}).get("url", "").endswith(
        address
    ) and "the server responded with a status" in message.text
    return message.type == "error" and not own


def look_at_error(page: Page, address: str) -> Iterator[str]:
    """The page that answers a form sent empty: it says so at its top, takes the focus, and is as good as any other."""
    page.set_viewport_size({"width": WIDE, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    try:
        with page.expect_navigation(timeout=15_000):
            sent = page.evaluate(EMPTIED)
    except Timeout:
        yield "a form sent empty gets no answer" if sent else "has no form to send"
        return
    if not page.locator(".error-summary, .errornote").count():
        yield "a form sent empty gets no summary of errors"
    elif not page.evaluate("!!document.activeElement.closest('.error-summary, .errornote')"):
        yield "the summary of errors does not take the focus"
    yield from examine(page)


def examine(page: Page, *, thorough: bool = True) -> Iterator[str]:
    """Colours do not depend on the language, nor most rules on the width, so one language is looked at thoroughly."""
    page.evaluate(AXE_SCRIPT)
    if not thorough:
        yield from too_wide(page, WIDE)
    for width, scheme in ALL if thorough else ALL[-1:]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        rules = RULES if scheme == "light" else COLOURS
        for violation in page.evaluate("async (rules) => (await axe.run(document, rules)).violations", rules):
            node = violation["nodes"][0]
            more = f" and {len(violation['nodes']) - 1} more" if len(violation["nodes"]) > 1 else ""
            yield f"{width} {scheme} axe {violation['id']}: {node['html'][:160]}{more}"
        if scheme == "light":
            yield from too_wide(page, width)
    page.set_viewport_size({"width": ZOOMED, "height": 700})
    yield from too_wide(page, ZOOMED)


def too_wide(page: Page, width: int) -> Iterator[str]:
    if out := page.evaluate(TOO_WIDE):
        yield f"{width} scrolls sideways: {out}"

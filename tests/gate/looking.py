"""What only a browser can tell of a page: axe's rules, what the console says, and whether the page scrolls sideways."""

import shutil
from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from playwright.sync_api import TimeoutError as Timeout

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
WIDE, NARROW, ZOOMED = 1280, 390, 320  # 320 px is 1280 px at 400 %
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # No criterion of WCAG: Django's tables of related rows keep a column for the row's name.
    "rules": {"empty-table-header": {"enabled": False}},
    "preload": False,
}
COLOUR = ["color-contrast"]
# What a width can change: what is hidden, how large things are, what scrolls. Names and roles do not depend on it.
OF_A_WIDTH = [
    "target-size",
    "scrollable-region-focusable",
    "button-name",
    "link-name",
    "label",
    "select-name",
    "heading-order",
]
BUT_COLOURS = RULES | {"rules": {"empty-table-header": {"enabled": False}, "color-contrast": {"enabled": False}}}
AXE = "async (rules) => (await axe.run(document, rules)).violations"
# Rows beyond these are made of the same parts; how wide they are is measured before they are put away.
SHORTENED = """() => {
  const more = document.querySelectorAll("tbody > tr:nth-child(n + 7)");
  for (const row of more) row.style.setProperty("display", "none", "important");
}"""
# What a reader sees, by how it is coloured: a page that shows nothing new of it has colours that are judged already.
SHADES = """() => {
  const own = (name) => !/^(app|model|field|column|dynamic|current)-/.test(name);
  const name = (one) => `${one.localName}.${[...one.classList].filter(own).sort().join(".")}`;
  const seen = [...document.querySelectorAll("body *")].filter((one) => one.getClientRects().length);
  const shade = (one) => {
    const style = getComputedStyle(one);
    return `${name(one.parentElement)}>${name(one)} ${style.color} ${style.backgroundColor} ${style.fontSize}`;
  };
  return [...new Set(seen.map(shade))];
}"""
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
  const typed = /^(text|email|password|url|number|date|tel)$|textarea/;
  const forms = [...document.querySelectorAll("main form[method=post], #content form[method=post]")];
  const form = forms.find((one) => [...one.elements].some((field) => typed.test(field.type))) || forms[0];
  const button = form?.querySelector("button[type=submit]:not([name=delete], :disabled), input[type=submit]:not(:disabled)");
  if (!button) return false;
  for (const field of form.elements) if (typed.test(field.type)) field.value = "";
  form.noValidate = true;
  button.dataset.sends = "nothing";
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


def look(page: Page, address: str, status: int, **examined: Any) -> Iterator[str]:
    """Every fault of one address: what the console says while it opens, then what ``examine`` finds."""
    said: list[str] = []
    listen = lambda message: said.append(message.text) if complaint(message, address) else None  # noqa: E731
    page.on("console", listen)
    failed = lambda error: said.append(str(error))  # noqa: E731
    page.on("pageerror", failed)
    show(page, WIDE, "light")
    answer = page.goto(address, wait_until="load")
    if answer is not None and answer.status != status:
        yield f"answers {answer.status}, the walk saw {status}"
    page.remove_listener("console", listen)
    page.remove_listener("pageerror", failed)
    yield from examine(page, **examined)  # axe itself tries styles that the content policy refuses, aloud
    yield from (f"console: {text[:200]}" for text in dict.fromkeys(said))


def complaint(message, address: str) -> bool:
    """An error on the console, but for the browser's own remark that a refusal is one."""
    own = (message.location or {}).get("url", "").endswith(
        address
    ) and "the server responded with a status" in message.text
    return message.type == "error" and not own


def emptied(page: Page, address: str) -> bool:
    """Whether there is a form to send, as there is none of an entry that is submitted; its fields are empty then."""
    show(page, WIDE, "light")
    page.goto(address)
    return page.evaluate(EMPTIED)


def look_at_answer(page: Page) -> Iterator[str]:
    """The page that answers a form sent empty: it says so at its top, takes the focus, and is as good as any other."""
    try:
        with page.expect_navigation(timeout=30_000):
            page.evaluate("document.querySelector('[data-sends]').click()")
    except Timeout:
        yield "a form sent empty gets no answer"
        return
    if not page.locator(".error-summary, .errornote").count():
        yield "a form sent empty gets no summary of errors"
    elif not page.evaluate("!!document.activeElement.closest('.error-summary, .errornote')"):
        yield "the summary of errors does not take the focus"
    yield from examine(page)


def examine(
    page: Page,
    *,
    widths: tuple[int, ...] = (WIDE, NARROW),
    colours: bool = True,
    shades: set[str] | None = None,
) -> Iterator[str]:
    """Is anything too wide, at every width; by axe's rules at the first of ``widths``, and by those that depend on the width
    at the others. Colours take most of the time: they are judged where one is not among the ``shades``, which grow by it."""
    for width in (WIDE, NARROW, ZOOMED):
        show(page, width, "light")
        yield from too_wide(page, width)
    if widths:
        page.evaluate(AXE_SCRIPT)
        page.evaluate(SHORTENED)
    for number, width in enumerate(widths):
        show(page, width, "light")
        found = {f"{width} {shade}" for shade in page.evaluate(SHADES)} if shades is not None else set()
        new = colours and not (found and found <= shades)
        yield from axe(page, width, "light", rules(every=number == 0, colours=new))
        if new:
            yield from axe(page, width, "dark", only(COLOUR))
        if shades is not None:
            shades |= found


def rules(*, every: bool, colours: bool) -> dict[str, Any]:
    if every:
        return RULES if colours else BUT_COLOURS
    return only([*OF_A_WIDTH, *COLOUR] if colours else OF_A_WIDTH)


def only(names: list[str]) -> dict[str, Any]:
    return {"runOnly": {"type": "rule", "values": names}, "resultTypes": ["violations"], "preload": False}


def axe(page: Page, width: int, scheme: str, rules: dict) -> Iterator[str]:
    show(page, width, scheme)
    for violation in page.evaluate(AXE, rules):
        node = violation["nodes"][0]
        more = f" and {len(violation['nodes']) - 1} more" if len(violation["nodes"]) > 1 else ""
        yield f"{width} {scheme} axe {violation['id']}: {node['html'][:160]}{more}"


def show(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def too_wide(page: Page, width: int) -> Iterator[str]:
    if out := page.evaluate(TOO_WIDE):
        yield f"{width} scrolls sideways: {out}"

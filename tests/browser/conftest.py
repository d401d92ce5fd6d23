"""A real Chromium against a real server. Tests here carry the mark ``browser``."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright's synchronous form runs an event loop, in which Django refuses the ORM unless told that we know.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a long enough password"


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(request, chromium: Browser, live_server) -> Iterator[Page]:
    """A page at both widths. A console error or a refused script fails the test that caused it; that a form was refused
    with words (409, 422) is no error of ours, though the browser logs it.
    """
    width, height = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": height}, base_url=live_server.url, locale="en-GB"
    )
    opened = context.new_page()
    complaints: list[str] = []
    answered = ("status of 409", "status of 422")

    def listen(message) -> None:
        if message.type == "error" and not any(words in message.text for words in answered):
            complaints.append(message.text)

    opened.on("console", listen)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def enter(page: Page):
    """``enter(amina)`` signs Amina in through the log-in page."""

    def sign_in(person) -> Page:
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password").first.fill(PASSWORD)
        page.locator("form button[type=submit]").last.click()
        page.wait_for_url("**/desk/")
        return page

    return sign_in

"""Questions that several browser tests ask of a page."""

from playwright.sync_api import Page


def overflows(page: Page) -> bool:
    """Does the page scroll sideways?"""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")

"""Questions that several browser tests ask of a page."""

from django.conf import settings
from django.test import Client
from factories import prize as make
from playwright.sync_api import Page


def overflows(page: Page) -> bool:
    """Does the page scroll sideways?"""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def signed_in(person, base: str) -> dict[str, str]:
    """The cookie of a browser in which this person is signed in."""
    client = Client()
    make.sign_in(client, person)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": base,
    }

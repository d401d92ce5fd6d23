"""What a visitor sees first."""

import pytest
from browser_tools import overflows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("address", ["/", "/call/", "/method/", "/archive/", "/accounts/login/", "/accounts/signup/"])
def test_a_visitor_reads_every_public_page_without_scrolling_sideways(lifted_seals, page, edition, address):
    assert page.goto(address).status == 200
    assert page.locator("h1").count() == 1
    assert page.title()
    assert not overflows(page)


def test_a_visitor_reads_korean_and_comes_back_to_english(lifted_seals, page, edition):
    page.goto("/")
    choose(page, "한국어")
    assert page.locator("html").get_attribute("lang") == "ko"
    assert "항구상 2030" in page.content()
    choose(page, "English")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "항구상 2030" not in page.content()


def choose(page, language: str) -> None:
    """The choice of language stands in the header, on a phone behind its menu."""
    menu = page.locator("button.site-menu")
    if menu.is_visible():
        menu.click()
    page.get_by_role("button", name=language).first.click()
    page.wait_for_load_state()


def test_a_person_signs_up_and_lands_on_an_empty_desk_that_guides(lifted_seals, page, edition):
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill("Zoe")
    page.get_by_label("Email").fill("zoe@example.org")
    page.get_by_label("Password").first.fill("harbour lights at dusk")
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/desk/")
    assert "Good day, Zoe" in page.locator("h1").inner_text()
    assert page.get_by_role("link", name="See the call").is_visible()

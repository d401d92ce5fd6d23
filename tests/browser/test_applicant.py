"""Amina enters, from the call to the receipt, by mouse, by keyboard and without scripts."""

import pytest
from browser_tools import overflows
from factories.applications import make_application, make_form
from factories.prize import make_person

from applications.models import Application, Submission

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"


@pytest.fixture
def amina(edition):
    make_form(edition)
    return make_person("Amina", password=PASSWORD)


def test_amina_enters_from_the_call_to_the_receipt(lifted_seals, enter, amina):
    page = enter(amina)
    page.goto("/call/")
    page.get_by_role("link", name="Enter in People").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Title of the entry").fill("A bank of hours")
    page.get_by_label("Country").select_option("NO")
    page.get_by_label("City or region").fill("Bergen")
    page.get_by_role("button", name="Start the entry").click()
    page.wait_for_url(lambda address: "/entries/new/" not in address)
    entry = Application.objects.get()
    page.wait_for_url(f"**/entries/{entry.code}/**")
    assert not overflows(page)
    page.goto(f"/entries/{entry.code}/sections/project/")
    page.locator("textarea").first.fill("A bank of hours for neighbours who help each other with screens and forms.")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    assert entry.answers.filter(question__key="summary").exists()


def test_an_incomplete_entry_says_what_is_missing_and_leads_there(lifted_seals, enter, amina, edition, at):
    entry = make_application(edition, amina, at=at, answers={"summary": "Too short"})
    page = enter(amina)
    page.goto(f"/entries/{entry.code}/check/")
    assert "Too short" in page.content()
    assert page.locator("main a[href*='/sections/']").count() >= 1
    assert Submission.objects.count() == 0
    assert not overflows(page)


def test_amina_submits_by_keyboard_alone_and_gets_a_receipt(lifted_seals, enter, amina, edition, at):
    entry = make_application(edition, amina, at=at)
    page = enter(amina)
    page.goto(f"/entries/{entry.code}/check/")
    button = page.locator(f"form[action*='/entries/{entry.code}/submission/'] button[type=submit]").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts/**")
    submission = Submission.objects.get()
    assert submission.receipt in page.content()
    assert not overflows(page)

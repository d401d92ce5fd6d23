"""Entering, from the call to the receipt: by keyboard alone, without scripts, through a crash and a double press."""

import re
from collections.abc import Iterator

import pytest
from browser_tools import overflows
from django.core import mail
from factories.applications import PDF, make_application, make_form
from factories.prize import make_person
from playwright.sync_api import Browser, Locator, Page, expect

from applications.models import Answer, Application, Submission

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"
SUMMARY = "A bank of hours for neighbours who help each other with screens and forms."
TYPED = "Typed into this page for an hour before the train went into the tunnel."


@pytest.fixture
def amina(edition):
    make_form(edition)
    return make_person("Amina", password=PASSWORD)


@pytest.fixture
def entry(edition, amina, at):
    return make_application(edition, amina, at=at)


@pytest.fixture
def plain_page(chromium: Browser, live_server) -> Iterator[Page]:
    """A browser in which no script runs."""
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url, locale="en-GB")
    yield context.new_page()
    context.close()


class Keyboard:
    """Somebody who never touches a mouse."""

    def __init__(self, page: Page):
        self.page = page

    def reach(self, there: Locator) -> None:
        """With the tabulator, and with nothing else; wherever one stops, it shows."""
        for _step in range(80):
            if there.evaluate("there => there === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{there} cannot be reached by keyboard")

    def press(self, there: Locator) -> None:
        self.reach(there)
        self.page.keyboard.press("Enter")

    def tick(self, there: Locator) -> None:
        self.reach(there)
        self.page.keyboard.press("Space")

    def write(self, there: Locator, text: str) -> None:
        self.reach(there)
        self.page.keyboard.insert_text(text)

    def choose(self, there: Locator, name: str) -> None:
        self.reach(there)
        self.page.keyboard.type(name)

    def attach(self, there: Locator, name: str, content: bytes) -> None:
        self.reach(there)  # what follows is the operating system's own window, which no page can see
        there.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})


class Mouse:
    """Somebody who points and clicks."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, there: Locator) -> None:
        there.click()

    def tick(self, there: Locator) -> None:
        there.check()

    def write(self, there: Locator, text: str) -> None:
        there.fill(text)

    def choose(self, there: Locator, name: str) -> None:
        there.select_option(label=name)

    def attach(self, there: Locator, name: str, content: bytes) -> None:
        there.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})


def zoe_enters(page: Page, hand: Keyboard | Mouse) -> Application:
    """From the call to the receipt: an account, an entry, an attachment, a collaborator."""
    page.goto("/call/")
    hand.press(page.get_by_role("link", name="Enter in People"))
    hand.press(page.locator("main").get_by_role("link", name=re.compile("make an account|sign up", re.IGNORECASE)))
    hand.write(page.get_by_label("Your name"), "Zoe")
    hand.write(page.get_by_label(re.compile("E-?mail")), "zoe@example.org")
    hand.write(page.get_by_label("Password").first, "harbour lights at dusk")
    hand.press(page.locator("main form button[type=submit]").last)

    page.wait_for_url("**/entries/new/**")
    hand.tick(page.get_by_role("radio").first)
    hand.write(page.get_by_label("Title of the entry"), "A bank of hours")
    hand.choose(page.get_by_label("Country"), "Norway")
    hand.write(page.get_by_label("City or region"), "Bergen")
    hand.press(page.get_by_role("button", name="Start the entry"))
    page.wait_for_url(lambda address: "/entries/new/" not in address)
    entry = Application.objects.get()

    hand.press(page.get_by_role("link", name="The project"))
    hand.write(page.get_by_label("Summary"), SUMMARY)
    hand.tick(page.get_by_label("Mobility"))
    hand.attach(page.get_by_label("Evidence file"), "plan.pdf", PDF)
    hand.press(page.get_by_role("button", name="Save and continue"))
    page.wait_for_url("**/sections/consents/")
    hand.tick(page.get_by_label("Consent publication"))
    hand.press(page.get_by_role("button", name="Save and continue"))
    page.wait_for_url("**/check/")
    assert "plan.pdf" in page.content()
    assert not overflows(page)

    hand.press(page.get_by_role("link", name=f"Entry {entry.code}"))
    hand.press(page.get_by_role("link", name="Invite or remove somebody"))
    hand.write(page.get_by_label("E-mail address"), "carla@example.org")
    hand.press(page.get_by_role("button", name="Send the invitation"))
    page.get_by_text("carla@example.org").first.wait_for()

    hand.press(page.get_by_role("link", name=f"Entry {entry.code}"))
    hand.press(page.get_by_role("link", name="Check your answers and submit"))
    hand.press(page.get_by_role("button", name="Submit the entry"))
    page.wait_for_url("**/receipts/**")
    return entry


def holds_a_receipt(page: Page, entry: Application) -> None:
    sealed = Submission.objects.get()
    assert sealed.receipt in page.locator("h1").inner_text()
    assert sealed.digest in page.content()
    answers = {a["key"]: a for part in sealed.snapshot["sections"] for a in part["answers"]}
    assert answers["summary"]["value"] == SUMMARY
    assert [file["name"] for file in answers["evidence_file"]["files"]] == ["plan.pdf"]
    assert {sealed.receipt in message.body for message in mail.outbox if "submitted" in message.subject} == {True}
    assert not overflows(page)


def test_zoe_enters_by_keyboard_alone(lifted_seals, page, amina):
    holds_a_receipt(page, zoe_enters(page, Keyboard(page)))


def test_zoe_enters_with_scripts_switched_off(lifted_seals, plain_page, amina):
    entry = zoe_enters(plain_page, Mouse(plain_page))
    holds_a_receipt(plain_page, entry)


def test_carla_joins_by_the_link_in_her_letter(lifted_seals, chromium, live_server, page, enter, amina, entry):
    make_person("Carla", password=PASSWORD)
    enter(amina).goto(f"/entries/{entry.code}/collaborators/")
    page.get_by_label("E-mail address").fill("carla@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("invited").first.wait_for()
    link = re.search(r"http://[^/]+(/collaborations/\w+/)", mail.outbox[-1].body)[1]
    hers = chromium.new_context(base_url=live_server.url, locale="en-GB").new_page()
    hers.goto(link)
    hers.get_by_label(re.compile("E-?mail")).fill("carla@example.org")
    hers.get_by_label("Password").first.fill(PASSWORD)
    hers.locator("main form button[type=submit]").last.click()
    hers.get_by_role("button", name="Join").click()
    hers.wait_for_url(f"**/entries/{entry.code}/")
    assert entry.collaborators.get().joined_at
    hers.context.close()


def test_an_incomplete_entry_says_what_is_missing_and_leads_there(lifted_seals, enter, amina, edition, at):
    entry = make_application(edition, amina, at=at, answers={"summary": "Too short"})
    page = enter(amina)
    page.goto(f"/entries/{entry.code}/check/")
    assert "Too short" in page.content()
    page.locator("a[href*='/sections/project/?problems#id_summary']").click()
    expect(page.get_by_text("2 words; write at least 5.").first).to_be_visible()
    assert Submission.objects.count() == 0
    assert not overflows(page)


def test_a_double_press_and_a_step_back_give_one_receipt(lifted_seals, enter, amina, entry):
    page = enter(amina)
    page.goto(f"/entries/{entry.code}/check/")
    page.get_by_role("button", name="Submit the entry").dblclick()
    page.wait_for_url("**/receipts/**")
    receipt = page.url
    page.go_back()
    again = page.get_by_role("button", name="Submit the entry")
    if again.count():  # the page as the browser remembered it
        again.click()
        page.wait_for_url("**/receipts/**")
        assert page.url == receipt
    assert Submission.objects.count() == 1


# --- What the browser keeps ------------------------------------------------------------------------


def kept_in(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")


def types_and_crashes(page: Page, address: str) -> Page:
    page.goto(address)
    page.get_by_label("Summary").fill(TYPED)
    expect(page.locator("[data-draft-note]")).to_be_visible()
    another = page.context.new_page()
    page.close()
    return another


def test_a_crash_costs_nothing_and_saving_clears_what_the_browser_kept(lifted_seals, enter, amina, entry):
    address = f"/entries/{entry.code}/sections/project/"
    page = types_and_crashes(enter(amina), address)
    page.goto(address)
    assert page.get_by_label("Summary").input_value() != TYPED, "nothing comes back unasked"
    page.get_by_role("button", name="Put it into the form").click()
    assert page.get_by_label("Summary").input_value() == TYPED
    assert not overflows(page)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/sections/consents/")
    assert Answer.objects.get(application=entry, question__key="summary").value == TYPED
    assert kept_in(page) == []


def test_what_the_browser_kept_can_be_thrown_away(lifted_seals, enter, amina, entry):
    address = f"/entries/{entry.code}/sections/project/"
    page = types_and_crashes(enter(amina), address)
    page.goto(address)
    page.get_by_role("button", name="Throw it away").click()
    assert kept_in(page) == []
    page.reload()
    assert page.get_by_role("button", name="Throw it away").count() == 0


def test_signing_out_leaves_nothing_in_the_browser(lifted_seals, enter, amina, entry):
    page = types_and_crashes(enter(amina), f"/entries/{entry.code}/sections/project/")
    page.goto("/accounts/logout/")
    assert len(kept_in(page)) == 1
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda address: "logout" not in address)
    assert kept_in(page) == []


def test_what_the_browser_kept_does_not_run_over_what_carla_saved(lifted_seals, enter, amina, entry):
    address = f"/entries/{entry.code}/sections/project/"
    page = types_and_crashes(enter(amina), address)
    Answer.objects.filter(application=entry, question__key="summary").update(
        value="What Carla wrote in the meantime.", version=entry.version + 1
    )
    Application.objects.filter(pk=entry.pk).update(version=entry.version + 1)
    page.goto(address)
    page.get_by_role("button", name="Put it into the form").click()
    with page.expect_response(lambda response: response.request.method == "POST") as met:
        page.get_by_role("button", name="Save and continue").click()
    assert met.value.status == 409
    expect(page.locator(".kept-text", has_text="What Carla wrote in the meantime.")).to_be_visible()
    expect(page.locator(".kept-text", has_text=TYPED)).to_be_visible()


# --- Time and counting -----------------------------------------------------------------------------


def test_the_deadline_is_told_in_the_prizes_zone_and_the_readers(lifted_seals, chromium, live_server, edition, amina):
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", timezone_id="America/Bogota")
    page = context.new_page()
    page.goto("/call/")
    told = page.locator("time[data-zone]").first
    assert "Seoul" in told.inner_text()
    assert "your time" in page.locator(".reader-time").first.inner_text()
    context.close()


def test_the_counter_shows_every_word_and_says_it_when_one_pauses(lifted_seals, enter, amina, entry):
    page = enter(amina)
    page.goto(f"/entries/{entry.code}/sections/project/")
    page.get_by_label("Summary").fill("word " * 31)
    expect(page.locator(".counter").first).to_have_text("31 / 30")
    expect(page.locator(".counter").first).to_have_attribute("aria-hidden", "true")
    expect(page.locator("p[role=status]").first).to_have_text("Words too many: 1")

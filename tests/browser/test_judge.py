"""Eve judges in a browser, by keyboard, without scripts, in two windows and after her session has run out; Gita presides."""

import pytest
from browser_tools import overflows
from factories import judges as judging
from factories import prize as make
from playwright.sync_api import expect

from applications.models import Recusal
from judges import marking, tallying
from judges.models import Declaration, Invitation, Pledge, ScoreSheet
from prize import outage

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"


@pytest.fixture
def edition(at):
    return make.make_edition(at, open_stage="second")


@pytest.fixture
def office(edition):
    person = make.make_person("Karim", is_staff=True)
    make.make_office(edition, person)
    return person


@pytest.fixture
def eve():
    return make.make_person("Eve", password=PASSWORD)


@pytest.fixture
def round(edition):
    return judging.make_round(edition, comment_min_words=3, reviews_per_entry=1)


@pytest.fixture
def sheet(edition, round, eve, office, at):
    """Eve's empty sheet of the first of two entries."""
    judge = judging.make_judge(edition, eve, by=office, at=at)
    entries = [judging.make_entry(edition, by=office, at=at, title=f"Night bus {n}", country="NO") for n in (1, 2)]
    made = [judging.make_assignment(round, entry, judge, by=office, at=at) for entry in entries]
    return judging.sheet_of(made[0])


def marks_of(sheet):
    return {key: int(value) for key, value in marking.marks_of(sheet).items()}


def is_saved(page):
    expect(page.locator("#saved")).to_contain_text("Saved")


# --- The way in ----------------------------------------------------------------------------------------


def test_eve_accepts_pledges_declares_and_reaches_her_entries(lifted_seals, enter, edition, round, eve, office, at):
    judge = judging.make_judge(edition, eve, by=office, at=at, until="invited")
    page = enter(eve)
    page.get_by_role("link", name="Accept the invitation").first.click()
    page.get_by_role("button", name="I accept").click()
    page.get_by_label("Your full name").fill("Somebody Else")
    page.get_by_role("button", name="Sign the pledge").click()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_label("Your full name").fill("Eve")
    page.get_by_role("button", name="Sign the pledge").click()
    page.get_by_role("button", name="Declare").click()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_label("I have gone through the whole list").check()
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_role("heading", name="No entry is assigned to you yet")).to_be_visible()
    assert not overflows(page)
    assert Invitation.objects.get(judge=judge).answer == "accepted"
    assert (Pledge.objects.get().signed_as, Declaration.objects.get().judge) == ("Eve", judge)


# --- Reading and marking -------------------------------------------------------------------------------


def test_eve_marks_by_keyboard_alone_is_told_what_lacks_and_casts(lifted_seals, enter, eve, sheet):
    page = enter(eve)
    page.goto(f"/judging/sheets/{sheet.code}/")
    assert "A bank of hours for neighbours" in page.locator("article").inner_text()
    assert not overflows(page)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("8")
    page.keyboard.press("ArrowRight")
    is_saved(page)
    page.get_by_role("button", name="Cast this sheet").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("Impact has no mark yet.")
    expect(page.locator(".error-summary")).to_contain_text("Write at least 3 words for the jury.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "mark-impact"
    page.keyboard.press("7")
    page.keyboard.press("c")
    page.keyboard.type("Clear, brave and useful.")
    page.get_by_role("button", name="Cast this sheet").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your sheet is cast.")).to_be_visible()
    sheet.refresh_from_db()
    assert (marks_of(sheet), sheet.comment) == ({"idea": 9, "impact": 7}, "Clear, brave and useful.")
    assert sheet.cast_at
    assert page.locator("input[type=radio]:enabled").count() == 0


def test_a_draft_is_kept_by_itself_even_when_eve_leaves_in_mid_sentence(lifted_seals, enter, eve, sheet):
    page = enter(eve)
    page.goto(f"/judging/sheets/{sheet.code}/")
    page.locator("label", has=page.locator("input[name=mark-idea][value='6']")).click()
    is_saved(page)
    page.get_by_label("Comment for the jury").type("I would like to")
    page.get_by_role("link", name="My entries").first.click()
    expect(page.get_by_text("draft, 1 marks")).to_be_visible()
    page.goto(f"/judging/sheets/{sheet.code}/")
    expect(page.get_by_label("Comment for the jury")).to_have_value("I would like to")


def test_a_mark_and_the_cast_in_one_breath_are_one_sheet(lifted_seals, enter, eve, sheet, at):
    """The mark's own save is still on its way when the button is pressed: the button waits for it."""
    judging.mark(sheet.assignment, at=at, idea=8, impact=7, comment="Clear and brave work.")
    page = enter(eve)
    page.goto(f"/judging/sheets/{sheet.code}/")
    page.evaluate(
        """() => {
          const input = document.querySelector("input[name=mark-impact][value='9']");
          input.checked = true;
          input.dispatchEvent(new Event("change", { bubbles: true }));
          return new Promise((done) => setTimeout(done, 1));
        }"""
    )
    page.get_by_role("button", name="Cast this sheet").click()
    expect(page.get_by_text("Your sheet is cast.")).to_be_visible()
    assert marks_of(sheet) == {"idea": 8, "impact": 9}


def test_a_second_window_with_a_stale_sheet_loses_nothing(lifted_seals, enter, eve, sheet, at):
    page = enter(eve)
    page.goto(f"/judging/sheets/{sheet.code}/")
    judging.mark(sheet.assignment, at=at, idea=3, comment="From the other window.")
    with page.expect_response(lambda answer: answer.status == 409):
        page.get_by_label("Comment for the jury").fill("From this window.")
    expect(page.locator("#saved")).to_contain_text("saved from another window")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Save for later").click()
    both = page.get_by_role("alert")
    expect(both).to_contain_text("From this window.")
    expect(page.get_by_label("Comment for the jury")).to_have_value("From the other window.")
    page.get_by_role("button", name="Keep what stood on this page").click()
    expect(page.get_by_label("Comment for the jury")).to_have_value("From this window.")


def test_what_eve_marked_after_her_session_ended_is_there_when_she_is_back(lifted_seals, enter, eve, sheet):
    page = enter(eve)
    page.goto(f"/judging/sheets/{sheet.code}/")
    page.context.clear_cookies(name="sessionid")
    page.locator("label", has=page.locator("input[name=mark-idea][value='9']")).click()
    expect(page.locator("#saved")).to_contain_text("You are signed out. What you marked is kept.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Sign in and save it").click()
    page.get_by_label("Email").fill(eve.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url(f"**/judging/sheets/{sheet.code}/")
    is_saved(page)
    assert marks_of(sheet) == {"idea": 9}


def test_without_scripts_eve_marks_saves_casts_and_steps_aside(lifted_seals, chromium, live_server, eve, sheet):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(eve.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.locator("form button[type=submit]").last.click()
    page.goto(f"/judging/sheets/{sheet.code}/")
    page.locator("input[name=mark-idea][value='8']").check()
    page.get_by_role("button", name="Save for later").click()
    page.goto(f"/judging/sheets/{sheet.code}/")
    page.locator("input[name=mark-impact][value='7']").check()
    page.get_by_label("Comment for the jury").fill("Clear and brave work.")
    page.get_by_role("button", name="Cast this sheet").click()
    assert page.get_by_text("Your sheet is cast.").count() == 1
    assert marks_of(sheet) == {"idea": 8, "impact": 7}
    page.get_by_role("link", name="Next entry").click()
    page.get_by_role("link", name="Step aside").click()
    page.get_by_role("button", name="Step aside").click()
    assert page.locator(".error-summary").count() == 1
    page.get_by_label("professional relation").check()
    page.get_by_role("button", name="Step aside").click()
    assert page.get_by_text("You stand aside from this entry.").count() == 1
    assert Recusal.objects.get().ground == "professional"
    context.close()


# --- The chair -----------------------------------------------------------------------------------------


@pytest.fixture
def gita(edition, office, at):
    person = make.make_person("Gita", password=PASSWORD)
    judging.make_judge(edition, person, by=office, at=at, role="chair")
    return person


def test_the_chair_sees_progress_asks_for_late_sheets_and_watches_the_tally_come(
    lifted_seals, enter, edition, round, eve, sheet, gita, office, at
):
    page = enter(gita)
    page.goto(f"/judging/{edition.year}/second/")
    expect(page.get_by_role("row", name="Eve")).to_contain_text("0 / 2")
    page.get_by_role("button", name="Ask for missing sheets").click()
    expect(page.get_by_text("1 judge is written to.")).to_be_visible()
    assert not overflows(page)
    for one in ScoreSheet.objects.all():
        judging.cast(one.assignment, at=at, idea=8, impact=4 + one.pk % 2, comment="Clear and brave work.")
    outage.redis.begins(ConnectionError("no worker is told, so that the page can be seen waiting"))
    try:
        tallies = tallying.close_round(round, by=office, at=round.stage.closes_at + make.DAY / 24)
    finally:
        outage.redis.until = 0.0
    page.goto(f"/judging/{edition.year}/second/people/")
    expect(page.get_by_role("heading", name="The tally is being computed")).to_be_visible()
    tallying.compute(tallies[0], at=round.stage.closes_at + make.DAY / 24)
    expect(page.get_by_role("table", name="Entries by rank")).to_be_visible(timeout=15000)
    expect(page.locator("#tally-news")).to_have_text("The tally is computed and stands below.")
    assert not overflows(page)

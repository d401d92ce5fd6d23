"""The promotion committee decides on the laureates, by keyboard and on a phone."""

import pytest
from browser_tools import overflows
from factories import ceremony as give
from factories import prize as make

from applications import recusing
from ceremony import conferring
from ceremony.models import Laureate
from prize.models import Vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition(at):
    return make.make_edition(at, open_stage="final")


@pytest.fixture
def motion(edition, promotion, karim, hana, ines, jo, amina, bruno, nora, at):
    people = [amina, bruno, make.make_person("Oskar"), nora, make.make_person("Petra")]
    give.make_world(edition, people, by=karim, at=at)
    return conferring.propose(edition, by=karim, at=at, reason="As the round found.")


def test_ines_reads_the_list_and_an_entry_and_votes_by_keyboard(lifted_seals, enter, ines, motion):
    page = enter(ines)
    page.get_by_role("link", name="Laureates of Harbour Prize 2030").click()
    page.wait_for_url(f"**/committee/motions/{motion.code}/")
    assert page.get_by_role("row").count() == 1 + len(motion.content["places"])
    assert not overflows(page)
    page.get_by_role("link", name="Project 1").click()
    page.wait_for_url("**/committee/entries/**")
    assert "A bank of hours for neighbours" in page.locator("main").inner_text()
    assert not overflows(page)
    page.get_by_role("link", name="Back to the motion").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/committee/motions/{motion.code}/")
    page.get_by_role("link", name="To your vote").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Yes"
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.get_by_text("Your vote is recorded.").wait_for()
    assert list(Vote.objects.values_list("seat__person__name", "choice")) == [("Ines", "yes")]
    assert not page.get_by_role("button", name="Yes").is_visible()


def test_ines_stands_aside_from_an_entry_and_then_cannot_vote(lifted_seals, enter, ines, motion):
    page = enter(ines)
    page.goto(f"/committee/motions/{motion.code}/")
    page.get_by_role("link", name="Project 1").click()
    page.get_by_role("button", name="Stand aside").click()
    page.wait_for_load_state()
    assert page.get_by_role("alert").first.is_visible()
    page.get_by_label("personal relation").check()
    page.get_by_role("button", name="Stand aside").click()
    page.wait_for_url(f"**/committee/motions/{motion.code}/")
    assert page.get_by_text("You stand aside from this matter, so you cannot vote on it.").is_visible()
    assert page.get_by_role("button", name="Yes").count() == 0
    assert page.get_by_role("link", name="Project 1").count() == 0
    assert not overflows(page)


def test_hana_closes_the_vote_once_there_is_a_quorum(lifted_seals, enter, hana, ines, motion, at):
    recusing.stand_aside(motion_entry(motion), ines, "personal", by=ines, at=at)
    page = enter(hana)
    page.goto(f"/committee/motions/{motion.code}/")
    assert page.get_by_role("button", name="Close the vote").count() == 0
    assert page.get_by_text("You can close the vote as soon as there is a quorum.").is_visible()
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Close the vote").click()
    page.get_by_role("heading", name="Result: carried").wait_for()
    assert Laureate.objects.filter(edition=motion.committee.edition).count() == 4
    assert not overflows(page)


def motion_entry(motion):
    return motion.committee.edition.applications.get(code=motion.content["places"][0]["application"])

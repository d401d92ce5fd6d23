"""A partner's juror reads what is before the partner, and its committee picks."""

import pytest
from browser_tools import overflows
from factories import ceremony as give
from factories import prize as make

from ceremony.models import Nomination

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition(at):
    return make.make_edition(at, open_stage="final")


@pytest.fixture
def world(edition, promotion, karim, jo, amina, bruno, nora, at):
    people = [amina, bruno, make.make_person("Oskar"), nora, make.make_person("Petra")]
    chair = make.make_person("Juno")
    make.make_seat(edition.committees.get(key="partner-one"), chair, "chair")
    return give.make_world(edition, people, by=karim, at=at)


def test_jo_puts_an_entry_forward_and_juno_closes_the_vote(lifted_seals, enter, page, jo, world):
    enter(jo)
    page.get_by_role("link", name="Read the entries").click()
    page.wait_for_url("**/partner/")
    assert not overflows(page)
    page.get_by_role("link", name="Project 3").first.click()
    page.wait_for_url("**/partner/*/")
    assert not overflows(page)
    page.get_by_role("button", name="Put it to the committee").click()
    assert "This field is required" in page.locator("main").inner_text()
    page.get_by_label("Why this entry").fill("It began with those who wait longest.")
    page.get_by_role("button", name="Put it to the committee").click()
    page.wait_for_url("**/committee/motions/**")
    assert "It began with those who wait longest." in page.locator("main").inner_text()
    assert not overflows(page)
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("Your vote is recorded.").wait_for()
    address = page.url
    page.context.clear_cookies()
    enter(make.Person.objects.get(name="Juno"))
    page.goto(address)
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Close the vote").click()
    page.get_by_role("heading", name="Result: carried").wait_for()
    nomination = Nomination.objects.get()
    assert (nomination.application, nomination.special) == (world.entries[2], world.special)
    page.goto("/partner/")
    assert page.get_by_text("nominated", exact=True).is_visible()
    assert page.get_by_text("It began with those who wait longest.").is_visible()


def test_jo_sees_no_scores_and_none_of_the_committees_lists(lifted_seals, enter, page, jo, world):
    enter(jo)
    page.goto("/partner/")
    text = page.locator("main").inner_text()
    assert "8.6731" not in text
    assert "Rank" not in text
    entry = world.entries[0]
    answer = page.request.get(f"/committee/entries/{entry.code}/")
    assert answer.status == 403

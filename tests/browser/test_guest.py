"""A guest with a link, a laureate with a certificate and an offer, and a visitor who checks."""

from datetime import timedelta

import pytest
from browser_tools import overflows
from factories import ceremony as give
from factories import prize as make

from ceremony import certifying, conferring, offering
from ceremony.models import Benefit, Guest, Laureate, Occasion, Offer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition(at):
    return make.make_edition(at, open_stage="final")


@pytest.fixture
def conferred(edition, promotion, karim, hana, ines, jo, amina, bruno, nora, at):
    """Amina's city has the gold medal, its certificate is made, and nobody knows."""
    people = [amina, bruno, make.make_person("Oskar"), nora, make.make_person("Petra")]
    give.make_world(edition, people, by=karim, at=at)
    give.carry(conferring.propose(edition, by=karim, at=at), [hana, ines], at=at)
    laureate = Laureate.objects.get(place__award__key="gold")
    text = {"en": "For a bank of hours, and its patience."}
    conferring.cite(laureate, text, by=karim, at=at)
    certifying.make(laureate, by=karim, at=at)
    return laureate


@pytest.fixture
def released(conferred, karim, lena, at):
    give.release(conferred.edition, karim, lena, at=at)
    return Laureate.objects.get(pk=conferred.pk)


@pytest.fixture
def guest(edition, at):
    return give.make_occasion(edition, at).guests.create(name="Ulla Uggla", email="ulla@example.org")


def test_ulla_says_yes_with_a_companion_and_later_no(lifted_seals, page, guest):
    page.goto(f"/rsvp/{guest.token}/")
    page.get_by_role("button", name="Send the answer").click()
    assert page.get_by_text("This field is required").first.is_visible()
    page.get_by_label("Yes, I will come").check()
    page.get_by_label("Who comes with you?").fill("Udo Uggla")
    page.get_by_label("In which language").select_option("ko")
    page.get_by_label("What should we know").fill("No nuts, and a ramp.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("You told us that you will come.").wait_for()
    assert page.get_by_text("Udo Uggla comes with you").is_visible()
    assert not overflows(page)
    guest.refresh_from_db()
    assert (guest.answer, guest.companion, guest.language, guest.needs) == (
        "yes", "Udo Uggla", "ko", "No nuts, and a ramp.",
    )  # fmt: skip
    page.goto(f"/rsvp/{guest.token}/")
    assert page.get_by_label("What should we know").input_value() == "No nuts, and a ramp."
    page.get_by_label("No, I cannot come").check()
    page.get_by_role("button", name="Change the answer").click()
    page.get_by_text("You told us that you cannot come.").wait_for()
    guest.refresh_from_db()
    assert (guest.answer, guest.companion) == (Guest.Answer.NO, "")


def test_a_link_after_the_evening_says_so(lifted_seals, page, guest, at):
    Occasion.objects.update(starts_at=at - timedelta(hours=3), ends_at=at - timedelta(hours=1))
    page.goto(f"/rsvp/{guest.token}/")
    assert page.get_by_text("This evening is over.").is_visible()
    assert page.locator("form button[type=submit]").filter(has_text="answer").count() == 0
    assert not overflows(page)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_before_the_release_a_visitor_learns_the_hour_and_no_name(lifted_seals, page, conferred, language):
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto("/laureates/")
    text = page.content()
    for secret in ("City of Amina", "Project 1", "bank of hours", conferred.code):
        assert secret not in text
    assert page.request.get(f"/certificates/{conferred.certificate.number}/").status == 404
    assert not overflows(page)


def test_a_visitor_goes_from_the_list_to_a_laureate_and_checks_a_certificate(lifted_seals, page, released):
    page.goto("/laureates/")
    assert not overflows(page)
    page.get_by_role("link", name="City of Amina").click()
    page.wait_for_url("**/laureates/*/")
    assert page.get_by_text("For a bank of hours, and its patience.").is_visible()
    assert not overflows(page)
    page.goto(f"/certificates/{released.certificate.number}/")
    assert page.locator("h1").inner_text() == "This certificate is genuine"
    assert released.certificate.sha256 in page.locator("main").inner_text()
    assert not overflows(page)


def test_amina_fetches_her_certificate_and_accepts_an_offer(lifted_seals, enter, page, released, karim, amina, at):
    talk = Benefit.objects.create(
        edition=released.edition, key="talk", name={"en": "A talk in Seoul"},
        steps=[{"name": {"en": "Agree on the day"}, "days": 14}],
    )  # fmt: skip
    offering.offer(talk, released, by=karim, at=at)
    enter(amina)
    with page.expect_download() as download:
        page.get_by_role("link", name="Certificate (PDF)").click()
    with open(download.value.path(), "rb") as paper:
        assert paper.read(5) == b"%PDF-"
    page.get_by_role("link", name="A talk in Seoul").click()
    page.wait_for_url("**/offers/**")
    assert not overflows(page)
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted. Below are the next steps").wait_for()
    assert page.get_by_text("Agree on the day").is_visible()
    assert page.get_by_role("button", name="Accept").count() == 0
    assert Offer.objects.get().answer == "accepted"

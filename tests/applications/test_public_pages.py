"""What a visitor reads of the call, and how many questions it costs the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.applications import make_application, make_form, make_submitted

from prize.models import Stage


def test_the_privacy_page_tells_every_consent_once_and_which_one_may_refuse(client, edition):
    make_form(edition)
    make_form(edition, applicant_type="company")
    page = client.get("/privacy/").text
    assert page.count("Consent publication") == 1
    assert page.count("only if you want") == 1, "consent_partners"


def test_a_section_with_consents_leads_to_the_privacy_page(edition, amina, sign_in, at):
    entry = make_application(edition, amina, at=at)
    browser = sign_in(amina)
    link = 'href="/privacy/">What becomes'
    assert link in browser.get(f"/entries/{entry.code}/sections/consents/").text
    assert link not in browser.get(f"/entries/{entry.code}/sections/project/").text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "closed on 30 June 2030, 18:00"), ("ko", "2030년 6월 30일 18:00")]
)
def test_the_call_says_when_it_closed_as_its_reader_writes_dates(client, edition, language, said):
    edition.zone = "Asia/Seoul"
    edition.save()
    call = edition.stage(Stage.Kind.CALL)
    ended = call.closes_at.replace(year=2030, month=6, day=30, hour=9, minute=0, second=0, microsecond=0)
    Stage.objects.filter(pk=call.pk).update(opens_at=ended - timedelta(days=90), closes_at=ended, closed_at=ended)
    client.cookies.load({"django_language": language})
    assert said in client.get("/call/").text


# --- Cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "most"), [("/", 22), ("/call/", 10), ("/privacy/", 8), ("/archive/", 8)])
def test_a_public_page_asks_few_questions_however_many_entries_there_are(
    client, edition, at, address, most, django_assert_max_num_queries
):
    for _number in range(6):
        make_submitted(edition, at=at)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_the_applicants_desk_asks_as_many_questions_for_six_entries_as_for_two(
    edition, amina, sign_in, at, django_assert_num_queries
):
    browser = sign_in(amina)
    for _number in range(2):
        make_submitted(edition, amina, at=at)
    browser.get("/desk/")
    with CaptureQueriesContext(connection) as for_two:
        browser.get("/desk/")
    for _number in range(4):
        make_submitted(edition, amina, at=at)
    with django_assert_num_queries(len(for_two)):
        page = browser.get("/desk/").text
    assert page.count("A bank of hours") == 6

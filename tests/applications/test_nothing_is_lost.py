"""What Amina types is never lost: not when her session ends, not when the page is old, not when the call closes."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from factories.applications import ANSWERS, make_application, make_form

from applications import collaborating, drafting
from applications.models import Answer, Application
from prize import keeping
from prize.models import Stage

TYPED = "Typed at 23:40 for an hour, while the session ran out without a word."


@pytest.fixture
def entry(edition, amina, at):
    return make_application(edition, amina, at=at)


@pytest.fixture
def amina_signs_in(client, amina):
    amina.set_password("harbour lights at dusk")
    amina.save()
    EmailAddress.objects.create(user=amina, email=amina.email, verified=True, primary=True)

    def enter(location):
        values = {"login": amina.email, "password": "harbour lights at dusk"}
        return client.post(location, values, follow=True)

    return enter


def address(entry, page=""):
    return f"/entries/{entry.code}/{page}"


def text_of(entry, key):
    return Answer.objects.get(application=entry, question__key=key).value


def test_text_typed_over_the_end_of_a_session_stands_in_the_form_after_signing_in(client, entry, amina_signs_in):
    page = address(entry, "sections/project/")
    sent = client.post(page, {"version": entry.version, "summary": TYPED, "domain": "energy"})
    assert sent.headers["Location"] == f"/accounts/login/?next={page}"
    assert "What you typed is kept" in client.get(sent.headers["Location"]).text
    again = amina_signs_in(sent.headers["Location"])
    assert again.request["PATH_INFO"] == page
    assert TYPED in again.text
    assert "what you typed before you were signed out" in again.text
    assert text_of(entry, "summary") == ANSWERS["summary"], "nothing is saved behind her back"
    client.post(page, {"version": entry.version, "summary": TYPED, "domain": "energy"})
    assert text_of(entry, "summary") == TYPED
    assert "before you were signed out" not in client.get(page).text


def test_kept_text_that_carla_has_overtaken_meets_her_text_and_not_silence(
    client, entry, amina, carla, amina_signs_in, at
):
    collaborating.join(collaborating.invite(entry, carla.email, by=amina, at=at), by=carla, at=at)
    page, opened_at = address(entry, "sections/project/"), entry.version
    sent = client.post(page, {"version": opened_at, "summary": TYPED, "domain": "mobility"})
    drafting.save(entry, {"summary": "What Carla wrote in the meantime."}, version=opened_at, by=carla, at=at)
    again = amina_signs_in(sent.headers["Location"]).text
    version = re.search(r'name="version" value="(\d+)"', again)[1]
    met = client.post(page, {"version": version, "summary": TYPED, "domain": "mobility"})
    assert met.status_code == 409
    assert "What Carla wrote in the meantime." in met.text
    assert TYPED in met.text


def test_kept_text_can_be_put_aside(client, entry, amina_signs_in):
    page = address(entry, "sections/project/")
    amina_signs_in(client.post(page, {"version": entry.version, "summary": TYPED}).headers["Location"])
    assert TYPED not in client.get(f"{page}?{keeping.AS_SAVED}").text
    assert TYPED not in client.get(page).text


@pytest.mark.parametrize("page", ["about/", ""])
def test_titles_typed_over_the_end_of_a_session_are_kept_too(client, entry, amina_signs_in, page):
    where = address(entry, page) if page else "/entries/new/"
    values = {"form": "people.city", "title": "Lanterns", "country": "NO", "city": "Bergen", "language": "en"}
    again = amina_signs_in(client.post(where, values).headers["Location"])
    assert "Lanterns" in again.text
    assert not Application.objects.filter(title="Lanterns").exists()


def test_who_pressed_submit_after_the_session_ended_comes_back_to_the_page_with_the_button(
    client, entry, amina_signs_in
):
    check = address(entry, "check/")
    here = {"HTTP_REFERER": f"http://testserver{check}", "HTTP_ORIGIN": "http://testserver"}
    sent = client.post(address(entry, "submission/"), {"key": "AAAA"}, **here)
    assert sent.headers["Location"] == f"/accounts/login/?next={check}"
    assert amina_signs_in(sent.headers["Location"]).status_code == 200


def test_a_page_elsewhere_cannot_choose_where_a_visitor_lands(client, entry):
    sent = client.post(address(entry, "about/"), {"title": "T"}, HTTP_REFERER="https://elsewhere.example/trap/")
    assert sent.headers["Location"] == f"/accounts/login/?next={address(entry, 'about/')}"


def test_passwords_are_never_kept(client, entry):
    client.post(address(entry, "about/"), {"title": "T", "password": "harbour lights"})
    assert "harbour lights" not in str(dict(client.session))


def test_a_flood_is_not_kept(client, entry):
    sent = client.post(address(entry, "about/"), {"title": "x" * (keeping.MOST + 1)})
    assert sent.status_code == 302
    assert keeping.KEY not in client.session


def test_a_page_opened_before_signing_in_again_gives_the_text_back(entry, amina):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(amina, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = address(entry, "sections/project/")
    strict.get(page)
    sent = {"version": entry.version, "summary": TYPED, "domain": "energy", "csrfmiddlewaretoken": "a" * 64}
    here = {"HTTP_REFERER": f"http://testserver{page}", "HTTP_ORIGIN": "http://testserver"}
    refused = strict.post(page, sent, **here)
    assert refused.status_code == 403
    assert "This page was open for too long" in refused.text
    assert f'href="{page}"' in refused.text
    assert TYPED in strict.get(page).text
    assert text_of(entry, "summary") == ANSWERS["summary"]


def test_a_form_from_elsewhere_is_refused_and_leaves_nothing_behind(entry, amina):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(amina, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = address(entry, "sections/project/")
    strict.get(page)
    refused = strict.post(page, {"summary": "Planted."}, HTTP_ORIGIN="https://elsewhere.example")
    assert refused.status_code == 403
    assert "Planted." not in strict.get(page).text


def test_who_starts_an_entry_over_the_deadline_keeps_what_was_typed(edition, amina, sign_in, at):
    make_form(edition)
    Stage.objects.filter(kind="call").update(closes_at=at - timedelta(seconds=1))
    values = {"form": "people.city", "title": "Lanterns", "country": "NO", "city": "Bergen", "language": "en"}
    page = sign_in(amina).post("/entries/new/", values)
    assert page.status_code == 409
    assert "Lanterns" in page.text
    assert "closed on" in page.text


def test_two_who_change_what_the_entry_is_called_both_see_it(entry, amina, carla, sign_in, at):
    collaborating.join(collaborating.invite(entry, carla.email, by=amina, at=at), by=carla, at=at)
    browser = sign_in(amina)
    basis = re.search(r'name="basis" value="(\w+)"', browser.get(address(entry, "about/")).text)[1]
    stored = {"city": entry.city, "country": "NO", "organisation": None, "language": "en"}
    drafting.describe(entry, title="Carla's name for it", **stored, by=carla, at=at)
    mine = {"title": "Amina's name for it", "country": "NO", "city": "Bergen", "language": "en", "basis": basis}
    page = browser.post(address(entry, "about/"), mine)
    assert page.status_code == 409
    assert "Carla&#x27;s name for it" in page.text
    assert "Amina&#x27;s name for it" in page.text
    entry.refresh_from_db()
    assert entry.title == "Carla's name for it"
    basis = re.search(r'name="basis" value="(\w+)"', page.text)[1]
    browser.post(address(entry, "about/"), {**mine, "basis": basis})
    entry.refresh_from_db()
    assert entry.title == "Amina's name for it"

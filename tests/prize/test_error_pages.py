"""Whatever goes wrong, the page says in words what happened and what to do, and the status says it to machines."""

import os

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from prize import urls
from prize.views import system


def test_too_much_text_at_once_is_told_as_such(sign_in, amina, edition, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = sign_in(amina).post("/entries/new/", {"title": "x" * 2000})
    assert page.status_code == 413
    assert "what you saved before is still there" in page.text


def test_too_many_fields_are_told_as_such(sign_in, amina, edition, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    page = sign_in(amina).post("/entries/new/", {f"field-{number}": "x" for number in range(9)})
    assert page.status_code == 413


def test_a_broken_request_is_told_as_such(client, edition):
    page = client.get("/", HTTP_HOST="elsewhere.example")
    assert page.status_code == 400
    assert "Nothing was changed" in page.text


def test_who_asks_for_too_many_letters_is_told_to_wait(client, edition, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    somewhere = {"REMOTE_ADDR": ".".join(str(part) for part in (10, *os.urandom(3)))}  # attempts are counted by address
    sent = [client.post("/accounts/password/reset/", {"email": "a@example.org"}, **somewhere) for _again in range(2)]
    assert [page.status_code for page in sent] == [302, 429]
    assert "Try again in about five minutes" in sent[1].text


def test_maintenance_closes_every_page_and_leaves_the_health_checks_open(client, edition, settings):
    settings.MAINTENANCE = True
    for address in ("/", "/desk/", "/admin/", "/nowhere/"):
        page = client.get(address)
        assert (page.status_code, page.headers["Retry-After"]) == (503, "300")
        assert "We are back soon" in page.text
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_maintenance_asks_nothing_of_the_database(client, db, settings, django_assert_num_queries):
    settings.MAINTENANCE = True
    with django_assert_num_queries(0):
        assert client.get("/desk/").status_code == 503


@pytest.mark.parametrize(("error", "status", "words"), [
    (OperationalError("the server closed the connection"), 503, "We are back soon"),
    (ValueError("a mistake of ours"), 500, "The fault is ours, not yours"),
])  # fmt: skip
def test_a_failure_is_told_apart_from_a_database_that_is_away(error, status, words, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        try:
            raise error
        except type(error):
            page = system.server_error(RequestFactory().get("/"))
    assert page.status_code == status
    assert words in page.text
    assert "css/errors.css" in page.text


urlpatterns = [path("fails/", lambda request: HttpResponse(1 / 0))]
handler500 = urls.handler500


@pytest.mark.urls(__name__)
def test_a_view_that_fails_gives_the_page_and_not_the_traceback(client, db):
    client.raise_request_exception = False
    page = client.get("/fails/")
    assert page.status_code == 500
    assert "What you saved before is still there" in page.text
    assert "ZeroDivision" not in page.text


@pytest.mark.parametrize("address", ["/nowhere/", "/entries/AAAAAAAA/", "/files/AAAAAAAA/"])
def test_what_is_not_there_and_what_is_not_yours_look_alike(sign_in, nora, edition, address):
    page = sign_in(nora).get(address)
    assert page.status_code == 404
    assert "There is no page here" in page.text


def test_a_form_without_cookies_is_told_to_allow_them(edition):
    page = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.org", "password": "x"})
    assert page.status_code == 403
    assert "must accept cookies" in page.text

"""Whoever does what cannot be undone has just shown who they are: not a cookie alone, nor a password where there is more."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as SHOWN
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from factories import ceremony as give

from ceremony.models import Guest
from prize import governing
from prize.models import Approval

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def patience(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60


@pytest.fixture
def asked(edition, karim, at):
    content = {"stage": "second"}
    return governing.ask(edition, "prize.close_stage", content, title="Close it", by=karim, at=at, reason="Enough.")


def an_hour_passes(browser):
    session = browser.session
    session[SHOWN] = [{**record, "at": record["at"] - 3600} for record in session[SHOWN]]
    session.save()
    return browser


def test_a_second_approval_asks_who_is_there_and_comes_back_to_the_very_page(asked, lena, sign_in):
    page = reverse("admin:prize_approval_approve", args=[asked.pk])
    browser = an_hour_passes(sign_in(lena))
    for answer in (
        browser.get(page),
        browser.post(page, {"digest": asked.digest}, headers={"referer": f"http://testserver{page}"}),
    ):
        assert answer.headers["Location"] == f"/accounts/reauthenticate/?next={page.replace('/', '%2F')}"
    assert Approval.objects.get().approved_at is None
    question = browser.get(answer.headers["Location"])
    assert "Show that it is you" in question.text
    wrong = browser.post("/accounts/reauthenticate/", {"password": "not this one", "next": page})
    assert wrong.status_code == 200
    right = browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": page})
    assert right.headers["Location"] == page
    browser.post(page, {"digest": asked.digest})
    assert Approval.objects.get().approved_by == lena


def test_whoever_has_a_second_factor_shows_that_one(asked, lena, sign_in):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lena, secret)
    page = reverse("admin:prize_approval_approve", args=[asked.pk])
    browser = sign_in(lena)  # with the password, a moment ago
    assert browser.get(page).headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    counter = int(time.time()) // totp.app_settings.TOTP_PERIOD
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    answer = browser.post("/accounts/2fa/reauthenticate/", {"code": code, "next": page})
    assert answer.headers["Location"] == page
    assert browser.get(page).status_code == 200


def test_a_chair_closes_a_vote_only_after_showing_who_is_there(promotion, hana, ines, karim, sign_in, at):
    motion = governing.propose(promotion, "prize.close_stage", {"stage": "call"}, title="Close", by=karim, at=at)
    for member in (hana, ines):
        governing.vote(motion, "yes", by=member, at=at)
    deed, page = (reverse(name, args=[motion.code]) for name in ("resolution", "motion"))
    browser = an_hour_passes(sign_in(hana))
    answer = browser.post(deed, headers={"referer": f"http://testserver{page}"})
    assert answer.headers["Location"].endswith(f"?next={page.replace('/', '%2F')}")
    motion.refresh_from_db()
    assert motion.resolved_at is None


def test_a_guest_list_comes_back_as_it_went_out(edition, karim, at):
    from ceremony.guests import GuestResource

    occasion = give.make_occasion(edition, at)
    Guest.objects.create(occasion=occasion, name="+Wanda", email="wanda@example.org")
    table = GuestResource().export()
    assert table["name"] == ["'+Wanda"]
    GuestResource().import_data(table, raise_errors=True)
    assert Guest.objects.get().name == "+Wanda"


def test_nothing_that_was_typed_is_lost_by_being_asked(edition, karim, sign_in, at, monkeypatch):
    """Every button of the office may ask; here is one with a long form."""
    from prize.admin.editions import EditionModelAdmin

    monkeypatch.setitem(EditionModelAdmin.propose_rules.verb, "confirmed", True)
    page = reverse("admin:prize_edition_propose_rules", args=[edition.pk])
    browser = an_hour_passes(sign_in(karim))
    browser.post(page, {"reason": "A reason of many words."}, headers={"referer": f"http://testserver{page}"})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": page})
    assert "A reason of many words." in browser.get(page).text

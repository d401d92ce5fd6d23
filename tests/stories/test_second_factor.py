"""An office where a second factor is required, as it is in production: who has one works, who has none is led to set it up."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from django.core.cache import cache
from factories import prize as make
from stories.walker import Walker

from prize.models import Approval, LedgerEntry

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def required(settings):
    settings.MFA_REQUIRED = True
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60


@pytest.fixture
def arrive(django_capture_on_commit_callbacks):
    """Somebody signs in by the page, as far as the password goes."""

    def arrive(person) -> Walker:
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        walker = Walker(None, django_capture_on_commit_callbacks)
        walker.name = str(person)
        return walker.open("/accounts/login/?next=/admin/").press("Sign in", login=person.email, password=PASSWORD)

    return arrive


def code_of(secret: str) -> str:
    """What the telephone shows now. A code counts once, and the story is told in less than half a minute."""
    cache.clear()
    counter = int(time.time()) // totp.app_settings.TOTP_PERIOD
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_an_officer_with_a_second_factor_works_and_the_colleague_without_one_is_led_to_it(edition, karim, arrive, at):
    lena = make.make_person("Lena")
    make.make_office(edition, lena)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(karim, secret)

    office = arrive(karim)
    assert office.address.startswith("/accounts/2fa/authenticate/")
    assert office.open("/admin/").address.startswith("/accounts/2fa/authenticate/"), "a password alone opens nothing"
    office = arrive(karim).press("Sign In", code=code_of(secret))
    assert (office.address, office.status) == ("/admin/", 200)
    for page in ("/admin/prize/letter/", "/admin/prize/ledgerentry/", "/admin/applications/application/", "/desk/"):
        assert office.open(page).status == 200
    office.open(f"/admin/prize/prize/{edition.prize_id}/change/").follow("Ask to appoint or to dismiss")
    wanted = {"email": "mio@example.org", "role": "screening", "reason": "Four weeks of screening."}
    make.make_person("Mio")
    office.press("Ask to appoint or to dismiss", **wanted).reads("Asked.")

    second = arrive(lena)
    assert second.address == "/accounts/2fa/totp/activate/"
    for page in ("/admin/", "/admin/prize/approval/", "/desk/"):
        assert second.open(page).address == "/accounts/2fa/totp/activate/", page
    own = second.client.session["mfa.totp.secret"]
    second.press("Activate", code=code_of(own))
    assert is_mfa_enabled(lena)
    second.open("/admin/").follow("Read and decide").follow("Approve this exact content")
    assert second.address.startswith("/accounts/2fa/reauthenticate/"), "what cannot be undone asks for the new factor"
    second.reads("Show that it is you").press("Confirm", code=code_of(own))
    second.reads("Mio").press("Approve this exact content").reads("Approved, and done.")
    assert Approval.objects.get().approved_by == lena
    assert set(LedgerEntry.objects.filter(act__startswith="approval.").values_list("act", flat=True)) == {
        "approval.asked",
        "approval.given",
    }

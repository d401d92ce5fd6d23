"""Accounts: signing up and asking for a new password, with and without a mail server that answers."""

import re
import socket

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from prize import clock, forgetting, post
from prize.models import Letter, Person

PASSWORD = "harbour lights at dusk"
ZOE = {"name": "Zoe", "email": "zoe@example.org", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def patience(settings):
    """Limits on attempts are counted in the cache, which tests share; they have a test of their own."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def no_mail_server(settings):
    """An address of a mail server at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 2

    def comes_back():
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    return comes_back


def an_hour_later() -> None:
    Letter.objects.update(next_try_at=clock.now())
    post.sweep(at=clock.now())


def link_in(body: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", body)[1]


def test_signing_up_while_the_mail_server_is_down_makes_the_account_and_the_letter_goes_later(
    lifted_seals, client, edition, settings, no_mail_server
):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    page = client.post("/accounts/signup/", ZOE, follow=True)
    assert page.status_code == 200
    assert Person.objects.get(email=ZOE["email"]).name == "Zoe"
    an_hour_later()
    letter = Letter.objects.get(kind="prize.confirm_address")
    assert letter.state == "queued"
    assert "refused" in letter.reason
    no_mail_server()
    an_hour_later()
    (message,) = mail.outbox
    assert message.to == [ZOE["email"]]
    client.post(link_in(message.body))
    assert EmailAddress.objects.get(email=ZOE["email"]).verified


def test_a_link_that_opens_an_account_is_not_kept_with_the_letter(lifted_seals, client, edition):
    client.post("/accounts/signup/", ZOE)
    post.sweep(at=clock.now())
    (message,) = mail.outbox
    letter = Letter.objects.get()
    assert (letter.state, letter.body) == ("sent", "")
    secret = link_in(message.body).strip("/").rpartition("/")[2]
    assert secret not in str(vars(letter))


def test_a_confirmed_address_gets_no_second_letter(lifted_seals, client, edition, no_mail_server):
    client.post("/accounts/signup/", ZOE)
    EmailAddress.objects.update(verified=True)
    no_mail_server()
    an_hour_later()
    assert mail.outbox == []
    assert Letter.objects.get().state == "withheld"


def test_a_new_password_is_asked_for_while_the_mail_server_is_down_and_chosen_later(
    lifted_seals, client, edition, amina, no_mail_server
):
    client.post("/accounts/password/reset/", {"email": amina.email})
    no_mail_server()
    an_hour_later()
    form = client.get(link_in(mail.outbox[0].body), follow=True)
    values = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], values)
    post.sweep(at=clock.now())
    amina.refresh_from_db()
    assert amina.check_password(PASSWORD)
    assert "was replaced by a new one" in mail.outbox[-1].body


def test_a_stranger_cannot_tell_who_has_an_account_but_the_reader_of_the_letter_can(
    lifted_seals, client, edition, amina
):
    known = client.post("/accounts/password/reset/", {"email": amina.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    masked = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|hx-headers=\S+ "\w+"\}.')
    assert masked.sub("", known.text) == masked.sub("", unknown.text)
    post.sweep(at=clock.now())
    subjects = [message.subject for message in mail.outbox]
    assert subjects == ["A new password for your account", "There is no account with this address"]


def test_signing_up_twice_says_so_in_the_letter_only(lifted_seals, client, edition, amina, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    page = client.post("/accounts/signup/", {**ZOE, "email": amina.email}, follow=True)
    assert page.status_code == 200
    post.sweep(at=clock.now())
    assert [message.subject for message in mail.outbox] == ["You have an account already"]
    assert Person.objects.filter(email__iexact=amina.email).count() == 1


def test_letters_about_an_account_speak_the_readers_language(lifted_seals, client, edition, amina):
    Person.objects.filter(pk=amina.pk).update(language="ko")
    client.post("/accounts/password/reset/", {"email": amina.email})
    post.sweep(at=clock.now())
    assert "Amina" in mail.outbox[0].body
    assert "Dear Amina" not in mail.outbox[0].body


def test_who_is_forgotten_is_forgotten_at_every_address(edition, amina, lena, at):
    EmailAddress.objects.create(user=amina, email="amina@home.example", verified=False)
    post.queue("prize.no_account", key="k", to="amina@home.example", at=at)
    forgetting.forget(amina, edition=edition, by=lena, at=at)
    assert not Letter.objects.filter(address="amina@home.example").exists()
    assert Letter.objects.get(key="k").state == "withheld"


def test_staying_signed_in_is_a_choice(client, edition, amina, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    amina.set_password(PASSWORD)
    amina.save()
    client.post("/accounts/login/", {"login": amina.email, "password": PASSWORD})
    assert client.session.get_expire_at_browser_close()
    client.logout()
    client.post("/accounts/login/", {"login": amina.email, "password": PASSWORD, "remember": "on"})
    assert not client.session.get_expire_at_browser_close()

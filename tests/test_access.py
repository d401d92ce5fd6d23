"""Every address has a gate, and the gates hold."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import URLPattern, URLResolver, get_resolver

PARTS = ["nora", "amina", "eve", "hana", "jo", "mio", "karim"]


def views(patterns, prefix=""):
    for pattern in patterns:
        where = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, where)
        elif isinstance(pattern, URLPattern):
            yield where, pattern.callback


def test_every_view_declares_its_gate():
    bare = [where for where, view in views(get_resolver().url_patterns) if not getattr(view, "gate", "")]
    assert bare == []


def test_every_public_view_says_why():
    reasons = {where: view.gate for where, view in views(get_resolver().url_patterns) if view.gate.startswith("public")}
    assert [where for where, gate in reasons.items() if len(gate) < len("public: because")] == []


def test_the_walk_would_notice_a_bare_view():
    bare = URLPattern(get_resolver().url_patterns[0].pattern, lambda request: None)
    assert [where for where, view in views([bare]) if not getattr(view, "gate", "")] == [str(bare.pattern)]


@pytest.mark.parametrize("name", PARTS)
def test_the_office_is_open_to_organisers_only(request, sign_in, edition, name):
    browser = sign_in(request.getfixturevalue(name))
    allowed = browser.get("/admin/").status_code == 200
    assert allowed == (name in {"mio", "karim"})


@pytest.mark.parametrize("name", PARTS)
def test_the_committees_pages_are_open_to_members_only(request, sign_in, edition, name):
    browser = sign_in(request.getfixturevalue(name))
    assert browser.get("/committee/").status_code == (200 if name in {"hana", "jo"} else 403)


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, edition):
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/desk/"


def test_a_refusal_says_what_to_do(sign_in, nora, edition):
    page = sign_in(nora).get("/committee/")
    assert page.status_code == 403
    assert "write to the secretariat" in page.text


def test_staff_need_a_second_factor_where_it_is_required(sign_in, karim, settings):
    settings.MFA_REQUIRED = True
    browser = sign_in(karim)
    assert browser.get("/patterns/")["Location"] == "/accounts/2fa/totp/activate/"
    page = browser.get("/admin/prize/letter/", follow=True)
    assert "/accounts/2fa/totp/activate/" in [address for address, _status in page.redirect_chain]


def test_who_has_just_signed_in_types_no_password_again_to_set_up_a_second_factor(client, karim, settings):
    settings.MFA_REQUIRED = True
    karim.set_password("a long enough secret")
    karim.save()
    EmailAddress.objects.create(user=karim, email=karim.email, verified=True, primary=True)
    page = client.post(
        "/accounts/login/?next=/admin/", {"login": karim.email, "password": "a long enough secret"}, follow=True
    )
    assert page.request["PATH_INFO"] == "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("is_staff", [False, True])
def test_the_office_has_no_sign_in_of_its_own(sign_in, nora, karim, is_staff):
    """Django's form for it would let somebody in as another person by a password alone."""
    nora.is_staff = is_staff
    nora.save()
    karim.set_password("a long enough secret")
    karim.save()
    browser = sign_in(nora)
    for answer in (
        browser.get("/admin/", follow=True),
        browser.get("/admin/login/"),
        browser.post("/admin/login/", {"username": karim.email, "password": "a long enough secret"}),
    ):
        assert answer.status_code == 403
        assert "write to the secretariat" in answer.text
    assert browser.session["_auth_user_id"] == str(nora.pk)


def test_who_signs_in_on_the_way_to_the_office_comes_to_the_page_that_was_wanted(client, sign_in, karim):
    assert client.get("/admin/prize/letter/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=")
    browser = sign_in(karim)
    assert browser.get("/admin/login/?next=/admin/prize/letter/")["Location"] == "/admin/prize/letter/"
    assert browser.get("/admin/login/?next=//elsewhere.example/")["Location"] == "/admin/"


def test_a_screening_officer_sees_no_sheets_and_no_people_in_the_office(sign_in, mio):
    page = sign_in(mio).get("/admin/").text
    assert "/admin/screening/" in page
    assert "/admin/judges/" not in page
    assert sign_in(mio).get("/admin/judges/scoresheet/").status_code == 403


def test_every_page_forbids_inline_scripts_and_styles(client, edition):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_every_table_of_ours_has_its_place_in_the_office(sign_in, karim):
    from django.contrib import admin

    from prize.admin_site import CONTENTS

    placed = {name for _title, names in CONTENTS.values() for name in names}
    ours = {"prize", "applications", "screening", "judges", "ceremony"}
    registered = {model.__name__ for model in admin.site._registry if model._meta.app_label in ours}
    assert registered <= placed
    page = sign_in(karim).get("/admin/").text
    assert "Authenticators" not in page

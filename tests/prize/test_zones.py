"""A time zone is one that exists: with any other, no page could tell a time."""

import doctest

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from factories import prize as make
from stories.visitor import Forms

from prize import zones
from prize.models import Edition, Person


@pytest.mark.parametrize(
    ("zone", "status", "kept"), [("Asia/Soul", 200, "UTC"), ("Europe/Lisbon", 302, "Europe/Lisbon")]
)
def test_the_office_chooses_a_zone_that_exists(zone, status, kept, edition, sign_in):
    Edition.objects.filter(pk=edition.pk).update(zone="UTC")
    officer = make.make_person("Kim")
    make.make_office(edition, officer, "secretariat")
    browser, page = sign_in(officer), reverse("admin:prize_edition_change", args=[edition.pk])
    form = next(form for form in Forms(browser.get(page).text).found if "zone" in form.names())
    assert form.values()["zone"] == ["UTC"]
    assert browser.post(page, form.values() | {"zone": zone}).status_code == status
    assert Edition.objects.get(pk=edition.pk).zone == kept


def test_an_unknown_zone_is_named_in_the_refusal(edition):
    edition.zone = "Asia/Soul"
    with pytest.raises(ValidationError, match="No time zone is called Asia/Soul"):
        edition.full_clean()
    with pytest.raises(ValidationError, match="No time zone is called Moon"):
        Person(email="m@example.org", name="Mia", zone="Moon").clean_fields()
    Person(email="m@example.org", name="Mia", password="!", zone="").clean_fields()


def test_the_examples_hold():
    assert doctest.testmod(zones).failed == 0

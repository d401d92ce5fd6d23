"""Names: everybody has one in Latin letters, and many have their own; each reader meets the one that is theirs to read."""

import doctest

from django.utils import translation
from factories import prize as make

from prize import wording


def test_a_name_leads_in_the_script_of_its_reader(db):
    seojin = make.make_person("Bin Seo-jin", native_name="빈서진")
    assert (seojin.called, seojin.both_names) == ("Bin Seo-jin", "Bin Seo-jin (빈서진)")
    with translation.override("ko"):
        assert (seojin.called, seojin.both_names) == ("빈서진", "빈서진 (Bin Seo-jin)")
        alexis = make.make_person("Alexis", native_name="Αλέξης")
        assert alexis.called == "Alexis", "a Korean reader is not asked to read Greek"


def test_a_person_is_greeted_so_on_the_own_desk(db, sign_in):
    seojin = make.make_person("Bin Seo-jin", native_name="빈서진")
    browser = sign_in(seojin)
    assert "Good day, Bin Seo-jin" in browser.get("/desk/", headers={"accept-language": "en"}).text
    assert "빈서진" in browser.get("/desk/", headers={"accept-language": "ko"}).text


def test_the_examples_in_the_text_hold():
    found = doctest.testmod(wording)
    assert (found.failed, found.attempted > 5) == (0, True)

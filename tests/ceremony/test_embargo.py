"""Paired worlds: the same data, other laureates. Before the release nobody without a sealed part can tell them apart."""

import re

import pytest
from django.db import transaction
from django.test import Client

from ceremony import announcing, certifying, conferring, proposing
from ceremony.models import Laureate, Place
from prize import clock, governing

PUBLIC = ("/", "/call/", "/method/", "/archive/", "/laureates/", "/certificates/harbour-2030-001/", "/desk/")
OFFICER = ("/admin/", "/admin/applications/application/", "/admin/screening/", "/admin/ceremony/laureate/")
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=|X-CSRFToken\W+)"?\w{64}|csrfmiddlewaretoken" value="\w+"')


class Undone(Exception):
    pass


@pytest.fixture
def browsers(world, people, jo, mio, eve, at, monkeypatch):
    """Everybody who has no part in the secret, signed in before the worlds part; and all look at one instant."""
    monkeypatch.setattr(clock, "now", lambda: at)
    found = {"a visitor": Client()}
    for person in [*people, jo, mio, eve]:
        found[person.name] = Client()
        found[person.name].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def seen(browser, path):
    page = browser.get(path)
    headers = {name: page.headers.get(name) for name in ("Content-Type", "ETag", "Location", "Last-Modified")}
    return page.status_code, headers, TOKEN.sub("", page.content.decode())


def crawl(browsers, paths):
    return {(name, path): seen(browser, path) for name, browser in browsers.items() for path in paths}


def the_world_in_which(change, world, karim, carried, at, look):
    """Let things happen, look, and undo them."""
    found = None
    try:
        with transaction.atomic():
            change()
            carried(conferring.propose(world.edition, by=karim, at=at), at)
            certifying.make_all(world.edition, by=karim, at=at)
            laureates = list(Laureate.objects.in_order().values_list("title", "code"))
            found = laureates, look()
            raise Undone
    except Undone:
        return found


def test_before_the_release_no_page_of_theirs_depends_on_who_won(world, browsers, karim, carried, at):
    paths = [*PUBLIC, *OFFICER, "/partner/", *(f"/partner/{entry.code}/" for entry in world.entries)]

    def other_gold():
        gold = Place.objects.get(award__key="gold")
        proposing.fix(gold, world.entries[3], reason="Another world.", by=karim, at=at)

    first, one = the_world_in_which(lambda: None, world, karim, carried, at, lambda: crawl(browsers, paths))
    second, two = the_world_in_which(other_gold, world, karim, carried, at, lambda: crawl(browsers, paths))

    assert [title for title, _code in first] != [title for title, _code in second]
    assert {key for key in one if one[key] != two[key]} == set()
    assert one["a visitor", "/laureates/"][0] == 200


def test_before_the_release_a_laureates_own_address_does_not_exist(conferred, browsers):
    paths = [f"/laureates/{laureate.code}/" for laureate in Laureate.objects.all()]
    assert {page[0] for page in crawl(browsers, paths).values()} == {404}


def test_before_the_release_the_page_says_when_and_names_nobody(conferred, client):
    text = client.get("/laureates/").content.decode()
    assert "not announced yet" in text
    assert "to be announced on" in text
    assert not re.search(r"City of \w+|Project \d", text)


def test_from_the_release_on_the_page_names_everybody_everywhere(conferred, browsers, karim, lena, at):
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    for browser in browsers.values():
        text = browser.get("/laureates/").content.decode()
        assert re.findall(r"Project \d", text) == ["Project 1", "Project 2", "Project 3", "Project 5"]
    gold = Laureate.objects.get(place__award__key="gold")
    page = browsers["a visitor"].get(f"/laureates/{gold.code}/").content.decode()
    for said in ("City of Amina", "Project 1", "People · Gold", "Bergen", "Norway", "A bank of hours for neighbours"):
        assert said in page
    assert "Rank 1" not in page
    assert "Your award" in browsers["Amina"].get("/desk/").content.decode()
    assert "Your award" not in browsers["Nora"].get("/desk/").content.decode()


def test_a_revoked_laureate_stands_among_the_honoured_no_more_and_the_page_says_why(released, client, at):
    gold = Laureate.objects.get(place__award__key="gold")
    Laureate.objects.filter(pk=gold.pk).update(revoked_at=at, revoked_reason="False claims.")
    assert "Project 1" not in client.get("/laureates/").content.decode()
    page = client.get(f"/laureates/{gold.code}/").content.decode()
    assert "This award was taken back on" in page
    assert "False claims." in page

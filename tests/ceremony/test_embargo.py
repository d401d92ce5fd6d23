"""Paired worlds: the same data, other laureates. Before the release nobody without a sealed part can tell them apart."""

import re
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from factories import ceremony as give
from factories import judges as judging
from gate import routes

from ceremony import announcing, certifying, conferring, proposing
from ceremony.models import Guest, Laureate, Place
from prize import clock, figures, governing, post
from prize.models import Letter

# What a page has by chance: tokens against forged requests, and the key that makes a second press of a button harmless.
BY_CHANCE = re.compile(
    r'(name="csrfmiddlewaretoken" value=|X-CSRFToken\W+)"?\w{64}|csrfmiddlewaretoken" value="\w+"|name="key" value="[\w-]+"'
)
VARYING = ("Set-Cookie", "Content-Length", "Expires")  # by the clock on the wall, or by what stands by chance
# Nothing of the kind exists. If somebody adds it, it has to keep the embargo too.
GUESSED = ("/sitemap.xml", "/feed/", "/robots.txt", "/api/", "/api/laureates/", "/laureates.json", "/laureates/feed/",
           "/media/certificates/", "/static/laureates.json", "/laureates/1/", "/laureates/?page=2", "/laureates/?q=Project+1",
           "/laureates/?edition=1", "/laureates/gold/", "/certificates/1/")  # fmt: skip
SEARCHED = ("?q=Project+1", "?q=Gold", "?o=2", "?o=-6", "?outcomes__verdict__exact=advanced", "?laureates__isnull=0",
            "?state__exact=submitted")  # fmt: skip


class Undone(Exception):
    pass


@pytest.fixture
def parts(world, mio, eve, karim, at):
    """Beside the entries there are a judge with sheets, a guest with a link, and files."""
    judge = judging.make_judge(world.edition, eve, by=karim, at=at)
    deciding = world.tally.round
    sheets = [
        judging.sheet_of(judging.make_assignment(deciding, entry, judge, by=karim, at=at))
        for entry in (world.entries[0], world.entries[3])
    ]
    guest = Guest.objects.create(
        occasion=give.make_occasion(world.edition, at), name="Wanda", email="wanda@example.org"
    )
    return SimpleNamespace(sheets=sheets, guest=guest)


@pytest.fixture
def browsers(world, parts, people, jo, mio, eve, at, monkeypatch):
    """Everybody who has no part in the secret, signed in before the worlds part; and all look at one instant."""
    monkeypatch.setattr(clock, "now", lambda: at)
    found = {"a visitor": Client()}
    for person in [people[0], people[3], jo, mio, eve]:
        found[person.name] = Client()
        found[person.name].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def addresses(world, parts):
    """Every address without an argument in the URLconf, the office's included, and those of the entries and their records."""
    plain = [
        f"/{route}".replace("//", "/")
        for route in routes.routes()
        if not re.search(r"[<(]|logout|accounts|admin.*add/", route)
    ]
    certificates = [f"/certificates/{world.edition.prize.slug}-{world.edition.year}-{n:03}/" for n in range(1, 6)]
    found = [*plain, *GUESSED, *certificates, *(f"{one}file/" for one in certificates)]
    for entry in world.entries:
        entered = reverse("applications:entry", args=[entry.code])
        found += [entered, f"{entered}check/", reverse("ceremony:partner_entry", args=[entry.code])]
        found += [reverse("applications:receipt", args=[entry.code, one.receipt]) for one in entry.submissions.all()]
        found += [reverse("admin:screening_check_entry", args=[entry.code])]
        found += [reverse("admin:applications_application_change", args=[entry.pk])]
        found += [f"/laureates/{entry.code}/", f"/offers/{entry.code}/"]
    for name in ("application", "submission", "outcome"):
        found += [reverse(f"admin:applications_{name}_changelist") + query for query in SEARCHED]
    found += [reverse("judges:sheet", args=[sheet.code]) for sheet in parts.sheets]
    found += [reverse(f"ceremony:{name}", args=[parts.guest.token]) for name in ("rsvp", "rsvp_calendar")]
    rounds = reverse("judges:round", args=[world.edition.year, "second"])
    found += [rounds, f"{rounds}people/"]
    for model in ("award", "place", "laureate", "application"):
        found.append(f"/admin/autocomplete/?app_label=ceremony&model_name=cue&field_name={model}&term=")
    return list(dict.fromkeys(found))


def seen(browser, path, method="get", values=None):
    page = getattr(browser, method)(path, values)
    headers = {name: value for name, value in page.headers.items() if name not in VARYING}
    return (
        page.status_code,
        headers,
        BY_CHANCE.sub("", (b"".join(page) if page.streaming else page.content).decode("latin-1")),
    )


def crawl(browsers, paths):
    """Into the office others are refused alike, as tests/test_hostile.py holds; here its screening officer looks."""
    tried = [(name, path) for name in browsers for path in paths if not path.startswith("/admin/") or name == "Mio"]
    found = {(name, path): seen(browsers[name], path) for name, path in tried}
    export = reverse("admin:applications_application_export")
    found["Mio", "export"] = seen(browsers["Mio"], export, "post", {"format": "0", "resource": "0"})
    return found


def letters(motion):
    """Every letter that waits or went, as its reader would have it: nobody's mailbox is sealed."""
    found = []
    for row in Letter.objects.select_related("person", "edition").order_by("kind", "key"):
        try:
            subject, body, files = post.render(row)
        except post.Withheld as reason:
            subject, body, files = "", str(reason), ()
        found.append(
            (row.kind, row.recipient, *(text.replace(motion.code, "MOTION") for text in (subject, body)), files)
        )
    return sorted(found, key=str)


def the_world_in_which(change, world, karim, carried, at, look):
    """Let things happen, look, and undo them."""
    found = None
    try:
        with transaction.atomic():
            change()
            motion = conferring.propose(world.edition, by=karim, at=at)
            written = letters(motion)
            carried(motion, at)
            certifying.make_all(world.edition, by=karim, at=at)
            laureates = list(Laureate.objects.in_order().values_list("title", "code"))
            found = laureates, look(), written, figures.public_report(world.edition)
            raise Undone
    except Undone:
        return found


@pytest.fixture
def other_gold(world, karim, at):
    def change():
        gold = Place.objects.get(award__key="gold")
        proposing.fix(gold, world.entries[3], reason="Another world.", by=karim, at=at)

    return change


def test_before_the_release_nothing_they_can_reach_depends_on_who_won(
    world, parts, browsers, karim, carried, other_gold, at
):
    paths = addresses(world, parts)
    first, one, _written, public = the_world_in_which(
        lambda: None, world, karim, carried, at, lambda: crawl(browsers, paths)
    )
    second, two, _written, public_too = the_world_in_which(
        other_gold, world, karim, carried, at, lambda: crawl(browsers, paths)
    )
    assert [title for title, _code in first] != [title for title, _code in second]
    assert {key for key in one if one[key] != two[key]} == set()
    assert public == public_too
    assert one["a visitor", "/laureates/"][0] == one["Mio", "/admin/"][0] == one["Mio", "export"][0] == 200
    assert one["Eve", reverse("judges:sheet", args=[parts.sheets[0].code])][0] == 200
    assert one["Jo", reverse("ceremony:partner_entry", args=[world.entries[0].code])][0] == 200
    assert "Project 1" in one["Mio", "export"][2]
    assert {one[key][0] for key in one if key[1] in GUESSED and not key[1].startswith("/laureates/?")} == {404}
    assert len(one) > 400


def test_before_the_release_no_letter_tells_who_won(world, karim, hana, carried, other_gold, at):
    """Not even those to the committee, who decide: what they read stands behind the log-in."""
    _first, _look, one, _public = the_world_in_which(lambda: None, world, karim, carried, at, lambda: None)
    _second, _look, two, _public = the_world_in_which(other_gold, world, karim, carried, at, lambda: None)
    assert one == two
    (to_hana,) = [body for kind, to, _subject, body, _files in one if (kind, to) == ("prize.motion", hana.email)]
    assert "It concerns the laureates." in to_hana
    assert not re.search(r"City of|Project \d|Gold", to_hana)


def test_the_same_comparison_would_notice_what_is_known_after_the_release(
    world, browsers, karim, lena, carried, other_gold, at
):
    def released():
        approval = announcing.ask_release(world.edition, by=karim, at=at)
        governing.approve(approval, approval.digest, by=lena, at=at)
        return {path: seen(browsers["a visitor"], path)[2] for path in ("/", "/call/", "/laureates/")}

    _first, one, _written, _public = the_world_in_which(lambda: None, world, karim, carried, at, released)
    _second, two, _written, _public = the_world_in_which(other_gold, world, karim, carried, at, released)
    assert "/laureates/" in {path for path in one if one[path] != two[path]}


def test_before_the_release_a_laureates_own_address_does_not_exist(conferred, browsers):
    paths = [f"/laureates/{laureate.code}/" for laureate in Laureate.objects.all()]
    assert {seen(browser, path)[0] for browser in browsers.values() for path in paths} == {404}


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

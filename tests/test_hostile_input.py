"""What somebody types to do harm: pushed through the pages themselves, looked for wherever it could come out."""

import csv
import doctest
import io
import os
import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from factories import applications as entries
from factories import ceremony as give
from factories import prize as make
from factories.everything import make_everything
from stories.visitor import Form, Forms

from applications.admin.export import EntryResource
from ceremony.models import Guest
from prize import clock, exporting, lines, post
from prize.models import Edition, Letter, Organisation, Person

MARK = "qz7"
SCRIPT = f'"><script>{MARK}()</script><img src=x onerror={MARK}()>'
LIVE = re.compile(rf"<script>{MARK}|<img src=x onerror={MARK}", re.IGNORECASE)
CAST = ("amina", "bruno", "carla", "nora", "eve", "frank", "gita", "hana", "ines", "jo", "karim", "lena", "mio")
BAD: dict[str, str] = {
    "script": SCRIPT + "{{ settings.SECRET_KEY }}{% debug %}%(name)s{0.__class__}",
    "nul": "a\x00b",
    "long": "x" * 70_000,
    "turned": "\u202eevil\u2066\u200b\ufeff e" + "\u0301" * 100,
    "header": "Name\r\nBcc: thief@example.org\r\n\r\nBody",
    "number": "9" * 400,
}  # fmt: skip


@pytest.fixture
def cast(db):
    return {name: make.make_person(name.title()) for name in CAST}


def office_of(edition: Edition, cast: dict[str, Person]) -> None:
    for name, role in (("karim", "secretariat"), ("lena", "secretariat"), ("mio", "screening")):
        make.make_office(edition, cast[name], role)


@pytest.fixture
def world(cast, at):
    """Everything stands; the laureates are decided."""
    edition = make.make_edition(at, open_stage="final")
    office_of(edition, cast)
    return make_everything(edition, cast, at)


@pytest.fixture
def draft(cast, at):
    """Amina's draft while the call is open."""
    edition = make.make_edition(at)
    office_of(edition, cast)
    return entries.make_application(edition, cast["amina"], at=at)


def browser_of(person: Person) -> Client:
    return make.sign_in(Client(raise_request_exception=False), person)


def filled(form: Form, text: str, *, rudely: bool = True, sparing: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The form as it stands, with this text wherever one can type; rudely, also in dates and in what the page hides."""
    kinds = ("text", "textarea", "search", "url", *(["hidden"] if rudely else []))
    typed = {
        part.name: text
        for part in form.fields
        if part.kind in kinds
        and part.name not in ("csrfmiddlewaretoken", "next")
        and part.name not in sparing
        and (rudely or not part.name.endswith(("_0", "_1")))
    }
    return {**form.values(), **typed}


def refused(answer: Any) -> frozenset[str]:
    """The fields that a page sent back as wrong: of what else was typed nothing has been kept either."""
    tags = (
        re.findall(r'<(?:input|textarea)[^>]*aria-invalid="true"[^>]*>', answer.text)
        if answer.status_code == 200
        else []
    )
    return frozenset(found[1] for tag in tags if (found := re.search(r'name="([^"]*)"', tag)))


def pages_of(world: Any) -> dict[str, list[str]]:
    """Where each of the cast can type."""
    code, edition = world.entry.code, world.edition
    office = [
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for row in (
            edition, edition.prize, edition.categories.first(), edition.stages.last(), world.meeting, world.guest,
            world.occasion, world.open_motion.committee, world.entry.organisation, world.offer.benefit,
        )
    ]  # fmt: skip
    verbs = [
        reverse("admin:ceremony_laureate_cite", args=[world.laureate.pk]),
        reverse("admin:ceremony_laureate_revoke", args=[world.laureate.pk]),
        reverse("admin:prize_edition_propose_rules", args=[edition.pk]),
        reverse("admin:prize_prize_appoint", args=[edition.prize_id]),
        reverse("admin:applications_application_disqualify", args=[world.entry.pk]),
        reverse("admin:screening_check_entry", args=[code]),
        reverse("admin:judges_judge_recommend"),
        reverse("admin:ceremony_award_workbench", args=[edition.pk]),
        reverse("admin:ceremony_award_fix", args=[edition.pk, world.place.pk]),
    ]
    return {
        "amina": [
            f"/clarifications/{world.question.code}/",
            f"/entries/{code}/withdrawal/",
            f"/entries/{code}/collaborators/",
        ],
        "eve": [
            "/judging/",
            f"/judging/sheets/{world.sheets['eve'].code}/",
            f"/judging/sheets/{world.sheets['eve'].code}/recusal/",
        ],
        "jo": [f"/partner/{code}/"],
        "hana": [
            "/committee/",
            f"/committee/motions/{world.open_motion.code}/",
            f"/committee/meetings/{world.meeting.code}/",
        ],
        "karim": [*office, *verbs],
        "nora": [f"/rsvp/{world.guest.token}/", "/accounts/email/", "/accounts/login/"],
    }


def shown_to_all(world: Any) -> list[tuple[str, str]]:
    """Where what was typed comes out again, each as somebody who may look."""
    code = world.entry.code
    lists = [
        reverse(f"admin:{name}_changelist")
        for name in (
            "prize_motion", "prize_approval", "prize_letter", "prize_ledgerentry", "prize_person", "prize_meeting",
            "ceremony_guest", "ceremony_laureate", "screening_clarification", "applications_recusal", "prize_committee",
        )
    ]  # fmt: skip
    return [
        ("nora", "/"), ("nora", "/call/"), ("nora", "/laureates/"), ("nora", "/method/"), ("amina", "/desk/"),
        ("amina", f"/entries/{code}/"), ("amina", f"/clarifications/{world.question.code}/"), ("eve", "/judging/"),
        ("eve", f"/judging/sheets/{world.sheets['eve'].code}/"), ("hana", "/committee/"),
        ("hana", f"/committee/motions/{world.open_motion.code}/"), ("hana", f"/committee/meetings/{world.meeting.code}/"),
        ("jo", "/partner/"), ("jo", f"/partner/{code}/"), ("karim", "/admin/"), ("gita", "/judging/2030/second/people/"),
        ("karim", reverse("admin:screening_check_entry", args=[code])),
        ("karim", reverse("admin:ceremony_award_workbench", args=[world.edition.pk])),
        ("karim", reverse("admin:ceremony_occasion_run_of_show", args=[world.occasion.pk])),
        *[("karim", address) for address in lists],
    ]  # fmt: skip


def share_of(kind: str, pages: list[str]) -> list[str]:
    """Scripts go everywhere. Of the other kinds every page gets two or three, and all with PRIZE_WHOLE=1."""
    if kind == "script" or os.environ.get("PRIZE_WHOLE") == "1":
        return pages
    return [page for place, page in enumerate(pages) if (place + list(BAD).index(kind)) % 2]


@pytest.mark.parametrize("kind", BAD)
def test_no_form_falls_over_and_nothing_typed_comes_to_life(kind, world, cast):
    text, broken, alive, sent = BAD[kind], [], [], 0
    for name, pages in pages_of(world).items():
        browser = browser_of(cast[name])
        for page in share_of(kind, pages):
            opened = browser.get(page)
            for form in Forms(opened.content.decode()).found if opened.status_code == 200 else ():
                address = form.action or page
                if "logout" in address or "language" in address or not form.names() - {"csrfmiddlewaretoken"}:
                    continue
                sparing: frozenset[str] = frozenset()
                for way in ("rudely", "politely", "sparing what was refused"):
                    if way.startswith("sparing") and not sparing:
                        continue
                    typed = filled(form, text, rudely=way == "rudely", sparing=sparing)
                    answer = browser.post(urlsplit(address).path, typed)
                    sparing = refused(answer) if way == "politely" else frozenset()
                    sent += 1
                    broken += [f"{name} {address}: {answer.status_code}"] if answer.status_code >= 500 else []
                    alive += [f"{name} {address}"] if LIVE.search(answer.content.decode(errors="replace")) else []
    for name, page in shown_to_all(world):
        answer = browser_of(cast[name]).get(page)
        broken += [f"{name} {page}: {answer.status_code}"] if answer.status_code >= 500 else []
        alive += [f"{name} {page}"] if LIVE.search(answer.content.decode(errors="replace")) else []
    assert (broken, alive) == ([], [])
    assert sent > 20
    world.edition.prize.refresh_from_db()
    assert kind != "script" or MARK in str(world.edition.prize.name)


@pytest.mark.parametrize("kind", BAD)
def test_an_entry_takes_any_text_as_text(kind, draft, cast):
    text, browser, code = BAD[kind], browser_of(cast["amina"]), draft.code
    for page in (f"/entries/{code}/about/", f"/entries/{code}/sections/project/"):
        form = next(form for form in Forms(browser.get(page).text).found if {"title", "summary"} & form.names())
        hidden = {part.name: part.value for part in form.fields if part.kind == "hidden"}
        assert browser.post(page, filled(form, text) | hidden).status_code < 500
    for reader, page in (
        ("amina", f"/entries/{code}/"), ("amina", f"/entries/{code}/check/"), ("amina", "/desk/"),
        ("amina", f"/entries/{code}/sections/project/"),
        ("karim", reverse("admin:applications_application_change", args=[draft.pk])),
        ("karim", reverse("admin:applications_application_changelist")),
    ):  # fmt: skip
        shown = browser_of(cast[reader]).get(page)
        assert shown.status_code == 200, page
        assert not LIVE.search(shown.text), page


@pytest.mark.parametrize(
    "given", ["Ada\u202eevil", "Ada\u200b", "\ufeffAda", "Ada\r\nBcc: x", "A\u0301" + "\u0301" * 99, "Ada\x07\x9f"]
)
def test_a_name_is_one_visible_line_by_whatever_door_it_comes(given, edition, karim, sign_in, client, at):
    person = make.make_person("Somebody", email="some@example.org")
    person.name = given
    person.save()
    Organisation.objects.create(name=given)
    Person.objects.filter(pk=person.pk).update(native_name=given)
    entry = entries.make_application(edition, at=at, title=given)
    guest = Guest.objects.create(occasion=give.make_occasion(edition, at), name=given, email="g@example.org")
    person.refresh_from_db()
    guest.refresh_from_db()
    for name in (person.name, person.native_name, entry.title, guest.name, Organisation.objects.last().name):
        assert name == lines.as_line(given)
        assert not re.search("[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]", name)
        assert "\u0301" * 5 not in name


def test_scripts_that_need_joiners_and_accents_keep_them():
    for name in ("می\u200cخواهم", "क्\u200dष", "Nguyễn Thị Hồng", "서울특별시", "Łódź", "שָׁלוֹם"):
        assert lines.as_line(name) == unicodedata.normalize("NFC", name)


def test_a_letter_has_one_reader_and_no_header_of_anybodys_making(edition, amina, at, settings):
    amina.name = "Amina\r\nBcc: thief@example.org"
    amina.save()
    entry = entries.make_submitted(edition, amina, at=at, title="Lamps\r\nBcc: thief@example.org\r\n\r\n<b>Hello</b>")
    post.sweep(at=clock.now())
    assert Letter.objects.filter(state="sent").exists()
    for message in mail.outbox:
        raw = message.message()
        assert (raw.get_all("To"), raw["Bcc"], raw["Cc"]) == ([amina.email], None, None)
        assert "\n" not in message.subject
        html = next(content for content, kind in message.alternatives if kind == "text/html")
        assert "<b>Hello</b>" not in html
    assert entry.title == "Lamps Bcc: thief@example.org <b>Hello</b>"


@pytest.mark.parametrize("header", [{"host": "thief.example"}, {"x-forwarded-host": "thief.example"}])
def test_no_header_of_a_request_reaches_a_link_in_a_letter(header, edition, amina, at, client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ACCOUNT_RATE_LIMITS = False
    answer = client.post("/accounts/password/reset/", {"email": amina.email}, headers=header)
    assert answer.status_code in (302, 400)
    post.sweep(at=clock.now())
    assert all("thief" not in f"{message.subject}{message.body}{message.alternatives}" for message in mail.outbox)
    if answer.status_code == 302:
        assert settings.SITE_ADDRESS in mail.outbox[-1].body


@pytest.mark.parametrize(
    "away",
    ["https://thief.example/", "//thief.example", "/\\thief.example", "javascript:alert(1)", "https:thief.example"],
)
@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/reauthenticate/", "/language/", "/admin/login/"])
def test_no_page_leads_out_of_the_house(page, away, edition, karim, sign_in, client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    browser = client if page in ("/accounts/login/", "/admin/login/") else sign_in(karim)
    values = {"login": karim.email, "password": "a long enough password", "language": "ko", "next": away}
    for answer in (
        browser.post(f"{page}?next={away}", values),
        browser.get(page, {"next": away}),
        browser.get(f"{page}?next={away}"),
    ):
        where = urlsplit(answer.headers.get("Location", "/"))
        assert (where.scheme, where.netloc) == ("", ""), answer.headers
        assert "\\" not in where.path


@pytest.mark.parametrize("address", ["/entries/%00/", "/laureates/a%00b/", "/?q=%00", "/admin/prize/person/?q=a%00"])
def test_a_nul_in_an_address_is_refused_and_breaks_nothing(address, edition, karim, sign_in):
    sign_in(karim)
    browser = browser_of(karim)
    assert browser.get(address).status_code in (200, 302, 400, 404)


FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://thief.example")',
    "=cmd|' /C calc'!A0",
    "Kerbs;=1+1",
    'Kerbs; "=1+1";2',
    "Kerbs;-1+1",
)


def test_no_cell_of_any_table_that_leaves_the_house_is_a_formula(edition, at):
    from ceremony.guests import GuestResource
    from screening.admin.importing import ReadingResource

    occasion = give.make_occasion(edition, at)
    for number, text in enumerate(FORMULAS):
        body = Organisation.objects.create(name=f"{text}{number}")
        entries.make_application(edition, at=at, title=text, organisation=body)
        Guest.objects.create(occasion=occasion, name=text, organisation=text, needs=text, email=f"{number}@example.org")
    for resource in (EntryResource(), GuestResource()):
        rows = list(csv.reader(io.StringIO(resource.export().csv)))
        assert len(rows) == len(FORMULAS) + 1
        cells = [
            cell
            for row in rows[1:]
            for whole in row
            for cell in (whole, *(part.strip(' "') for part in whole.split(";")))
        ]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell] == []
    for resource in (EntryResource, GuestResource, ReadingResource):
        assert issubclass(resource, exporting.Inert)


@pytest.mark.parametrize(
    "name", ["page.svg.pdf", "x.html;.pdf", "../../a.pdf", "a" * 500 + ".pdf", "ev\u202efdp.pdf", "a\r\nX: 1.pdf"]
)
def test_a_file_leaves_as_a_file_whatever_it_is_called(name, edition, amina, at, sign_in):
    found = entries.make_attached(entries.make_application(edition, amina, at=at), at=at, name=name)
    answer = sign_in(amina).get(reverse("applications:file", args=[found.code]))
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert not re.search("[\r\n/\\\\\u202e]", disposition.replace("utf-8''", ""))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == (
        "nosniff",
        "no-store, private",
    )
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("module", [lines, exporting], ids=lambda module: module.__name__)
def test_the_examples_of_the_cleaners_hold(module):
    assert doctest.testmod(module).failed == 0

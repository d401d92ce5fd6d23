"""The demonstration's edition: real structure, real figures, every page of every role."""

import json
import re
from collections import Counter
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from factories import prize as make

from prize import audit, clock, demo, ledger, post
from prize.models import Edition, LedgerChain, Letter, Person

PUBLISHED = {
    "received": 240,
    "eligible": 209,
    "cities": 93,
    "countries": 47,
    "regions": {"asia": 92, "europe": 50, "middle-east": 36, "americas": 21, "africa": 6, "oceania": 4},
    "judges": 16,
    "reviews": 627,
    "finalists": 40,
    "awards": 21,
}
LINK = re.compile(r'href="(/[^"#?]*)')


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole story, told once for this module and then taken back."""
    with django_db_blocker.unblock():
        from django.conf import settings

        kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
        with transaction.atomic():
            told = demo.build(None, now=clock.now(), say=lambda title: None)
            connection.check_constraints()  # once, and not after every test that stands on the story
            yield told
            transaction.set_rollback(True)
        settings.MEDIA_ROOT = kept


@pytest.fixture(autouse=True)
def files_of_this_test():
    """The story's own files stay for the whole module."""


@pytest.fixture
def edition(story, db) -> Edition:
    return story


def test_the_report_prints_the_published_figures(edition, capsys):
    call_command("edition", "report", "--json")
    counted = json.loads(capsys.readouterr().out)
    assert {name: counted[name] for name in PUBLISHED} == PUBLISHED
    call_command("edition", "report")
    text = capsys.readouterr().out
    assert "asia 92 (44 %)" in text
    assert "europe 50 (24 %)" in text


def test_every_laureate_has_a_sentence_of_its_own(edition):
    cited = [laureate.citation.text for laureate in edition.laureates.select_related("citation")]
    assert len({text["en"] for text in cited}) == 21
    assert sum("ko" in text for text in cited) >= 5


def test_the_korean_entries_are_as_published(edition):
    korean = edition.applications.filter(country="KR", outcomes__stage__slug="screening", outcomes__verdict="advanced")
    by_type = {
        key: korean.filter(applicant_type__key=key).count()
        for key in ("city", "institution", "corporation", "individual")
    }
    assert by_type == {"city": 6, "institution": 6, "corporation": 19, "individual": 2}


def test_every_invariant_holds_and_the_ledger_verifies(edition):
    assert list(audit.breaches()) == []
    deeds = LedgerChain.objects.get(edition=edition, kind="deeds")
    assert deeds.length > 1000
    assert ledger.verify(deeds) == []


def test_a_person_can_be_forgotten_and_the_ledger_still_verifies(edition):
    judge = Person.objects.get(email="judge@demo.example")
    assert ledger.forget(judge, at=clock.now()) > 0
    deeds = LedgerChain.objects.get(edition=edition, kind="deeds")
    assert ledger.verify(deeds) == []


def test_every_kind_of_letter_can_be_written_in_both_languages(edition):
    kinds = Letter.objects.order_by("kind").values_list("kind", flat=True).distinct()
    assert len(kinds) >= 10
    for kind in kinds:
        row = Letter.objects.filter(kind=kind).select_related("person", "edition").first()
        for language in ("en", "ko"):
            row.language = language
            try:
                subject, body, _files = post.render(row)
            except post.Withheld:
                continue
            assert subject
            assert "{" not in subject + body


def test_nothing_real_is_given_invented_marks(edition):
    for name, rows in {"city": edition.applications.exclude(city=None), "organisation": edition.applications}.items():
        real = rows.filter(**{f"{name}__is_fictional": False}).values_list(f"{name}__name", flat=True)
        assert list(real) == []
    assert Person.objects.filter(is_fictional=False).exclude(email__endswith="@system.invalid").count() == 0


def crawl(person: Person | None, starts: list[str], alike: int = 1) -> dict[str, int]:
    """Follow the links that a person is shown, and return what each page answered. Of pages alike, one is enough here."""
    browser = Client()
    if person:
        make.sign_in(browser, person)
    seen: dict[str, int] = {}
    routes: Counter[str] = Counter()
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        if address in seen or address.startswith("/static/") or address.endswith("logout/"):
            continue
        route = resolve(address).route
        if routes[route] == alike:
            continue
        answer = browser.get(address)
        seen[address] = answer.status_code
        routes[route] += 1
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            waiting += sorted({unescape(found) for found in LINK.findall(answer.text)} - set(seen))
    return seen


ROLES = [address for address in demo.ACCOUNTS if address != "office2@demo.example"]  # who is shown what office is shown


@pytest.mark.parametrize("address", ["", *ROLES])
def test_every_page_a_role_is_shown_opens(edition, address):
    person = Person.objects.get(email=address) if address else None
    starts = ["/"] if not person else ["/", "/desk/", "/admin/"] if person.is_staff else ["/", "/desk/"]
    pages = crawl(person, starts)
    broken = {page: status for page, status in pages.items() if status not in (200, 302)}
    assert broken == {}
    assert len(pages) >= 5
    if person and person.is_staff:
        assert len([page for page in pages if page.startswith("/admin/")]) > 10

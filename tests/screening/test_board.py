"""The officers' place of work in the admin."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import prize as make
from factories.screening import check_all, make_entry, make_items

from applications import recusing
from applications.models import Outcome
from prize import governing
from prize.models import Approval, Edition
from screening import checking, clarifying, closing, desks
from screening.models import Check, CheckItem, Similarity, Waiver

BOARD = "/admin/screening/check/board/"


@pytest.fixture
def edition(at):
    """An edition that is in its screening stage now, its entries sealed in the call before."""
    return make.make_edition(at, open_stage="screening")


@pytest.fixture
def items(edition):
    return {item.key: item for item in make_items(edition)}


@pytest.fixture
def entries(edition, items, amina, bruno):
    return [make_entry(edition, amina, title="Buses on call"), make_entry(edition, bruno, title="Lamps that wait")]


def sheet(entry, then="stay", seen=0, **results):
    values = {f"result_{item.key}": results.get(item.key, "passed") for item in entry.edition.check_items.all()}
    notes = {f"note_{item.key}": results.get(f"note_{item.key}", "") for item in entry.edition.check_items.all()}
    return values | notes | {"seen": seen, "then": then}


def page_of(entry):
    return f"{BOARD}{entry.code}/"


def test_the_board_is_for_officers_and_the_secretariat_only(client, sign_in, entries, mio, karim, amina, eve, nora):
    assert client.get(BOARD).status_code == 302
    seen = {person.name: sign_in(person).get(BOARD).status_code for person in (mio, karim, amina, eve, nora)}
    assert seen == {"Mio": 200, "Karim": 200, "Amina": 302, "Eve": 302, "Nora": 302}
    inside = {person.name: sign_in(person).get(page_of(entries[0])).status_code for person in (mio, amina, nora)}
    assert inside == {"Mio": 200, "Amina": 302, "Nora": 302}


def test_another_prizes_officer_sees_neither_board_nor_entry(sign_in, entries, at):
    other = make.make_person("Zoe", is_staff=True)
    prize = Edition.objects.get().prize.__class__.objects.create(slug="hill", name={"en": "Hill Prize"})
    prize.organisers.create(person=other, role="screening")
    assert sign_in(other).get(BOARD).status_code == 404
    assert sign_in(other).get(page_of(entries[0])).status_code == 404


def test_an_officer_who_stands_aside_does_not_see_the_entry_at_all(sign_in, entries, mio, karim, at):
    recusing.stand_aside(entries[0], mio, "personal", by=mio, at=at)
    text = sign_in(mio).get(BOARD).content.decode()
    assert ("Buses on call" in text, "Lamps that wait" in text) == (False, True)
    assert sign_in(mio).get(page_of(entries[0])).status_code == 404
    assert sign_in(mio).post(page_of(entries[0]), sheet(entries[0])).status_code == 404
    check_all(entries[0], karim, at)
    text = sign_in(mio).get("/admin/screening/check/").content.decode()
    assert entries[0].title not in text


def test_the_sheet_shows_the_sealed_entry_and_what_rules_propose(sign_in, entries, mio):
    text = sign_in(mio).get(page_of(entries[0])).content.decode()
    assert "A bank of hours for neighbours" in text
    assert "A rule proposes: passed. The answer is “Mobility”." in text
    assert not Check.objects.exists()


def test_saving_records_and_stays_and_deciding_goes_on_to_the_next(sign_in, entries, mio):
    officer = sign_in(mio)
    response = officer.post(page_of(entries[0]), sheet(entries[0], note_evidence="figures on page 2"))
    assert response.url == page_of(entries[0])
    assert Check.objects.filter(application=entries[0], note="figures on page 2").count() == 1
    seen = max(Check.objects.values_list("pk", flat=True))
    response = officer.post(page_of(entries[0]) + "?state=todo", sheet(entries[0], "decide", seen, domain="failed"))
    assert response.url == page_of(entries[1]) + "?state=todo"
    assert Outcome.objects.standing().get().verdict == "declined"


def test_an_item_left_open_is_not_recorded_and_the_verdict_waits(sign_in, entries, mio):
    values = sheet(entries[0], "decide") | {"result_complete": ""}
    response = sign_in(mio).post(page_of(entries[0]), values)
    assert response.status_code == 409
    assert "Not yet" in response.content.decode()
    assert set(Check.objects.values_list("item__key", flat=True)) == {"domain", "evidence"}
    assert not Outcome.objects.exists()


def test_a_stale_sheet_comes_back_with_what_was_written_and_what_the_colleague_said(sign_in, entries, mio, karim, at):
    checking.record(entries[0], CheckItem.objects.get(key="domain"), "failed", by=karim, at=at, note="a toy")
    response = sign_in(mio).post(page_of(entries[0]), sheet(entries[0], "decide", 0, note_complete="my long note"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Nothing of yours is saved yet" in text
    assert "Karim: failed" in text
    assert "my long note" in text
    assert set(Check.objects.values_list("by__name", flat=True)) == {"Karim"}
    newest = max(Check.objects.values_list("pk", flat=True))
    assert f'name="seen" value="{newest}"' in text
    assert sign_in(mio).post(page_of(entries[0]), sheet(entries[0], "decide", newest)).status_code == 302
    assert Outcome.objects.standing().get().verdict == "advanced"


def test_a_closed_stage_refuses_the_sheet_in_words(sign_in, entries, mio, karim, edition, at):
    stage = edition.stages.get(slug="screening")
    stage.closed_at, stage.closed_by = at, karim
    stage.save()
    response = sign_in(mio).post(page_of(entries[0]), sheet(entries[0], "decide"))
    assert response.status_code == 409
    assert "Screening closed on" in response.content.decode()
    assert not Check.objects.exists()


def test_a_question_is_asked_from_the_sheet_and_a_wrong_date_keeps_the_words(sign_in, entries, mio, at):
    address = f"{page_of(entries[0])}question/"
    wrong = sign_in(mio).post(address, {"question": "Which district?", "due": "2020-01-01"})
    assert wrong.status_code == 409
    assert "Which district?" in wrong.content.decode()
    due = (at + timedelta(days=3)).date()
    assert sign_in(mio).post(address, {"question": "Which district?", "due": due.isoformat()}).status_code == 302
    asked = entries[0].clarifications.get()
    assert asked.last_minute.strftime("%Y-%m-%d %H:%M") == f"{due} 23:59"


def test_the_secretariat_makes_an_exception_and_the_officer_is_told_who_may(sign_in, entries, items, mio, karim, at):
    check_all(entries[0], mio, at, evidence="failed")
    address, form = f"{page_of(entries[0])}exception/", {"item": items["evidence"].pk, "reason": "The seal is late."}
    assert "who tests does not excuse" in sign_in(mio).get(page_of(entries[0])).content.decode()
    assert sign_in(mio).post(address, form).status_code == 409
    assert not Waiver.objects.exists()
    assert sign_in(karim).post(address, form).status_code == 302
    assert "The seal is late." in sign_in(mio).get(page_of(entries[0])).content.decode()


def test_the_filters_find_entries_by_their_state(sign_in, entries, mio, at):
    check_all(entries[0], mio, at)
    checking.decide(entries[0], by=mio, at=at)
    clarifying.ask(entries[1], "Why?", due_at=at + timedelta(days=1), by=mio, at=at)

    def shown(query):
        text = sign_in(mio).get(BOARD + query).content.decode()
        return {entry.title for entry in entries if entry.title in text}

    assert shown("?state=todo") == shown("?state=asked") == {"Lamps that wait"}
    assert shown("?state=decided") == shown("?state=advanced") == {"Buses on call"}
    assert shown("?state=declined") == shown("?q=nothing") == set()
    assert shown("?q=LAMPS") == {"Lamps that wait"}
    assert shown("") == shown("?category=people") == {"Buses on call", "Lamps that wait"}


def test_the_board_takes_the_same_queries_with_two_entries_and_with_many(sign_in, edition, entries, mio):
    officer = sign_in(mio)
    officer.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        officer.get(BOARD)
    for number in range(6):
        make_entry(edition, title=f"Entry {number}")
    with CaptureQueriesContext(connection) as many:
        officer.get(BOARD)
    assert len(many) == len(few)


def test_outcomes_are_announced_from_the_board_by_two_people(sign_in, entries, mio, karim, lena, at):
    address = f"{BOARD}announcement/"
    assert "no outcome yet" in sign_in(karim).get(address).content.decode()
    for entry in entries:
        check_all(entry, mio, at)
        checking.decide(entry, by=mio, at=at)
    assert "advanced: 2" in sign_in(karim).get(address).content.decode()
    sign_in(mio).post(address)
    assert not Approval.objects.exists()
    assert sign_in(karim).post(address).status_code == 302
    approval = Approval.objects.get()
    page = f"/admin/prize/approval/{approval.pk}/approve/"
    sign_in(karim).post(page, {"digest": approval.digest})
    assert not Outcome.objects.announced().exists()
    sign_in(lena).post(page, {"digest": approval.digest})
    assert Outcome.objects.announced().count() == 2


def test_the_stage_is_closed_from_the_board_when_nothing_stands_in_the_way(sign_in, entries, mio, karim, edition, at):
    address = f"{BOARD}closing/"
    text = sign_in(karim).get(address).content.decode()
    assert "It runs until" in text
    assert "2 entries have no outcome yet" in text
    sign_in(karim).post(address, {"reason": "A flood."})
    assert Approval.objects.get().content["gaps"] == sorted(entry.code for entry in entries)
    for entry in entries:
        check_all(entry, mio, at)
        checking.decide(entry, by=mio, at=at)
    stage = edition.stages.get(slug="screening")
    stage.opens_at, stage.closes_at = at - timedelta(days=9), at - timedelta(seconds=1)
    stage.save()
    sign_in(karim).post(address)
    stage.refresh_from_db()
    assert stage.closed_by == karim


def test_a_correction_is_asked_from_the_sheet(sign_in, entries, items, mio, karim, lena, at):
    for entry in entries:
        check_all(entry, mio, at, domain="failed")
        checking.decide(entry, by=mio, at=at)
    stage = entries[0].edition.stages.get(slug="screening")
    approval = closing.ask_to_announce(stage, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    address = f"{page_of(entries[0])}correction/"
    form = {"item": items["domain"].pk, "result": "passed", "note": "It is a bus."}
    assert sign_in(mio).post(address, form).status_code == 409
    assert sign_in(karim).post(address, form).status_code == 302
    assert Approval.objects.filter(act="screening.correct").count() == 1


def test_alike_entries_are_compared_and_ruled_on(sign_in, entries, mio, at):
    sign_in(mio).post(f"{BOARD}comparison/")
    pair = Similarity.objects.get()
    text = sign_in(mio).get(f"/admin/screening/similarity/{pair.pk}/change/").content.decode()
    assert "bank of hours" in text
    sign_in(mio).post(f"/admin/screening/similarity/{pair.pk}/different/")
    pair.refresh_from_db()
    assert (pair.ruling, pair.ruled_by) == ("different", mio)


def test_the_offices_home_says_what_waits(sign_in, entries, mio, karim, at):
    text = sign_in(mio).get("/admin/").content.decode()
    assert "2 entries to screen" in text
    assert "4 answers given by rules wait for an officer" in text
    asked = clarifying.ask(entries[0], "Why?", due_at=at + timedelta(hours=1), by=mio, at=at)
    titles = [todo.title for todo in desks.screening_todos(entries[0].edition, mio, at + timedelta(days=1))]
    assert "1 question is overdue" in titles
    clarifying.answer(asked, "Because.", by=entries[0].owner, at=at)
    titles = [todo.title for todo in desks.screening_todos(entries[0].edition, mio, at)]
    assert "1 applicant has answered" in titles
    for entry in entries:
        check_all(entry, mio, at)
        checking.decide(entry, by=mio, at=at + timedelta(hours=2))
    for_secretariat = [todo.title for todo in desks.screening_todos(entries[0].edition, karim, at)]
    for_officer = [todo.title for todo in desks.screening_todos(entries[0].edition, mio, at)]
    assert (for_secretariat, for_officer) == (["2 outcomes are decided and not announced"], [])

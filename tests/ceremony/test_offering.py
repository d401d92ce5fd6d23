import re
from datetime import timedelta

import pytest

from ceremony import desks, offering
from ceremony.models import Benefit, Laureate, Offer
from prize.governing import Refused
from prize.models import LedgerEntry, Letter

STEPS = [{"name": {"en": "Need described", "ko": "수요 확인"}, "days": 14}, {"name": {"en": "Report"}, "days": 60}]


@pytest.fixture
def study(edition):
    return Benefit.objects.create(edition=edition, key="study", name={"en": "A study"}, answer_days=21, steps=STEPS)


@pytest.fixture
def gold(released):
    return Laureate.objects.get(place__award__key="gold")


@pytest.fixture
def offered(study, gold, karim, at):
    return offering.offer(study, gold, by=karim, at=at)


def test_an_offer_is_made_once_with_a_letter(study, gold, karim, lena, at):
    first = offering.offer(study, gold, by=karim, at=at)
    assert offering.offer(study, gold, by=lena, at=at) == first
    assert Letter.objects.get(kind="ceremony.offer").person.name == "Amina"
    assert first.answer_by == at + timedelta(days=21)


def test_the_office_looks_for_open_cases_by_that_word_and_reads_no_as_no(offered, amina, karim, at, sign_in):
    offering.answer(offered, "declined", by=amina, at=at)
    browser = sign_in(karim)
    page = browser.get("/admin/ceremony/offer/", {"closed_at__isempty": "1"}).text
    assert ">open</a>" in page
    assert ("Not empty" in page, ">Empty<" in page) == (False, False)
    counted = browser.get("/admin/ceremony/offer/", {"_facets": "True"}).text
    assert re.findall(r">\s*((?:open|closed) \(\d\))", counted) == ["open (1)", "closed (0)"]
    browser.cookies["django_language"] = "ko"
    assert "거절" in browser.get(f"/admin/ceremony/offer/{offered.pk}/change/").text
    assert "탈락" not in browser.get("/admin/ceremony/offer/").text


def test_no_offer_before_the_announcement_because_a_letter_would_tell(conferred, study, karim, at):
    with pytest.raises(Refused, match="after the announcement"):
        offering.offer(study, Laureate.objects.first(), by=karim, at=at)
    assert not Letter.objects.filter(kind="ceremony.offer").exists()


def test_accepting_opens_a_case_with_due_dates_and_an_owner(offered, amina, karim, edition, at):
    accepted = offering.answer(offered, "accepted", by=amina, at=at)
    today = at.astimezone(edition.tz).date()
    assert accepted.owner == karim
    assert list(accepted.follow_ups.values_list("due_on", flat=True)) == [
        today + timedelta(days=14), today + timedelta(days=60),
    ]  # fmt: skip


def test_declining_opens_none(offered, amina, at):
    assert offering.answer(offered, "declined", by=amina, at=at).follow_ups.count() == 0


def test_an_answer_is_given_once_in_time_and_by_those_who_entered(offered, amina, bruno, at):
    with pytest.raises(Refused, match="Only those who entered"):
        offering.answer(offered, "accepted", by=bruno, at=at)
    with pytest.raises(Refused, match="time to answer is over"):
        offering.answer(offered, "accepted", by=amina, at=at + timedelta(days=22))
    offering.answer(offered, "accepted", by=amina, at=at)
    with pytest.raises(Refused, match="This offer is accepted"):
        offering.answer(offered, "declined", by=amina, at=at)
    assert LedgerEntry.objects.filter(act="offer.answered").count() == 1


def test_a_step_is_done_once_with_a_note(offered, amina, karim, mio, at):
    step = offering.answer(offered, "accepted", by=amina, at=at).follow_ups.first()
    with pytest.raises(Refused, match="a word on what was done"):
        offering.complete_step(step, note=" ", by=karim, at=at)
    with pytest.raises(Refused, match="Only the secretariat"):
        offering.complete_step(step, note="Called.", by=mio, at=at)
    assert offering.complete_step(step, note="Called.", by=karim, at=at).done_at == at
    with pytest.raises(Refused, match="done already"):
        offering.complete_step(step, note="Again.", by=karim, at=at)


def test_a_late_step_waits_in_the_office_until_it_is_done(offered, amina, karim, edition, at):
    step = offering.answer(offered, "accepted", by=amina, at=at).follow_ups.first()
    late = at + timedelta(days=16)
    assert desks.followups_todo(edition, karim, at) == []
    assert [todo.title for todo in desks.followups_todo(edition, karim, late)] == ["Overdue: Need described (A study)"]
    offering.complete_step(step, note="Done.", by=karim, at=late)
    assert desks.followups_todo(edition, karim, late) == []


def test_a_case_is_closed_with_its_result(offered, amina, karim, at):
    with pytest.raises(Refused, match="Only an accepted offer"):
        offering.close(offered, result="Nothing.", by=karim, at=at)
    accepted = offering.answer(offered, "accepted", by=amina, at=at)
    with pytest.raises(Refused, match="what came of it"):
        offering.close(accepted, result="", by=karim, at=at)
    assert offering.close(accepted, result="A pilot in two districts.", by=karim, at=at).closed_at == at


def test_a_laureate_accepts_on_the_desk(offered, amina, bruno, sign_in):
    page = f"/offers/{offered.code}/"
    assert sign_in(bruno).get(page).status_code == 404
    assert sign_in(bruno).post(f"{page}answer/", {"choice": "accepted"}).status_code == 404
    browser = sign_in(amina)
    assert "A study" in browser.get("/desk/").content.decode()
    assert "Need described" in browser.get(page).content.decode()
    answer = browser.post(f"{page}answer/", {"choice": "accepted"}, follow=True)
    assert "Need described" in answer.content.decode()
    assert Offer.objects.get().answer == "accepted"
    assert browser.post(f"{page}answer/", {"choice": "declined"}).status_code == 409

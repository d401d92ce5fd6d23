"""What one officer alone must not do: give an office, or move a stage that has begun."""

import pytest
from factories import prize as make
from stories.visitor import Forms

from prize import appointing, calendar, governing
from prize.governing import Refused
from prize.models import Approval, LedgerEntry, Organiser


def test_an_office_is_given_by_two_people(edition, karim, lena, nora, sign_in, at):
    page = f"/admin/prize/prize/{edition.prize_id}/"
    browser = sign_in(karim)
    sheet = browser.get(f"{page}change/").text
    assert 'name="organisers-0-role"' not in sheet
    browser.post(
        f"{page}appoint/", {"email": "nora@example.org", "role": "secretariat", "reason": "She starts in May."}
    )
    assert not nora.offices.exists()
    asked = Approval.objects.get()
    with pytest.raises(Refused, match="second person"):
        governing.approve(asked, asked.digest, by=karim, at=at)
    shown = sign_in(lena).get(f"/admin/prize/approval/{asked.pk}/approve/").text
    assert "nora@example.org" in shown
    governing.approve(asked, asked.digest, by=lena, at=at)
    assert nora.offices.get().role == "secretariat"
    assert LedgerEntry.objects.get(act="office.given").facts == {"person": nora.code, "role": "secretariat"}


def test_an_office_is_taken_back_by_two_people_and_only_where_there_is_one(edition, karim, lena, mio, nora, at):
    with pytest.raises(Refused, match="no office"):
        appointing.ask(edition.prize, nora, "", reason="Gone.", by=karim, at=at)
    asked = appointing.ask(edition.prize, mio, "", reason="Gone.", by=karim, at=at)
    assert mio.offices.exists()
    governing.approve(asked, asked.digest, by=lena, at=at)
    assert not mio.offices.exists()


def test_neither_a_screening_officer_nor_a_stranger_asks_for_an_office(edition, mio, nora, sign_in, at):
    for person in (mio, nora):
        with pytest.raises(Refused, match="Only the secretariat"):
            appointing.ask(edition.prize, person, "secretariat", reason="I want it.", by=person, at=at)
        answer = sign_in(person).post(
            f"/admin/prize/prize/{edition.prize_id}/appoint/",
            {"email": person.email, "role": "secretariat", "reason": "I"},
        )
        assert answer.status_code in (302, 403)
    assert set(Organiser.objects.values_list("person__name", flat=True)) == {"Mio"}


def test_a_stage_that_has_begun_moves_by_two_people_and_a_coming_one_by_one(edition, karim, lena, at):
    call, second = (edition.stages.get(slug=slug) for slug in ("call", "second"))
    assert calendar.reschedule(second, opens_at=second.opens_at, closes_at=second.closes_at + make.DAY, by=karim, at=at)
    asked = calendar.ask_to_reschedule(call, opens_at=call.opens_at, closes_at=at + make.DAY / 24, by=karim, at=at)
    call.refresh_from_db()
    assert call.closes_at > at + make.DAY
    with pytest.raises(Refused, match="second person"):
        governing.approve(asked, asked.digest, by=karim, at=at)
    governing.approve(asked, asked.digest, by=lena, at=at)
    call.refresh_from_db()
    assert call.closes_at == at + make.DAY / 24


def test_the_page_of_a_stage_that_has_begun_asks_for_a_second_person(edition, karim, sign_in, at):
    call = edition.stages.get(slug="call")
    page = f"/admin/prize/stage/{call.pk}/change/"
    browser = sign_in(karim)
    form = next(form for form in Forms(browser.get(page).text).found if "closes_at_0" in form.names())
    values = form.values()
    values |= {"closes_at_0": "2049-01-01", "closes_at_1": "00:00:00"}
    assert browser.post(page, values).status_code == 302
    call.refresh_from_db()
    assert call.closes_at.year < 2049
    assert Approval.objects.filter(act="prize.reschedule_stage").count() == 1


def test_a_move_is_void_once_the_stage_was_moved_otherwise(edition, karim, lena, at):
    call = edition.stages.get(slug="call")
    one, other = (
        calendar.ask_to_reschedule(call, opens_at=call.opens_at, closes_at=at + days * make.DAY, by=karim, at=at)
        for days in (1, 2)
    )
    governing.approve(one, one.digest, by=lena, at=at)
    with pytest.raises(Refused, match="Ask again"):
        governing.approve(other, other.digest, by=lena, at=at)

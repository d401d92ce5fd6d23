"""Once a sheet is cast, no officer alone takes it out of the result."""

import pytest
from factories import judges as judging

from judges import declaring, recruiting
from judges.models import ScoreSheet
from prize import governing
from prize.governing import Refused
from prize.models import Approval


@pytest.fixture
def cast(eves, at):
    return judging.cast(eves, at=at, idea=8, impact=7)


def test_the_office_sets_an_uncast_sheet_aside_alone_and_a_cast_one_with_a_second_person(
    cast, eves, franks, karim, lena, sign_in, at
):
    browser = sign_in(karim)
    form = {"ground": "personal", "note": "They are cousins."}
    browser.post(f"/admin/judges/assignment/{franks.pk}/stand_aside/", form)
    franks.refresh_from_db()
    assert franks.withdrawn_at is not None
    browser.post(f"/admin/judges/assignment/{eves.pk}/stand_aside/", form)
    assert list(ScoreSheet.objects.counting()) == [cast]
    asked = Approval.objects.get()
    with pytest.raises(Refused, match="second person"):
        governing.approve(asked, asked.digest, by=karim, at=at)
    assert "They are cousins." in sign_in(lena).get(f"/admin/prize/approval/{asked.pk}/approve/").text
    governing.approve(asked, asked.digest, by=lena, at=at)
    assert not ScoreSheet.objects.counting().exists()


def test_a_judge_who_finds_a_conflict_stands_aside_at_once_whatever_is_cast(cast, eves, eve, at):
    declaring.step_aside(eves, "personal", by=eve, at=at)
    assert not ScoreSheet.objects.counting().exists()


def test_a_judge_whose_sheets_count_leaves_the_jury_by_two_people(
    cast, judge_eve, judge_frank, karim, lena, sign_in, at
):
    with pytest.raises(Refused, match="second person"):
        recruiting.step_down(judge_eve, by=karim, at=at)
    browser = sign_in(karim)
    for judge in (judge_eve, judge_frank):
        browser.post(f"/admin/judges/judge/{judge.pk}/step_down/")
        judge.refresh_from_db()
    assert (judge_eve.stepped_down_at is None, judge_frank.stepped_down_at is None) == (True, False)
    asked = Approval.objects.get()
    governing.approve(asked, asked.digest, by=lena, at=at)
    judge_eve.refresh_from_db()
    assert judge_eve.stepped_down_at == at
    assert not ScoreSheet.objects.counting().exists()


def test_a_request_about_a_sheet_is_void_once_the_judge_stood_aside(cast, eves, eve, karim, lena, at):
    asked = declaring.ask_to_set_aside(eves, "personal", by=karim, at=at, note="They are cousins.")
    declaring.step_aside(eves, "personal", by=eve, at=at)
    with pytest.raises(Refused, match="Ask again"):
        governing.approve(asked, asked.digest, by=lena, at=at)

"""Asking for missing sheets: whom, when, how often, and what the letter counts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from factories import judges as judging

from judges import reminding
from prize import post
from prize.governing import Refused
from prize.models import LedgerEntry, Letter


def reminders():
    letters = Letter.objects.filter(kind="judges.reminder").select_related("person").order_by("pk")
    return [letter.person.name for letter in letters]


@pytest.fixture
def three(round, entry, eves, franks, judge_gita, karim, at):
    """Eve has cast her sheet, Frank has not; Gita, who chairs, has one to cast as well."""
    judging.make_assignment(round, entry, judge_gita, by=karim, at=at)
    judging.cast(eves, at=at, idea=8, impact=7)
    return round


def test_the_chair_writes_to_those_with_sheets_to_cast_and_not_to_herself(three, gita, at):
    reminding.remind(three, by=gita, at=at)
    assert reminders() == ["Frank"]
    assert LedgerEntry.objects.get(act="round.reminded").facts["occasion"]


def test_a_second_call_on_the_same_day_writes_to_nobody(three, gita, at):
    morning = at.replace(hour=0, minute=30)  # half past nine in Seoul
    reminding.remind(three, by=gita, at=morning)
    with pytest.raises(Refused, match="tomorrow"):
        reminding.remind(three, by=gita, at=morning + timedelta(hours=2))
    reminding.remind(three, by=gita, at=morning + timedelta(days=1))
    assert reminders() == ["Frank", "Frank"]


@pytest.mark.parametrize("name", ["eve", "frank", "nora", "mio"])
def test_nobody_else_may_ask(three, request, name, at):
    with pytest.raises(Refused, match="chair of the jury and the secretariat"):
        reminding.remind(three, by=request.getfixturevalue(name), at=at)
    assert reminders() == []


def test_there_is_nothing_to_ask_for_when_the_round_is_over(three, karim, closed):
    with pytest.raises(Refused, match="not open"):
        reminding.remind(three, by=karim, at=closed)


def test_the_letter_counts_again_as_it_goes(three, karim, frank, franks, at):
    reminding.remind(three, by=karim, at=at)
    letter = Letter.objects.get(kind="judges.reminder", person=frank)
    subject, body, _files = post.render(letter)
    assert subject == "1 score sheet is still to be cast"
    assert "tell the secretariat today" in body
    judging.cast(franks, at=at, idea=5, impact=5)
    with pytest.raises(post.Withheld):
        post.render(letter)


def test_the_clock_writes_once_in_the_last_two_days(three, at):
    ends = three.stage.closes_at
    reminding.remind_due(ends - timedelta(hours=49))
    assert reminders() == []
    reminding.remind_due(ends - timedelta(hours=47))
    reminding.remind_due(ends - timedelta(hours=3))
    assert sorted(reminders()) == ["Frank", "Gita"]


def test_the_chair_asks_on_the_page_of_the_round_and_it_says_who_was_asked(sign_in, three, gita, edition):
    browser = sign_in(gita)
    page = browser.get(reverse("judges:round", args=[edition.year, "second"])).content.decode()
    assert "Ask for missing sheets" in page
    done = browser.post(reverse("judges:reminders", args=[edition.year, "second"]), follow=True)
    assert "1 judge is written to." in done.content.decode()
    states = {one.judge.person.name: (one.state, bool(one.reminded)) for one in done.context["coverage"].progress}
    assert states == {"Eve": ("done", False), "Frank": ("behind", True), "Gita": ("behind", False)}


def test_a_refusal_on_the_page_is_a_page_with_words(sign_in, three, frank, gita, edition):
    address = reverse("judges:reminders", args=[edition.year, "second"])
    assert sign_in(frank).post(address).status_code == 404
    sign_in(gita).post(address)
    again = sign_in(gita).post(address)
    assert again.status_code == 409
    assert "tomorrow" in again.content.decode()

"""The call closes once, and those who had not submitted are told."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from factories.applications import make_application, make_submitted

from applications import calling, lifecycle, submitting, tasks
from applications.models import Application, Extension
from prize import governing, post
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import LedgerEntry, Letter, Person, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def call(edition):
    return edition.stage("call")


def letters(kind):
    return list(Letter.objects.filter(kind=kind).order_by("person__name").values_list("person__name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_forty_workers_close_the_call_once_with_one_set_of_letters(lifted_seals, edition, call, amina, bruno, at):
    make_application(edition, amina, at=at)
    make_application(edition, bruno, at=at)
    workers = 40 if connection.vendor == "postgresql" else 6
    start, wins = threading.Barrier(workers), []
    clock_person = Person.objects.clock()

    def work():
        try:
            start.wait()
            wins.append(calling.close_call(Stage.objects.get(pk=call.pk), by=clock_person, at=call.closes_at))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(wins) == [False] * (workers - 1) + [True]
    assert LedgerEntry.objects.filter(act="stage.closed").count() == 1
    assert letters("applications.unsent") == ["Amina", "Bruno"]


def test_the_task_closes_what_is_due_and_nothing_else(edition, call, amina, bruno, at):
    make_application(edition, amina, at=at)
    make_submitted(edition, bruno, at=at)
    tasks.close_due_calls()
    assert not Stage.objects.exclude(closed_at=None).exists()
    Stage.objects.filter(pk=call.pk).update(closes_at=at - HOUR)
    tasks.close_due_calls()
    tasks.close_due_calls()
    assert list(Stage.objects.exclude(closed_at=None)) == [call]
    assert letters("applications.unsent") == ["Amina"]


def test_the_letter_is_withheld_from_those_who_have_more_time(edition, call, amina, karim, at):
    entry = make_application(edition, amina, at=at)
    calling.extend(entry, until=call.closes_at + DAY, reason="Flood in the town hall.", by=karim, at=at)
    calling.close_call(call, by=karim, at=call.closes_at)
    for letter in Letter.objects.all():
        post.deliver(letter.pk, at=call.closes_at + HOUR)
    states = dict(Letter.objects.values_list("kind", "state"))
    assert states == {"applications.extended": "sent", "applications.unsent": "withheld"}


def test_more_time_holds_for_one_entry_only(edition, call, amina, bruno, karim, at):
    one, other = make_application(edition, amina, at=at), make_application(edition, bruno, at=at)
    calling.extend(one, until=call.closes_at + DAY, reason="Flood in the town hall.", by=karim, at=at)
    late = call.closes_at + HOUR
    one, other = Application.objects.get(pk=one.pk), Application.objects.get(pk=other.pk)
    submitting.submit(one, by=amina, at=late)
    with pytest.raises(StageClosed):
        submitting.submit(other, by=bruno, at=late)
    lifecycle.reopen(one, by=amina, at=late)
    with pytest.raises(StageClosed):
        submitting.submit(one, by=amina, at=call.closes_at + DAY)


def test_more_time_needs_two_people(edition, call, amina, karim, lena, at):
    entry = make_application(edition, amina, at=at)
    until = call.closes_at + DAY
    asked = calling.ask_extension(entry, until=until, reason="Flood in the town hall.", by=karim, at=at)
    assert not Extension.objects.exists()
    with pytest.raises(Refused):
        governing.approve(asked, asked.digest, by=karim, at=at)
    governing.approve(asked, asked.digest, by=lena, at=at)
    assert list(Extension.objects.values_list("application", "until", "granted_by")) == [(entry.pk, until, lena.pk)]


def test_the_call_is_closed_early_by_two_people_only(edition, call, amina, karim, lena, mio, at):
    make_application(edition, amina, at=at)
    with pytest.raises(Refused):
        calling.ask_early_closing(edition, reason="Enough entries.", by=mio, at=at)
    asked = calling.ask_early_closing(edition, reason="Enough entries.", by=karim, at=at)
    sentences = governing.acts.get(asked.act).describe(asked.content, edition)
    assert "Entries not submitted yet: 1" in sentences[1]
    governing.approve(asked, asked.digest, by=lena, at=at)
    assert Stage.objects.get(pk=call.pk).closed_at == at
    assert letters("applications.unsent") == ["Amina"]
    with pytest.raises(StageClosed):
        submitting.submit(Application.objects.get(), by=amina, at=at + HOUR)


@pytest.mark.parametrize("until", [-HOUR, timedelta(0)])
def test_more_time_must_be_more(until, edition, call, amina, karim, at):
    entry = make_application(edition, amina, at=at)
    with pytest.raises(Refused, match="after"):
        calling.extend(entry, until=call.closes_at + until, reason="Flood.", by=karim, at=at)

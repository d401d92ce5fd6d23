"""A stage is open or shut by the clock, and closes once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prize import calendar, clock
from prize.calendar import StageClosed
from prize.models import LedgerEntry, Person, Stage

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def call(edition):
    return edition.stage(Stage.Kind.CALL)


def test_the_window_is_half_open(call):
    assert call.is_open(call.opens_at)
    assert call.is_open(call.closes_at - INSTANT)
    assert not call.is_open(call.opens_at - INSTANT)
    assert not call.is_open(call.closes_at)


def test_a_stage_closes_once_and_the_ledger_says_so_once(call, karim, at):
    assert [calendar.close(call, by=karim, at=at) for _again in range(3)] == [True, False, False]
    (entry,) = LedgerEntry.objects.filter(act="stage.closed")
    assert entry.facts["early"] is True
    assert not Stage.objects.get(pk=call.pk).is_open(at)


def test_what_needs_an_open_stage_says_when_it_closed(call):
    with pytest.raises(StageClosed, match="closed"):
        calendar.require_open(call, call.closes_at)
    with pytest.raises(StageClosed, match="opens"):
        calendar.require_open(call, call.opens_at - INSTANT)


def test_stages_due_to_close_are_those_whose_time_is_up_and_that_nobody_closed(edition, call, at):
    later = call.closes_at + timedelta(days=1)
    assert set(Stage.objects.due_to_close(later)) == {call}
    calendar.close(call, by=Person.objects.clock(), at=later)
    assert set(Stage.objects.due_to_close(later)) == set()


def test_a_midnight_close_is_spoken_of_as_the_last_minute_of_the_day(edition, call):
    call.closes_at = timezone.datetime(2030, 6, 11, tzinfo=edition.tz)
    assert call.last_minute.strftime("%d %H:%M") == "10 23:59"
    call.closes_at = timezone.datetime(2030, 6, 11, 18, tzinfo=edition.tz)
    assert call.last_minute.strftime("%d %H:%M") == "11 18:00"


def test_the_clock_is_the_databases_and_knows_its_zone(db):
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert timedelta(0) <= second - first < timedelta(minutes=1)

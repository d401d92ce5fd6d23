"""An application moves only along the table, and each move leaves its record."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from factories.applications import make_application, make_submitted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import lifecycle
from applications.lifecycle import MOVES, IllegalMove
from applications.models import Application, Movement
from prize import audit, clock
from prize.governing import Refused
from prize.models import LedgerEntry

State = Application.State


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.sampled_from(list(State)), max_size=8))
def test_whatever_is_asked_only_moves_of_the_table_happen_and_all_are_recorded(wishes, edition, amina, at):
    with transaction.atomic():
        entry = make_application(edition, amina, at=at)
        expected, state = [], State.DRAFT
        for wish in wishes:
            if wish in MOVES[state]:
                lifecycle.move(entry, wish, by=amina, at=at)
                expected.append((state, wish))
                state = wish
            else:
                with pytest.raises(IllegalMove):
                    lifecycle.move(entry, wish, by=amina, at=at)
        assert list(entry.movements.values_list("before", "after")) == expected
        assert Application.objects.get(pk=entry.pk).state == state
        transaction.set_rollback(True)


def test_a_movement_can_be_neither_changed_nor_deleted(edition, amina, at):
    movement = make_submitted(edition, amina, at=at).movements.get()
    for act in (
        lambda: Movement.objects.filter(pk=movement.pk).update(after="withdrawn"),
        lambda: Movement.objects.filter(pk=movement.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            act()


def test_only_the_owner_withdraws_and_only_the_secretariat_disqualifies(edition, amina, bruno, karim, mio, at):
    entry = make_submitted(edition, amina, at=at)
    for act, person in (
        (lifecycle.withdraw, bruno),
        (lifecycle.withdraw, karim),
        (lifecycle.disqualify, amina),
        (lifecycle.disqualify, mio),
        (lifecycle.reopen, bruno),
        (lifecycle.reinstate, amina),
    ):
        with pytest.raises(Refused):
            act(entry, by=person, at=at, reason="because")
    assert entry.state == "submitted"


def test_a_disqualification_needs_its_reason_and_can_be_lifted(edition, amina, karim, at):
    entry = make_submitted(edition, amina, at=at)
    with pytest.raises(Refused, match="why"):
        lifecycle.disqualify(entry, by=karim, at=at)
    lifecycle.disqualify(entry, by=karim, at=at, reason="The figures were forged.")
    assert not Application.objects.submitted().exists()
    lifecycle.reinstate(entry, by=karim, at=at, reason="They were not.")
    assert list(Application.objects.submitted()) == [entry]


def test_a_withdrawn_entry_leaves_every_list_and_stays_received(edition, amina, at):
    entry = make_submitted(edition, amina, at=at)
    lifecycle.withdraw(entry, by=amina, at=at)
    assert not Application.objects.submitted().exists()
    assert list(Application.objects.received()) == [entry]


def test_an_entry_is_not_reopened_after_the_call(edition, amina, karim, at):
    entry = make_submitted(edition, amina, at=at)
    late = edition.stage("call").closes_at
    for person in (amina, karim):
        with pytest.raises(Refused, match="closed"):
            lifecycle.reopen(entry, by=person, at=late)


@pytest.mark.django_db(transaction=True)
def test_of_withdrawing_and_disqualifying_at_once_one_wins(lifted_seals, edition, amina, karim, at):
    rounds = 12 if connection.vendor == "postgresql" else 4
    for number in range(rounds):
        entry = make_submitted(edition, amina, at=at, title=f"Entry {number}")
        results = at_once(
            lambda entry=entry: lifecycle.withdraw(Application.objects.get(pk=entry.pk), by=amina, at=at),
            lambda entry=entry: lifecycle.disqualify(
                Application.objects.get(pk=entry.pk), by=karim, at=at, reason="Two entries in one."
            ),
        )
        assert sorted(results) == ["done", "refused"]
        assert entry.movements.count() == 2
        assert LedgerEntry.objects.filter(act="entry.moved", subject=entry.code).count() == 1
    assert list(audit.breaches()) == []


def at_once(*acts):
    """Each act in a thread and a connection of its own, started together."""
    start, results = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
            results.append("done")
        except Refused:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return results


def test_the_clock_is_not_read_by_verbs(edition, amina, at):
    entry = make_submitted(edition, amina, at=at)
    assert entry.movements.get().at == at < clock.now()

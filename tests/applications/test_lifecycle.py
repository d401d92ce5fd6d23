"""An application moves only along the table, and each move leaves its record."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from factories.applications import make_application, make_submitted
from factories.prize import make_office, make_person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import lifecycle, submitting
from applications.lifecycle import MOVES, IllegalMove
from applications.models import Application, Movement
from prize import audit, clock, governing
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
        (lifecycle.ask_to_disqualify, amina),
        (lifecycle.ask_to_disqualify, mio),
        (lifecycle.reopen, bruno),
        (lifecycle.ask_to_reinstate, amina),
    ):
        with pytest.raises(Refused):
            act(entry, by=person, at=at, reason="because")
    assert entry.state == "submitted"


def test_a_disqualification_needs_its_reason_and_two_people_and_can_be_lifted(edition, amina, karim, lena, at):
    entry = make_submitted(edition, amina, at=at)
    with pytest.raises(Refused, match="why"):
        lifecycle.ask_to_disqualify(entry, by=karim, at=at, reason=" ")
    asked = lifecycle.ask_to_disqualify(entry, by=karim, at=at, reason="The figures were forged.")
    with pytest.raises(Refused, match="second person"):
        governing.approve(asked, asked.digest, by=karim, at=at)
    assert list(Application.objects.submitted()) == [entry]
    governing.approve(asked, asked.digest, by=lena, at=at)
    assert not Application.objects.submitted().exists()
    entry.refresh_from_db()
    asked = lifecycle.ask_to_reinstate(entry, by=lena, at=at, reason="They were not.")
    assert not Application.objects.submitted().exists()
    governing.approve(asked, asked.digest, by=karim, at=at)
    assert list(Application.objects.submitted()) == [entry]
    assert list(audit.breaches()) == []


def test_a_disqualification_is_asked_for_once_and_void_when_the_entry_changes(edition, amina, karim, lena, at):
    entry = make_submitted(edition, amina, at=at)
    asked = lifecycle.ask_to_disqualify(entry, by=karim, at=at, reason="The figures were forged.")
    with pytest.raises(Refused, match="waits"):
        lifecycle.ask_to_disqualify(entry, by=lena, at=at, reason="Once more.")
    lifecycle.reopen(entry, by=amina, at=at)
    submitting.submit(entry, by=amina, at=at)
    with transaction.atomic(), pytest.raises(Refused, match="ask again"):
        governing.approve(asked, asked.digest, by=lena, at=at)
    assert Application.objects.get().state == "submitted"


def test_one_person_who_disqualifies_behind_the_approval_is_found_by_the_audit(edition, amina, karim, at):
    entry = make_submitted(edition, amina, at=at)
    lifecycle.disqualify(entry, by=karim, at=at, reason="I say so.")
    assert [what for _rule, what in audit.breaches()] == [f"{entry.code}: submitted → disqualified"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_a_disqualification_at_once_one_does_it(lifted_seals, edition, amina, karim, lena, at):
    people = [lena, make_person("Mara"), make_person("Nils")]
    for person in people[1:]:
        make_office(edition, person)
    entry = make_submitted(edition, amina, at=at)
    asked = lifecycle.ask_to_disqualify(entry, by=karim, at=at, reason="Forged.")
    results = at_once(*(lambda by=by: governing.approve(asked, asked.digest, by=by, at=at) for by in [*people, karim]))
    assert sorted(results) == ["done", "refused", "refused", "refused"]
    assert list(entry.movements.values_list("after", flat=True)) == ["submitted", "disqualified"]
    assert entry.movements.get(after="disqualified").by != karim
    assert list(audit.breaches()) == []


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
def test_of_withdrawing_and_disqualifying_at_once_one_wins(lifted_seals, edition, amina, karim, lena, at):
    rounds = 12 if connection.vendor == "postgresql" else 4
    for number in range(rounds):
        entry = make_submitted(edition, amina, at=at, title=f"Entry {number}")
        asked = lifecycle.ask_to_disqualify(entry, by=karim, at=at, reason="Two entries in one.")
        results = at_once(
            lambda entry=entry: lifecycle.withdraw(Application.objects.get(pk=entry.pk), by=amina, at=at),
            lambda asked=asked: governing.approve(asked, asked.digest, by=lena, at=at),
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

"""A stage concludes in silence, corrects by superseding, and announces all at once."""

import threading

import pytest
from django.db import DatabaseError, connections, transaction
from factories.applications import make_application, make_submitted

from applications import concluding, desks, lifecycle
from applications.models import Application, Outcome
from prize import post
from prize.governing import Refused
from prize.models import LedgerEntry, Letter


@pytest.fixture
def screening(edition):
    return edition.stage("screening")


@pytest.fixture
def entry(edition, amina, at):
    return make_submitted(edition, amina, at=at)


def test_an_outcome_is_silent_until_it_is_announced(entry, screening, mio, at):
    concluding.conclude(entry, screening, "advanced", by=mio, at=at)
    assert list(Application.objects.advanced(screening)) == [entry]
    assert not Outcome.objects.announced().exists()
    assert concluding.announce(screening, by=mio, at=at, letter="applications.receipt") == 1
    assert concluding.announce(screening, by=mio, at=at, letter="applications.receipt") == 0
    assert Outcome.objects.announced().count() == 1
    assert LedgerEntry.objects.filter(act="outcomes.announced").count() == 1


def test_announcing_writes_to_each_owner_once_and_names_the_outcome(edition, entry, screening, bruno, mio, at):
    other = make_submitted(edition, bruno, at=at)
    Letter.objects.all().delete()
    outcomes = [concluding.conclude(one, screening, "advanced", by=mio, at=at) for one in (entry, other)]
    concluding.announce(screening, by=mio, at=at, letter="applications.extended")
    assert sorted(Letter.objects.values_list("person__name", "about__outcome", "about__stage")) == [
        ("Amina", outcomes[0].pk, "screening"),
        ("Bruno", outcomes[1].pk, "screening"),
    ]


def test_a_correction_supersedes_and_nothing_is_overwritten(entry, screening, mio, karim, at):
    concluding.conclude(entry, screening, "declined", by=mio, at=at, reason_code="late", reason="Came late.")
    concluding.conclude(entry, screening, "advanced", by=karim, at=at)
    assert list(entry.outcomes.standing().values_list("verdict", "by__name")) == [("advanced", "Karim")]
    assert sorted(entry.outcomes.values_list("verdict", "reason")) == [("advanced", ""), ("declined", "Came late.")]


def test_what_was_decided_cannot_be_rewritten_in_the_database(entry, screening, mio, at):
    outcome = concluding.conclude(entry, screening, "declined", by=mio, at=at)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Outcome.objects.filter(pk=outcome.pk).update(verdict="advanced")


def test_no_stage_concludes_about_what_does_not_compete(edition, entry, screening, amina, bruno, mio, at):
    draft = make_application(edition, bruno, at=at)
    lifecycle.withdraw(entry, by=amina, at=at)
    for one in (draft, entry):
        with pytest.raises(Refused):
            concluding.conclude(one, screening, "advanced", by=mio, at=at)
    assert not Outcome.objects.exists()


def test_an_advanced_entry_that_withdraws_advances_no_more(entry, screening, amina, mio, at):
    concluding.conclude(entry, screening, "advanced", by=mio, at=at)
    lifecycle.withdraw(entry, by=amina, at=at)
    assert not Application.objects.advanced(screening).exists()


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_leave_one_standing_outcome(lifted_seals, entry, screening, mio, karim, at):
    start, failures = threading.Barrier(2), []

    def decide(verdict, person):
        try:
            start.wait()
            concluding.conclude(Application.objects.get(pk=entry.pk), screening, verdict, by=person, at=at)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=args) for args in (("advanced", mio), ("declined", karim))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []
    assert (Outcome.objects.standing().count(), Outcome.objects.count()) == (1, 2)


@pytest.mark.parametrize(("verdict", "kind"), [("advanced", "ok"), ("declined", "neutral")])
def test_an_applicants_desk_marks_as_good_only_what_went_on(entry, screening, mio, at, verdict, kind):
    concluding.conclude(entry, screening, verdict, by=mio, at=at, reason="As found.")
    concluding.announce(screening, by=mio, at=at, letter="applications.receipt")
    [line] = desks.entries(entry.owner, at).values["items"]
    assert line.kind == kind


def test_an_unknown_letter_undoes_the_announcement(entry, screening, mio, at):
    concluding.conclude(entry, screening, "advanced", by=mio, at=at)
    with pytest.raises(LookupError), transaction.atomic():
        concluding.announce(screening, by=mio, at=at, letter="nobody.writes_this")
    assert not Outcome.objects.announced().exists()
    assert not Letter.objects.filter(kind="nobody.writes_this").exists()
    assert "applications.receipt" in post.letters.all()

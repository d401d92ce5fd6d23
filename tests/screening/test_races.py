"""Two officers at once. Real threads and real commits, on either database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from factories import prize as make
from factories.screening import check_all, into_screening, make_entry, make_items

from applications.models import Application, Outcome
from prize import ledger
from prize.models import LedgerChain, Stage
from screening import checking, closing
from screening.models import Check, CheckItem

pytestmark = pytest.mark.usefixtures("lifted_seals")


def at_once(*deeds):
    """Do all of it at the same moment, each in a connection of its own; give back what each returned or raised."""
    together = Barrier(len(deeds))

    def do(deed):
        try:
            together.wait()
            return deed()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.fixture
def world():
    edition = make.make_edition()
    make_items(edition)
    officers = []
    for name in ("Mio", "Karim"):
        person = make.make_person(name, is_staff=True)
        make.make_office(edition, person)
        officers.append(person)
    return edition, make_entry(edition), officers, into_screening(edition)


def test_two_officers_who_decide_at_once_leave_one_standing_outcome(world):
    _edition, entry, officers, then = world
    check_all(entry, officers[0], then)

    def decide(person):
        return lambda: checking.decide(Application.objects.get(pk=entry.pk), by=person, at=then)

    answers = at_once(*(decide(person) for person in officers))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Outcome.objects.standing().filter(application=entry).count() == 1
    assert Outcome.objects.filter(application=entry).count() == 1


def test_two_officers_who_check_at_once_leave_one_standing_answer_and_both_are_kept(world):
    edition, entry, officers, then = world
    item = CheckItem.objects.get(edition=edition, key="complete")

    def record(person, result):
        return lambda: checking.record(Application.objects.get(pk=entry.pk), item, result, by=person, at=then)

    answers = at_once(record(officers[0], "passed"), record(officers[1], "failed"))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Check.objects.filter(application=entry).count() == 2
    assert Check.objects.standing().filter(application=entry).count() == 1


def test_two_who_close_at_once_close_once(world):
    edition, entry, officers, then = world
    check_all(entry, officers[0], then)
    checking.decide(entry, by=officers[0], at=then)
    stage = Stage.objects.get(edition=edition, slug="screening")

    def close(person):
        return lambda: closing.close(
            Stage.objects.select_related("edition").get(pk=stage.pk), by=person, at=stage.closes_at
        )

    answers = at_once(*(close(person) for person in officers))
    assert sorted(map(str, answers)) == ["False", "True"]
    assert ledger.verify(LedgerChain.objects.get(edition=edition, kind="deeds")) == []

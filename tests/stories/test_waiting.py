"""One deed is about many rows while another is in the middle of a single one. Neither may wait for the other for ever.

Every deed ends at the ledger, which takes one at a time. So whatever rows a deed holds, it must hold before it gets there.
"""

import re
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from factories import applications as entries
from factories import ceremony as give
from factories import judges as judging
from factories import prize as make

from applications import lifecycle
from applications.models import Application, Outcome
from ceremony import announcing, conferring, proposing
from ceremony.models import Override
from judges import assigning, declaring, importing, marking, shortlisting, tallying
from judges.models import AssignmentRun, ScoreSheet, Tally
from prize import calendar, ledger
from prize.governing import Refused
from prize.models import Edition, LedgerChain, LedgerEntry, Person, Stage
from screening import closing

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20


class Meeting(NamedTuple):
    """``single`` holds ``row`` and then goes on to the ledger; meanwhile ``many`` comes to the same row."""

    row: Any
    single: Callable[[], Any]
    many: Callable[[], Any]


@pytest.fixture
def cast(db):
    return {name: make.make_person(name) for name in ("Amina", "Bruno", "Eve", "Frank", "Hana", "Karim", "Nora")}


def office(cast: dict[str, Person], at: Any, open_stage: str) -> tuple[Edition, Person]:
    edition = make.make_edition(at, open_stage=open_stage)
    make.make_office(edition, cast["Karim"])
    return edition, cast["Karim"]


def entered(row: Any, edition: Edition, by: Person, at: Any) -> Callable[[], Any]:
    """What every verb about one row does in the end."""
    return lambda: ledger.record(edition, "row.changed", by=by, at=at)


def withdrawn(entry: Application, at: Any) -> Callable[[], Any]:
    return lambda: lifecycle.withdraw(entry, by=entry.owner, at=at)


def tallied(cast: dict[str, Person], at: Any) -> tuple[Any, ...]:
    """A closed round: two entries of two organisations, marked by Eve."""
    edition, karim = office(cast, at, "second")
    round = judging.make_round(edition, method="raw-mean/1", reviews_per_entry=1, method_settings={"minimum_scores": 1})
    eve = judging.make_judge(edition, cast["Eve"], by=karim, at=at)
    both = [judging.make_entry(edition, owner=cast[name], by=karim, at=at) for name in ("Amina", "Bruno")]
    rows = [judging.make_assignment(round, entry, eve, by=karim, at=at) for entry in both]
    for row in rows:
        judging.cast(row, at=at, idea=8, impact=6)
    then = round.stage.closes_at + make.DAY / 24
    tallying.close_round(round, by=karim, at=then)
    tallying.sweep(at=then)
    round.stage.refresh_from_db()
    return edition, karim, round, rows, then


def a_shortlist_is_decided(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim, round, rows, then = tallied(cast, at)
    content = {
        "round": "second",
        "tallies": {"people": Tally.objects.get().digest},
        "verdicts": {row.application.code: "declined" for row in rows},
    }
    last = Application.objects.filter(edition=edition).order_by("code").last()
    many = lambda: shortlisting.conclude(content, edition=edition, by=karim, at=then)  # noqa: E731
    return Meeting(last, withdrawn(last, then), many)


def laureates_are_conferred(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim = office(cast, at, "final")
    make.make_committee(edition)
    make.make_seat(make.make_committee(edition, "partner", key="partner-one"), make.make_person("Jo"))
    people = [cast["Amina"], cast["Bruno"], make.make_person("Oskar"), cast["Nora"], make.make_person("Petra")]
    world = give.make_world(edition, people, by=karim, at=at)
    content = conferring.propose(edition, by=karim, at=at).content
    unplaced = world.entries[3]
    many = lambda: conferring.confer(content, edition=edition, by=karim, at=at)  # noqa: E731
    return Meeting(unplaced, withdrawn(unplaced, at), many)


def a_judge_declares_a_conflict(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim = office(cast, at, "second")
    north = make.make_organisation("North Works")
    both = [
        judging.make_entry(edition, owner=cast[name], organisation=north, by=karim, at=at)
        for name in ("Amina", "Bruno")
    ]
    eve = judging.make_judge(edition, cast["Eve"], by=karim, at=at, until="pledged")
    many = lambda: declaring.declare(eve, [north], by=cast["Eve"], at=at)  # noqa: E731
    last = [entry for entry in Application.objects.submitted() if entry in both][-1]
    return Meeting(last, withdrawn(last, at), many)


def a_judge_stands_aside_from_a_tallied_entry(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim, _round, rows, then = tallied(cast, at)
    tally = Tally.objects.get()
    many = lambda: declaring.step_aside(rows[0], "personal", by=cast["Eve"], at=then)  # noqa: E731
    return Meeting(tally, entered(tally, edition, karim, then), many)


def a_sheet_is_corrected(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim, _round, rows, then = tallied(cast, at)
    tally, sheet = Tally.objects.get(), ScoreSheet.objects.get(assignment=rows[0])
    content = marking.correction(sheet, {"idea": 3, "impact": 3}, comment="Misread on paper.", reason="Misread.")
    many = lambda: marking.correct(content, by=karim, at=then)  # noqa: E731
    return Meeting(tally, entered(tally, edition, karim, then), many)


def sheets_are_entered_from_a_table(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim = office(cast, at, "second")
    round = judging.make_round(edition)
    entry = judging.make_entry(edition, by=karim, at=at)
    found = {}
    for name in ("Eve", "Frank"):
        judge = judging.make_judge(edition, cast[name], by=karim, at=at)
        found[name] = judging.sheet_of(judging.make_assignment(round, entry, judge, by=karim, at=at))
        judging.mark(found[name].assignment, at=at, idea=7, impact=7)
    frank = ScoreSheet.objects.get(pk=found["Frank"].pk)
    marks = {"idea": Decimal(5), "impact": Decimal(5)}
    table = importing.Table([importing.Row(2, sheet, marks, "As on paper.", Decimal(5)) for sheet in found.values()])
    many = lambda: importing.enter(round, table, by=karim, at=at)  # noqa: E731
    return Meeting(frank, lambda: marking.cast(frank, by=cast["Frank"], at=at), many)


def laureates_are_announced(cast: dict[str, Person], at: Any) -> Meeting:
    met = laureates_are_conferred(cast, at)
    met.many()
    edition, karim = Edition.objects.get(), cast["Karim"]
    outcome = Outcome.objects.filter(stage__kind=Stage.Kind.FINAL).order_by("pk").last()
    digest = announcing.sealed_digest(edition)
    many = lambda: announcing.release(edition, digest=digest, by=karim, at=at)  # noqa: E731
    return Meeting(outcome, entered(outcome, edition, karim, at), many)


def a_place_is_freed(cast: dict[str, Person], at: Any) -> Meeting:
    laureates_are_conferred(cast, at)
    edition, karim = Edition.objects.get(), cast["Karim"]
    place = edition.awards.get(key="gold").places.get()
    Override.objects.create(place=place, reason="By hand.", made_by=karim, made_at=at)
    override = Override.objects.get()
    return Meeting(override, entered(override, edition, karim, at), lambda: proposing.unfix(override, by=karim, at=at))


def screening_is_closed_over_a_gap(cast: dict[str, Person], at: Any) -> Meeting:
    edition, karim = office(cast, at, "screening")
    entry = entries.make_submitted(edition, cast["Amina"], at=at - 10 * make.DAY)
    stage = Stage.objects.select_related("edition").get(edition=edition, slug="screening")
    single = lambda: calendar.reschedule(  # noqa: E731
        Stage.objects.get(pk=stage.pk), opens_at=stage.opens_at, closes_at=stage.closes_at + make.DAY, by=karim, at=at
    )
    return Meeting(stage, single, lambda: closing.close_with_gaps(stage, [entry.code], by=karim, at=at))


MEETINGS = (
    a_shortlist_is_decided, laureates_are_conferred, a_judge_declares_a_conflict,
    a_judge_stands_aside_from_a_tallied_entry, a_sheet_is_corrected, sheets_are_entered_from_a_table,
    laureates_are_announced, a_place_is_freed, screening_is_closed_over_a_gap,
)  # fmt: skip


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the first look is kept
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def meet(found: Meeting) -> list[BaseException]:
    """The single deed holds its row, and goes on only once the other has run into it."""
    holding, over, problems = threading.Event(), threading.Event(), []

    def single() -> None:
        with transaction.atomic():
            type(found.row).objects.select_for_update(no_key=True).get(pk=found.row.pk)
            holding.set()
            until = time.monotonic() + PATIENCE
            while not somebody_waits() and not over.is_set() and time.monotonic() < until:
                time.sleep(0.02)
            found.single()

    def many() -> None:
        holding.wait(PATIENCE)
        try:
            found.many()
        finally:
            over.set()

    def run(deed: Callable[[], None]) -> None:
        try:
            deed()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in (single, many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return problems


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time: nobody waits for a row")
@pytest.mark.parametrize("prepared", MEETINGS, ids=lambda one: one.__name__)
def test_a_deed_about_many_rows_and_one_about_a_single_row_both_end(prepared, lifted_seals, cast, at):
    refused_in_words = Refused  # as when the sheet was cast a moment before the table came to it
    assert [error for error in meet(prepared(cast, at)) if not isinstance(error, refused_in_words)] == []
    chain = LedgerChain.objects.get(kind="deeds")
    assert ledger.verify(chain) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time: nobody waits for a row")
def test_two_workers_who_work_one_plan_out_at_once_keep_it_once(lifted_seals, cast, at, monkeypatch):
    """Both solve it, as when a sweep comes while a slow worker is still at it, and both are there to store it."""
    edition, karim = office(cast, at, "second")
    round = judging.make_round(edition)
    for name in ("Amina", "Bruno", "Hana"):
        judging.make_entry(edition, owner=cast[name], by=karim, at=at)
    for name in ("Eve", "Frank", "Nora"):
        judging.make_judge(edition, cast[name], by=karim, at=at)
    monkeypatch.setattr(assigning, "wake", lambda *_row: None)
    asked = assigning.ask_for_draft(round, by=karim, at=at)
    both, solve, enter = threading.Barrier(2, timeout=PATIENCE), assigning.drafted, ledger.record
    solved, waited, found, problems = [], [], {}, []

    def solve_and_meet(question: Any, lots: Any) -> Any:
        data = solve(question, lots)
        solved.append(data["digest"])
        both.wait()
        return data

    def enter_once_the_other_waits(*arguments: Any, **more: Any) -> Any:
        until = time.monotonic() + PATIENCE
        while not (waits := somebody_waits()) and time.monotonic() < until:
            time.sleep(0.02)
        waited.append(waits)
        return enter(*arguments, **more)

    def work(name: str) -> None:
        try:
            found[name] = assigning.work_out(AssignmentRun.objects.get(pk=asked.pk), at=at).plan
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(assigning, "drafted", solve_and_meet)
    monkeypatch.setattr(ledger, "record", enter_once_the_other_waits)
    threads = [threading.Thread(target=work, args=(name,)) for name in ("worker", "sweep")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
    asked.refresh_from_db()
    assert not any(thread.is_alive() for thread in threads)
    assert problems == []
    assert (len(solved), len(set(solved)), waited) == (2, 1, [True])
    assert found == {"worker": asked.plan, "sweep": asked.plan}
    assert asked.plan["filled"] == 6
    assert asked.failure == {}
    assert LedgerEntry.objects.filter(act="assignment.drafted", subject=asked.code).count() == 1
    assert ledger.verify(LedgerChain.objects.get(kind="deeds")) == []


def test_a_row_that_is_held_can_still_be_pointed_to():
    """A lock on the key too would stop every letter of an edition, and every record about an entry, that somebody holds."""
    apps = ("prize", "applications", "screening", "judges", "ceremony")
    held = [
        call
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        for call in re.findall(r"select_for_update\((?:[^()]|\([^()]*\))*\)", path.read_text(encoding="utf-8"))
    ]
    assert held
    assert [call for call in held if "no_key=True" not in call] == []

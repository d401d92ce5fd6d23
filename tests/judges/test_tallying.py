"""Closing, the coverage gate, the tally and those who compute it."""

import threading
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction
from factories import judges as judging
from factories import prize as make

from judges import acts, audit, marking, tallying, tasks  # noqa: F401
from judges.models import ScoreSheet, Tally, TallyLine
from prize import governing, outage
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import LedgerEntry, Stage


@pytest.fixture
def raw_round(edition):
    return judging.make_round(edition, method="raw-mean/1", quotas={"people": 1}, places=2)


@pytest.fixture
def marked(raw_round, entry, other_entry, judge_eve, judge_frank, karim, at):
    """Both entries, both judges, all cast: 7.6 and 5.2 for the one, 6.6 and 6.6 for the other."""
    for one, judge, idea, impact in [
        (entry, judge_eve, 8, 7), (entry, judge_frank, 6, 4), (other_entry, judge_eve, 7, 6), (other_entry, judge_frank, 7, 6),
    ]:  # fmt: skip
        judging.cast(judging.make_assignment(raw_round, one, judge, by=karim, at=at), at=at, idea=idea, impact=impact)
    return raw_round


def test_a_round_does_not_close_before_its_time(marked, karim, at):
    with pytest.raises(Refused, match="second person"):
        tallying.close_round(marked, by=karim, at=at)


def test_a_round_with_gaps_does_not_close_and_names_them(round, entry, eves, karim, at, closed):
    judging.cast(eves, at=at, idea=8, impact=7)
    with pytest.raises(tallying.Uncovered) as caught:
        tallying.close_round(round, by=karim, at=closed)
    assert caught.value.gaps == {entry.code: 1}
    assert entry.code in str(caught.value)
    assert not Stage.objects.get(pk=round.stage_id).closed_at


def test_closing_writes_one_pending_tally_for_each_category(marked, karim, closed):
    tallies = tallying.close_round(marked, by=karim, at=closed + make.DAY * 10)
    assert [(tally.category.key, tally.state) for tally in tallies] == [("people", "pending")]
    assert tallying.close_round(marked, by=karim, at=closed + make.DAY * 11) == []
    assert LedgerEntry.objects.filter(act="stage.closed").count() == 1


@pytest.fixture
def closed(edition):
    return edition.stages.get(slug="second").closes_at + make.DAY / 24


def test_two_people_may_close_with_gaps_they_know_of(round, entry, eves, karim, lena, at, closed):
    judging.cast(eves, at=at, idea=8, impact=7)
    content = tallying.early_or_gaps(round, at=closed)
    assert content == {"round": "second", "gaps": {entry.code: 1}, "early": False}
    approval = governing.ask(round.stage.edition, "judges.close_with_gaps", content, title="Close", by=karim, at=closed)
    governing.approve(approval, approval.digest, by=lena, at=closed)
    assert Stage.objects.get(pk=round.stage_id).closed_at == closed


def test_a_gap_that_the_two_did_not_know_of_stops_the_closing(
    round, entry, eves, judge_eve, eve, karim, lena, at, closed
):
    judging.cast(eves, at=at, idea=8, impact=7)
    content = tallying.early_or_gaps(round, at=closed)
    approval = governing.ask(round.stage.edition, "judges.close_with_gaps", content, title="Close", by=karim, at=closed)
    from judges import declaring

    declaring.step_aside(eves, "personal", by=eve, at=closed)
    with pytest.raises(tallying.Uncovered):
        governing.approve(approval, approval.digest, by=lena, at=closed)
    assert not Stage.objects.get(pk=round.stage_id).closed_at


def test_the_clock_closes_what_is_covered_and_leaves_what_is_not(marked, closed):
    assert tallying.close_due(closed) == [marked]


def test_the_clock_leaves_a_round_with_gaps_to_the_office(round, entry, closed, karim):
    from judges import desks

    assert tallying.close_due(closed) == []
    todos = desks.closing_todo(round.stage.edition, karim, closed)
    assert [todo.text for todo in todos] == ["1 entry lacks reviews."]


def test_nobody_casts_after_the_closing(marked, karim, lena, edition, entry, judge_gita, at):
    late = judging.make_assignment(marked, entry, judge_gita, by=karim, at=at)
    sheet = judging.mark(late, at=at, idea=1, impact=1)
    content = tallying.early_or_gaps(marked, at=at)
    approval = governing.ask(edition, "judges.close_with_gaps", content, title="Close early", by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    with pytest.raises(StageClosed):
        marking.cast(sheet, by=judge_gita.person, at=at)


def test_the_tally_equals_what_a_pocket_calculator_says(marked, entry, other_entry, karim, closed):
    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    assert tallying.compute(tally, at=closed)
    means = {entry.code: Fraction(64, 10), other_entry.code: Fraction(66, 10)}
    lines = {line.application.code: line for line in TallyLine.objects.select_related("application")}
    assert {code: Fraction(line.raw) for code, line in lines.items()} == means
    assert {code: line.rank for code, line in lines.items()} == {other_entry.code: 1, entry.code: 2}
    tally.refresh_from_db()
    assert (tally.state, tally.method, tally.summary["reviews"]) == ("done", "raw-mean/1", 4)


def test_the_worker_is_told_when_the_closing_commits(marked, karim, closed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tallying.close_round(marked, by=karim, at=closed)
    assert Tally.objects.get().state == "done"


def test_a_worker_that_died_with_the_tally_in_hand_is_replaced_by_the_sweep(marked, karim, closed):
    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    until = closed + tallying.CLAIM
    assert Tally.objects.pending(closed).filter(pk=tally.pk).update(claimed_until=until)  # claimed, and then it died
    assert tallying.sweep(at=closed + timedelta(minutes=1)) == 0
    assert tallying.sweep(at=until) == 1
    tally.refresh_from_db()
    assert (tally.state, tally.lines.count()) == ("done", 2)


def test_who_comes_back_after_the_claim_lapsed_stores_nothing(marked, karim, closed):
    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    tallying.compute(tally, at=closed)
    tally.refresh_from_db()
    from judges import computing

    codes = [entry.code for entry in tallying.entries_in(marked)]
    again = computing.compute(marked, tally.category, entries=codes)
    assert not tallying.store(tally, again, until=closed + tallying.CLAIM, at=closed)
    assert tally.lines.count() == 2


def test_a_computation_that_is_refused_leaves_its_reason_in_words(round, entry, eves, karim, lena, at, closed):
    """Closed with no sheet at all: there is nothing to compute from."""
    content = tallying.early_or_gaps(round, at=closed)
    approval = governing.ask(round.stage.edition, "judges.close_with_gaps", content, title="Close", by=karim, at=closed)
    governing.approve(approval, approval.digest, by=lena, at=closed)
    tallying.sweep(at=closed)
    tally = Tally.objects.get()
    assert tally.state == "failed"
    assert tally.problem
    again = tallying.ask_again(round, tally.category, by=karim, at=closed)
    tally.refresh_from_db()
    assert (tally.superseded_at, again.state) == (closed, "pending")


def test_the_database_refuses_to_change_a_computed_tally(marked, karim, closed):
    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    tallying.compute(tally, at=closed)
    for change in (
        lambda: Tally.objects.filter(pk=tally.pk).update(digest="0" * 64),
        lambda: TallyLine.objects.update(rank=1),
        lambda: TallyLine.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            change()


def test_a_sheet_by_a_judge_who_steps_aside_after_the_closing_no_longer_counts(marked, entry, eve, karim, closed):
    from judges import declaring

    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    tallying.compute(tally, at=closed)
    assert list(audit.tallies()) + list(audit.sheets()) + list(audit.aside()) + list(audit.assignments()) == []
    eves = entry.assignments.get(judge__person=eve)
    declaring.step_aside(eves, "personal", by=eve, at=closed)
    assert tallying.sweep(at=closed) == 1
    new = Tally.objects.standing().get()
    line = new.lines.get(application=entry)
    assert (line.reviews, line.raw) == (1, Decimal("5.2"))
    assert ScoreSheet.objects.filter(assignment=eves, cast_at__isnull=False).exists()
    assert list(audit.tallies()) == []


def test_the_audit_finds_a_tally_that_is_no_longer_what_its_sheets_say(marked, entry, eve, karim, closed):
    from applications import recusing

    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    tallying.compute(tally, at=closed)
    recusing.stand_aside(entry, eve, "personal", by=karim, at=closed)  # recorded elsewhere, without a new tally
    assert list(audit.tallies()) == [f"{tally.code}: its sheets or rules are no longer those it was computed from"]
    assert len(list(audit.assignments())) == 1


def test_a_correction_after_the_closing_asks_for_a_new_tally(marked, entry, eve, karim, lena, edition, closed):
    (tally,) = tallying.close_round(marked, by=karim, at=closed)
    tallying.compute(tally, at=closed)
    old = judging.sheet_of(entry.assignments.get(judge__person=eve))
    content = marking.correction(
        old, {"idea": 10, "impact": 10}, comment=old.comment, reason="Typed from paper wrongly."
    )
    approval = governing.ask(edition, "judges.correct_sheet", content, title="Correct", by=karim, at=closed)
    governing.approve(approval, approval.digest, by=lena, at=closed)
    tallying.sweep(at=closed)
    assert Tally.objects.standing().get().lines.get(application=entry).raw == Decimal("7.6")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_close_at_once_one_wins(lifted_seals, marked, karim, closed):
    """Four hands at the same instant: one closing, one tally, and each of the others is told so by an empty answer."""
    ready, answers = threading.Barrier(4), []

    def close():
        try:
            ready.wait()
            answers.append(len(tallying.close_round(marked, by=karim, at=closed)))
        finally:
            connection.close()

    threads = [threading.Thread(target=close) for _hand in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 0, 0, 1]
    assert Tally.objects.count() == 1
    assert LedgerEntry.objects.filter(act="stage.closed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_computes_the_tally(lifted_seals, marked, karim, closed):
    tallying.close_round(marked, by=karim, at=closed)
    Tally.objects.update(superseded_at=closed)
    tally = Tally.objects.create(
        round=marked, category=marked.stage.edition.categories.get(key="people"), asked_at=closed
    )
    ready, answers = threading.Barrier(3), []

    def work():
        try:
            ready.wait()
            answers.append(tallying.compute(tally, at=closed))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _hand in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, True]
    assert tally.lines.count() == 2


def test_a_closing_commits_with_its_tally_pending_and_a_lost_broker_leaves_it_to_the_sweep(
    marked, karim, closed, django_capture_on_commit_callbacks
):
    outage.redis.begins(ConnectionError("the broker is away"))
    try:
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            (tally,) = tallying.close_round(marked, by=karim, at=closed)
    finally:
        outage.redis.until = 0.0
    assert len(callbacks) == 1
    assert Stage.objects.get(pk=marked.stage_id).closed_at == closed
    assert Tally.objects.get().state == Tally.State.PENDING
    tasks.sweep_tallies()
    tally.refresh_from_db()
    assert (tally.state, tally.lines.count()) == ("done", 2)
    tasks.compute_tally(tally.pk)  # the hint that arrives late does nothing twice
    assert TallyLine.objects.count() == 2

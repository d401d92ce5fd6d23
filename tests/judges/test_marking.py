"""Saving and casting: what may change, what may not, and who sees what."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from factories import judges as judging

from judges import acts, marking, policy  # noqa: F401
from judges.models import Mark, ScoreSheet
from prize import governing
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import LedgerEntry


def test_a_draft_keeps_its_marks_and_its_comment(eves, at):
    sheet = judging.mark(eves, at=at, idea=8, comment="A clear idea.")
    assert marking.marks_of(sheet) == {"idea": Decimal("8")}
    assert (sheet.comment, sheet.version, sheet.cast_at) == ("A clear idea.", 2, None)


def test_a_mark_that_is_left_empty_is_taken_off(eves, at):
    judging.mark(eves, at=at, idea=8, impact=3)
    sheet = judging.mark(eves, at=at, idea="", impact=4)
    assert marking.marks_of(sheet) == {"impact": Decimal("4")}


@pytest.mark.parametrize("value", ["0", "11", "7.5", "seven", "NaN", "Infinity"])
def test_a_mark_off_the_scale_is_refused_and_nothing_is_saved(eves, at, value):
    with pytest.raises(Refused, match="is not a mark"):
        judging.mark(eves, at=at, idea=value)
    assert marking.marks_of(judging.sheet_of(eves)) == {}


def test_a_criterion_nobody_knows_is_refused(eves, at):
    with pytest.raises(Refused, match="no criterion called beauty"):
        judging.mark(eves, at=at, beauty=8)


def test_a_stale_save_is_refused_and_both_versions_are_at_hand(eves, eve, at):
    judging.mark(eves, at=at, idea=8, comment="From the first window.")
    sheet = judging.sheet_of(eves)
    with pytest.raises(marking.Stale) as caught:
        marking.save(sheet, {"idea": "3"}, version=1, by=eve, at=at, comment="From the second window.")
    assert caught.value.sheet.comment == "From the first window."
    assert (caught.value.marks, caught.value.comment) == ({"idea": "3"}, "From the second window.")
    assert marking.marks_of(judging.sheet_of(eves)) == {"idea": Decimal("8")}


def test_a_cast_sheet_has_its_exact_total_its_digest_and_its_entry_in_the_ledger(eves, eve, at):
    sheet = judging.cast(eves, at=at, idea=8, impact=7)
    assert sheet.total == Decimal("7.6")
    assert sheet.digest == marking.digest_of(sheet, marking.marks_of(sheet))
    entry = LedgerEntry.objects.get(act="sheet.cast")
    assert (entry.subject, entry.facts) == (sheet.code, {"sheet": sheet.digest, "on_behalf": False})


def test_an_incomplete_sheet_cannot_be_cast_and_says_what_is_missing(round, eves, eve, at):
    round.comment_min_words = 5
    round.save()
    sheet = judging.mark(eves, at=at, idea=8, comment="Too short.")
    with pytest.raises(marking.Incomplete) as caught:
        marking.cast(sheet, by=eve, at=at)
    assert set(caught.value.problems) == {"impact", "comment"}


def test_a_criterion_of_no_weight_may_stay_empty_and_does_not_count(edition, entry, judge_eve, karim, at):
    round = judging.make_round(edition, criteria=(("score", 1), ("note", 0)))
    eves = judging.make_assignment(round, entry, judge_eve, by=karim, at=at)
    assert judging.cast(eves, at=at, score=4).total == Decimal("4")


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: ScoreSheet.objects.filter(pk=sheet.pk).update(total=10),
        lambda sheet: ScoreSheet.objects.filter(pk=sheet.pk).update(comment="Better so."),
        lambda sheet: ScoreSheet.objects.filter(pk=sheet.pk).update(cast_at=None),
        lambda sheet: Mark.objects.filter(sheet=sheet).update(value=10),
        lambda sheet: Mark.objects.filter(sheet=sheet).delete(),
    ],
    ids=["total", "comment", "reopened", "mark", "marks deleted"],
)
def test_the_database_refuses_to_change_a_cast_sheet(eves, at, change):
    sheet = judging.cast(eves, at=at, idea=8, impact=7)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        change(sheet)
    sheet.refresh_from_db()
    assert (sheet.total, marking.marks_of(sheet)) == (Decimal("7.6"), {"idea": Decimal("8"), "impact": Decimal("7")})


def test_a_cast_sheet_can_be_neither_saved_nor_cast_again(eves, eve, at):
    sheet = judging.cast(eves, at=at, idea=8, impact=7)
    with pytest.raises(Refused, match="is cast"):
        marking.save(sheet, {"idea": "1"}, version=sheet.version, by=eve, at=at)
    with pytest.raises(Refused, match="is cast"):
        marking.cast(sheet, by=eve, at=at)
    assert LedgerEntry.objects.filter(act="sheet.cast").count() == 1


def test_nobody_marks_after_the_end_of_the_round(eves, eve, closed):
    with pytest.raises(StageClosed):
        judging.mark(eves, at=closed, idea=8)


def test_nobody_marks_anothers_sheet(eves, frank, judge_frank, at):
    sheet = judging.sheet_of(eves)
    with pytest.raises(Refused, match="Only the judge"):
        marking.save(sheet, {"idea": "8"}, version=1, by=frank, at=at)


def test_a_correction_needs_two_people_and_keeps_both_sheets(eves, karim, lena, at):
    old = judging.cast(eves, at=at, idea=8, impact=7)
    content = marking.correction(old, {"idea": 8, "impact": 2}, comment="As on paper.", reason="A slip of the finger.")
    approval = governing.ask(
        old.assignment.round.stage.edition, "judges.correct_sheet", content, title="Correct", by=karim, at=at
    )
    with pytest.raises(Refused, match="second person"):
        governing.approve(approval, approval.digest, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    kept, new = eves.sheets.order_by("pk")
    assert (kept.total, kept.superseded_at) == (Decimal("7.6"), at)
    assert (new.total, new.superseded_at) == (Decimal("5.6"), None)
    assert list(ScoreSheet.objects.counting()) == [new]


def test_a_judge_sees_own_entries_and_nothing_else(eves, franks, eve, frank, amina, at):
    assert [sheet.assignment for sheet in policy.visible_to_judge(eve)] == [eves]
    assert [sheet.assignment for sheet in policy.visible_to_judge(frank)] == [franks]
    assert list(policy.visible_to_judge(amina)) == []


@pytest.mark.parametrize("until", ["invited", "accepted", "pledged"])
def test_entries_stay_closed_until_the_judge_has_pledged_and_declared(edition, round, entry, nora, karim, at, until):
    judge = judging.make_judge(edition, nora, by=karim, at=at, until=until)
    round.assignments.create(application=entry, judge=judge, assigned_at=at, assigned_by=karim).sheets.create(
        started_at=at, saved_at=at
    )
    assert list(policy.visible_to_judge(nora)) == []
    assert policy.next_step(judge) is not None

"""Checks, exceptions and verdicts."""

from datetime import timedelta

import pytest
from factories.screening import check_all, into_screening, make_entry, make_items

from applications import recusing
from applications.models import Outcome
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import LedgerEntry
from screening import checking
from screening.checking import Answer, Stale
from screening.models import Check, Waiver


@pytest.fixture
def items(edition):
    return {item.key: item for item in make_items(edition)}


@pytest.fixture
def entry(edition, amina, items):
    return make_entry(edition, amina)


@pytest.fixture
def then(edition):
    return into_screening(edition)


def test_the_later_answer_stands_and_the_earlier_one_is_kept(entry, items, mio, karim, then):
    checking.record(entry, items["complete"], "unsure", by=mio, at=then, note="page 3?")
    checking.record(entry, items["complete"], "passed", by=karim, at=then + timedelta(minutes=1))
    kept = Check.objects.order_by("at").values_list("result", "note", "by__name", "superseded_at")
    assert list(kept) == [
        ("unsure", "page 3?", "Mio", then + timedelta(minutes=1)),
        ("passed", "", "Karim", None),
    ]


def test_the_same_answer_in_the_same_words_is_not_written_twice(entry, items, mio, then):
    checking.record(entry, items["complete"], "passed", by=mio, at=then)
    checking.record(entry, items["complete"], "passed", by=mio, at=then + timedelta(minutes=1))
    assert Check.objects.count() == 1


def test_an_entry_that_passes_everything_advances(entry, mio, then):
    check_all(entry, mio, then)
    outcome = checking.decide(entry, by=mio, at=then)
    assert (outcome.verdict, outcome.reason_code, outcome.reason, outcome.announced_at) == ("advanced", "", "", None)


def test_a_failed_check_declines_with_its_reason_in_words(entry, mio, then):
    check_all(entry, mio, then, domain="failed", evidence="failed")
    outcome = checking.decide(entry, by=mio, at=then)
    assert (outcome.verdict, outcome.reason_code) == ("declined", "domain")
    assert outcome.reason == "The project lies outside the prize's domains.\nNo evidence is attached."


def test_an_unanswered_or_unsure_item_leaves_the_verdict_open(entry, items, mio, then):
    checking.record(entry, items["complete"], "passed", by=mio, at=then)
    checking.record(entry, items["domain"], "unsure", by=mio, at=then)
    verdict = checking.verdict_of(entry)
    assert (verdict.word, {item.key for item in verdict.open}) == ("", {"domain", "evidence"})
    with pytest.raises(Refused, match="Is it domain"):
        checking.decide(entry, by=mio, at=then)
    assert not Outcome.objects.exists()


def test_a_waived_failure_does_not_decline(entry, items, mio, karim, then):
    check_all(entry, mio, then, evidence="failed")
    checking.waive(entry, items["evidence"], reason="The ministry's seal is late.", by=karim, at=then)
    verdict = checking.verdict_of(entry)
    assert (verdict.word, [item.key for item in verdict.waived]) == ("advanced", ["evidence"])


def test_whoever_screens_does_not_excuse(entry, items, mio, then):
    check_all(entry, mio, then, evidence="failed")
    with pytest.raises(Refused, match="Only the secretariat"):
        checking.waive(entry, items["evidence"], reason="please", by=mio, at=then)
    assert not Waiver.objects.exists()


def test_an_exception_needs_a_rule_that_allows_it_a_failure_and_a_reason(entry, items, mio, karim, then):
    check_all(entry, mio, then, domain="failed")
    for item, reason, words in (
        ("domain", "kind", "do not allow an exception"),
        ("evidence", "kind", "has not failed"),
        ("evidence", " ", "Say why"),
    ):
        with pytest.raises(Refused, match=words):
            checking.waive(entry, items[item], reason=reason, by=karim, at=then)
    assert not Waiver.objects.exists()


def test_deciding_twice_leaves_the_one_outcome(entry, mio, karim, then):
    check_all(entry, mio, then)
    first = checking.decide(entry, by=mio, at=then)
    assert checking.decide(entry, by=karim, at=then + timedelta(minutes=1)) == first
    assert Outcome.objects.count() == 1


def test_a_changed_check_supersedes_the_outcome_and_keeps_the_earlier(entry, items, mio, then):
    check_all(entry, mio, then)
    checking.decide(entry, by=mio, at=then)
    later = then + timedelta(hours=1)
    checking.record(entry, items["domain"], "failed", by=mio, at=later)
    checking.decide(entry, by=mio, at=later)
    assert set(Outcome.objects.values_list("verdict", "superseded_at")) == {("advanced", later), ("declined", None)}


def test_a_stale_sheet_is_refused_and_writes_nothing(entry, items, mio, karim, then):
    first = checking.record(entry, items["complete"], "passed", by=mio, at=then)
    checking.record(entry, items["domain"], "failed", by=karim, at=then)
    answers = {items["domain"]: Answer("passed")}
    with pytest.raises(Stale) as caught:
        checking.record_all(entry, answers, by=mio, at=then + timedelta(minutes=1), seen=first.pk)
    assert [(check.item.key, check.by.name) for check in caught.value.since] == [("domain", "Karim")]
    assert Check.objects.standing().get(item=items["domain"]).result == "failed"


def test_nobody_screens_before_the_stage_opens_nor_after_it_is_closed(edition, entry, items, mio, then):
    stage = edition.stages.get(slug="screening")
    with pytest.raises(StageClosed):
        checking.record(entry, items["complete"], "passed", by=mio, at=stage.opens_at - timedelta(seconds=1))
    check_all(entry, mio, stage.closes_at + timedelta(days=1))  # due, but not closed: officers may finish
    stage.closed_at, stage.closed_by = then, mio
    stage.save()
    with pytest.raises(StageClosed):
        checking.decide(entry, by=mio, at=then + timedelta(days=2))


def test_strangers_applicants_and_judges_cannot_screen(entry, items, amina, eve, nora, then):
    for person in (amina, eve, nora):
        with pytest.raises(Refused, match="Only screening officers"):
            checking.record(entry, items["complete"], "passed", by=person, at=then)
        with pytest.raises(Refused, match="Only screening officers"):
            checking.decide(entry, by=person, at=then)
    assert not Check.objects.exists()


def test_an_officer_who_stands_aside_can_neither_check_nor_decide(entry, items, mio, karim, then):
    check_all(entry, karim, then)
    recusing.stand_aside(entry, mio, "personal", by=mio, at=then)
    with pytest.raises(Refused, match="stand aside"):
        checking.record(entry, items["complete"], "failed", by=mio, at=then)
    with pytest.raises(Refused, match="stand aside"):
        checking.decide(entry, by=mio, at=then)


def test_the_ledger_says_what_was_found_and_names_nobody(entry, mio, then):
    check_all(entry, mio, then, domain="failed")
    checking.decide(entry, by=mio, at=then)
    deeds = LedgerEntry.objects.filter(subject=entry.code, act__in=["entry.checked", "outcome.decided"]).order_by(
        "number"
    )
    assert [deed.act for deed in deeds] == ["entry.checked", "outcome.decided"]
    assert deeds[0].facts == {"results": {"complete": "passed", "domain": "failed", "evidence": "passed"}}
    assert "Mio" not in str([deed.facts for deed in deeds])


def test_the_database_keeps_a_check_as_it_was_recorded(entry, mio, then):
    from django.db import DatabaseError, transaction

    check_all(entry, mio, then)
    for change in (lambda: Check.objects.update(result="failed"), lambda: Check.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            change()


def test_verdicts_take_the_same_queries_for_one_entry_and_for_many(
    edition, entry, mio, then, django_assert_num_queries
):
    from applications.models import Application

    check_all(entry, mio, then)
    with django_assert_num_queries(3):
        checking.verdicts_of([entry], edition)
    for number in range(3):
        make_entry(edition, title=f"Entry {number}")
    entries = list(Application.objects.all())
    with django_assert_num_queries(3):
        assert len(checking.verdicts_of(entries, edition)) == 4

"""Submitting seals the entry and gives one receipt."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from factories.applications import ANSWERS, make_application, make_attached, make_submitted

from applications import drafting, lifecycle, submitting
from applications.models import Application, Submission
from prize import canonical
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import LedgerEntry, Letter

DAY = timedelta(days=1)


def test_a_complete_entry_is_sealed_counted_and_receipted(edition, amina, at):
    entry = make_application(edition, amina, at=at)
    sealed = submitting.submit(entry, by=amina, at=at)
    assert entry.state == "submitted"
    assert sealed.digest == canonical.digest(sealed.snapshot)
    assert list(Application.objects.submitted()) == [entry]
    assert list(Letter.objects.values_list("kind", "person__name", "about")) == [
        ("applications.receipt", "Amina", {"receipt": sealed.receipt})
    ]
    deeds = LedgerEntry.objects.order_by("number").values_list("act", "subject")
    assert list(deeds) == [("entry.submitted", entry.code)]


def test_an_incomplete_entry_is_not_submitted_and_every_gap_is_named(edition, amina, at):
    entry = make_application(edition, amina, at=at, answers={"summary": "Too short.", "budget": "much"}, title="")
    with pytest.raises(submitting.Incomplete) as caught:
        submitting.submit(entry, by=amina, at=at)
    assert [problem.question for problem in caught.value.problems] == [
        "title", "summary", "domain", "budget", "consent_publication",
    ]  # fmt: skip
    assert not Submission.objects.exists()


def test_the_same_press_twice_gives_one_receipt_and_one_letter(edition, amina, at):
    entry = make_application(edition, amina, at=at)
    first = submitting.submit(entry, by=amina, at=at, key="press-one")
    again = submitting.submit(entry, by=amina, at=at + DAY * 30, key="press-one")
    assert again == first
    assert (Submission.objects.count(), Letter.objects.count()) == (1, 1)


def test_the_snapshot_cannot_be_changed_or_deleted(edition, amina, at):
    sealed = make_submitted(edition, amina, at=at).sealed
    for act in (
        lambda: Submission.objects.filter(pk=sealed.pk).update(snapshot={}),
        lambda: Submission.objects.filter(pk=sealed.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            act()


def test_the_snapshot_names_files_by_their_digests_and_no_account(edition, amina, at):
    entry = make_application(edition, amina, at=at)
    file = make_attached(entry, at=at)
    snapshot = submitting.submit(entry, by=amina, at=at).snapshot
    answers = {answer["key"]: answer for part in snapshot["sections"] for answer in part["answers"]}
    assert answers["evidence_file"]["files"] == [
        {"code": file.code, "name": "plan.pdf", "kind": "application/pdf", "size": file.size, "sha256": file.sha256}
    ]
    assert answers["budget"]["value"] == "1.25"
    assert snapshot["consents"] == {"consent_publication": True, "consent_partners": True}
    assert amina.email not in canonical.text(snapshot)
    assert "Amina" not in canonical.text(snapshot)


def test_a_reopened_entry_keeps_its_sealed_submission_until_the_next(edition, amina, at):
    entry = make_submitted(edition, amina, at=at)
    lifecycle.reopen(entry, by=amina, at=at)
    drafting.save(
        entry, {"summary": "Another text, which is also long enough."}, version=entry.version, by=amina, at=at
    )
    assert list(Application.objects.submitted()) == [entry]
    assert ANSWERS["summary"] in canonical.text(entry.sealed.snapshot)
    second = submitting.submit(entry, by=amina, at=at)
    assert (second.number, Submission.objects.count()) == (2, 2)
    assert "Another text" in canonical.text(second.snapshot)


def test_after_the_call_nothing_is_submitted(edition, amina, at):
    entry = make_application(edition, amina, at=at)
    call = edition.stage("call")
    for late in (call.closes_at, call.closes_at + DAY):
        with pytest.raises(StageClosed):
            submitting.submit(entry, by=amina, at=late)
    submitting.submit(entry, by=amina, at=call.closes_at - timedelta(milliseconds=1))
    assert entry.state == "submitted"


def test_a_stranger_cannot_submit_somebody_elses_entry(edition, amina, bruno, at):
    entry = make_application(edition, amina, at=at)
    with pytest.raises(Refused):
        submitting.submit(entry, by=bruno, at=at)
    assert entry.state == "draft"

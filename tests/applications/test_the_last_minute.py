"""23:59: forty people press the button while the call closes. Each is in with a receipt, or out with every word kept."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from factories.applications import ANSWERS, make_application

from applications import calling
from applications.models import Answer, Application, Submission
from prize import clock, post
from prize.models import Letter, Person, Stage

PEOPLE, HANDS, CLOSES_AFTER = 40, 8, 12
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Pressed:
    """What one person typed and what the pages answered."""

    code: str
    text: str
    saved: int
    kept: bool
    sent: int
    receipt: str


class LastMinute:
    """A room of people; when so many hold a receipt, the clock strikes and whoever keeps the time closes the call."""

    def __init__(self, call: Stage):
        self.call, self.in_time, self.lock = call, 0, threading.Lock()

    def press(self, entry: Application) -> Pressed:
        try:
            return self.typed_and_sent(entry)
        finally:
            connection.close()

    def typed_and_sent(self, entry: Application) -> Pressed:
        browser = Client(raise_request_exception=False)
        browser.force_login(entry.owner, backend=BACKEND)
        text = f"Typed for entry {entry.code} while the clock of the town hall struck."
        values = {"version": entry.version, "summary": text, "domain": "energy"}
        saved = browser.post(f"/entries/{entry.code}/sections/project/", values)
        sent = browser.post(f"/entries/{entry.code}/submission/", {"key": entry.code})
        receipt = sent.headers.get("Location", "").strip("/").rpartition("/")[2]
        if receipt:
            self.count()
        return Pressed(entry.code, text, saved.status_code, text in saved.text, sent.status_code, receipt)

    def count(self) -> None:
        with self.lock:
            self.in_time += 1
            strikes = self.in_time == CLOSES_AFTER
        if strikes:
            now = clock.now()
            Stage.objects.filter(pk=self.call.pk).update(closes_at=now)
            calling.close_due(at=clock.now())


@pytest.fixture
def pressed(lifted_seals, edition, at) -> list[Pressed]:
    entries = [make_application(edition, at=at, title=f"Entry {number}") for number in range(PEOPLE)]
    Person.objects.clock()  # the one who closes calls by the clock has an account, made before the rush
    room = LastMinute(edition.stage("call"))
    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(room.press, entries))


@pytest.mark.django_db(transaction=True)
def test_forty_people_at_the_last_minute_are_in_with_a_receipt_or_out_with_every_word_kept(pressed, edition):
    inside = [one for one in pressed if one.receipt]
    outside = [one for one in pressed if not one.receipt]
    assert len(inside) >= CLOSES_AFTER
    assert len(outside) >= PEOPLE - CLOSES_AFTER - HANDS
    assert {one.sent for one in inside} == {302}
    assert {one.sent for one in outside} == {409}, "a refusal, and no page that failed"

    receipts = dict(Submission.objects.values_list("application__code", "receipt"))
    assert receipts == {one.code: one.receipt for one in inside}
    states = dict(Application.objects.values_list("code", "state"))
    assert states == {one.code: "submitted" if one.receipt else "draft" for one in pressed}

    stored = dict(Answer.objects.filter(question__key="summary").values_list("application__code", "value"))
    for one in pressed:
        assert (one.saved, stored[one.code]) == (302, one.text) or (
            (one.saved, stored[one.code]) == (409, ANSWERS["summary"]) and one.kept
        ), f"{one.code}: saved, or given back on the page"

    unsent = Letter.objects.filter(kind="applications.unsent")
    assert not unsent.exclude(state="queued").exists(), "nobody is told anything while requests may be under way"
    unsent.update(next_try_at=clock.now())
    post.sweep(at=clock.now())
    assert {letter.about["application"] for letter in unsent.filter(state="sent")} == {one.code for one in outside}
    sent = Letter.objects.filter(kind="applications.receipt", state="sent")
    assert {letter.about["receipt"] for letter in sent} == {one.receipt for one in inside}

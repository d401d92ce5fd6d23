"""Letters go out once, to one person, in that person's language, and only while they are still true."""

import contextlib
import re
import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections, transaction
from factories import prize as make
from stories.smtp_sink import Gone, Sink

from prize import clock, governing, ledger, post, rulebook
from prize.models import Letter, Motion


@pytest.fixture
def motion(promotion, hana, ines, karim, at):
    content = {"digest": rulebook.export(promotion.edition).digest}
    return governing.propose(promotion, "prize.adopt_rules", content, title="Adopt the rules", by=karim, at=at)


def letter_to(person) -> Letter:
    return Letter.objects.get(person=person)


def test_a_letter_has_one_recipient_and_keeps_what_was_sent(motion, hana, at):
    assert post.deliver(letter_to(hana).pk, at=at)
    (message,) = mail.outbox
    assert (message.to, message.cc, message.bcc) == (["hana@example.org"], [], [])
    kept = letter_to(hana)
    assert kept.state == "sent"
    assert kept.subject == message.subject == "A motion waits for your vote: the rules of the edition"
    assert f"/committee/motions/{motion.code}/" in kept.body == message.body


def test_the_same_key_queues_one_letter(edition, amina, motion, at):
    before = Letter.objects.count()
    for _again in range(3):
        post.queue("prize.motion", key="test:1", to=amina, edition=edition, about={"motion": motion.code}, at=at)
    assert Letter.objects.count() == before + 1


def test_a_letter_is_delivered_once_however_often_it_is_asked_for(motion, hana, at):
    assert [post.deliver(letter_to(hana).pk, at=at) for _again in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1


def test_a_letter_that_is_no_longer_true_is_withheld_and_says_why(motion, hana, ines, at):
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    governing.resolve(motion, by=hana, at=at)
    assert not post.deliver(letter_to(ines).pk, at=at)
    assert (letter_to(ines).state, letter_to(ines).reason) == ("withheld", "the motion is resolved")
    assert mail.outbox == []


def test_the_office_reads_what_a_letter_is_and_why_it_was_withheld_in_its_own_language(
    motion, hana, ines, karim, at, sign_in
):
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    governing.resolve(motion, by=hana, at=at)
    post.deliver(letter_to(ines).pk, at=at)
    office, addresses = sign_in(karim), ["/admin/prize/letter/", f"/admin/prize/letter/{letter_to(ines).pk}/change/"]
    counted = office.get("/admin/prize/letter/", {"_facets": "True"}).text
    assert f"motion to vote on ({Letter.objects.filter(kind='prize.motion').count()})" in counted
    said = {"en": ("motion to vote on", "the motion is resolved"), "ko": ("의결 안건 안내", "이미 의결된 안건입니다")}
    for language, (kind, reason) in said.items():
        office.cookies["django_language"] = language
        listed, read = (office.get(address).text for address in addresses)
        assert f">{kind}</a>" in listed
        assert (kind in read, reason in read) == (True, True)
        assert "prize.motion" not in re.sub(r'(href|value)="[^"]*"', "", listed + read)


def test_every_attempt_carries_the_same_message_id(motion, hana, ines, at):
    first, again, other = (post.compose(letter_to(person)).extra_headers["Message-ID"] for person in (hana, hana, ines))
    assert first == again != other


def test_a_mail_server_that_refuses_is_tried_again_later_and_the_reason_kept(motion, hana, at, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    assert not post.deliver(letter_to(hana).pk, at=at)
    row = letter_to(hana)
    assert row.state == "queued"
    assert row.attempts == 1
    assert row.next_try_at > at
    assert row.reason


@pytest.fixture
def mail_server(settings):
    """``mail_server(manner)`` runs one that behaves so, and lets the letters go there."""
    with contextlib.ExitStack() as running:

        def run(manner):
            sink = running.enter_context(Sink(manner))
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
            return sink

        yield run


def test_a_mail_server_that_hangs_up_instead_of_a_goodbye_does_not_get_the_letter_again(mail_server, motion, hana, at):
    def no_goodbye(word):
        if word == "QUIT":
            raise Gone

    sink = mail_server(no_goodbye)
    assert post.deliver(letter_to(hana).pk, at=at)
    assert letter_to(hana).state == "sent"
    assert not post.deliver(letter_to(hana).pk, at=at + timedelta(hours=1))
    assert sink.count() == {"hana@example.org": 1}


def test_a_mail_server_that_refuses_the_letter_itself_keeps_it_waiting(mail_server, motion, hana, at):
    sink = mail_server(lambda word: "451 Later." if word == "MESSAGE" else None)
    assert not post.deliver(letter_to(hana).pk, at=at)
    assert (letter_to(hana).state, letter_to(hana).claimed_until) == ("queued", None)
    assert "Later." in letter_to(hana).reason
    sink.manner = lambda word: None
    assert post.deliver(letter_to(hana).pk, at=at + timedelta(hours=1))
    assert (letter_to(hana).reason, letter_to(hana).attempts) == ("", 2)
    assert sink.count() == {"hana@example.org": 1}


def test_a_worker_that_waited_too_long_for_the_mail_server_leaves_the_letter_to_the_one_that_has_it_now(
    mail_server, transactional_db, lifted_seals, motion, hana, at
):
    """While the first waits for the greeting its claim lapses, and the second delivers."""
    row = letter_to(hana)
    Letter.objects.filter(pk=row.pk).update(state="queued", claimed_until=None)
    done = []

    def slow_once(word):
        if word == "CONNECT" and not done:
            done.append("first")
            done.append(post.deliver(row.pk, at=at + post.CLAIM + timedelta(seconds=1)))
            connections.close_all()

    sink = mail_server(slow_once)
    assert not post.deliver(row.pk, at=at)
    assert done == ["first", True]
    assert sink.count() == {"hana@example.org": 1}
    assert letter_to(hana).state == "sent"


def test_a_late_failure_does_not_queue_again_what_another_worker_sent(motion, hana, at):
    row = letter_to(hana)
    assert post.claim(row.pk, at)
    late = letter_to(hana)
    assert post.deliver(row.pk, at=at + post.CLAIM + timedelta(seconds=1))
    post.put_back(late, OSError("timed out"), at)
    assert letter_to(hana).state == "sent"


def test_no_transaction_is_open_while_the_mail_server_is_asked(
    mail_server, transactional_db, lifted_seals, motion, hana, at
):
    Letter.objects.update(state="queued")
    here, seen = connections["default"], []
    sink = mail_server(lambda word: seen.append((word, here.in_atomic_block)))
    assert post.deliver(letter_to(hana).pk, at=at)
    assert sink.count() == {"hana@example.org": 1}
    assert {word for word, _inside in seen} >= {"CONNECT", "MAIL", "MESSAGE", "QUIT"}
    assert not any(inside for _word, inside in seen)


def test_a_sweep_ends_in_time_though_letters_still_wait(mail_server, motion, hana, ines, at, monkeypatch):
    monkeypatch.setattr(post, "SWEEP", timedelta(seconds=0.2))
    sink = mail_server(lambda word: time.sleep(0.3) if word == "MESSAGE" else None)
    assert post.sweep(at=clock.now()) == 1
    assert post.sweep(at=clock.now()) == 1
    assert sink.count() == {"hana@example.org": 1, "ines@example.org": 1}


def test_the_sweep_finds_what_a_dead_worker_had_in_hand(motion, hana, at):
    row = letter_to(hana)
    assert post.claim(row.pk, at)  # and then the worker dies
    assert not post.deliver(row.pk, at=at + timedelta(seconds=30))
    assert post.deliver(row.pk, at=at + post.CLAIM + timedelta(seconds=1))
    assert len(mail.outbox) == 1


def test_letters_held_by_the_secretariat_wait(motion, hana, edition, at):
    edition.letters_paused_at = at
    edition.save()
    assert not post.deliver(letter_to(hana).pk, at=at)
    edition.letters_paused_at = None
    edition.save()
    assert post.deliver(letter_to(hana).pk, at=at)


def test_a_letter_without_words_is_not_sent(motion, hana, at):
    Letter.objects.filter(person=hana).update(about={"motion": "NOSUCHONE"})
    assert not post.deliver(letter_to(hana).pk, at=at)
    assert mail.outbox == []
    assert letter_to(hana).state == "queued"


def test_what_is_rolled_back_writes_no_letter(edition, amina, motion, at):
    @transaction.atomic
    def queue_and_fail():
        post.queue("prize.motion", key="test:2", to=amina, about={"motion": motion.code}, at=at)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()
    assert not Letter.objects.filter(key="test:2").exists()


def test_committing_hands_the_letter_to_a_worker_at_once(django_capture_on_commit_callbacks, motion, edition, hana, at):
    with django_capture_on_commit_callbacks(execute=True):
        post.queue("prize.motion", key="test:3", to=hana, edition=edition, about={"motion": motion.code}, at=at)
    assert [message.to for message in mail.outbox] == [["hana@example.org"]]


def test_an_unknown_kind_is_refused_at_once(amina, at):
    with pytest.raises(LookupError, match=r"prize\.nonsense"):
        post.queue("prize.nonsense", key="test:4", to=amina, at=at)


def test_two_workers_at_once_deliver_a_letter_once(transactional_db, lifted_seals, motion, hana, at):
    Letter.objects.update(state="queued")  # committing delivered it; here it waits again
    row = letter_to(hana)
    claims = []

    def work():
        try:
            claims.append(post.claim(row.pk, at))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == [False] * 7 + [True]


def test_a_failed_letter_is_queued_again_by_the_office(sign_in, motion, hana, karim, edition, at):
    Letter.objects.filter(person=hana).update(state="failed", attempts=12)
    sign_in(karim).post(f"/admin/prize/letter/{letter_to(hana).pk}/try_again/")
    assert letter_to(hana).state == "queued"
    assert "letter.retried" in edition.chains.get().entries.values_list("act", flat=True)


def test_a_guest_without_an_account_gets_the_letter_in_the_chosen_language(edition, motion, at):
    row = post.queue(
        "prize.motion",
        key="test:5",
        to="guest@example.org",
        language="ko",
        edition=edition,
        about={"motion": motion.code},
        at=at,
    )
    assert (row.recipient, row.language, row.person) == ("guest@example.org", "ko", None)


def test_the_ledger_and_the_letters_of_a_deed_stand_or_fall_together(edition, karim, at):
    @transaction.atomic
    def record_and_fail():
        ledger.record(edition, "test.deed", by=karim, at=at)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_fail()
    assert not edition.chains.exists()
    assert Motion.objects.count() == 0
    assert make.make_person("Zed").letters.count() == 0

"""The end of screening: closing, announcing, the letters, correcting."""

from datetime import timedelta

import pytest
from factories.screening import check_all, into_screening, make_entry, make_items

from applications import lifecycle
from applications.models import Outcome
from prize import governing, post
from prize.governing import Refused
from prize.models import LedgerEntry, Letter, Stage
from screening import checking, closing, correcting, tasks


@pytest.fixture
def then(edition):
    return into_screening(edition)


@pytest.fixture
def stage(edition):
    make_items(edition)
    return edition.stages.get(slug="screening")


@pytest.fixture
def amina_s(stage, edition, amina):
    return make_entry(edition, amina, title="Buses on call")


@pytest.fixture
def bruno_s(stage, edition, bruno):
    return make_entry(edition, bruno, title="Lamps that wait")


@pytest.fixture
def decided(amina_s, bruno_s, mio, then):
    """Amina's entry advanced, Bruno's declined."""
    check_all(amina_s, mio, then)
    check_all(bruno_s, mio, then, domain="failed")
    return [checking.decide(entry, by=mio, at=then) for entry in (amina_s, bruno_s)]


def announced(stage, karim, lena, at):
    approval = closing.ask_to_announce(stage, by=karim, at=at)
    return governing.approve(approval, approval.digest, by=lena, at=at)


# --- Closing --------------------------------------------------------------------------------------


def test_the_stage_does_not_close_over_a_gap_and_names_it(stage, amina_s, bruno_s, mio, karim, then):
    check_all(amina_s, mio, then)
    checking.decide(amina_s, by=mio, at=then)
    with pytest.raises(Refused, match=f"1 entry has no outcome yet: {bruno_s.code}"):
        closing.close(stage, by=karim, at=stage.closes_at)
    stage.refresh_from_db()
    assert stage.closed_at is None


def test_a_withdrawn_entry_is_no_gap(stage, decided, edition, nora, karim):
    left = make_entry(edition, nora)
    assert closing.gaps(stage) == [left.code]
    lifecycle.withdraw(left, by=nora, at=stage.opens_at)
    assert closing.gaps(stage) == []


def test_it_closes_once_when_its_time_is_up(stage, decided, karim, lena):
    assert [closing.close(stage, by=person, at=stage.closes_at) for person in (karim, lena)] == [True, False]
    assert LedgerEntry.objects.filter(act="stage.closed").count() == 1


def test_it_does_not_close_early_without_a_second_person(stage, decided, karim, lena, then):
    with pytest.raises(Refused, match="It runs until"):
        closing.close(stage, by=karim, at=then)
    approval = closing.ask_to_close(stage, reason="All is done.", by=karim, at=then)
    governing.approve(approval, approval.digest, by=lena, at=then)
    stage.refresh_from_db()
    assert (stage.closed_at, stage.closed_by) == (then, lena)


def test_two_people_may_close_over_the_gaps_they_saw_and_no_others(
    stage, edition, amina_s, bruno_s, karim, lena, nora, then
):
    late = stage.closes_at
    approval = closing.ask_to_close(stage, reason="Both are under water.", by=karim, at=late)
    assert approval.content["gaps"] == sorted([amina_s.code, bruno_s.code])
    make_entry(edition, nora)
    with pytest.raises(Refused, match="More entries"):
        governing.approve(approval, approval.digest, by=lena, at=late)
    stage.refresh_from_db()
    assert stage.closed_at is None


def test_only_the_secretariat_closes(stage, decided, mio, nora):
    for person in (mio, nora):
        with pytest.raises(Refused, match="secretariat"):
            closing.close(stage, by=person, at=stage.closes_at)


def test_the_clock_closes_a_finished_screening_and_leaves_one_with_a_gap(stage, amina_s, mio, then):
    Stage.objects.filter(pk=stage.pk).update(opens_at=then - timedelta(days=30), closes_at=then - timedelta(days=20))
    tasks.close_due_screenings()
    stage.refresh_from_db()
    assert stage.closed_at is None
    check_all(amina_s, mio, then)
    checking.decide(amina_s, by=mio, at=then)
    tasks.close_due_screenings()
    stage.refresh_from_db()
    assert stage.closed_by.email == "clock@system.invalid"


# --- Announcing -----------------------------------------------------------------------------------


def test_the_request_says_how_many_of_each_and_pins_the_list(stage, decided, karim, then):
    approval = closing.ask_to_announce(stage, by=karim, at=then)
    sentences = governing.acts.get("screening.announce").describe(approval.content, stage.edition)
    assert approval.content["counts"] == {"advanced": 1, "declined": 1}
    assert any("advanced: 1; declined: 1" in sentence for sentence in sentences)
    assert any(approval.content["list"] in sentence for sentence in sentences)


def test_nothing_is_announced_over_a_gap_nor_by_one_person_alone(stage, decided, edition, nora, karim, mio, then):
    with pytest.raises(Refused, match="Only the secretariat"):
        closing.ask_to_announce(stage, by=mio, at=then)
    approval = closing.ask_to_announce(stage, by=karim, at=then)
    with pytest.raises(Refused, match="A second person"):
        governing.approve(approval, approval.digest, by=karim, at=then)
    make_entry(edition, nora)
    with pytest.raises(Refused, match="no outcome yet"):
        closing.ask_to_announce(stage, by=karim, at=then)
    assert not Outcome.objects.announced().exists()


def test_a_change_after_the_request_voids_it(stage, decided, bruno_s, karim, lena, mio, then):
    approval = closing.ask_to_announce(stage, by=karim, at=then)
    domain = stage.edition.check_items.get(key="domain")
    checking.record(bruno_s, domain, "passed", by=mio, at=then)
    checking.decide(bruno_s, by=mio, at=then)
    with pytest.raises(Refused, match="changed since"):
        governing.approve(approval, approval.digest, by=lena, at=then)
    assert not Outcome.objects.announced().exists()
    assert not Letter.objects.filter(kind__startswith="screening.").exists()


def test_each_applicant_gets_one_letter_that_says_the_verdict(stage, decided, amina, bruno, karim, lena, then):
    announced(stage, karim, lena, then)
    letters = Letter.objects.filter(kind__in=["screening.advanced", "screening.declined"])
    assert {(letter.person, letter.kind) for letter in letters} == {
        (amina, "screening.advanced"),
        (bruno, "screening.declined"),
    }
    subject, body, _files = post.render(letters.get(person=amina))
    assert "eligible" in subject
    assert "Buses on call" in body
    assert "outside the prize's domains" not in body
    subject, body, _files = post.render(letters.get(person=bruno))
    assert "cannot go on" in subject
    assert "outside the prize's domains" in body
    assert "No evidence" not in body
    assert "look at it again" in body


def test_the_reason_comes_in_the_readers_language(stage, decided, bruno, karim, lena, then):
    bruno.language = "ko"
    bruno.save()
    announced(stage, karim, lena, then)
    _subject, body, _files = post.render(Letter.objects.get(person=bruno, kind="screening.declined"))
    assert "사유: domain" in body


def test_announcing_again_finds_nothing_to_announce(stage, decided, karim, lena, then):
    announced(stage, karim, lena, then)
    with pytest.raises(Refused, match="nothing to announce"):
        closing.ask_to_announce(stage, by=lena, at=then)


# --- Correcting -----------------------------------------------------------------------------------


def test_an_announced_outcome_changes_only_with_two_people_and_its_letter_is_withheld(
    stage, decided, bruno_s, bruno, karim, lena, mio, then
):
    announced(stage, karim, lena, then)
    domain = stage.edition.check_items.get(key="domain")
    checking.record(bruno_s, domain, "passed", by=mio, at=then)
    with pytest.raises(Refused, match="second person"):
        checking.decide(bruno_s, by=mio, at=then)
    approval = correcting.ask_to_correct(bruno_s, domain, "passed", note="It is a bus.", by=karim, at=then)
    governing.approve(approval, approval.digest, by=lena, at=then)
    standing = Outcome.objects.standing().get(application=bruno_s)
    assert (standing.verdict, standing.announced_at) == ("advanced", None)
    with pytest.raises(post.Withheld, match="changed"):
        post.render(Letter.objects.get(person=bruno, kind="screening.declined"))
    announced(stage, lena, karim, then + timedelta(hours=1))
    assert Letter.objects.filter(person=bruno).values_list("kind", flat=True).count() == 3  # receipt and both


def test_a_correction_works_after_the_stage_is_closed(stage, decided, bruno_s, karim, lena):
    closing.close(stage, by=karim, at=stage.closes_at)
    domain = stage.edition.check_items.get(key="domain")
    later = stage.closes_at + timedelta(days=2)
    approval = correcting.ask_to_correct(bruno_s, domain, "passed", note="It is a bus.", by=lena, at=later)
    governing.approve(approval, approval.digest, by=karim, at=later)
    assert Outcome.objects.standing().get(application=bruno_s).verdict == "advanced"

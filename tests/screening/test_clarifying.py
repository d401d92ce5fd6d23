"""Questions to applicants and their answers."""

from datetime import timedelta

import pytest
from factories.screening import check_all, into_screening, make_entry, make_items

from applications import drafting
from prize import post
from prize.governing import Refused
from prize.models import Letter
from screening import checking, clarifying
from screening.models import Clarification

DAY = timedelta(days=1)


@pytest.fixture
def then(edition):
    return into_screening(edition)


@pytest.fixture
def entry(edition, amina, carla):
    make_items(edition)
    entry = make_entry(edition, amina)
    early = edition.stages.get(slug="call").opens_at + timedelta(hours=2)
    drafting.join(drafting.invite(entry, carla.email, by=amina, at=early), by=carla, at=early)
    return entry


@pytest.fixture
def asked(entry, mio, then):
    return clarifying.ask(entry, "Which district?", due_at=then + 3 * DAY, by=mio, at=then)


def test_everybody_who_writes_the_entry_is_asked_once(asked, amina, carla):
    letters = Letter.objects.filter(kind="screening.clarification")
    assert {letter.person for letter in letters} == {amina, carla}
    subject, body, _files = post.render(letters.get(person=amina))
    assert subject == "A question about your entry “A bank of hours”"
    assert "Which district?" in body
    assert f"/clarifications/{asked.code}/" in body


def test_the_letter_stays_if_the_question_is_withdrawn_first(asked, mio, amina, then):
    clarifying.withdraw(asked, by=mio, at=then)
    with pytest.raises(post.Withheld):
        post.render(Letter.objects.get(kind="screening.clarification", person=amina))


def test_a_question_needs_words_and_a_date_ahead(entry, mio, then):
    for text, due in (("  ", then + DAY), ("Why?", then)):
        with pytest.raises(Refused):
            clarifying.ask(entry, text, due_at=due, by=mio, at=then)
    assert not Clarification.objects.exists()


def test_the_owner_and_those_who_write_with_the_owner_see_the_question_and_nobody_else(
    asked, sign_in, amina, carla, bruno, eve, mio, nora, client
):
    address = f"/clarifications/{asked.code}/"
    assert client.get(address).status_code == 302
    seen = {person.name: sign_in(person).get(address).status_code for person in (amina, carla, bruno, eve, mio, nora)}
    assert seen == {"Amina": 200, "Carla": 200, "Bruno": 404, "Eve": 404, "Mio": 404, "Nora": 404}


def test_an_answer_is_recorded_once_with_its_writer(asked, sign_in, carla, bruno):
    address = f"/clarifications/{asked.code}/answer/"
    assert sign_in(bruno).post(address, {"answer": "mine"}).status_code == 404
    response = sign_in(carla).post(address, {"answer": " The harbour. "}, follow=True)
    assert "The harbour." in response.content.decode()
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("The harbour.", carla)
    again = sign_in(carla).post(address, {"answer": "Another text"})
    assert again.status_code == 409
    assert "Another text" in again.content.decode()
    asked.refresh_from_db()
    assert asked.answer == "The harbour."


def test_nothing_is_decided_while_the_applicant_still_has_time(asked, entry, mio, then):
    check_all(entry, mio, then)
    with pytest.raises(Refused, match="has until"):
        checking.decide(entry, by=mio, at=then)
    assert checking.decide(entry, by=mio, at=then + 3 * DAY).verdict == "advanced"


def test_a_late_answer_is_taken_until_the_entry_is_decided_and_the_refusal_does_not_tell(
    asked, entry, mio, amina, then
):
    late = then + 4 * DAY
    assert list(Clarification.objects.overdue(late)) == [asked]
    other = clarifying.ask(entry, "And since when?", due_at=then + DAY, by=mio, at=then)
    clarifying.answer(other, "Since May.", by=amina, at=late)
    check_all(entry, mio, late)
    checking.decide(entry, by=mio, at=late)
    with pytest.raises(Refused) as caught:
        clarifying.answer(asked, "The harbour.", by=amina, at=late)
    assert not {"decided", "declined", "advanced"} & set(str(caught.value).lower().split())


def test_a_withdrawn_question_can_no_longer_be_answered(asked, mio, amina, then):
    clarifying.withdraw(asked, by=mio, at=then)
    with pytest.raises(Refused):
        clarifying.answer(asked, "The harbour.", by=amina, at=then)
    with pytest.raises(Refused):
        clarifying.withdraw(asked, by=mio, at=then)


def test_the_desk_shows_the_question_to_those_it_concerns(asked, sign_in, amina, bruno):
    assert "Which district?" in sign_in(amina).get("/desk/").content.decode()
    assert "Which district?" not in sign_in(bruno).get("/desk/").content.decode()

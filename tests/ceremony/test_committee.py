"""The promotion committee reads the list of laureates, and stands aside where it must."""

import pytest
from django.utils import translation
from factories import applications as entries
from factories import prize as make

from applications import recusing
from applications.models import Recusal
from ceremony import conferring, proposing
from prize import governing


@pytest.fixture
def motion(world, hana, ines, karim, at):
    return conferring.propose(world.edition, by=karim, at=at, reason="As the round and the partner found.")


def text_of(browser, address, language="en"):
    return browser.get(address, headers={"accept-language": language}).content.decode()


def test_a_member_reads_the_list_line_by_line_with_a_way_to_every_entry(world, motion, ines, sign_in):
    browser = sign_in(ines)
    text = text_of(browser, f"/committee/motions/{motion.code}/")
    for word in ("People · Gold", "City of Amina", "Project 1", "As the round and the partner found."):
        assert word in text
    gold = next(line["application"] for line in motion.content["places"] if line["award"] == "gold")
    assert f'href="/committee/entries/{gold}/"' in text
    paper = text_of(browser, f"/committee/entries/{gold}/")
    assert "A bank of hours for neighbours" in paper
    assert "City of Amina" in paper


def test_a_korean_member_reads_the_motions_name_in_korean(world, motion, ines, sign_in):
    assert governing.heading(motion) == "Laureates of Harbour Prize 2030"
    assert "Laureates of" not in text_of(sign_in(ines), f"/committee/motions/{motion.code}/", "ko")


def test_reasons_that_the_house_wrote_are_read_in_the_readers_language_and_peoples_own_words_as_written(
    world, motion, ines, karim, sign_in, at
):
    page, browser = f"/committee/motions/{motion.code}/", sign_in(ines)
    gold = motion.content["places"][0]
    assert gold["reason"] == "Rank 1 in People."
    assert gold["reason"] in text_of(browser, page)
    korean = text_of(browser, page, "ko")
    assert "Rank 1 in People." not in korean
    with translation.override("ko"):
        assert translation.gettext("Rank %(rank)s in %(category)s.") % {"rank": 1, "category": "People"} in korean
    # Once something else would be proposed, what was voted on is shown as it was written.
    place = world.tree["gold"].places.get()
    proposing.fix(place, world.entries[1], reason="By our own wish.", by=karim, at=at)
    assert "Rank 1 in People." in text_of(browser, page, "ko")


def test_an_entry_is_read_by_members_only_and_only_if_a_list_names_it(
    world, motion, ines, jo, nora, amina, at, sign_in
):
    edition = world.edition
    gold = motion.content["places"][0]["application"]
    unnamed = entries.make_submitted(edition, make.make_person("Quirin"), at=edition.stage("call").opens_at)
    for person, status in ((ines, 200), (jo, 403), (nora, 403), (amina, 403)):
        assert sign_in(person).get(f"/committee/entries/{gold}/").status_code == status
    assert sign_in(ines).get(f"/committee/entries/{unnamed.code}/").status_code == 404


def test_a_member_who_stands_aside_votes_no_more_and_the_vote_given_does_not_count(
    world, motion, hana, ines, at, sign_in
):
    governing.vote(motion, "yes", by=ines, at=at)
    gold = motion.content["places"][0]["application"]
    answer = sign_in(ines).post(f"/committee/entries/{gold}/recusal/", {"ground": "personal", "note": "My sister"})
    assert answer["Location"] == f"/committee/motions/{motion.code}/"
    assert list(Recusal.objects.values_list("person__name", "application__code", "ground")) == [
        ("Ines", gold, "personal")
    ]
    assert governing.count(motion).yes == 0
    assert governing.voting_problems(motion, ines) == ["You stand aside from this matter, so you cannot vote on it."]
    named = {line["application"] for line in motion.content["places"]} - {""}
    assert {sign_in(ines).get(f"/committee/entries/{code}/").status_code for code in named} == {404}
    assert "/committee/entries/" not in text_of(sign_in(ines), f"/committee/motions/{motion.code}/")
    assert f'href="/committee/entries/{gold}/"' in text_of(sign_in(hana), f"/committee/motions/{motion.code}/")


def test_a_ground_has_to_be_given_and_the_note_is_not_lost(world, motion, ines, sign_in):
    gold = motion.content["places"][0]["application"]
    answer = sign_in(ines).post(f"/committee/entries/{gold}/recusal/", {"note": "My sister wrote it"})
    assert answer.status_code == 422
    assert "My sister wrote it" in answer.content.decode()
    assert not Recusal.objects.exists()


def test_once_the_list_is_decided_nobody_stands_aside_from_it(world, motion, hana, ines, carried, at, sign_in):
    for member in (hana, ines):
        governing.vote(motion, "yes", by=member, at=at)
    governing.resolve(motion, by=hana, at=at)
    gold = motion.content["places"][0]["application"]
    assert "Stand aside" not in text_of(sign_in(ines), f"/committee/entries/{gold}/")
    assert sign_in(ines).post(f"/committee/entries/{gold}/recusal/", {"ground": "personal"}).status_code == 409
    assert not Recusal.objects.exists()


def test_files_of_a_named_entry_are_read_by_members_and_not_by_one_who_stands_aside(world, motion, hana, ines, at):
    from applications.reading import Reading, reading_of

    gold = world.entries[0]
    assert reading_of(ines, gold, at) == Reading.FULL
    recusing.stand_aside(gold, ines, "personal", by=ines, at=at)
    assert reading_of(ines, gold, at) is None
    assert reading_of(hana, gold, at) == Reading.FULL

"""From tally to shortlist, and from shortlist to letters."""

from collections import Counter

import pytest
from factories import judges as judging

from applications import recusing
from applications.models import Application, Outcome
from judges import shortlisting, tallying
from judges.models import Tally
from prize import governing, post
from prize.governing import Refused
from prize.models import Letter


@pytest.fixture
def round(edition):
    return judging.make_round(
        edition, method="raw-mean/1", reviews_per_entry=1, quotas={"people": 2}, method_settings={"minimum_scores": 1}
    )


@pytest.fixture
def entries(edition, karim, at):
    return [judging.make_entry(edition, by=karim, at=at, title=f"Entry {n}", country="NO") for n in range(4)]


def tallied(round, entries, judge, karim, at, closed, marks):
    for entry, mark in zip(entries, marks, strict=True):
        judging.cast(judging.make_assignment(round, entry, judge, by=karim, at=at), at=at, idea=mark, impact=mark)
    tallying.close_round(round, by=karim, at=closed)
    tallying.sweep(at=closed)
    return entries


@pytest.fixture
def ranked(round, entries, judge_eve, karim, at, closed):
    return tallied(round, entries, judge_eve, karim, at, closed, (9, 7, 5, 3))


def carry(motion, voters, at):
    for member in voters:
        governing.vote(motion, "yes", by=member, at=at)
    governing.resolve(motion, by=voters[0], at=at)


def test_nothing_is_proposed_before_there_is_a_tally(round, entries, karim, at, promotion):
    with pytest.raises(Refused, match="not closed yet"):
        shortlisting.propose(round, by=karim, at=at)


def test_the_proposal_names_every_verdict_and_the_tallies_it_follows_from(round, ranked, karim, closed, promotion):
    motion = shortlisting.propose(round, by=karim, at=closed)
    codes = [entry.code for entry in ranked]
    assert motion.content["verdicts"] == dict(zip(codes, ["advanced", "advanced", "declined", "declined"], strict=True))
    assert motion.content["tallies"] == {"people": Tally.objects.get().digest}


def test_a_carried_shortlist_writes_an_outcome_for_every_entry_and_says_nothing(
    round, ranked, karim, hana, henrik, ines, closed
):
    carry(shortlisting.propose(round, by=karim, at=closed), [hana, henrik, ines], closed)
    assert list(Application.objects.advanced(round.stage).order_by("title")) == ranked[:2]
    outcomes = Outcome.objects.filter(stage=round.stage)
    assert Counter(outcomes.values_list("verdict", flat=True)) == {"advanced": 2, "declined": 2}
    assert not outcomes.exclude(announced_at=None).exists()
    assert not Letter.objects.filter(kind="judges.decision").exists()


def test_a_tie_at_the_line_is_named_and_the_committee_chooses(round, entries, judge_eve, karim, at, closed, promotion):
    tallied(round, entries, judge_eve, karim, at, closed, (9, 7, 7, 3))
    with pytest.raises(shortlisting.TiedAtLine) as caught:
        shortlisting.propose(round, by=karim, at=closed)
    assert caught.value.tied == {"People": sorted(entry.code for entry in entries[1:3])}
    motion = shortlisting.propose(round, by=karim, at=closed, chosen=[entries[2].code])
    assert motion.content["verdicts"][entries[2].code] == "advanced"
    assert motion.content["verdicts"][entries[1].code] == "declined"


def test_the_rulebooks_criterion_parts_a_tie(round, entries, judge_eve, karim, at, closed, promotion):
    round.method_settings = {"minimum_scores": 1, "ties": ["impact"]}
    round.save()
    for entry, (idea, impact) in zip(entries, [(9, 9), (8, 5), (6, 8), (1, 1)], strict=True):
        judging.cast(judging.make_assignment(round, entry, judge_eve, by=karim, at=at), at=at, idea=idea, impact=impact)
    tallying.close_round(round, by=karim, at=closed)
    tallying.sweep(at=closed)
    motion = shortlisting.propose(round, by=karim, at=closed)
    assert [code for code, verdict in motion.content["verdicts"].items() if verdict == "advanced"] == sorted(
        [entries[0].code, entries[2].code], key=list(motion.content["verdicts"]).index
    )


def test_a_tally_computed_anew_makes_the_proposal_void(round, ranked, karim, hana, henrik, ines, closed, eve):
    motion = shortlisting.propose(round, by=karim, at=closed)
    from judges import declaring

    declaring.step_aside(ranked[0].assignments.get(), "personal", by=eve, at=closed)
    tallying.sweep(at=closed)
    with pytest.raises(Refused, match="computed anew"):
        carry(motion, [hana, henrik, ines], closed)
    assert not Outcome.objects.filter(stage=round.stage).exists()


def test_who_stands_aside_from_a_listed_entry_does_not_vote_and_from_a_declined_one_does(
    round, ranked, karim, hana, henrik, ines, closed
):
    recusing.stand_aside(ranked[0], ines, "personal", by=karim, at=closed)
    recusing.stand_aside(ranked[3], hana, "personal", by=karim, at=closed)
    motion = shortlisting.propose(round, by=karim, at=closed)
    with pytest.raises(Refused, match="stand aside"):
        governing.vote(motion, "yes", by=ines, at=closed)
    governing.vote(motion, "yes", by=hana, at=closed)
    assert governing.count(motion).seats == 2


@pytest.fixture
def announced(round, ranked, karim, lena, hana, henrik, ines, closed):
    carry(shortlisting.propose(round, by=karim, at=closed), [hana, henrik, ines], closed)
    approval = shortlisting.ask_to_announce(round, by=karim, at=closed)
    assert not Letter.objects.filter(kind="judges.decision").exists()
    governing.approve(approval, approval.digest, by=lena, at=closed)
    return ranked


def test_two_people_announce_and_every_owner_gets_one_letter(announced, mailoutbox, closed):
    for letter in Letter.objects.filter(kind="judges.decision"):
        post.deliver(letter.pk, at=closed)
    letters = mailoutbox
    assert sorted(message.to[0] for message in letters) == sorted(entry.owner.email for entry in announced)
    said = {message.to[0]: "is a finalist" in message.subject for message in letters}
    assert said == {entry.owner.email: place < 2 for place, entry in enumerate(announced)}


def test_a_letter_about_a_corrected_outcome_is_withheld(announced, karim, closed, round):
    from applications import concluding

    concluding.conclude(announced[0], round.stage, "declined", by=karim, at=closed)
    sent = {
        letter.person: post.deliver(letter.pk, at=closed) for letter in Letter.objects.filter(kind="judges.decision")
    }
    assert [person for person, delivered in sent.items() if not delivered] == [announced[0].owner]


def test_what_changed_since_it_was_asked_is_not_announced(round, ranked, karim, lena, hana, henrik, ines, closed):
    from applications import concluding

    carry(shortlisting.propose(round, by=karim, at=closed), [hana, henrik, ines], closed)
    approval = shortlisting.ask_to_announce(round, by=karim, at=closed)
    concluding.conclude(ranked[0], round.stage, "declined", by=karim, at=closed)
    with pytest.raises(Refused, match="changed since"):
        governing.approve(approval, approval.digest, by=lena, at=closed)

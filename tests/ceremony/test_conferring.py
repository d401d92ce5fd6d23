from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from factories import ceremony as give

from applications import lifecycle, recusing
from applications.models import Outcome
from ceremony import conferring, proposing
from ceremony.models import Laureate, Place
from prize import governing
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import LedgerEntry, Motion, Stage


def given(edition):
    rows = Laureate.objects.standing().filter(edition=edition).in_order()
    return [(row.place.award.key, row.place.number, row.title) for row in rows]


def test_the_proposal_gives_every_place_with_its_reason(world):
    rows = proposing.compute(world.edition).rows
    assert [(row.place.award.key, row.place.number, row.application) for row in rows] == [
        ("gold", 1, world.entries[0]),
        ("silver", 1, world.entries[1]),
        ("silver", 2, world.entries[2]),
        ("best-company", 1, world.entries[4]),
        ("friends", 1, None),
    ]
    assert rows[0].why == "Rank 1 in People."
    assert rows[3].why == "Rank 5 in People, the best of its type (Company) without a higher award."
    assert rows[4].why == "Stays empty: the partner has not nominated an entry."


def test_a_carried_motion_makes_exactly_the_laureates_it_names(world, karim, carried, at, breaches):
    motion = carried(conferring.propose(world.edition, by=karim, at=at), at)
    assert given(world.edition) == [
        ("gold", 1, "Project 1"),
        ("silver", 1, "Project 2"),
        ("silver", 2, "Project 3"),
        ("best-company", 1, "Project 5"),
    ]
    assert {laureate.motion for laureate in world.edition.laureates.all()} == {motion}
    assert Place.objects.get(award__key="friends").left_empty_reason.startswith("Stays empty")
    assert LedgerEntry.objects.get(act="laureates.conferred").facts["content"] == motion.digest
    assert breaches() == []


def test_every_finalist_gets_a_silent_outcome_and_the_final_closes(conferred, at):
    final = conferred.edition.stage(Stage.Kind.FINAL)
    outcomes = dict(Outcome.objects.standing().filter(stage=final).values_list("application__title", "verdict"))
    assert outcomes == {
        "Project 1": "advanced", "Project 2": "advanced", "Project 3": "advanced", "Project 4": "declined",
        "Project 5": "advanced",
    }  # fmt: skip
    assert not Outcome.objects.announced().filter(stage=final).exists()
    assert final.closed_at == at


def test_a_rejected_motion_gives_nothing(world, karim, hana, ines, at):
    motion = conferring.propose(world.edition, by=karim, at=at)
    for member in (hana, ines):
        governing.vote(motion, "no", by=member, at=at)
    assert governing.resolve(motion, by=hana, at=at).result == Motion.Result.REJECTED
    assert given(world.edition) == []


def test_a_member_who_stands_aside_from_a_named_entry_cannot_vote_on_the_list(world, karim, hana, ines, at):
    recusing.stand_aside(world.entries[0], ines, "employer", by=ines, at=at)
    motion = conferring.propose(world.edition, by=karim, at=at)
    assert governing.voting_problems(motion, ines) == ["You stand aside from this matter, so you cannot vote on it."]
    assert governing.voting_problems(motion, hana) == []


def test_a_list_made_from_an_older_result_cannot_be_carried(world, karim, carried, at):
    motion = conferring.propose(world.edition, by=karim, at=at)
    type(world.tally).objects.filter(pk=world.tally.pk).update(superseded_at=at)
    give.make_tally(world.edition, {entry: 6 - rank for rank, entry in enumerate(world.entries, 1)}, at=at)
    with pytest.raises(Refused, match="result has changed"):
        carried(motion, at)
    assert given(world.edition) == []
    motion.refresh_from_db()
    assert motion.resolved_at is None


def test_an_entry_withdrawn_since_cannot_become_a_laureate(world, amina, karim, carried, at):
    motion = conferring.propose(world.edition, by=karim, at=at)
    lifecycle.withdraw(world.entries[0], by=amina, at=at)
    with pytest.raises(Refused, match=world.entries[0].code):
        carried(motion, at)
    assert given(world.edition) == []


def test_a_second_list_finds_the_places_given(world, karim, carried, at):
    first, second = (conferring.propose(world.edition, by=karim, at=at) for _time in range(2))
    carried(first, at)
    with pytest.raises(Refused, match="conferred already"):
        carried(second, at)
    assert len(given(world.edition)) == 4


def test_nothing_is_proposed_outside_the_final(world, karim, at):
    with pytest.raises(StageClosed):
        conferring.propose(world.edition, by=karim, at=at + timedelta(days=30))


def test_a_bystander_cannot_propose(world, nora, at):
    with pytest.raises(Refused, match="Only members of the committee"):
        conferring.propose(world.edition, by=nora, at=at)


def test_the_announced_name_is_the_sealed_one_whatever_the_draft_says(world, karim, carried, at):
    entry = world.entries[0]
    type(entry).objects.filter(pk=entry.pk).update(title="Changed afterwards")
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    assert Laureate.objects.get(application=entry).title == "Project 1"


def test_a_laureates_row_cannot_be_rewritten(conferred):
    laureate = conferred.edition.laureates.first()
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Laureate.objects.filter(pk=laureate.pk).update(name="Somebody else")
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Laureate.objects.filter(pk=laureate.pk).delete()


# --- By hand --------------------------------------------------------------------------------------


def test_a_place_fixed_by_hand_goes_before_the_committee_with_its_reason(world, karim, at):
    gold = Place.objects.get(award__key="gold")
    proposing.fix(gold, world.entries[2], reason="The committee met on the tie.", by=karim, at=at)
    motion = conferring.propose(world.edition, by=karim, at=at)
    lines = {(line["award"], line["number"]): line for line in motion.content["places"]}
    assert lines["gold", 1]["title"] == "Project 3"
    assert lines["gold", 1]["reason"] == "Placed by the secretariat, rank 3. The committee met on the tie."
    assert [lines["silver", number]["title"] for number in (1, 2)] == ["Project 1", "Project 2"]


def test_a_place_left_empty_by_hand_stays_empty(world, karim, carried, at):
    proposing.fix(Place.objects.get(award__key="gold"), None, reason="Nobody reached the level.", by=karim, at=at)
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    assert ("gold", 1, "Project 1") not in given(world.edition)
    assert "Nobody reached the level." in Place.objects.get(award__key="gold").left_empty_reason


@pytest.mark.parametrize(
    ("award", "rank", "reason", "message"),
    [
        ("gold", 1, "  ", "Give a reason"),
        ("best-company", 1, "why not", "does not admit"),
        ("friends", 1, "why not", "goes to its nominee"),
    ],
)
def test_what_may_not_be_fixed_by_hand(world, karim, at, award, rank, reason, message):
    with pytest.raises(Refused, match=message):
        proposing.fix(Place.objects.get(award__key=award), world.entries[rank], reason=reason, by=karim, at=at)


def test_one_entrant_cannot_be_fixed_for_two_places(world, karim, at):
    gold, silver = Place.objects.get(award__key="gold"), Place.objects.filter(award__key="silver").first()
    proposing.fix(gold, world.entries[3], reason="Reasons.", by=karim, at=at)
    with pytest.raises(Refused, match="another place"):
        proposing.fix(silver, world.entries[3], reason="Reasons.", by=karim, at=at)


def test_only_the_secretariat_fixes_places(world, mio, at):
    with pytest.raises(Refused, match="Only the secretariat"):
        proposing.fix(Place.objects.get(award__key="gold"), None, reason="Because.", by=mio, at=at)


def test_equal_ranks_at_a_cut_stop_the_proposal_until_somebody_decides(world, karim, at):
    type(world.tally).objects.filter(pk=world.tally.pk).update(superseded_at=at)
    give.make_tally(world.edition, dict(zip(world.entries, (1, 1, 3, 4, 5), strict=True)), at=at)
    with pytest.raises(Refused, match="equal ranks"):
        conferring.propose(world.edition, by=karim, at=at)
    proposing.fix(Place.objects.get(award__key="gold"), world.entries[1], reason="Drawn by lot.", by=karim, at=at)
    assert conferring.propose(world.edition, by=karim, at=at).content["places"][0]["title"] == "Project 2"


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_lists_carried_at_once_one_gives_each_place_once(lifted_seals, world, karim, hana, ines, at):
    motions = [conferring.propose(world.edition, by=karim, at=at) for _time in range(2)]
    for motion in motions:
        for member in (hana, ines):
            governing.vote(motion, "yes", by=member, at=at)

    def resolve(motion):
        try:
            return governing.resolve(motion, by=hana, at=at).result
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(resolve, motions))
    assert results[1] == "carried"
    assert "conferred already" in results[0]
    assert len(given(world.edition)) == 4
    assert Motion.objects.filter(result="carried").count() == 1

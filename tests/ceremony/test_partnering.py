from datetime import timedelta

import pytest
from django.urls import reverse
from factories import applications as entries
from factories import ceremony as give
from factories import prize as make

from applications import concluding, recusing
from applications.reading import Reading, reading_of
from ceremony import conferring, partnering, policy, proposing
from ceremony.desks import laureates_todo
from ceremony.models import Laureate, Nomination
from prize import governing
from prize.governing import Refused


@pytest.fixture
def nominated(world, jo, at):
    """Jo nominates Nora's entry, votes, and it carries: she has the only seat, and presides."""
    jo.seats.update(role="chair")

    def nominate(entry, reason="It reaches those nobody reached."):
        motion = partnering.propose_nomination(world.special, entry, reason=reason, by=jo, at=at)
        governing.vote(motion, "yes", by=jo, at=at)
        return governing.resolve(motion, by=jo, at=at)

    return nominate


def before(world, jo):
    return set(policy.entries_before(world.special, jo))


def test_a_partner_juror_sees_what_reached_the_agreed_stage_and_allows_it(edition, world, jo, karim, at):
    call = edition.stages.get(slug="call").opens_at + give.DAY
    second = edition.stages.get(slug="second")
    silent = {**entries.ANSWERS, "consent_partners": False}
    unwilling = entries.make_submitted(edition, make.make_person("Quentin"), at=call, answers=silent)
    concluding.conclude(unwilling, second, "advanced", by=karim, at=at)
    dropped = entries.make_submitted(edition, make.make_person("Rosa"), at=call)
    concluding.conclude(dropped, second, "declined", by=karim, at=at)
    assert before(world, jo) == set(world.entries)


def test_an_entry_from_which_a_juror_stands_aside_is_not_before_that_juror(world, jo, karim, at):
    recusing.stand_aside(world.entries[3], jo, "personal", by=jo, at=at)
    assert before(world, jo) == set(world.entries) - {world.entries[3]}


def test_a_juror_reads_the_files_of_entries_before_the_partner_and_of_no_other(edition, world, jo, nora, at):
    call = edition.stages.get(slug="call").opens_at + give.DAY
    other = entries.make_submitted(edition, make.make_person("Rosa"), at=call)
    assert reading_of(jo, world.entries[0], at) == Reading.FULL
    assert reading_of(jo, other, at) is None
    assert reading_of(nora, world.entries[0], at) is None


def test_a_carried_nomination_is_kept_until_the_laureates_are_conferred(world, nominated, karim, carried, at):
    motion = nominated(world.entries[3])
    nomination = Nomination.objects.standing().get(special=world.special)
    assert (nomination.application, nomination.motion) == (world.entries[3], motion)
    assert not Laureate.objects.exists()
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    friends = Laureate.objects.get(place__award__key="friends")
    assert friends.application == world.entries[3]
    assert friends.reason == "Nominated by the partner. It reaches those nobody reached."


def test_a_later_nomination_takes_the_place_of_an_earlier_one(world, nominated, at):
    nominated(world.entries[3])
    nominated(world.entries[2])
    assert Nomination.objects.standing().get().application == world.entries[2]
    assert Nomination.objects.get(application=world.entries[3]).superseded_at == at


def test_a_list_made_before_a_partner_chose_anew_does_not_carry_the_earlier_choice(
    world, nominated, karim, carried, at
):
    nominated(world.entries[2])
    motion = conferring.propose(world.edition, by=karim, at=at - timedelta(minutes=1))
    nominated(world.entries[3], reason="It reaches even more.")
    with pytest.raises(Refused, match="has another nominee since this list was proposed"):
        carried(motion, at)
    assert not Laureate.objects.exists()
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    assert Laureate.objects.get(place__award__key="friends").application == world.entries[3]


def test_who_nominates_and_who_votes_is_told_that_a_list_and_a_nomination_cross(
    world, nominated, karim, jo, hana, sign_in, at
):
    form = reverse("ceremony:partner_entry", args=[world.entries[3].code])
    warning = "A list of laureates is before the promotion committee"
    assert warning not in sign_in(jo).get(form).text
    motion = conferring.propose(world.edition, by=karim, at=at - timedelta(minutes=1))
    assert warning in sign_in(jo).get(form).text
    page = reverse("motion", args=[motion.code])
    assert "has another nominee" not in sign_in(hana).get(page).text
    assert laureates_todo(world.edition, karim, at) == []
    crossing = partnering.propose_nomination(world.special, world.entries[3], reason="Better.", by=jo, at=at)
    assert warning in sign_in(jo).get(reverse("motion", args=[crossing.code])).text
    nominated(world.entries[3], reason="It reaches even more.")
    assert "has another nominee since this list was proposed. Propose the list again." in sign_in(hana).get(page).text
    assert [todo.kind for todo in laureates_todo(world.edition, karim, at)] == ["warn"]
    conferring.propose(world.edition, by=karim, at=at + timedelta(minutes=1))
    assert laureates_todo(world.edition, karim, at) == []


def test_a_nominee_with_a_medal_leaves_the_partners_place_empty_and_says_why(world, nominated):
    nominated(world.entries[0])
    row = proposing.compute(world.edition).rows[-1]
    assert row.application is None
    assert (
        row.why
        == "Stays empty: the partner's nominee has a higher award already. Better ranks have higher awards: 1 (Gold)."
    )


def test_an_outsider_cannot_nominate(world, nora, at):
    with pytest.raises(Refused, match="Only the partner's jurors"):
        partnering.propose_nomination(world.special, world.entries[3], reason="Mine.", by=nora, at=at)


def test_an_entry_that_is_not_before_the_partner_cannot_be_nominated(edition, world, jo, at):
    other = entries.make_submitted(
        edition, make.make_person("Rosa"), at=edition.stages.get(slug="call").opens_at + give.DAY
    )
    with pytest.raises(Refused, match="not before you"):
        partnering.propose_nomination(world.special, other, reason="Good.", by=jo, at=at)


def test_nothing_is_nominated_once_the_laureates_are_decided(conferred, jo, at):
    with pytest.raises(Refused, match="are decided"):
        partnering.propose_nomination(conferred.special, conferred.entries[3], reason="Late.", by=jo, at=at)


# --- Pages ----------------------------------------------------------------------------------------


def test_the_jurors_pages_show_entries_and_never_scores_ranks_or_other_partners(world, jo, sign_in, at):
    rival = make.make_committee(world.edition, "partner", key="partner-two")
    award = give.make_award(world.edition, "rivals", precedence=10, name={"en": "Award of the rivals"})
    body = make.make_organisation("Rivals of the Harbour")
    partner = rival.edition.partners.create(key="rivals", organisation=body, committee=rival)
    other = partner.special_awards.create(award=award, sees_advanced_by=world.edition.stages.get(slug="second"))
    Nomination.objects.create(
        special=other, application=world.entries[3], reason="A rival reason", nominated_by=jo, nominated_at=at
    )
    browser = sign_in(jo)
    pages = [browser.get("/partner/"), browser.get("/desk/")]
    pages += [browser.get(f"/partner/{entry.code}/") for entry in world.entries]
    text = " ".join(page.content.decode() for page in pages)
    assert {page.status_code for page in pages} == {200}
    assert all(f"Project {number}" in text for number in range(1, 6))
    for secret in ("8.6731", "8.5731", "rank", "Rank", "Gold", "ivals", "A rival reason"):
        assert secret not in text.replace("/partner/", "")


def test_a_juror_nominates_on_the_entrys_page(world, jo, sign_in):
    code = world.entries[3].code
    answer = sign_in(jo).post(f"/partner/{code}/nomination/", {"special": world.special.pk, "reason": "Because."})
    motion = partnering.pending(world.special).get()
    assert answer.url == f"/committee/motions/{motion.code}/"
    assert motion.content == {"award": "friends", "application": code, "reason": "Because."}


def test_a_nomination_without_a_reason_is_asked_again_and_keeps_the_page(world, jo, sign_in):
    code = world.entries[3].code
    answer = sign_in(jo).post(f"/partner/{code}/nomination/", {"special": world.special.pk, "reason": ""})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_of_an_entry_that_is_not_before_them_nothing_is_said(edition, world, jo, nora, sign_in):
    call = edition.stages.get(slug="call").opens_at + give.DAY
    other = entries.make_submitted(edition, make.make_person("Rosa"), at=call)
    assert sign_in(jo).get(f"/partner/{other.code}/").status_code == 404
    assert sign_in(jo).post(f"/partner/{other.code}/nomination/", {"reason": "x"}).status_code == 404
    assert sign_in(nora).get("/partner/").status_code == 403

"""From recommendation to declaration."""

import pytest
from django.db import DatabaseError, transaction
from factories import judges as judging
from factories import prize as make

from judges import briefing, declaring, policy, recruiting
from judges.models import Judge, Pledge
from prize import governing, post
from prize.governing import Refused
from prize.models import Letter, Seat

PROFILES = [
    {"name": "Mai Tran", "email": "mai@example.org", "organisation": "Harbour University", "country": "VN",
     "fields": ["energy"], "languages": ["en"], "seniority": "senior"},
    {"name": "Olu Ade", "email": "olu@example.org", "role": "chair"},
]  # fmt: skip


@pytest.fixture
def carried(edition, hana, henrik, ines, karim, at):
    judging.make_terms(edition)
    judging.make_jury(edition)
    motion = recruiting.recommend(edition, PROFILES, by=karim, at=at)
    for member in (hana, henrik, ines):
        governing.vote(motion, "yes", by=member, at=at)
    governing.resolve(motion, by=hana, at=at)
    return motion


def test_nobody_is_a_judge_before_the_motion_carries(edition, promotion, karim, at):
    judging.make_jury(edition)
    recruiting.recommend(edition, PROFILES, by=karim, at=at)
    assert (Judge.objects.count(), Seat.objects.filter(committee__kind="jury").count()) == (0, 0)


def test_a_carried_recommendation_makes_judges_with_seats_on_the_jury(edition, carried):
    mai, olu = Judge.objects.order_by("person__name")
    assert (mai.fields, mai.organisation.name, mai.recommended_by) == (["energy"], "Harbour University", carried)
    seats = {seat.person.name: seat.role for seat in Seat.objects.filter(committee__kind="jury")}
    assert seats == {"Mai Tran": "member", "Olu Ade": "chair"}


def test_a_list_with_mistakes_is_refused_and_names_them(edition, promotion, karim, at):
    twice = [PROFILES[0], PROFILES[0], {"name": "", "email": "x@example.org"}]
    with pytest.raises(Refused) as caught:
        recruiting.recommend(edition, twice, by=karim, at=at)
    assert "mai@example.org is on the list twice" in str(caught.value)
    assert "x@example.org" in str(caught.value)


def test_an_invitation_goes_out_once_with_its_link(edition, carried, karim, at, mailoutbox):
    judge = Judge.objects.get(person__name="Mai Tran")
    invitation = recruiting.invite(judge, by=karim, at=at)
    with pytest.raises(Refused, match="already"):
        recruiting.invite(judge, by=karim, at=at)
    post.sweep(at=at)
    letter = Letter.objects.get(kind="judges.invitation")
    assert letter.person == judge.person
    assert f"/judging/invitations/{invitation.code}/" in mailoutbox[-1].body


def test_an_invitation_is_answered_once_and_by_the_invited_alone(edition, eve, frank, karim, at):
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="invited")
    with pytest.raises(Refused, match="Only the person"):
        recruiting.answer(judge.invitation, "accepted", by=frank, at=at)
    recruiting.answer(judge.invitation, "accepted", by=eve, at=at)
    with pytest.raises(Refused, match="already"):
        recruiting.answer(judge.invitation, "declined", by=eve, at=at)


def test_who_declines_leaves_the_jury(edition, eve, karim, at):
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="invited")
    recruiting.answer(judge.invitation, "declined", by=eve, at=at)
    assert not Seat.objects.held_by(eve).exists()
    assert list(Judge.objects.active()) == []


def test_the_pledge_is_signed_with_the_full_name_and_sealed(edition, eve, karim, at):
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="accepted")
    with pytest.raises(Refused, match="full name"):
        recruiting.sign_pledge(judge, signed_as="E.", by=eve, at=at)
    pledge = recruiting.sign_pledge(judge, signed_as="  eve ", by=eve, at=at)
    assert pledge.text == judging.PLEDGE
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Pledge.objects.update(text="I promise nothing.")


def test_the_pledge_is_kept_in_the_judges_language(edition, eve, karim, at):
    eve.language = "ko"
    eve.save()
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="pledged")
    assert judge.pledge.text == "서약합니다."


def test_a_briefing_is_confirmed_once_it_has_begun(edition, judge_eve, eve, karim, at):
    meeting = judging.make_briefing(edition, by=karim, at=at + make.DAY)
    with pytest.raises(Refused, match="not begun"):
        briefing.confirm(meeting, by=eve, at=at)
    briefing.confirm(meeting, by=eve, at=at + make.DAY)
    briefing.confirm(meeting, by=eve, at=at + 2 * make.DAY)
    assert meeting.attendances.count() == 1


def test_the_way_in_has_its_steps_in_order(edition, eve, karim, at):
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="accepted")
    judging.make_briefing(edition, by=karim, at=at)
    assert [(step.key, step.done) for step in policy.steps(judge)] == [
        ("invitation", True), ("pledge", False), ("briefing", False), ("declaration", False),
    ]  # fmt: skip


def test_a_declared_conflict_bars_every_entry_of_the_organisation(edition, eve, karim, at):
    harbour = make.make_organisation("Harbour Works")
    theirs = judging.make_entry(edition, by=karim, at=at, organisation=harbour)
    others = judging.make_entry(edition, by=karim, at=at, organisation=make.make_organisation("Hill Works"))
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="pledged")
    assert [one.name for one in declaring.organisations_listed(edition)] == ["Harbour Works", "Hill Works"]
    declaring.declare(judge, [harbour], by=eve, at=at)
    assert set(theirs.recusals.values_list("person__name", flat=True)) == {"Eve"}
    assert not others.recusals.exists()
    with pytest.raises(Refused, match="declared"):
        declaring.declare(judge, [], by=eve, at=at)


def test_who_steps_down_sees_nothing_and_counts_for_nothing(eves, judge_eve, eve, karim, at):
    judging.cast(eves, at=at, idea=8, impact=7)
    recruiting.step_down(judge_eve, by=karim, at=at, approved=True)
    assert list(policy.visible_to_judge(eve)) == []
    assert not Seat.objects.held_by(eve).exists()

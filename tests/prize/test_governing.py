"""Motions, votes and second approvals."""

import threading

import pytest
from django.db import DatabaseError, connections, transaction
from factories import prize as make

from prize import governing, rulebook
from prize.governing import Count, Refused, verdict
from prize.models import Approval, Edition, LedgerEntry, Letter, Motion


def rules_motion(promotion, by, at):
    content = {"digest": rulebook.export(promotion.edition).digest}
    return governing.propose(promotion, "prize.adopt_rules", content, title="Adopt the rules", by=by, at=at)


@pytest.fixture
def motion(promotion, hana, henrik, ines, ivo, karim, at):
    return rules_motion(promotion, karim, at)


def acts_done():
    return list(LedgerEntry.objects.order_by("number").values_list("act", flat=True))


def test_a_carried_motion_does_its_act_once_and_says_so_in_the_ledger(motion, hana, ines, at):
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    governing.resolve(motion, by=hana, at=at)
    motion.refresh_from_db()
    assert (motion.result, motion.count["yes"]) == ("carried", 2)
    assert Edition.objects.get().rules_adopted_at == at
    assert acts_done() == ["motion.proposed", "rulebook.adopted", "motion.resolved"]
    with pytest.raises(Refused, match="resolved"):
        governing.resolve(motion, by=hana, at=at)


def test_without_a_quorum_nothing_is_resolved(motion, hana, at):
    governing.vote(motion, "yes", by=hana, at=at)
    with pytest.raises(Refused, match="1 of 2"):
        governing.resolve(motion, by=hana, at=at)
    assert Motion.objects.get().resolved_at is None
    assert Edition.objects.get().rules_adopted_at is None


def test_a_rejected_motion_does_nothing(motion, hana, ines, ivo, at):
    for person, choice in ((hana, "yes"), (ines, "no"), (ivo, "no")):
        governing.vote(motion, choice, by=person, at=at)
    assert governing.resolve(motion, by=hana, at=at).result == "rejected"
    assert Edition.objects.get().rules_adopted_at is None


def test_a_member_votes_once(motion, ines, at):
    governing.vote(motion, "yes", by=ines, at=at)
    with pytest.raises(Refused, match="already"):
        governing.vote(motion, "no", by=ines, at=at)
    assert list(motion.votes.values_list("choice", flat=True)) == ["yes"]


def test_nobody_without_a_voting_seat_votes(motion, karim, nora, eve, at):
    for person in (karim, nora, eve):
        with pytest.raises(Refused, match="seat"):
            governing.vote(motion, "yes", by=person, at=at)


def test_only_the_chair_or_the_secretariat_closes_the_vote(motion, hana, ines, nora, at):
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    for person in (ines, nora):
        with pytest.raises(Refused, match="chair"):
            governing.resolve(motion, by=person, at=at)


def test_a_motion_on_rules_that_changed_since_cannot_be_carried_out(motion, hana, ines, at):
    motion.committee.edition.categories.filter(key="people").update(name={"en": "Everybody"})
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    with pytest.raises(Refused, match="changed"):
        governing.resolve(motion, by=hana, at=at)
    assert Motion.objects.get().resolved_at is None


def test_the_content_of_a_motion_cannot_be_changed_and_a_vote_cannot_be_taken_back(motion, ines, at):
    vote = governing.vote(motion, "yes", by=ines, at=at)
    for act in (
        lambda: Motion.objects.filter(pk=motion.pk).update(content={"digest": "other"}),
        lambda: type(vote).objects.filter(pk=vote.pk).update(choice="no"),
    ):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            act()


def test_members_get_one_letter_each_about_a_motion(motion, hana, henrik, ines, ivo):
    assert set(Letter.objects.filter(kind="prize.motion").values_list("person__name", flat=True)) == {
        "Hana",
        "Henrik",
        "Ines",
        "Ivo",
    }


def test_forty_resolutions_at_once_carry_the_motion_once(transactional_db, lifted_seals, motion, hana, ines, at):
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    won = []

    def press():
        try:
            governing.resolve(motion, by=hana, at=at)
            won.append(1)
        except Refused:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [1]
    assert acts_done().count("rulebook.adopted") == 1


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "majority", "result"),
    [
        (2, 1, 0, "simple", "carried"),
        (2, 2, 0, "simple", "rejected"),
        (1, 0, 3, "simple", "carried"),
        (0, 0, 4, "simple", "rejected"),
        (2, 1, 1, "two-thirds", "carried"),
        (3, 2, 0, "two-thirds", "rejected"),
        (4, 0, 0, "unanimous", "carried"),
        (3, 1, 0, "unanimous", "rejected"),
        (1, 0, 0, "simple", "no-quorum"),
    ],
)
def test_the_count_by_the_committees_rule(yes, no, abstain, majority, result):
    assert verdict(Count(yes, no, abstain, seats=5, needed=3), majority) == result


# --- Second approval -----------------------------------------------------------------------------


@pytest.fixture
def request_of_karim(edition, karim, at):
    content = {"digest": rulebook.export(edition).digest}
    return governing.ask(edition, "prize.adopt_rules", content, title="Adopt", by=karim, at=at)


def test_a_second_person_approves_the_exact_content(request_of_karim, lena, at):
    governing.approve(request_of_karim, request_of_karim.digest, by=lena, at=at)
    assert Edition.objects.get().rules_adopted_at == at
    assert Approval.objects.get().approved_by == lena


def test_nobody_approves_his_own_request(request_of_karim, karim, at):
    with pytest.raises(Refused, match="second person"):
        governing.approve(request_of_karim, request_of_karim.digest, by=karim, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.update(approved_by=karim, approved_at=at)


def test_another_content_than_the_one_shown_is_refused(request_of_karim, lena, at):
    with pytest.raises(Refused, match="not the one that was shown"):
        governing.approve(request_of_karim, "0" * 64, by=lena, at=at)
    assert Edition.objects.get().rules_adopted_at is None


def test_a_request_lapses(request_of_karim, lena, at):
    with pytest.raises(Refused, match="lapsed"):
        governing.approve(request_of_karim, request_of_karim.digest, by=lena, at=at + governing.LAPSE)


def test_a_request_turned_down_cannot_be_approved(request_of_karim, lena, at):
    governing.refuse(request_of_karim, by=lena, at=at)
    with pytest.raises(Refused, match="decided"):
        governing.approve(request_of_karim, request_of_karim.digest, by=lena, at=at)


@pytest.mark.parametrize("name", ["nora", "hana", "mio"])
def test_only_the_secretariat_asks_and_approves(request, request_of_karim, edition, name, at):
    person = request.getfixturevalue(name)
    with pytest.raises(Refused):
        governing.approve(request_of_karim, request_of_karim.digest, by=person, at=at)
    with pytest.raises(Refused):
        governing.ask(edition, "prize.adopt_rules", {}, title="Mine", by=person, at=at)


# --- The pages -----------------------------------------------------------------------------------


def test_a_member_reads_a_motion_and_votes(sign_in, motion, ines):
    browser = sign_in(ines)
    page = browser.get(f"/committee/motions/{motion.code}/")
    assert "Adopts the rules" in page.text
    assert browser.post(f"/committee/motions/{motion.code}/vote/", {"choice": "yes"}, follow=True).status_code == 200
    assert motion.votes.get().seat.person == ines


def test_a_second_vote_gets_a_page_that_says_why(sign_in, motion, ines):
    browser = sign_in(ines)
    browser.post(f"/committee/motions/{motion.code}/vote/", {"choice": "yes"})
    answer = browser.post(f"/committee/motions/{motion.code}/vote/", {"choice": "no"})
    assert answer.status_code == 409
    assert "voted on this motion already" in answer.text
    assert motion.votes.get().choice == "yes"


def test_votes_are_not_shown_before_the_vote_is_closed(sign_in, motion, ines, ivo, at):
    governing.vote(motion, "no", by=ivo, at=at)
    page = sign_in(ines).get(f"/committee/motions/{motion.code}/").text
    assert "Ivo" not in page


def test_a_motion_of_another_committee_is_not_there(sign_in, motion, jo):
    assert sign_in(jo).get(f"/committee/motions/{motion.code}/").status_code == 404


def test_karim_asks_and_lena_approves_in_the_admin(sign_in, request_of_karim, karim, lena):
    page = f"/admin/prize/approval/{request_of_karim.pk}/approve/"
    browser = sign_in(karim)
    browser.post(page, {"digest": request_of_karim.digest})
    assert Approval.objects.get().approved_at is None
    browser = sign_in(lena)
    assert "Adopts the rules" in browser.get(page).text
    browser.post(page, {"digest": request_of_karim.digest})
    assert Approval.objects.get().approved_by == lena


def test_karim_closes_a_vote_in_the_admin(sign_in, motion, karim, hana, ines, at):
    governing.vote(motion, "yes", by=hana, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    sign_in(karim).post(f"/admin/prize/motion/{motion.pk}/resolve/", {"digest": motion.digest})
    assert Motion.objects.get().result == "carried"


def test_the_secretariat_of_another_prize_has_no_part(sign_in, motion, at):
    other = make.make_person("Otto", is_staff=True)
    from prize.models import Organiser, Prize

    Organiser.objects.create(prize=Prize.objects.create(slug="other", name={"en": "Other"}), person=other)
    with pytest.raises(Refused):
        governing.resolve(motion, by=other, at=at)
    assert sign_in(other).get(f"/admin/prize/motion/{motion.pk}/change/").status_code in (302, 404)
    assert motion.title not in sign_in(other).get("/admin/prize/motion/").text

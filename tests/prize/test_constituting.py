"""One officer sets a committee before the work begins; from then on two do, and the ledger tells either way."""

import pytest
from factories import prize as make
from stories.visitor import Forms

from prize import constituting, governing
from prize.governing import Refused
from prize.models import Approval, LedgerEntry, Seat, Stage


@pytest.fixture
def before(edition, at):
    """Nothing has begun: every stage lies ahead."""
    for stage in edition.stages.all():
        Stage.objects.filter(pk=stage.pk).update(
            opens_at=stage.opens_at + 20 * make.DAY, closes_at=stage.closes_at + 20 * make.DAY
        )
    return edition


def saved(browser, committee, **changes):
    """The committee's page as Karim sends it, with what he changed."""
    page = f"/admin/prize/committee/{committee.pk}/change/"
    form = next(form for form in Forms(browser.get(page).text).found if "quorum_percent" in form.names())
    answer = browser.post(page, form.values() | {"quorum_percent": "10", **changes}, follow=True)
    assert answer.status_code == 200
    return answer.text


def test_one_officer_sets_a_committee_before_the_work_begins(before, promotion, hana, karim, sign_in):
    assert "was changed successfully" in saved(sign_in(karim), promotion)
    promotion.refresh_from_db()
    assert promotion.quorum_percent == 10
    facts = LedgerEntry.objects.get(act="committee.changed").facts
    assert (facts["before"]["quorum"], facts["after"]["quorum"]) == (50, 10)
    assert facts["after"]["seats"] == {hana.code: ["co-chair", True]}


@pytest.mark.parametrize("because", ["a stage has begun", "a motion is open", "the rules are adopted"])
def test_from_then_on_it_takes_two(because, request, edition, promotion, hana, ines, nora, karim, lena, sign_in, at):
    if because != "a stage has begun":
        request.getfixturevalue("before")
    if because == "a motion is open":
        governing.propose(promotion, "prize.close_stage", {"stage": "call"}, title="Close it", by=karim, at=at)
    if because == "the rules are adopted":
        type(edition).objects.update(rules_adopted_at=at)
    seat = ines.seats.get()
    removed = next(n for n in range(2) if list(promotion.seats.order_by("pk"))[n] == seat)
    rows = {
        "seats-TOTAL_FORMS": "3", "seats-2-person": nora.pk, "seats-2-role": "member", "seats-2-may_vote": "on",
        f"seats-{removed}-DELETE": "on",
    }  # fmt: skip
    assert "A second person has to approve" in saved(sign_in(karim), promotion, **rows)
    promotion.refresh_from_db()
    assert promotion.quorum_percent == 50
    assert set(promotion.seats.filter(left_at=None)) == {hana.seats.get(), seat}
    asked = Approval.objects.get(act=constituting.ACT)
    shown = sign_in(lena).get(f"/admin/prize/approval/{asked.pk}/approve/").text
    for words in ("50 % before, 10 % from now on", "Nora joins: member.", "Ines leaves."):
        assert words in shown
    with pytest.raises(Refused, match="second person"):
        governing.approve(asked, asked.digest, by=karim, at=at)
    governing.approve(asked, asked.digest, by=lena, at=at)
    promotion.refresh_from_db()
    assert promotion.quorum_percent == 10
    now = {one.person.name: one.left_at for one in Seat.objects.filter(committee=promotion)}
    assert now == {"Hana": None, "Ines": at, "Nora": None}
    assert LedgerEntry.objects.filter(act="committee.changed").count() == 1


def test_a_change_is_void_once_the_committee_was_changed_otherwise(edition, promotion, hana, ines, karim, lena, at):
    as_it_is = constituting.composition(promotion)
    one, other = (constituting.ask(promotion, {**as_it_is, "quorum": quorum}, by=karim, at=at) for quorum in (20, 30))
    governing.approve(one, one.digest, by=lena, at=at)
    with pytest.raises(Refused, match="Ask again"):
        governing.approve(other, other.digest, by=lena, at=at)


def test_neither_a_screening_officer_nor_a_member_asks_for_it(edition, promotion, hana, mio, at):
    wanted = {**constituting.composition(promotion), "quorum": 1}
    for person in (mio, hana):
        with pytest.raises(Refused, match="Only the secretariat"):
            constituting.ask(promotion, wanted, by=person, at=at)

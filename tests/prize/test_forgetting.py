"""A person can be forgotten by two people; what they did stays, and the ledger holds."""

import json

import pytest

from prize import forgetting, governing, ledger, post, rulebook
from prize.governing import Refused
from prize.models import LedgerChain, LedgerPayload, Letter, Person, Seat


@pytest.fixture
def past_of_ines(promotion, hana, ines, karim, at):
    """Ines voted once, got a letter, and has left the committee."""
    content = {"digest": rulebook.export(promotion.edition).digest}
    motion = governing.propose(promotion, "prize.adopt_rules", content, title="Adopt", by=karim, at=at)
    governing.vote(motion, "yes", by=ines, at=at)
    ledger.record(promotion.edition, "test.deed", by=ines, at=at, personal={"said": "Ines agreed"})
    post.deliver(Letter.objects.get(person=ines).pk, at=at)
    Seat.objects.filter(person=ines).update(left_at=at)
    return ines


def test_two_people_forget_a_person(past_of_ines, edition, karim, lena, at):
    request = forgetting.ask(past_of_ines, edition=edition, reason="She asked for it.", by=karim, at=at)
    governing.approve(request, request.digest, by=lena, at=at)
    gone = Person.objects.get(pk=past_of_ines.pk)
    assert (gone.name, gone.is_active, gone.erased_at) == ("Forgotten person", False, at)
    assert "ines" not in gone.email
    assert "Ines" not in json.dumps(list(LedgerPayload.objects.values_list("body", flat=True)))
    assert "Ines" not in "".join(Letter.objects.values_list("body", flat=True))
    assert gone.seats.get().votes.get().choice == "yes"
    assert ledger.verify(LedgerChain.objects.get(edition=edition)) == []


def test_somebody_with_a_seat_or_an_office_is_not_forgotten(edition, ines, karim, lena, at):
    for person in (ines, lena):
        with pytest.raises(Refused, match="End that first"):
            forgetting.ask(person, edition=edition, reason="Wrong person", by=karim, at=at)


def test_nobody_is_forgotten_twice(past_of_ines, edition, karim, at):
    forgetting.forget(past_of_ines, edition=edition, by=karim, at=at)
    with pytest.raises(Refused, match="already"):
        forgetting.forget(past_of_ines, edition=edition, by=karim, at=at)


def test_the_office_asks_with_a_reason(sign_in, past_of_ines, karim):
    browser = sign_in(karim)
    address = f"/admin/prize/person/{past_of_ines.pk}/ask_to_forget/"
    assert "field is required" in browser.post(address, {"reason": ""}).text
    browser.post(address, {"reason": "She asked for it."})
    assert past_of_ines.erased_at is None
    assert "Forget the person" in browser.get("/admin/prize/approval/").text

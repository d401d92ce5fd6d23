"""The guest list leaves the house by two people: asked for with a reason, approved as it stands, taken by who asked."""

import csv
import io
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as SHOWN
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from factories import ceremony as give
from factories import prize as make

from ceremony import listing
from prize import governing
from prize.governing import Refused
from prize.models import LedgerEntry

NAMES = ("=cmd|' /C calc'!A0", "+Wanda", "@Zoe", "-1+1", "\tTab", "Plain")


@pytest.fixture
def occasion(edition, at):
    occasion = give.make_occasion(edition, at)
    for number, name in enumerate(NAMES):
        occasion.guests.create(name=name, email=f"{number}@example.org", needs="No nuts", companion="Otto")
    return occasion


@pytest.fixture
def asked(occasion, karim, at):
    return listing.ask(occasion, reason="For the badges.", by=karim, at=at)


def exported():
    return LedgerEntry.objects.filter(act="guests.exported")


def test_one_person_alone_takes_nothing(asked, occasion, karim, at):
    with pytest.raises(Refused, match="A second person has to approve"):
        listing.take(occasion, by=karim, at=at)
    with pytest.raises(Refused, match="A second person has to approve it"):
        governing.approve(asked, asked.digest, by=karim, at=at)
    assert not exported().exists()


def test_the_second_person_reads_how_many_which_columns_and_the_digest(asked, edition):
    said = " ".join(listing.describe(asked.content, edition))
    for part in ("6 guests", "name, email", "companion, needs", asked.content["file"]):
        assert part in said


def test_what_was_approved_goes_to_whoever_asked_and_the_ledger_says_by_whose_approval(
    asked, occasion, karim, lena, at
):
    governing.approve(asked, asked.digest, by=lena, at=at)
    with pytest.raises(Refused):
        listing.take(occasion, by=lena, at=at)  # she approved; it is not hers
    rows = list(csv.DictReader(io.StringIO(listing.take(occasion, by=karim, at=at))))
    assert [row["needs"] for row in rows] == ["No nuts"] * 6
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t")]
    entry = exported().get()
    assert entry.facts == {"count": 6, "file": asked.content["file"], "approval": asked.code}
    assert entry.payload.body["by"]["code"] == karim.code
    assert asked.reason == "For the badges."


def test_a_list_that_has_changed_is_neither_approved_nor_taken(asked, occasion, karim, lena, at):
    occasion.guests.filter(name="Plain").update(answer="yes")
    with pytest.raises(Refused, match="has changed since"):
        governing.approve(asked, asked.digest, by=lena, at=at)
    again = listing.ask(occasion, reason="For the badges.", by=karim, at=at)
    governing.approve(again, again.digest, by=lena, at=at)
    occasion.guests.create(name="Late", email="late@example.org")
    with pytest.raises(Refused, match="has changed since"):
        listing.take(occasion, by=karim, at=at)
    assert not exported().exists()


def test_the_file_that_leaves_is_the_very_reading_that_was_compared(asked, occasion, karim, lena, at):
    """Read twice, an answer between the two would leave the house without anybody's approval."""
    governing.approve(asked, asked.digest, by=lena, at=at)
    with CaptureQueriesContext(connection) as asking:
        listing.take(occasion, by=karim, at=at)
    assert sum('FROM "ceremony_guest"' in one["sql"] for one in asking.captured_queries) == 1


def test_an_approval_of_the_day_before_is_none(asked, occasion, karim, lena, at):
    governing.approve(asked, asked.digest, by=lena, at=at)
    with pytest.raises(Refused):
        listing.take(occasion, by=karim, at=at + timedelta(days=1, seconds=1))


def test_an_empty_list_is_not_asked_for(edition, karim, at):
    with pytest.raises(Refused, match="Nobody is on this list"):
        listing.ask(give.make_occasion(edition, at), reason="To see.", by=karim, at=at)


def test_the_office_does_it_by_two_buttons_and_who_takes_it_has_just_shown_who_is_there(
    occasion, karim, lena, sign_in, settings
):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
    page = reverse("admin:ceremony_occasion_change", args=[occasion.pk])
    ask, take = (reverse(f"admin:ceremony_occasion_{name}_guest_list", args=[occasion.pk]) for name in ("ask", "take"))
    first = sign_in(karim)
    assert ["../ask_guest_list/" in first.get(page).text, "../take_guest_list/" in first.get(page).text] == [
        True,
        False,
    ]
    first.post(ask, {"reason": "For the badges."})
    approval = occasion.edition.approvals.get()
    second = sign_in(lena)
    second.post(reverse("admin:prize_approval_approve", args=[approval.pk]), {"digest": approval.digest})
    first = sign_in(karim)
    assert "../take_guest_list/" in first.get(page).text
    session = first.session
    session[SHOWN] = [{**record, "at": record["at"] - 3600} for record in session[SHOWN]]
    session.save()
    assert first.post(take).headers["Location"].startswith("/accounts/reauthenticate/")
    assert not exported().exists()
    answer = make.sign_in(first, karim).post(take)
    assert (answer.headers["Content-Type"], "Plain" in answer.content.decode()) == ("text/csv; charset=utf-8", True)
    assert exported().count() == 1


def test_there_is_no_other_door(occasion, karim, sign_in):
    with pytest.raises(NoReverseMatch):
        reverse("admin:ceremony_guest_export")
    assert "export" not in sign_in(karim).get(reverse("admin:ceremony_guest_changelist")).text

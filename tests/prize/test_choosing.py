"""A command that is about one edition takes no other: two prizes may share a year, and a year then names neither."""

import json

import pytest
from django.core.management import CommandError, call_command

from prize import ledger
from prize.models import Edition, Prize


@pytest.fixture
def lakeside(edition):
    """Another prize with an edition of the same year, younger in the database."""
    other = Prize.objects.create(slug="lakeside", name={"en": "Lakeside Prize"})
    return make_edition(other, edition.year, "Lakeside Prize 2030")


def make_edition(prize, year, name, **fields):
    return Edition.objects.create(prize=prize, year=year, name={"en": name}, zone="Asia/Seoul", **fields)


@pytest.mark.parametrize(
    "command",
    [
        ["edition", "report"],
        ["edition", "report", "--edition", "YEAR"],
        ["ledger", "export", "--edition", "YEAR"],
        ["rulebook", "export"],
        ["rulebook", "export", "--edition", "YEAR"],
        ["rulebook", "diff", "seoul-2023", "--edition", "YEAR"],
        ["rulebook", "load", "seoul-2023", "--edition", "YEAR"],
    ],
    ids=" ".join,
)
def test_two_prizes_of_one_year_are_listed_and_neither_is_taken(edition, lakeside, command, capsys):
    with pytest.raises(CommandError, match="Name the prize with --prize") as refusal:
        call_command(*[str(edition.year) if word == "YEAR" else word for word in command])
    assert f"--prize {edition.prize.slug}  {edition.year}" in str(refusal.value)
    assert f"--prize lakeside  {edition.year}" in str(refusal.value)
    assert not capsys.readouterr().out


def test_the_prize_that_is_named_is_the_one_that_is_taken(edition, lakeside, karim, at, capsys):
    for one in (edition, lakeside):
        ledger.record(one, "test.deed", subject=one.prize.slug, by=karim, at=at)
    for one in (edition, lakeside):
        call_command("ledger", "export", "--edition", str(one.year), "--prize", one.prize.slug)
        subjects = {json.loads(line)["subject"] for line in capsys.readouterr().out.splitlines()}
        assert subjects == {one.prize.slug}
        call_command("edition", "report", "--prize", one.prize.slug)
        assert capsys.readouterr().out.startswith(str(one))


def test_of_one_prize_the_newest_edition_is_taken_and_what_is_not_there_is_said_with_what_is(edition, capsys):
    with pytest.raises(CommandError, match=f"--prize {edition.prize.slug}  {edition.year}"):
        call_command("rulebook", "export", "--edition", "1999")
    make_edition(edition.prize, edition.year + 1, "The next one")
    call_command("edition", "report")
    assert capsys.readouterr().out.startswith("The next one")


def test_a_real_edition_goes_before_a_demonstration_of_its_year(edition, capsys):
    make_edition(edition.prize, edition.year, "To try", is_demonstration=True)
    call_command("edition", "report", "--edition", str(edition.year))
    assert capsys.readouterr().out.startswith(str(edition))


def test_where_nothing_is_loaded_the_command_says_what_to_do(db):
    with pytest.raises(CommandError, match="Load a rulebook first"):
        call_command("edition", "report")
    assert not Edition.objects.exists()

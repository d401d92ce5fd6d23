"""A second round that is open now: Eve, Frank and Gita judge, two entries of Norway and Vietnam wait for them."""

import pytest
from factories import judges as judging
from factories import prize as make


@pytest.fixture
def edition(at):
    return make.make_edition(at, open_stage="second")


@pytest.fixture
def round(edition):
    return judging.make_round(edition)


def judge_named(name: str, **profile):
    @pytest.fixture(name=f"judge_{name}")
    def judge(request, edition, karim, at):
        person = request.getfixturevalue(name)
        return judging.make_judge(edition, person, by=karim, at=at, **profile)

    return judge


judge_eve = judge_named("eve")
judge_frank = judge_named("frank")
judge_gita = judge_named("gita", role="chair")


@pytest.fixture
def entry(edition, karim, at):
    return judging.make_entry(edition, by=karim, at=at, title="A bank of hours", country="NO")


@pytest.fixture
def other_entry(edition, karim, at):
    return judging.make_entry(edition, by=karim, at=at, title="Night buses", country="VN")


@pytest.fixture
def eves(round, entry, judge_eve, karim, at):
    """Eve's assignment of the entry, with its empty sheet."""
    return judging.make_assignment(round, entry, judge_eve, by=karim, at=at)


@pytest.fixture
def franks(round, entry, judge_frank, karim, at):
    return judging.make_assignment(round, entry, judge_frank, by=karim, at=at)


@pytest.fixture
def closed(round):
    """A moment after the round's time is up."""
    return round.stage.closes_at + make.DAY / 24

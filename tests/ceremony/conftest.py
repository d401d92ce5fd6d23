"""The world of the last decision: five finalists in their ranks, an award tree, and a partner with an award of its own."""

import pytest
from factories import ceremony as give
from factories import prize as make

from ceremony import conferring
from prize import audit


@pytest.fixture
def edition(at):
    """The final selection is open."""
    return make.make_edition(at, open_stage="final")


@pytest.fixture
def people(amina, bruno, nora):
    return [amina, bruno, make.make_person("Oskar"), nora, make.make_person("Petra")]


@pytest.fixture
def world(edition, promotion, karim, people, at, jo):
    """Amina's, Bruno's, Oskar's, Nora's and Petra's entries are ranked 1 to 5; the last is a company's."""
    return give.make_world(edition, people, by=karim, at=at)


@pytest.fixture
def carried(hana, ines):
    """``carried(motion, at)``: Hana and Ines vote yes, and Hana closes the vote."""

    return lambda motion, at: give.carry(motion, [hana, ines], at=at)


@pytest.fixture
def conferred(world, karim, carried, at):
    """The laureates are decided, and nobody knows."""
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    return world


@pytest.fixture
def released(conferred, karim, lena, at):
    """Karim asked, Lena approved: the laureates are known."""
    give.release(conferred.edition, karim, lena, at=at)
    return conferred


@pytest.fixture
def breaches():
    """What this app's invariants say of the data; the tallies here are made by hand, so the judges' own are left out."""

    def look():
        ours = [
            rule for rule in audit.invariants.all().values() if rule.__module__ in ("ceremony.audit", "prize.audit")
        ]
        return [breach for rule in ours for breach in rule()]

    return look

"""The world of the last decision: five finalists in their ranks, an award tree, and a partner with an award of its own."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from factories import ceremony as give
from factories import prize as make

from ceremony import announcing, conferring
from prize import audit, governing


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
    entries = give.make_finalists(edition, people[:4], by=karim, at=at)
    entries += give.make_finalists(edition, people[4:], by=karim, at=at, applicant_type="company", title="Project 5")
    tree = give.make_tree(edition)
    special = give.make_special(tree["friends"], edition.committees.get(key="partner-one"))
    tally = give.make_tally(edition, dict(zip(entries, range(1, 6), strict=True)), at=at)
    give.make_announcement(edition, at + timedelta(hours=1))
    return SimpleNamespace(edition=edition, entries=entries, tree=tree, special=special, tally=tally)


@pytest.fixture
def carried(hana, ines):
    """``carried(motion, at)``: Hana and Ines vote yes, and Hana closes the vote."""

    def carry(motion, at):
        for member in (hana, ines):
            governing.vote(motion, "yes", by=member, at=at)
        return governing.resolve(motion, by=hana, at=at)

    return carry


@pytest.fixture
def conferred(world, karim, carried, at):
    """The laureates are decided, and nobody knows."""
    carried(conferring.propose(world.edition, by=karim, at=at), at)
    return world


@pytest.fixture
def released(conferred, karim, lena, at):
    """Karim asked, Lena approved: the laureates are known."""
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
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

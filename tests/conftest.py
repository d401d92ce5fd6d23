"""The cast. Everybody appears under one name in every test.

Amina and Bruno apply; Carla writes with Amina. Eve, Frank and Gita judge, and Gita chairs the jury. Hana and Henrik preside over
the promotion committee, Ines and Ivo are members. Jo is a partner's juror. Karim and Lena are the secretariat, Mio screens.
Nobody in particular is Nora: she is signed in and has no part.
"""

import gc
import os
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from factories import prize as make
from factories.languages import FRENCH, add_language, write_catalogue

from prize import clock, sealing

# Files that take half a minute and more go first, so that no worker waits for the other's at the end.
LONG = (
    "stories/test_demo.py",
    "stories/test_office.py",
    "tests/test_hostile_input.py",
    "tests/test_hostile.py",
    "ceremony/test_embargo.py",
    "stories/test_another_prize.py",
    "stories/test_real_panel.py",
    "prize/test_rulebook.py",
    "matching/test_known_answers.py",
    "prize/test_shapes.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, name in enumerate(LONG) if str(item.path).endswith(name)), len(LONG)))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: to look through it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    path = Path(os.environ.get("PRIZE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not path.is_dir():
        pytest.skip("the shared data is not here: set PRIZE_SHARED_DATA to its folder")
    return path


@pytest.fixture(scope="session", autouse=True)
def small_tables_are_emptied_row_by_row():
    """TRUNCATE writes a new file for each of many small tables, and PostgreSQL waits for the disk: a second and more per test.

    The role that runs the tests is a superuser, as whoever lifts foreign keys must be.
    """

    def sql_flush(style, tables, *, reset_sequences=False, allow_cascade=False):
        rows = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
        return ["SET LOCAL session_replication_role = replica", *rows] if rows else []

    if connection.vendor == "postgresql":
        connection.ops.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path):
    """Nothing a test stores survives it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def language_of_this_test(settings):
    """A page that answered in Korean leaves its thread in Korean; the next test begins in English."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def lifted_seals(transactional_db):
    """For tests with real commits: the seals are lifted before the tables are emptied, and migrate puts them back."""
    yield
    sealing.lift()


@pytest.fixture
def at(db):
    return clock.now()


@pytest.fixture
def edition(at):
    return make.make_edition(at)


def member(name: str):
    @pytest.fixture(name=name.lower())
    def person(db):
        return make.make_person(name)

    return person


amina = member("Amina")
bruno = member("Bruno")
carla = member("Carla")
eve = member("Eve")
frank = member("Frank")
gita = member("Gita")
nora = member("Nora")


@pytest.fixture
def french(settings, tmp_path):
    """A catalogue more, and nothing else."""
    write_catalogue(tmp_path / "locales", "fr", FRENCH)
    add_language(settings, tmp_path / "locales")


@pytest.fixture
def karim(edition):
    person = make.make_person("Karim", is_staff=True)
    make.make_office(edition, person)
    return person


@pytest.fixture
def lena(edition):
    person = make.make_person("Lena", is_staff=True)
    make.make_office(edition, person)
    return person


@pytest.fixture
def mio(edition):
    person = make.make_person("Mio", is_staff=True)
    make.make_office(edition, person, "screening")
    return person


@pytest.fixture
def promotion(edition):
    return make.make_committee(edition, "promotion")


@pytest.fixture
def hana(promotion):
    person = make.make_person("Hana")
    make.make_seat(promotion, person, "co-chair")
    return person


@pytest.fixture
def henrik(promotion):
    person = make.make_person("Henrik")
    make.make_seat(promotion, person, "co-chair")
    return person


@pytest.fixture
def ines(promotion):
    person = make.make_person("Ines")
    make.make_seat(promotion, person)
    return person


@pytest.fixture
def ivo(promotion):
    person = make.make_person("Ivo")
    make.make_seat(promotion, person)
    return person


@pytest.fixture
def jo(edition):
    person = make.make_person("Jo")
    make.make_seat(make.make_committee(edition, "partner", key="partner-one"), person)
    return person


@pytest.fixture
def sign_in(client):
    """``sign_in(eve)`` gives a browser in which Eve is signed in."""

    def enter(person):
        return make.sign_in(client, person)

    return enter

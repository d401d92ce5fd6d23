"""What the stories of real processes stand on. They are skipped where PostgreSQL or Redis do not answer."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from stories import processes


@pytest.fixture(scope="session")
def neighbours():
    """A PostgreSQL and a Redis that answer."""
    try:
        psycopg2.connect(processes.database_named("postgres"), connect_timeout=2).close()
    except psycopg2.OperationalError as error:
        pytest.skip(f"PostgreSQL does not answer: {error}")
    if not processes.answers(urlsplit(processes.REDIS).port or 6379):
        pytest.skip(f"Redis does not answer at {processes.REDIS}")


@pytest.fixture(scope="session")
def migrated(neighbours, tmp_path_factory):
    """A database with empty tables, only to be copied."""
    with processes.own_database("migrated") as address:
        manage(address, tmp_path_factory.mktemp("migrated"), "migrate")
        yield address


@pytest.fixture
def tables(migrated):
    """The address of a database with empty tables, for one story."""
    with processes.own_database("story", like=migrated) as address:
        yield address


@pytest.fixture
def own_redis(neighbours):
    """A database of the Redis that answers, empty before and after."""
    address = f"{processes.REDIS}/8"
    with redis.Redis.from_url(address) as client:
        client.flushdb()
        yield address
        client.flushdb()


@pytest.fixture(scope="session")
def static_files(migrated, tmp_path_factory):
    """The folder of the collected static files: what building the image makes."""
    folder = tmp_path_factory.mktemp("collected")
    manage(migrated, folder, "collectstatic")
    return str(folder / "static")


def manage(address: str, folder: Path, command: str) -> None:
    environment = {"DATABASE_URL": address, "REDIS_URL": f"{processes.REDIS}/9"}
    with processes.Scene(folder, environment) as scene:
        scene.do(processes.BIN / "python", "manage.py", command, "--noinput", "--verbosity", "0")


@pytest.fixture
def redis_server():
    """The program, for stories that kill one of their own."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed, and this story must kill one")

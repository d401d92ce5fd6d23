"""Redis may vanish: nothing fails, and its silence is waited for once."""

import socket
import time

import pytest
from celery.exceptions import OperationalError

from prize import celery, outage
from prize.cache import ForgetfulCache


@pytest.fixture(autouse=True)
def all_is_well():
    outage.redis.until = 0.0
    yield
    outage.redis.until = 0.0


class Task:
    """A task whose broker does not answer."""

    name = "a.task"

    def __init__(self, error: Exception):
        self.error, self.asked = error, 0

    def delay(self, *_arguments):
        self.asked += 1
        raise self.error


@pytest.fixture
def away():
    """A Redis that accepts and never answers: the slowest way to be away."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        options = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
        yield ForgetfulCache(f"redis://127.0.0.1:{mute.getsockname()[1]}/0", {"OPTIONS": options})


def test_forty_hints_ask_an_absent_broker_once():
    task = Task(OperationalError("refused"))
    assert [celery.hint(task, number) for number in range(40)] == [False] * 40
    assert task.asked == 1


def test_the_broker_is_asked_again_after_a_while():
    task = Task(OperationalError("refused"))
    celery.hint(task, 1)
    outage.redis.until = time.monotonic() - 1
    celery.hint(task, 2)
    assert task.asked == 2


def test_a_hint_that_fails_for_another_reason_neither_raises_nor_silences_the_next():
    task = Task(ValueError("cannot be written"))
    assert [celery.hint(task, number) for number in range(3)] == [False] * 3
    assert task.asked == 3


def test_a_cache_that_is_away_is_an_empty_one(away):
    assert away.get("key") is None
    assert away.get("key", "default") == "default"
    assert away.add("lock", "1", 10) is True
    assert away.set("key", "value", 10) is None
    assert (away.touch("key"), away.delete("key"), "key" in away) == (False, False, False)
    assert (away.get_many(["key"]), away.set_many({"key": 1}), away.delete_many(["key"])) == ({}, [], None)
    assert away.get_or_set("key", 3) == 3
    with pytest.raises(ValueError, match="not found"):
        away.incr("key")


def test_a_cache_that_is_away_costs_one_wait(away):
    began = time.monotonic()
    for number in range(20):
        away.get(f"key-{number}")
    assert time.monotonic() - began < 2

"""What a load balancer is told: an instance that can show pages stays in service."""

import pytest
from django.db import OperationalError, connection

from prize import outage

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def redis_away(settings):
    settings.CACHES = {"default": {"BACKEND": "prize.cache.ForgetfulCache", "LOCATION": NOWHERE}}
    outage.redis.until = 0.0
    yield
    outage.redis.until = 0.0


def test_an_instance_whose_neighbours_answer_is_ready(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True})


def test_an_instance_without_redis_stays_in_service_and_says_what_is_missing(client, db, redis_away):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": False})
    assert (client.get("/").status_code, client.get("/archive/").status_code) == (200, 200)


def test_an_instance_without_its_database_is_taken_out_and_not_started_again(client, db):
    def refuse(*_query):
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        answer = client.get("/readyz")
        alive = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "cache": True})
    assert (alive.status_code, alive.content) == (200, b"alive\n")

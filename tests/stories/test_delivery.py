"""Letters with real workers, a real mail server and a Redis of their own, and what is killed on the way."""

from collections.abc import Callable

import pytest
from stories.processes import Scene, ask, free_port, wait_until
from stories.smtp_sink import Gone, Sink

pytestmark = pytest.mark.stack

CLAIM = 10  # seconds after which a dead worker's letter is another's


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def broker(redis_server):
    return free_port()


@pytest.fixture
def scene(tables, sink, broker, tmp_path):
    environment = {
        "DATABASE_URL": tables,
        "REDIS_URL": f"redis://127.0.0.1:{broker}/0",
        "EMAIL_URL": sink.address,
        "LETTER_CLAIM_SECONDS": str(CLAIM),
    }
    with Scene(tmp_path, environment) as scene:
        yield scene


def addresses(prefix: str, number: int) -> set[str]:
    return {f"{prefix}-{count:02}@example.org" for count in range(number)}


def all_sent(scene: Scene, prefix: str) -> bool:
    sql = "SELECT count(*) FROM prize_letter WHERE key LIKE %s AND state <> 'sent'"
    return ask(scene.environment["DATABASE_URL"], sql, f"{prefix}:%") == [(0,)]


def test_workers_killed_with_letters_in_hand_lose_none(scene, sink, broker):
    """The first dies before the mail server has the letter, the second after it and before the letter is marked."""
    scene.redis(broker)
    open_transactions: list[tuple] = []
    sink.manner = deadly(scene, sink, open_transactions)

    first = scene.worker("first")
    assert scene.is_well("worker", "first@%h")
    scene.deed("letters_queued", 2041, "killed", 40)
    wait_until(lambda: not first.members(), "the first worker is killed", seconds=60)
    assert not scene.is_well("worker", "first@%h")
    scene.beat()
    second = scene.worker("second")
    wait_until(lambda: not second.members(), "the second worker is killed", seconds=60)
    scene.worker("third", concurrency=2)
    wait_until(lambda: all_sent(scene, "killed"), "every letter is sent", seconds=120)

    sent = sink.count()
    assert set(sent) == addresses("killed", 40)
    assert sum(sent.values()) - len(sent) == 1, "the one letter that was kept and not marked went twice"
    assert [len(ids) for ids in sink.message_ids().values()] == [1] * 40, "a repeat carries the same Message-ID"
    assert len(set.union(*sink.message_ids().values())) == 40
    assert open_transactions == [], "no worker holds a transaction while it talks to the mail server"
    assert scene.is_well("beat", "20")


def deadly(scene: Scene, sink: Sink, open_transactions: list[tuple]) -> Callable[[str], None]:
    """A mail server that kills: the first worker at its tenth letter, the second when the twentieth is just kept."""
    ways = {"first": ("MESSAGE", 9), "second": ("KEPT", 20)}

    def manner(word: str) -> None:
        for name, way in list(ways.items()):
            if (word, len(sink.kept)) == way and name in scene.running:
                del ways[name]
                scene.running[name].kill()
                raise Gone
        if word == "MESSAGE" and len(sink.kept) % 5 == 0:
            open_transactions.extend(held(scene))

    return manner


def held(scene: Scene) -> list[tuple]:
    """The sessions that have a transaction open and do nothing in it."""
    sql = "SELECT pid, query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    return ask(scene.environment["DATABASE_URL"], sql)


def test_redis_may_vanish_before_the_commit_and_come_back_empty(scene, sink, broker):
    redis = scene.redis(broker)
    worker = scene.worker("only", concurrency=2)
    beat = scene.beat()
    redis.kill()
    took = scene.deed("letters_queued", 2042, "vanished", 40)["seconds"]
    assert took < 5, "forty letters wait for an absent broker once, not forty times"
    assert not all_sent(scene, "vanished")
    scene.redis(broker)
    wait_until(lambda: all_sent(scene, "vanished"), "every letter is sent", seconds=120)
    assert sink.count() == dict.fromkeys(addresses("vanished", 40), 1)
    assert (worker.runs(), beat.runs()) == (True, True), "neither had to be started again"


def test_the_workers_of_one_process_deliver_what_was_queued_before_them(sink, tmp_path):
    """Embedded: one letter was queued by a process that is gone, with its broker; one just before the threads start."""
    with Scene(tmp_path, {"EMAIL_URL": sink.address}) as scene:
        assert scene.deed("letters_queued_embedded", 2043, "lost", 1) == 1
        assert sink.count() == {}
        assert scene.deed("letters_delivered_embedded", 2043, "early", 1) == 2
        assert sink.count() == {"lost-00@example.org": 1, "early-00@example.org": 1}

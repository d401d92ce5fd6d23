"""No acknowledged submission is lost while web processes are killed and Redis goes."""

import os
import signal
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import pytest
from stories.processes import Running, Scene, ask, free_port
from stories.visitor import Page, Visitor

pytestmark = pytest.mark.stack

ENTRIES = 20
KILLS = (3, 8, 13)  # a web process dies when so many submissions are acknowledged
REDIS_GOES = 10


@pytest.fixture
def scene(tables, static_files, redis_server, tmp_path):
    site, broker = free_port(), free_port()
    environment = {
        "DATABASE_URL": tables,
        "REDIS_URL": f"redis://127.0.0.1:{broker}/0",
        "SITE_ADDRESS": f"http://127.0.0.1:{site}",
        "PORT": str(site),
        "STATIC_ROOT": static_files,
    }
    with Scene(tmp_path, environment) as scene:
        scene.redis(broker)
        yield scene


class Fire:
    """What is acknowledged, and what is killed for it."""

    def __init__(self, scene: Scene, web: Running):
        self.scene, self.web = scene, web
        self.receipts: dict[str, str] = {}
        self.cut, self.refused = 0, []
        self.lock = threading.Lock()

    def acknowledged(self, entry: str, receipt: str) -> None:
        with self.lock:
            self.receipts[entry] = receipt
            if len(self.receipts) in KILLS:
                os.kill(self.web.children()[0], signal.SIGKILL)
            if len(self.receipts) == REDIS_GOES:
                self.scene.running["redis"].kill()


def test_no_acknowledged_submission_is_lost(scene):
    entries = scene.deed("drafts_made", 2045, ENTRIES)
    web = scene.web()
    fire = Fire(scene, web)
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda entry: submit(fire, entry), entries))

    assert web.said().count("SIGKILL") == len(KILLS)
    assert len(fire.receipts) == ENTRIES
    stored = dict(ask(scene.environment["DATABASE_URL"], STORED, 2045))
    assert stored == fire.receipts
    assert fire.refused == [], "no page failed, with Redis or without"
    assert scene.deed("deeds_counted", 2045, "entry.submitted") == ENTRIES
    assert scene.is_well("web", f"{scene.environment['SITE_ADDRESS']}/healthz")
    web.kill()
    assert not scene.is_well("web", f"{scene.environment['SITE_ADDRESS']}/healthz")


STORED = """
    SELECT application.code, string_agg(submission.receipt, ' ')
    FROM applications_submission submission
    JOIN applications_application application ON application.id = submission.application_id
    JOIN prize_edition edition ON edition.id = application.edition_id
    WHERE edition.year = %s GROUP BY application.code
"""


def submit(fire: Fire, entry: dict[str, str]) -> None:
    """Press the button, and press it again where no answer came, as a page left open would."""
    visitor = Visitor(fire.scene.environment["SITE_ADDRESS"])
    visitor.carry("sessionid", entry["session"])
    check = insist(fire, lambda: visitor.get(f"/entries/{entry['code']}/check/"))
    receipt = insist(fire, lambda: visitor.send(check, "key"))
    fire.acknowledged(entry["code"], receipt.path.strip("/").rpartition("/")[2])


def insist(fire: Fire, ask_for: Any) -> Page:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            page = ask_for()
        except (urllib.error.URLError, HTTPException, OSError):
            fire.cut += 1
            time.sleep(0.2)
            continue
        if page.status != 200:
            fire.refused.append((page.status, page.address))
        return page
    raise AssertionError("no answer for ninety seconds")

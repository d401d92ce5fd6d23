"""The services of the compose file, started as processes: one entry goes through them, from sign-up to the letter."""

import os
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from stories.processes import BIN, ROOT, Scene, free_port, wait_until
from stories.smtp_sink import Sink
from stories.visitor import PDF, Forms, Page, Visitor, plausible

pytestmark = pytest.mark.stack

ADDRESS = "aino@example.org"
PASSWORD = "a long enough password"


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def scene(tables, own_redis, static_files, sink, tmp_path):
    """The compose file's environment, with this machine's addresses and a calendar in which the call is open."""
    port = free_port()
    environment = {
        "DATABASE_URL": tables,
        "REDIS_URL": own_redis,
        "EMAIL_URL": sink.address,
        "STATIC_ROOT": static_files,
        "PORT": str(port),
        "SITE_ADDRESS": f"http://127.0.0.1:{port}",
    }
    with Scene(tmp_path, environment) as scene:
        yield scene


def test_an_entry_goes_through_the_stack_and_the_stack_stops(scene, sink):
    stack = scene.run(BIN / "python", "tools/stack.py", name="stack")
    wait_until(lambda: "stack: is up" in stack.said() or not stack.runs(), "the stack is up", seconds=240)
    assert stack.runs(), stack.said()
    open_the_call(scene)
    site = scene.environment["SITE_ADDRESS"]
    assert (Visitor(site).get("/healthz").text, Visitor(site).get("/readyz").status) == ("alive\n", 200)

    visitor = Visitor(site)
    sign_up(visitor, sink)
    receipt = enter(visitor)
    number = receipt.path.strip("/").rpartition("/")[2]
    assert f"Receipt {number}" in receipt.text
    assert ".pdf" in receipt.text, "the file is part of what was received"
    wait_until(lambda: letters_with(sink, number), "the receipt's letter arrives", seconds=30)

    os.kill(stack.child("beat"), signal.SIGKILL)
    wait_until(lambda: "stack: beat ended with -9: starting it again" in stack.said(), "what died is started again")
    assert stack.stop() < 20
    assert stack.members() == []
    assert letters_with(sink, number) == [ADDRESS]


def letters_with(sink: Sink, words: str) -> list[str]:
    """To whom letters went that say this."""
    return [", ".join(kept.recipients) for kept in sink.kept if words in kept.text]


def sign_up(visitor: Visitor, sink: Sink) -> None:
    page = visitor.get("/accounts/signup/")
    page = visitor.send(page, "password1", name="Aino Virta", email=ADDRESS, password1=PASSWORD)
    assert page.status == 200, page.text
    link = re.search(r"http://\S+/accounts/confirm-email/\S+", sink.wait_for(ADDRESS).text)
    assert link, sink.to(ADDRESS)[-1].text
    page = visitor.get(link[0])
    confirm = next(form for form in Forms(page.text).found if "confirm-email" in form.action)
    page = visitor.press(page, confirm)
    if "/login/" in page.path:
        page = visitor.send(page, "password", login=ADDRESS, password=PASSWORD)
    assert visitor.get("/desk/").path == "/desk/"


def enter(visitor: Visitor) -> Page:
    """Start an entry, fill in every section, and press the button."""
    page = visitor.get("/entries/new/")
    form = page.form("title")
    wanted = next(part.value for part in form.fields if part.name == "form" and part.value.endswith(".city"))
    page = visitor.send(
        page,
        "title",
        form=wanted,
        title="A bank of hours",
        country="FI",
        city="Tampere",
        organisation="Tampere",
        language="en",
    )
    code = page.path.strip("/").rpartition("/")[2]
    for address in sorted(set(re.findall(rf"/entries/{code}/sections/[\w-]+/", page.text))):
        section = visitor.get(address)
        form = section.form("version")
        files = {part.name: PDF for part in form.fields if part.kind == "file"}
        saved = visitor.send(section, "version", files=files, then="stay", **plausible(form))
        assert saved.status == 200, saved.text
    page = visitor.get(f"/entries/{code}/check/")
    page = visitor.send(page, "key")
    assert "/receipts/" in page.path, page.text
    return page


def open_the_call(scene: Scene) -> None:
    """The shipped rulebook, its calendar moved by whole days so that the call opened ten days ago, made public."""
    book = yaml.safe_load((ROOT / "prize" / "rulebooks" / "seoul-2023.yaml").read_text())
    calendar = book["prize"]["calendar"]
    call = next(stage for stage in calendar if stage["kind"] == "call")
    days = timedelta(
        days=(datetime.now(UTC).replace(tzinfo=None) - datetime.fromisoformat(str(call["opens"]))).days - 10
    )
    for stage in calendar:
        for end in ("opens", "closes"):
            stage[end] = datetime.fromisoformat(str(stage[end])) + days
    moved = scene.folder / "moved.yaml"
    moved.write_text(yaml.safe_dump(book, allow_unicode=True))
    scene.deed("call_opened", moved, book["prize"]["edition"]["year"])

"""Real processes for a story: started in a session of their own, killed on demand, and none left behind."""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DATABASE = os.environ.get("STACK_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/prize_stack")
REDIS = os.environ.get("STACK_REDIS_URL", "redis://127.0.0.1:6379")
KEPT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
SECRET = "for-the-stories-only-" + "0" * 40


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_until(so: Callable[[], Any], what: str, *, seconds: float = 60, every: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(every)


class Running:
    """A process and all it starts: they share a session, by which they are found."""

    def __init__(self, *words: str | Path, environment: dict[str, str], log: Path):
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in words],
                cwd=ROOT,
                env={**KEPT, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def members(self) -> list[int]:
        """Everything that lives in its session, itself included."""
        return [pid for pid, state, _parent, session in table() if session == self.pid and state != "Z"]

    def children(self) -> list[int]:
        return [pid for pid, state, parent, _session in table() if parent == self.pid and state != "Z"]

    def child(self, word: str) -> int:
        """The process below this one whose command has this word."""
        (found,) = (pid for pid in self.children() if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))
        return found

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def runs(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """kill -9, all at once, as when a machine goes."""
        while members := self.members():
            for pid in members:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.poll()
        self.process.wait()

    def stop(self, *, seconds: float = 20) -> float:
        """SIGTERM, and how long it took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=seconds)
        return time.monotonic() - began


def table() -> list[tuple[int, str, int, int]]:
    """Process, state, parent and session of everything that runs."""
    rows = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, _group, session = stat.read_text().rpartition(")")[2].split()[:4]
            rows.append((int(stat.parent.name), state, int(parent), int(session)))
    return rows


class Scene:
    """The folder, the environment and the processes of one story. Leaving it kills whatever still runs."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder = folder
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "prize.settings",
            "SECRET_KEY": SECRET,
            "BEHIND_TLS": "0",
            "MFA_REQUIRED": "0",
            "LOG_LEVEL": "INFO",
            "PRIZE_VAR": str(folder / "var"),
            "STATIC_ROOT": str(folder / "static"),
            **environment,
        }
        self.running: dict[str, Running] = {}

    def __enter__(self) -> "Scene":
        return self

    def __exit__(self, *_error: object) -> None:
        for running in self.running.values():
            running.kill()

    def run(self, *words: str | Path, name: str) -> Running:
        self.running[name] = Running(*words, environment=self.environment, log=self.folder / f"{name}.log")
        return self.running[name]

    def worker(self, name: str, *, concurrency: int = 1) -> Running:
        node = ("--hostname", f"{name}@%h", "--concurrency", str(concurrency))
        started = self.run(BIN / "celery", "-A", "prize", "worker", "--loglevel", "INFO", *node, name=name)
        wait_until(lambda: " ready." in started.said(), f"{name} is ready: see {started.log}")
        return started

    def beat(self) -> Running:
        words = ("-A", "prize", "beat", "--loglevel", "INFO", "--scheduler", "celery.beat.Scheduler", "--pidfile=")
        started = self.run(BIN / "celery", *words, name="beat")
        wait_until(lambda: "beat: Starting" in started.said(), "beat starts")
        return started

    def web(self) -> Running:
        """The web service with the words of the compose file."""
        compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
        port = self.environment["PORT"]
        words = shlex.split(compose["services"]["web"]["command"].replace("${PORT:-8000}", port))
        started = self.run(BIN / words[0], *words[1:], name="web")
        wait_until(lambda: answers(int(port)), "the web service answers")
        return started

    def redis(self, port: int) -> Running:
        words = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        started = self.run(*words, name="redis")
        wait_until(lambda: answers(port), "redis answers")
        return started

    def is_well(self, *part: str) -> bool:
        return self.do(BIN / "python", "tools/healthy.py", *part, check=False).returncode == 0

    def do(self, *words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run to the end. What it said is shown if it fails."""
        env = {**KEPT, **self.environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
        words = tuple(str(word) for word in words)
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done

    def deed(self, name: str, *arguments: object) -> Any:
        """Do something inside the application, in a process of its own: see deeds.py."""
        done = self.do(BIN / "python", "tests/stories/deeds.py", name, *(str(argument) for argument in arguments))
        return json.loads(done.stdout.splitlines()[-1])


# --- The database -----------------------------------------------------------------------------------


def database_named(name: str) -> str:
    return urlunsplit(urlsplit(DATABASE)._replace(path=f"/{name}"))


def ask(address: str, sql: str, *values: object) -> list[tuple]:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@contextlib.contextmanager
def own_database(purpose: str, *, like: str = "") -> Iterator[str]:
    """A database of this run alone, empty or like another that nobody uses just now; dropped before and after."""
    name = f"{urlsplit(DATABASE).path.lstrip('/')}_{purpose}_{os.getpid()}"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    office = database_named("postgres")
    ask(office, drop)
    ask(office, f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(like).path.lstrip("/") or "template1"}"')
    try:
        yield database_named(name)
    finally:
        ask(office, drop)

"""Run the application services of docker-compose.yml as local processes, where no Docker engine runs.

Commands, environment, health checks and restarts are read from the compose file itself. Only the addresses of its neighbours
and its folders are this machine's: DATABASE_URL, REDIS_URL, EMAIL_URL, PRIZE_VAR and STATIC_ROOT, by default a local PostgreSQL
and Redis, and letters as files under var/.
"""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import yaml

ROOT = Path(__file__).resolve().parent.parent
PYTHON = Path(sys.executable).parent
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
LOCAL = {
    "DATABASE_URL": "postgres://postgres@127.0.0.1:5432/prize_stack",
    "REDIS_URL": "redis://127.0.0.1:6379/7",
    "EMAIL_URL": "",
    "PRIZE_VAR": str(ROOT / "var" / "stack"),
    "STATIC_ROOT": str(ROOT / "var" / "stack" / "static"),
}
SECRET = {"SECRET_KEY": "only-for-the-stack-on-this-machine-" + "0" * 40}
KEPT = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE"}  # a container sees nothing else of its host
FILES = "python manage.py collectstatic --noinput --verbosity 0"  # what building the image does


def filled(text: str, given: dict[str, str]) -> str:
    """Compose's ${NAME}, ${NAME:-default} and ${NAME:?message}, from what is given."""

    def value(match: re.Match[str]) -> str:
        name, sign, rest = match.groups()
        if given.get(name):
            return given[name]
        if sign == "?":
            sys.exit(rest or f"Set {name}.")
        return rest or ""

    return VARIABLE.sub(value, text)


def seconds(text: str) -> float:
    """Compose's way of writing a while.

    >>> seconds("1m30s"), seconds("15s")
    (90.0, 15.0)
    """
    lengths = {"h": 3600, "m": 60, "s": 1}
    return float(sum(int(number) * lengths[unit] for number, unit in re.findall(r"(\d+)([hms])", text)))


@dataclass
class Service:
    """One service of the compose file, as a process of this machine."""

    name: str
    words: list[str]
    environment: dict[str, str]
    runs_once: bool
    test: list[str]
    interval: float
    timeout: float
    process: subprocess.Popen[bytes] | None = None
    well: bool | None = None
    looked: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        # A group of its own, to end what it leaves behind; in our session, so that who ends that ends everything.
        self.process = subprocess.Popen(self.words, cwd=ROOT, env=self.environment, process_group=0)  # noqa: S603
        self.well = None

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self) -> bool:
        """Ask the health check of the compose file, and say when its answer changes."""
        self.looked = time.monotonic()
        try:
            words, limit = self.test, self.timeout
            done = subprocess.run(words, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=limit)  # noqa: S603
            well, answer = done.returncode == 0, done.stdout.strip()
        except subprocess.TimeoutExpired:
            well, answer = False, "no answer in time"
        if well and self.well is not True:
            say(f"{self.name} is well")
        elif self.well and not well:
            say(f"{self.name} is not well: {answer}")
        self.well = well
        return well

    def is_due(self) -> bool:
        return time.monotonic() - self.looked > (self.interval if self.well else 1)

    def stop(self, until: float) -> None:
        """Wait for an orderly end; then end what is left of the group."""
        assert self.process  # noqa: S101 - only what was started is stopped
        try:
            self.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{self.name} did not stop in time")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            while True:  # its children are not ours to wait for, and on a busy machine even death takes a while
                os.killpg(self.process.pid, 0)
                time.sleep(0.05)
        self.process.wait()


def say(words: str) -> None:
    print(f"stack: {words}", flush=True)


def services(given: dict[str, str]) -> list[Service]:
    """The services that run our image, in the order of the file. ``given`` is what a shell or .env would give Compose."""
    compose = yaml.safe_load(filled((ROOT / "docker-compose.yml").read_text(), given))
    return [service(name, part, given) for name, part in compose["services"].items() if "build" in part]


def service(name: str, part: dict[str, Any], given: dict[str, str]) -> Service:
    kept = {key: value for key, value in os.environ.items() if key in KEPT}
    own = {key: "" if value is None else str(value) for key, value in part["environment"].items()}
    local = {key: given[key] for key in LOCAL}
    check = part.get("healthcheck", {})
    return Service(
        name=name,
        words=installed(shlex.split(part["command"])),
        environment={**kept, **own, **local},
        runs_once=part.get("restart") == "no",
        test=installed(check.get("test", [])[1:]),
        interval=seconds(check.get("interval", "30s")),
        timeout=seconds(check.get("timeout", "30s")),
    )


def installed(words: list[str]) -> list[str]:
    return [str(PYTHON / words[0]), *words[1:]] if words else []


def are_collected(folder: Path) -> bool:
    """Whether the static files were collected after they changed last: the cache of an image does as much."""
    sources = [ROOT / "requirements.txt", *(ROOT / "static").rglob("*")]
    made = folder / "staticfiles.json"
    return made.exists() and made.stat().st_mtime > max(path.stat().st_mtime for path in sources)


def make_database(address: str) -> None:
    """The database of the compose file is made by its image; here we ask the local server."""
    name = urlsplit(address).path.lstrip("/")
    try:
        connection = psycopg2.connect(urlunsplit(urlsplit(address)._replace(path="/postgres")))
    except psycopg2.OperationalError as error:
        sys.exit(f"stack: DATABASE_URL: PostgreSQL does not answer: {error}")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()


def up(everything: list[Service]) -> list[Service]:
    """Start them: what runs once and comes first, then what stays."""
    for service in everything:
        service.start()
        if service.runs_once and service.process and service.process.wait():
            sys.exit(f"stack: {service.name} failed")
    return [service for service in everything if not service.runs_once]


def watch(running: list[Service]) -> None:
    """Start again what died, ask each how it is, until we are stopped."""
    announced = False
    while True:
        for service in running:
            if not service.runs():
                say(f"{service.name} ended with {service.process and service.process.returncode}: starting it again")
                service.start()
            elif service.is_due():
                service.look()
        if not announced and all(service.well for service in running):
            announced = True
            say("is up. Stop it with Ctrl-C.")
        time.sleep(0.5)


def down(running: list[Service]) -> None:
    """Ask all to end at once, and see that nothing is left."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for service in running:
        if service.runs() and service.process:
            service.process.terminate()
    until = time.monotonic() + 15
    for service in running:
        if service.process:
            service.stop(until)
    say("is down.")


def main() -> None:
    given = {**LOCAL, **SECRET, **{name: value for name, value in os.environ.items() if value}}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    everything = services(given)
    if not are_collected(Path(given["STATIC_ROOT"])):
        files = replace(everything[0], name="files", words=installed(shlex.split(FILES)), runs_once=True)
        everything.insert(0, files)
    make_database(given["DATABASE_URL"])
    try:
        watch(up(everything))
    except KeyboardInterrupt:
        say("stopping")
    finally:
        down(everything)


if __name__ == "__main__":
    main()

"""A world is the demonstration, stopped in one stage, in a folder of its own, and served."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("call", "screening", "second", "final", "ceremony", "after")


def surroundings(folder: Path) -> dict[str, str]:
    """The environment in which this world is the data; no other service's address may leak in."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}}
    return kept | {
        "PRIZE_VAR": str(folder),
        "MIRRORED_LANGUAGE": "1",
        "LOG_LEVEL": "CRITICAL",
        "PYTHONWARNINGS": "ignore",
    }


def build(stage: str, folder: Path) -> None:
    """Tell the story to this stage; a folder that holds it already is only migrated."""
    command = [sys.executable, "manage.py", "demo", "--no-serve"]
    command += [] if stage == "after" or (folder / "prize.sqlite3").exists() else ["--stage", stage]
    subprocess.run(command, cwd=ROOT, env=surroundings(folder), check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    base = f"http://127.0.0.1:{port}"
    if answers(f"{base}/healthz"):
        raise SystemExit(f"Something else is served at {base}: give another --port.")
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=surroundings(folder) | {"LOG_LEVEL": "ERROR"}, stdout=log, stderr=log
        )
        try:
            wait_for(f"{base}/healthz", server)
            yield base
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: subprocess.Popen) -> None:
    for _try in range(240):
        if server.poll() is not None:
            raise SystemExit(f"The server stopped with exit code {server.returncode}.")
        if answers(address):
            return
        time.sleep(0.25)
    raise SystemExit("The server did not answer within a minute.")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except OSError:
        return False

"""A bad environment variable stops the start with a sentence that names it and the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICE = {
    "DATABASE_URL": "postgres://user@127.0.0.1/prize",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "k" * 60,
}


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    words = [sys.executable, "manage.py", "check"]
    env = {**kept, "PRIZE_VAR": str(tmp_path), **environment}
    return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DATABASE_URL": "mysql://somewhere"}, 'DATABASE_URL is "mysql://somewhere". It should look like postgres://'),
        ({"DEBUG": "perhaps"}, 'DEBUG is "perhaps". Set it to 1 or 0.'),
        ({"EMAIL_URL": "mail.example.org"}, 'EMAIL_URL is "mail.example.org". It should look like smtp://'),
        ({"ATTACHMENT_LIMIT_MB": "lots"}, 'ATTACHMENT_LIMIT_MB is "lots". Set it to a whole number'),
        ({**SERVICE, "SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({**SERVICE, "SECRET_KEY": "short"}, "SECRET_KEY is too short."),
        ({**SERVICE, "REDIS_URL": ""}, "REDIS_URL is not set."),
        ({**SERVICE, "REDIS_URL": "http://redis"}, 'REDIS_URL is "http://redis".'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_variable_is_named_with_its_remedy(tmp_path, environment, message):
    done = start(tmp_path, **environment)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_without_any_variable_it_starts_embedded(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0

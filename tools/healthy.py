"""Is this service well? Exit 0 if so, else say why. For the health checks of docker-compose.yml.

``web URL`` asks whether pages can be served. ``worker`` pings the worker of this host, and no other, through the
broker; ``worker NAME@%h`` one of another name. ``beat SECONDS`` looks at the age of the pulse that beat leaves.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit


def web(address: str) -> str:
    host = urlsplit(os.environ.get("SITE_ADDRESS", "")).netloc or urlsplit(address).netloc  # any other is refused
    question = urllib.request.Request(address, headers={"Host": host})  # noqa: S310 - our own address
    with urllib.request.urlopen(question, timeout=4) as answer:  # noqa: S310
        return "" if answer.status == 200 else f"answers {answer.status}"


def worker(name: str = "") -> str:
    from celery.utils.nodenames import default_nodename, host_format  # noqa: PLC0415 - the other checks do without

    from prize.celery import app  # noqa: PLC0415

    node = host_format(default_nodename(name or None))
    return "" if app.control.ping(destination=[node], timeout=4) else f"{node} does not answer"


def beat(seconds: str = "60") -> str:
    age = time.time() - (Path(os.environ.get("PRIZE_VAR", "var")) / "beat-pulse").stat().st_mtime
    return "" if age < float(seconds) else f"no pulse for {age:.0f} s"


def main(part: str, *rest: str) -> int:
    sys.path.insert(0, os.getcwd())
    try:
        problem = {"web": web, "worker": worker, "beat": beat}[part](*rest)
    except Exception as error:
        problem = str(error) or type(error).__name__
    if problem:
        print(f"{part}: {problem}")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

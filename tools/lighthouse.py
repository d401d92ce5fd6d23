"""Measure the public pages as a reader on a phone meets them: Lighthouse's mobile profile, on a service run as in production.

``python tools/lighthouse.py`` needs a PostgreSQL database of its own and Redis, named by DATABASE_URL and REDIS_URL,
Node.js with npm, and Chromium. It builds the demonstration there, serves it by gunicorn with compressed and hashed files, and
measures each page three times; the middle value counts. ``--base URL`` measures a service that runs already. Exit 1 below 95 in a
category, or above 150 kB transferred without pictures. ``--write`` keeps the figures in docs/lighthouse.md.
"""

import argparse
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tools" / "lighthouse"
PAGES = [
    "/",
    "/call/",
    "/method/",
    "/laureates/",
    "/archive/",
    "/archive/2023/",
    "/accounts/login/",
    "/accounts/signup/",
]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
LEAST, MOST = 95, 150_000
TRIES = (
    3  # the browser now and then loses the trace of a page load; that is no measurement, whatever it would have been
)
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-sync"
UNINDEXED = "is-crawlable"  # sign-in pages ask search engines to stay away, on purpose


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", help="the address of a service that runs already")
    parser.add_argument("--pages", nargs="*", default=PAGES)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)  # noqa: S607
    if options.base:
        rows = [measured(options.base, page, options.times) for page in options.pages]
    else:
        with served(options.port) as base:
            rows = [measured(base, page, options.times) for page in options.pages]
    if options.write:
        (ROOT / "docs" / "lighthouse.md").write_text(document(rows), encoding="utf-8")
    return 0 if all(row["passes"] for row in rows) else 1


@contextmanager
def served(port: int) -> Iterator[str]:
    """The demonstration on gunicorn, its files collected, hashed and compressed."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres") or not os.environ.get("REDIS_URL"):
        raise SystemExit(
            "Set DATABASE_URL (PostgreSQL, a database of its own) and REDIS_URL, or name a service by --base."
        )
    with tempfile.TemporaryDirectory() as var:
        environment = {"SECRET_KEY": secrets.token_urlsafe(64), "BEHIND_TLS": "0", "MFA_REQUIRED": "0", **os.environ}
        environment |= {"PRIZE_VAR": var, "SITE_ADDRESS": f"http://127.0.0.1:{port}", "LOG_LEVEL": "ERROR"}
        for command in (["demo", "--no-serve"], ["collectstatic", "--noinput", "--verbosity", "0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)  # noqa: S603
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "prize.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--no-control-socket",
        ]
        gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        server = subprocess.Popen(gunicorn, cwd=ROOT, env=environment)  # noqa: S603
        try:
            for _try in range(120):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.5)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def measured(base: str, page: str, times: int) -> dict[str, Any]:
    reports = [report(f"{base}{page}") for _time in range(times)]
    row: dict[str, Any] = {"page": page}
    for category in CATEGORIES:
        row[category] = statistics.median_low(score(one, category) for one in reports)
    row["bytes"] = max(transferred(one) for one in reports)
    row["passes"] = min(row[category] for category in CATEGORIES) >= LEAST and row["bytes"] <= MOST
    print(
        f"{page:20}",
        *(f"{category} {row[category]}" for category in CATEGORIES),
        f"{row['bytes'] / 1000:.0f} kB",
        flush=True,
    )
    for line in failing(reports[0]):
        print(f"    {line}", flush=True)
    return row


def report(address: str) -> dict[str, Any]:
    command = [str(HERE / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--output=json",
               f"--chrome-flags={CHROMIUM}", f"--only-categories={','.join(CATEGORIES)}"]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or shutil.which("google-chrome") or ""}
    for _try in range(TRIES):
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
        if not done.returncode:
            return json.loads(done.stdout)
    raise SystemExit(f"Lighthouse could not measure {address}:\n{done.stderr[-2000:]}")


def score(one: dict[str, Any], category: str) -> int:
    """As Lighthouse gives it; where a page keeps search engines away on purpose, without that one audit."""
    found = one["categories"][category]
    if category != "seo" or "/accounts/" not in one["finalDisplayedUrl"]:
        return round(100 * (found["score"] or 0))
    audits = [
        (ref["weight"], one["audits"][ref["id"]]["score"]) for ref in found["auditRefs"] if ref["id"] != UNINDEXED
    ]
    counted = [(weight, value) for weight, value in audits if value is not None and weight]
    return round(100 * sum(weight * value for weight, value in counted) / sum(weight for weight, _value in counted))


def transferred(one: dict[str, Any]) -> int:
    """Bytes over the wire, pictures left out."""
    items = one["audits"]["network-requests"]["details"]["items"]
    return sum(item["transferSize"] for item in items if item.get("resourceType") != "Image")


def failing(one: dict[str, Any]) -> list[str]:
    lines = []
    for category in CATEGORIES:
        for ref in one["categories"][category]["auditRefs"]:
            audit = one["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                lines.append(f"{category}: {audit['title']} {audit.get('displayValue', '')}")
    return lines


def document(rows: list[dict[str, Any]]) -> str:
    head = "| page | " + " | ".join(CATEGORIES) + " | transferred without pictures |\n|---|" + "---:|" * 5 + "\n"
    lines = "".join(
        f"| `{row['page']}` | "
        + " | ".join(str(row[category]) for category in CATEGORIES)
        + f" | {row['bytes'] / 1000:.0f} kB |\n"
        for row in rows
    )
    return (
        "# How fast and how accessible\n\n"
        "Lighthouse's mobile profile on the public pages of the demonstration, served as in production: gunicorn, hashed and\n"
        "compressed files. `python tools/lighthouse.py --write` makes this page; each figure is the middle of its measurements.\n"
        "The gate is 95 in each category and 150 kB. Sign-in pages ask search engines to stay away; for them that one audit\n"
        "is left out.\n\n"
        f"{head}{lines}"
    )


if __name__ == "__main__":
    sys.exit(main())

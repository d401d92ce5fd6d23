"""``python -m gate``: a sample of the day, or with ``--whole`` everything. Prints each fault once, with where it was met."""

import argparse
import datetime
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from gate import findings, sheets, worlds


def main() -> int:
    options = arguments()
    if options.world:
        return one_world(options)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="prize-gate-"))
    print(f"Worlds in {folder}. Seed {options.seed}.", flush=True)
    sampled = not (options.whole or options.pictures)
    stages = options.stages or ([random.Random(options.seed).choice(worlds.STAGES)] if sampled else worlds.STAGES)
    codes = []
    for stage in stages:
        home = options.data if options.data else folder / stage
        home.mkdir(parents=True, exist_ok=True)
        worlds.build(stage, home)
        command = [
            sys.executable,
            "-m",
            "gate",
            *sys.argv[1:],
            "--world",
            str(home),
            "--folder",
            str(folder),
            "--seed",
            options.seed,
        ]
        codes.append(subprocess.run(command, cwd=worlds.ROOT, env=worlds.surroundings(home), check=False).returncode)
    if options.pictures:
        sheets.bind(options.pictures)
        return max(codes)
    return report(folder, whole=options.whole and not options.stages) or max(codes)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gate", description=__doc__)
    parser.add_argument(
        "--whole", action="store_true", help="every stage, role, page and language, instead of a sample"
    )
    parser.add_argument("--stages", nargs="*", choices=worlds.STAGES, help="only these stages of the demonstration")
    parser.add_argument("--roles", nargs="*", help="only these roles")
    parser.add_argument("--routes", nargs="*", help="only routes that begin so")
    parser.add_argument("--languages", nargs="*", default=["en", "ko", "ar-xb"])
    parser.add_argument(
        "--seed", default=str(datetime.datetime.now(datetime.UTC).date()), help="which sample; the day, unless given"
    )
    parser.add_argument(
        "--pages", type=int, default=10, help="how many pages of each role a sample walks through, and looks at"
    )
    parser.add_argument("--data", type=Path, help="a demonstration that is built already: the folder of its data")
    parser.add_argument("--folder", type=Path, help="where the worlds and the findings are kept")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="with the folder of an earlier run: go on where it was, and look again at what had a fault",
    )
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument(
        "--no-browser", action="store_true", help="only what can be told without one: markup, titles, answers"
    )
    parser.add_argument(
        "--pictures", type=Path, help="make the contact sheet in this folder instead: every route as each role meets it"
    )
    parser.add_argument("--world", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def one_world(options: argparse.Namespace) -> int:
    """In a process whose settings point at one world: walk through it, then look at its pages."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prize.settings")
    django.setup()
    logging.disable()  # refusals are part of the walk
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its server and its browser end with it
    from gate import picturing, visiting

    return picturing.picture(options) if options.pictures else visiting.visit(options)


def report(folder: Path, *, whole: bool) -> int:
    """Every fault once, the most frequent first; and, of the whole, the routes that nobody reached."""
    lines = [line for path in sorted(folder.glob("*.findings")) for line in findings.read(path)]
    looked = [line for line in lines if "seen" in line]
    walked = [line["page"] | {"stage": line["stage"]} for line in lines if "page" in line]
    faults = [(fault, line) for line in [*walked, *looked] for fault in dict.fromkeys(line["faults"])]
    count = Counter(fault for fault, _line in faults)
    for fault, times in count.most_common():
        first = next(line for other, line in faults if other == fault)
        print(f"{times:4} x {fault}\n       {first['stage']} {first['role']} {first['address']}")
    reached = {route for line in lines for route in line.get("reached", [])}
    expected = {route for line in lines for route in line.get("pages", [])}
    missed = sorted(expected - reached) if whole else []
    if missed:
        print(f"No role met a page of these routes: {', '.join(missed)}")
    looks = sum(line["looks"] for line in looked)
    print(f"{len(walked)} pages walked, {looks} looks at {len(looked)} of them: {len(count)} kinds of fault.")
    return 1 if count or missed else 0


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    if "--world" not in sys.argv:
        print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)

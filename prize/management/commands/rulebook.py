"""Check, load, export and compare rulebooks."""

import difflib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prize import clock, rulebook
from prize.management.choosing import add_choice, edition_of
from prize.models import Person


class Command(BaseCommand):
    help = "A prize's rules are one file: check it, load it into an edition, export an edition, show the difference."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="say what is wrong with a rulebook, place by place")
        check.add_argument("file")
        load = verbs.add_parser("load", help="write a rulebook into a new edition, or into one that is named")
        load.add_argument("file")
        add_choice(load, usual="of an edition to change, or the file makes a new one")
        export = verbs.add_parser("export", help="print an edition as a rulebook")
        add_choice(export, usual="without it the newest")
        diff = verbs.add_parser("diff", help="show how a rulebook differs from what stands in an edition")
        diff.add_argument("file")
        add_choice(diff, usual="without it the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['verb']}")(options)
        except rulebook.RulebookError as error:
            raise CommandError("The rulebook needs a change:\n  " + "\n  ".join(error.problems)) from error

    def do_check(self, options: dict[str, Any]) -> None:
        book = read(options["file"])
        self.stdout.write(f"The rulebook holds. Digest {book.digest}")

    def do_load(self, options: dict[str, Any]) -> None:
        edition = edition_of(options) if options["year"] or options["prize"] else None
        was_adopted = edition is not None and edition.rules_adopted_at is not None
        edition = rulebook.load(read(options["file"]), by=Person.objects.clock(), at=clock.now(), edition=edition)
        self.stdout.write(f"Loaded into {edition}. Digest {edition.rules_digest}")
        if was_adopted and not edition.rules_adopted_at:
            self.stdout.write("The rules adopted before were others: the committee has to adopt these too.")

    def do_export(self, options: dict[str, Any]) -> None:
        self.stdout.write(rulebook.export(edition_of(options)).as_yaml())

    def do_diff(self, options: dict[str, Any]) -> None:
        theirs = rulebook.export(edition_of(options)).as_yaml().splitlines()
        ours = read(options["file"]).as_yaml().splitlines()
        lines = difflib.unified_diff(theirs, ours, "edition", options["file"], lineterm="")
        self.stdout.write("\n".join(lines) or "No difference.")


def read(name: str) -> rulebook.Rulebook:
    """A file by its path, or a shipped rulebook by its name."""
    path = Path(name)
    if not path.exists():
        path = settings.BASE_DIR / "prize" / "rulebooks" / f"{Path(name).stem}.yaml"
    if not path.exists():
        raise CommandError(f"There is no file {name}, and no shipped rulebook of that name.")
    return rulebook.read(path.read_text(encoding="utf-8"))

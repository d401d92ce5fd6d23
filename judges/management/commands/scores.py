"""Enter judges' marks from a table."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judges import importing
from judges.models import Round
from prize import clock
from prize.governing import Refused
from prize.management.choosing import add_choice, line, listed
from prize.models import Person

HELP = """Enter judges' marks from a table, for paper sheets or for a panel that scored elsewhere.

The table is a CSV file with one line for each judge and entry. Its first line names the columns:

    entry,judge,problem,design,value,comment
    K7WQ3M9T,ada@example.org,8,7,9,Measured against a baseline.

  entry    the entry's code
  judge    the judge's address, or the judge's code
  …        one column for each criterion, by its key in the rulebook; leave a mark out with nothing or NA
  comment  what the judge wrote for the jury

First run it without --commit: it shows what would be entered, and every mistake with its line. If one line is
wrong, nothing is entered. With --commit the sheets are cast, and cannot be changed afterwards.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="deed", required=True, metavar="import")
        importer = parts.add_parser(
            "import", help="read a CSV file of marks", description=HELP, formatter_class=RawDescriptionHelpFormatter
        )
        importer.add_argument("file", type=Path, metavar="FILE", help="the CSV file, in UTF-8")
        importer.add_argument("--round", required=True, help="the round's short name, such as second")
        add_choice(importer, year="--year", usual="if there are several editions with such a round")
        importer.add_argument(
            "--by", required=True, metavar="ADDRESS", help="who enters it: an address of the secretariat"
        )
        importer.add_argument("--commit", action="store_true", help="enter the marks; without it, nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        round, person = self.round(options), self.person(options["by"])
        try:
            text = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}. Save the table as CSV in UTF-8.") from error
        table = importing.read(round, text)
        for problem in table.problems:
            self.stderr.write(problem)
        if table.problems:
            raise CommandError(f"{len(table.problems)} problems. Nothing was entered.")
        if options["commit"]:
            try:
                count = importing.enter(round, table, by=person, at=clock.now())
            except Refused as refusal:
                raise CommandError(f"{refusal} Nothing was entered.") from refusal
            self.stdout.write(f"{count} sheets are cast.")
        else:
            self.preview(table)

    def preview(self, table: importing.Table) -> None:
        for row in table.rows:
            marks = ", ".join(f"{key} {value}" for key, value in row.marks.items())
            assignment = row.sheet.assignment
            self.stdout.write(
                f"line {row.line}: {assignment.application.code}, {assignment.judge}: {marks} = {row.total.normalize():f}"
            )
        self.stdout.write(
            f"{len(table.rows)} sheets would be cast. Nothing is written yet: add --commit to enter them."
        )

    def round(self, options: dict[str, Any]) -> Round:
        slug, year, prize = options["round"], options["year"], options["prize"]
        named = {"stage__edition__year": year, "stage__edition__prize__slug": prize}
        found = Round.objects.filter(stage__slug=slug, **{path: value for path, value in named.items() if value})
        rounds = list(found.select_related("stage__edition__prize"))
        if not rounds:
            every = Round.objects.select_related("stage__edition__prize")
            known = {f"\n  --round {one.stage.slug}  {line(one.stage.edition)}" for one in every}
            raise CommandError(f"There is no such round called {slug}. There are:{''.join(sorted(known)) or ' none'}")
        if len(rounds) > 1:
            editions = listed(one.stage.edition for one in rounds)
            said = f"Several editions have a round called {slug}. Name one with --prize and --year:{editions}"
            raise CommandError(said)
        return rounds[0]

    def person(self, address: str) -> Person:
        person = Person.objects.filter(email__iexact=address).first()
        if person is None:
            raise CommandError(f"Nobody has the address {address}.")
        return person

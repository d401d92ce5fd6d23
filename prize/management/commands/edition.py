"""The figures of an edition: ``manage.py edition report``, ``--json`` for programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from prize import figures
from prize.management.choosing import add_choice, edition_of


class Command(BaseCommand):
    help = "Print an edition's figures, counted from its rows."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        report = verbs.add_parser("report", help="the figures as text, or as JSON")
        add_choice(report, usual="without it the newest")
        report.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = edition_of(options)
        counted = figures.report(edition)
        if options["as_json"]:
            self.stdout.write(json.dumps(counted, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{edition}")
        for name, value in counted.items():
            self.stdout.write(f"  {name:<12} {self.in_words(value)}")

    def in_words(self, value: Any) -> str:
        if not isinstance(value, dict):
            return str(value)
        total = sum(value.values()) or 1
        return ", ".join(f"{key} {count} ({100 * count / total:.0f} %)" for key, count in value.items())

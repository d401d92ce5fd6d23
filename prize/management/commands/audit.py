"""Check the live data against the rules of the domain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prize import audit


class Command(BaseCommand):
    help = "Check the invariants of live data: run it nightly, and after every restore."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(audit.breaches())
        for sentence, breach in found:
            self.stderr.write(f"NOT SO: {sentence}: {breach}")
        checked = len(audit.invariants.all())
        if found:
            raise CommandError(f"{len(found)} breaches of {checked} invariants.")
        self.stdout.write(f"{checked} invariants hold.")

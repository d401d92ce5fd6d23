"""Verify or export the ledgers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prize import ledger
from prize.management.choosing import add_choice, edition_of
from prize.models import LedgerChain


class Command(BaseCommand):
    help = "Verify every hash chain, or export one as lines of canonical JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("verify", help="walk every chain and say where it does not hold")
        export = verbs.add_parser("export", help="print a chain for an outside verifier")
        add_choice(export, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"do_{options['verb']}")(options)

    def do_verify(self, options: dict[str, Any]) -> None:
        broken = 0
        for chain in LedgerChain.objects.select_related("edition"):
            faults = ledger.verify(chain)
            broken += bool(faults)
            for fault in faults:
                self.stderr.write(f"{chain}, entry {fault.number}: {fault.what}")
            if not faults:
                self.stdout.write(f"{chain}: {chain.length} entries hold. Head {chain.head}")
        if broken:
            raise CommandError(f"{broken} of {LedgerChain.objects.count()} ledgers do not hold.")

    def do_export(self, options: dict[str, Any]) -> None:
        chain = LedgerChain.objects.filter(edition=edition_of(options), kind=LedgerChain.Kind.DEEDS).first()
        if chain is None:
            raise CommandError("That edition has no ledger.")
        for line in ledger.export(chain):
            self.stdout.write(line)

"""One command to see everything: build the demonstration, start the workers, serve the pages."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from prize import clock, demo
from prize.models import Edition


class Command(BaseCommand):
    help = "Build the demonstration edition and serve it on this machine. Run again, it keeps its data unless --fresh."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stage",
            choices=[stage for stage in demo.TODAY if stage],
            help="stop the story there, so that this stage is open today",
        )
        parser.add_argument("--fresh", action="store_true", help="throw the demonstration away and build it anew")
        parser.add_argument("--no-serve", action="store_true", help="build only")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        if options["fresh"]:
            self.throw_away()
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        edition = Edition.objects.filter(is_demonstration=True).first()
        if edition is None:
            edition = self.build(options["stage"])
        elif options["stage"]:
            self.stdout.write("The demonstration is built already: --stage needs --fresh to tell the story anew.")
        self.stdout.write(f"Ready after {time.monotonic() - began:.0f} s.\n")
        self.introduce(edition, options["port"])
        if not options["no_serve"]:
            self.serve(options["port"])

    def throw_away(self) -> None:
        """Only the embedded database: a service's data is nobody's to throw away by a flag."""
        if not settings.EMBEDDED:
            raise CommandError("--fresh only works on the embedded database. Drop a service's database yourself.")
        name = str(connection.settings_dict["NAME"])
        connection.close()
        for path in settings.VAR.glob(f"{name.rpartition('/')[2]}*"):
            path.unlink()

    def build(self, stage: str | None) -> Edition:
        if Edition.objects.filter(is_demonstration=False, published={}).exists():
            raise CommandError("This database holds a real edition. The demonstration needs a database of its own.")
        total = len(demo.parts.all())

        def say(title: str) -> None:
            say.count += 1  # type: ignore[attr-defined]
            self.stdout.write(f"  {say.count}/{total}  {title}")  # type: ignore[attr-defined]
            self.stdout.flush()

        say.count = 0  # type: ignore[attr-defined]
        return demo.build(stage, now=clock.now(), say=say)

    def introduce(self, edition: Edition, port: int) -> None:
        write = self.stdout.write
        write(f"{edition}: a demonstration. Cities, organisations, people and projects in it are invented.")
        if edition.moved_by_days:
            write(f"Its calendar is that of {edition.year}, moved by {edition.moved_by_days} days.")
        write(f"\n  Begin here     http://127.0.0.1:{port}/guide/")
        write(f"  Public pages   http://127.0.0.1:{port}/")
        write(f"  Desks          http://127.0.0.1:{port}/desk/")
        write(f"  Office         http://127.0.0.1:{port}/admin/")
        write(f"\n  Accounts, all with the password  {demo.PASSWORD}")
        for address, part in demo.ACCOUNTS.items():
            write(f"    {address:<28} {part}")
        write("")

    def serve(self, port: int) -> None:
        from prize.embedded import serve  # noqa: PLC0415 - Celery and the server are only wanted here

        self.stdout.write("Serving. Stop with Ctrl-C.")
        try:
            serve(port)
        except OSError as error:
            hint = f'choose another port, such as --port {port + 1} (make demo ARGS="--port {port + 1}")'
            raise CommandError(
                f"Port {port} cannot be used: {error.strerror}. Stop what uses it, or {hint}."
            ) from error

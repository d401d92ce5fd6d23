"""Which edition a command is about. Several prizes may live in one database, and a year alone then names none of them."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError, CommandParser

from prize.models import Edition


def add_choice(parser: CommandParser, *, year: str = "--edition", required: bool = False, usual: str = "") -> None:
    """The two options that name an edition."""
    said = f"the year; {usual}" if usual else "the year"
    parser.add_argument(year, type=int, dest="year", metavar="YEAR", required=required, help=said)
    parser.add_argument("--prize", metavar="SLUG", help="the prize's short name, if there are several prizes")


def edition_of(options: dict[str, Any]) -> Edition:
    """The one that was named; without a year the newest, and without a prize the only one there is."""
    year, slug = options["year"], options["prize"]
    known = list(Edition.objects.filter(published={}).select_related("prize"))
    editions = [edition for edition in known if year in (None, edition.year) and slug in (None, edition.prize.slug)]
    if not editions:
        said = f"There is no such edition. There are:{listed(known)}" if known else "There is no edition yet."
        raise CommandError(said if known else f"{said} Load a rulebook first.")
    refuse_several_prizes(editions)
    # A demonstration may have the year of the real one: who names the year means the real one.
    return max(editions, key=lambda edition: (edition.year, not edition.is_demonstration, edition.pk))


def refuse_several_prizes(editions: Iterable[Edition]) -> None:
    slugs = {edition.prize.slug for edition in editions}
    if len(slugs) > 1:
        raise CommandError(f"Several prizes have one. Name the prize with --prize:{listed(editions)}")


def listed(editions: Iterable[Edition]) -> str:
    return "".join(f"\n  {one}" for one in sorted({line(edition) for edition in editions}))


def line(edition: Edition) -> str:
    return f"--prize {edition.prize.slug}  {edition.year}  {edition}"

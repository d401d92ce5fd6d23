"""Tables that leave the house: no cell of theirs runs in a spreadsheet, and the ledger says who took out how many of what."""

import re
from typing import Any

from django.db.models import QuerySet

from prize import ledger
from prize.models import Edition

FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-\d+(\.\d+)?")
# Where a list is written with semicolons, a spreadsheet also begins a cell behind one, whatever quotes stand round the whole.
PARTED = r'([;\t\r\n][" ]*)'
FURTHER = re.compile(PARTED + r"(?=[=+@-])(?!-\d+(?:\.\d+)? *(?:[;\t\r\n]|$))")
MARKED = re.compile(PARTED + r"'(?=[=+@-])")


def inert(value: Any) -> Any:
    """A cell that a spreadsheet would run as a formula begins with an apostrophe instead. A negative number is no formula.

    >>> inert("+1+1"), inert("Kerbs"), inert("-2.5"), inert("-2+3"), inert(None)
    ("'+1+1", 'Kerbs', '-2.5', "'-2+3", None)
    >>> inert("Kerbs;=1+1"), inert("Kerbs; -2.5; kept")
    ("Kerbs;'=1+1", 'Kerbs; -2.5; kept')
    """
    if not isinstance(value, str):
        return value
    parts = FURTHER.sub(r"\1'", value)
    return f"'{parts}" if value.startswith(FORMULA) and not NUMBER.fullmatch(value) else parts


def as_typed(cell: Any) -> Any:
    """What stood in the cell before ``inert``, for a table that comes back.

    >>> as_typed("'+1+1"), as_typed("'Kerbs'"), as_typed(inert("@home")), as_typed(inert("\\t=1;@home"))
    ('+1+1', "'Kerbs'", '@home', '\\t=1;@home')
    """
    if not isinstance(cell, str):
        return cell
    first = cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
    return MARKED.sub(r"\1", first)


class Inert:
    """For a resource of import-export, before its own class."""

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        return inert(super().export_field(field, instance, **kwargs))  # type: ignore[misc]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row.update({name: as_typed(cell) for name, cell in row.items()})


class Recorded:
    """For an admin with import-export's button, before its mixin: who took a list out of the house is recorded.

    No list of persons leaves this way: that takes a second person.
    """

    export_template_name = "admin/export.html"

    export_act = ""  # what the ledger calls it

    def get_export_data(self, file_format: Any, request: Any, queryset: QuerySet, **kwargs: Any) -> Any:
        content = super().get_export_data(file_format, request, queryset, **kwargs)  # type: ignore[misc]
        path = self.edition_path  # type: ignore[attr-defined]
        rows = queryset.order_by()
        for edition in Edition.objects.filter(pk__in=rows.values(path)).order_by("pk"):
            facts = {"count": rows.filter(**{path: edition}).count()}
            ledger.record(edition, self.export_act, facts=facts, by=request.user, at=request.at)
        return content

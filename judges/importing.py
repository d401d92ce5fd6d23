"""Judges' marks from a table: paper sheets, or a panel that scored elsewhere. Every row goes through the same verbs."""

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Recusal
from judges import criteria, marking
from judges.models import Assignment, Round, ScoreSheet
from prize import ledger, policy
from prize.governing import Refused
from prize.models import Person

EMPTY = {"", "NA", "N/A", "-"}
KEYS = ("entry", "judge", "comment")


@dataclass(frozen=True)
class Row:
    """One judge's sheet on one entry, as the table has it, matched with the sheet it belongs to."""

    line: int
    sheet: ScoreSheet
    marks: dict[str, Decimal]
    comment: str
    total: Decimal


@dataclass
class Table:
    """What a file comes to: the rows that could be entered, and every problem with its line."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(round: Round, text: str) -> Table:
    """Check a CSV against the round, row by row. Nothing is written."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    table = Table()
    columns = [name.strip() for name in reader.fieldnames or ()]
    known = {*KEYS, *round.criteria.values_list("key", flat=True)}
    missing, unknown = {"entry", "judge"} - set(columns), set(columns) - known
    if missing:
        table.problems.append(_("Line 1: the columns %(names)s are missing.") % {"names": ", ".join(sorted(missing))})
    if unknown:
        text_ = _("Line 1: no criterion or column is called %(names)s.")
        table.problems.append(text_ % {"names": ", ".join(sorted(unknown))})
    if table.problems:
        return table
    found = sheets(round)
    seen: set[int] = set()
    for line, raw in enumerate(reader, 2):
        row = {
            (key or "").strip(): (value or "").strip()
            for key, value in raw.items()
            if isinstance(value, str) or value is None
        }
        try:
            table.rows.append(matched(line, row, found, seen))
        except Refused as refusal:
            table.problems.append(_("Line %(line)s: %(problem)s") % {"line": line, "problem": refusal})
    if not table.rows and not table.problems:
        table.problems.append(_("The table has no rows."))
    return table


def sheets(round: Round) -> dict[tuple[str, str], ScoreSheet]:
    """Every sheet of the round by entry's code and judge, who may be named by code or by address."""
    aside = set(
        Recusal.objects.standing().filter(application__assignments__round=round).values_list("application", "person")
    )
    standing = Assignment.objects.standing().filter(round=round, judge__stepped_down_at=None)
    rows = (
        ScoreSheet.objects.standing()
        .filter(assignment__in=standing)
        .select_related("assignment__application", "assignment__judge__person", "assignment__round")
    )
    found = {}
    for sheet in rows:
        entry, judge = sheet.assignment.application, sheet.assignment.judge
        if (entry.pk, judge.person_id) not in aside:
            found[entry.code, judge.code] = found[entry.code, judge.person.email] = sheet
    return found


def matched(line: int, row: dict[str, str], found: dict, seen: set[int]) -> Row:
    """One row with its sheet and its marks, or a refusal that says what is wrong with it."""
    entry, judge = row.get("entry", ""), row.get("judge", "")
    sheet = found.get((entry, judge)) or found.get((entry, judge.lower()))
    if sheet is None:
        raise Refused(_("%(judge)s is not assigned entry %(entry)s.") % {"judge": judge, "entry": entry})
    if sheet.pk in seen:
        raise Refused(_("this judge's sheet on this entry stands in the table twice."))
    seen.add(sheet.pk)
    if sheet.cast_at:
        raise Refused(_("this sheet is cast already."))
    leaves = marking.leaves_of(sheet)
    round, known = sheet.assignment.round, {leaf.key: leaf for leaf in leaves}
    given = {key: value for key, value in row.items() if key not in KEYS and value.upper() not in EMPTY}
    foreign = sorted(set(given) - set(known))
    if foreign:
        raise Refused(_("%(names)s is not marked in this entry's category.") % {"names": ", ".join(foreign)})
    marks = {key: marking.read_mark(value, round, known[key]) for key, value in given.items()}
    sheet.comment = row.get("comment", "")
    lacking = marking.problems(sheet, marks, leaves)
    if lacking:
        raise Refused(" ".join(lacking.values()))
    return Row(line, sheet, marks, sheet.comment, criteria.total(marks, leaves))


@transaction.atomic
def enter(round: Round, table: Table, *, by: Person, at: datetime) -> int:
    """Cast every row, all or none. The ledger says on each that it was entered on the judge's behalf."""
    if not policy.is_secretariat(by, round.stage.edition):
        raise Refused(_("Only the secretariat may enter judges' marks."))
    if table.problems:
        raise Refused(_("Nothing was entered: the table has problems."))
    # In the order in which a judge takes them: the sheets, then their assignments; the stage follows with the first row.
    sheets = ScoreSheet.objects.filter(pk__in=[row.sheet.pk for row in table.rows])
    assignments = Assignment.objects.filter(pk__in=[row.sheet.assignment_id for row in table.rows])
    for rows in (sheets, assignments):
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for row in table.rows:
        marking.enter(row.sheet, row.marks, by=by, at=at, comment=row.comment)
    facts: dict[str, Any] = {"round": round.stage.slug, "sheets": len(table.rows)}
    ledger.record(round.stage.edition, "sheets.entered", subject=round.stage.slug, facts=facts, by=by, at=at)
    return len(table.rows)

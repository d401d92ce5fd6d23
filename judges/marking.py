"""A judge marks: save a draft as often as wanted, cast once. What is cast is changed by two people and a new sheet."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from judges import criteria, policy, tallying
from judges.models import Mark, Round, ScoreSheet
from prize import calendar, canonical, ledger
from prize.governing import Refused
from prize.models import Person

Marks = Mapping[str, Any]


class Stale(Exception):
    """The sheet was saved from another window since this one was opened. Holds both versions; nothing is lost."""

    def __init__(self, sheet: ScoreSheet, marks: Marks, comment: str):
        self.sheet, self.marks, self.comment = sheet, marks, comment
        super().__init__(_("This sheet was saved from another window at the same time."))


class Incomplete(Refused):
    """What a sheet lacks before it can be cast: criterion key, or "comment", and the sentence."""

    def __init__(self, problems: dict[str, str]):
        self.problems = problems
        super().__init__(" ".join(problems.values()))


def held(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet with its assignment and stage, all locked: who marks, who moves it to another judge and who closes the
    round queue up here, in this order."""
    edition = "assignment__round__stage__edition"
    return (
        ScoreSheet.objects.select_for_update(of=("self", "assignment", "assignment__round__stage"), no_key=True)
        .select_related("assignment__judge__person", "assignment__application", edition)
        .defer(f"{edition}__rules", f"{edition}__published", f"{edition}__introduction", "assignment__judge__bio")
        .get(pk=sheet.pk)
    )


@transaction.atomic
def save(sheet: ScoreSheet, marks: Marks, *, version: int, by: Person, at: datetime, comment: str = "") -> ScoreSheet:
    """Keep a draft. ``marks`` maps criterion keys to numbers; a criterion left out or empty has no mark."""
    sheet = held(sheet)
    require_markable(sheet, by, at)
    if sheet.version != version:
        raise Stale(sheet, marks, comment)
    write(sheet, marks, comment, at)
    sheet.save(update_fields=["comment", "saved_at", "version"])
    return sheet


def write(sheet: ScoreSheet, marks: Marks, comment: str, at: datetime) -> dict[str, Decimal]:
    """Make these the sheet's marks, and note its comment on the object: the caller saves that with what else changes."""
    round = sheet.assignment.round
    leaves = {leaf.key: leaf for leaf in leaves_of(sheet)}
    unknown = set(marks) - set(leaves)
    if unknown:
        raise Refused(_("There is no criterion called %(names)s.") % {"names": ", ".join(sorted(unknown))})
    values = {key: read_mark(value, round, leaves[key]) for key, value in marks.items() if value not in (None, "")}
    Mark.objects.bulk_create(
        [Mark(sheet=sheet, criterion=leaves[key].criterion, value=value) for key, value in values.items()],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["value"],
    )
    if len(values) < len(leaves):
        sheet.marks.exclude(criterion__key__in=values).delete()
    sheet.comment, sheet.saved_at, sheet.version = comment.strip(), at, sheet.version + 1
    return values


def read_mark(value: Any, round: Round, leaf: criteria.Leaf) -> Decimal:
    try:
        mark = Decimal(str(value))
    except InvalidOperation:
        mark = None
    if mark is None or not mark.is_finite() or not criteria.on_scale(mark, round):
        raise Refused(
            _("%(criterion)s: %(value)s is not a mark. Marks go from %(low)s to %(high)s in steps of %(step)s.")
            % {
                "criterion": leaf.criterion,
                "value": value,
                "low": plain(round.scale_low),
                "high": plain(round.scale_high),
                "step": plain(round.scale_step),
            }
        )
    return mark


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def leaves_of(sheet: ScoreSheet) -> list[criteria.Leaf]:
    """What is marked on this sheet; the long texts of the criteria are read only if a page asks for them."""
    if not hasattr(sheet, "_leaves"):
        rows = sheet.assignment.round.criteria.defer("guidance", "anchors")
        sheet._leaves = criteria.leaves(sheet.assignment.round, sheet.assignment.application.category_id, of=rows)  # type: ignore[attr-defined]
    return sheet._leaves  # type: ignore[attr-defined]


def marks_of(sheet: ScoreSheet) -> dict[str, Decimal]:
    return dict(sheet.marks.values_list("criterion__key", "value"))


def problems(sheet: ScoreSheet, marks: Mapping[str, Decimal], leaves: list[criteria.Leaf]) -> dict[str, str]:
    """What the sheet lacks before it can be cast; empty if all is well."""
    found = {
        leaf.key: _("%(criterion)s has no mark yet.") % {"criterion": leaf.criterion}
        for leaf in leaves
        if leaf.counts and leaf.key not in marks
    }
    least = sheet.assignment.round.comment_min_words
    if len(sheet.comment.split()) < least:
        found["comment"] = _("Write at least %(count)s words for the jury.") % {"count": least}
    return found


@transaction.atomic
def cast(sheet: ScoreSheet, *, by: Person, at: datetime) -> ScoreSheet:
    """Make the sheet final: its total exact, its digest in the ledger. From here the database refuses a change."""
    sheet = held(sheet)
    require_markable(sheet, by, at)
    leaves, marks = leaves_of(sheet), marks_of(sheet)
    lacking = problems(sheet, marks, leaves)
    if lacking:
        raise Incomplete(lacking)
    seal(sheet, marks, leaves, by=by, at=at)
    note_cast(sheet, by=by, at=at)
    return sheet


@transaction.atomic
def enter(sheet: ScoreSheet, marks: Marks, *, by: Person, at: datetime, comment: str = "") -> ScoreSheet:
    """Save and cast in one go, for a sheet that comes complete: from paper, or from a table."""
    sheet = held(sheet)
    require_markable(sheet, by, at)
    values = write(sheet, marks, comment, at)
    leaves = leaves_of(sheet)
    lacking = problems(sheet, values, leaves)
    if lacking:
        raise Incomplete(lacking)
    seal(sheet, values, leaves, by=by, at=at)
    note_cast(sheet, by=by, at=at)
    return sheet


def note_cast(sheet: ScoreSheet, *, by: Person, at: datetime) -> None:
    facts = {"sheet": sheet.digest, "on_behalf": by.pk != sheet.assignment.judge.person_id}
    edition = sheet.assignment.round.stage.edition
    ledger.record(edition, "sheet.cast", subject=sheet.code, facts=facts, by=by, at=at)


def seal(
    sheet: ScoreSheet, marks: Mapping[str, Decimal], leaves: list[criteria.Leaf], *, by: Person, at: datetime
) -> None:
    sheet.total = criteria.total(marks, leaves)
    sheet.cast_at, sheet.cast_by = at, by
    sheet.digest = digest_of(sheet, marks)
    sheet.save(update_fields=["comment", "saved_at", "version", "total", "cast_at", "cast_by", "digest"])


def digest_of(sheet: ScoreSheet, marks: Mapping[str, Decimal]) -> str:
    """The digest of everything the judge said on this sheet, and of what it came to."""
    return canonical.digest(
        {
            "sheet": sheet.code,
            "entry": sheet.assignment.application.code,
            "judge": sheet.assignment.judge.code,
            "marks": {key: plain(value) for key, value in marks.items()},
            "comment": sheet.comment,
            "total": f"{sheet.total:.6f}",
        }
    )


def require_markable(sheet: ScoreSheet, by: Person, at: datetime) -> None:
    found = policy.marking_problems(by, sheet, at)
    if found:
        raise Refused(found[0])
    calendar.require_open(sheet.assignment.round.stage, at)


# --- Correction ---------------------------------------------------------------------------------------


def correction(sheet: ScoreSheet, marks: Marks, *, comment: str, reason: str) -> dict[str, Any]:
    """The content that a second person approves: the whole new sheet, and the digest of the one it replaces."""
    if not sheet.cast_at or sheet.superseded_at:
        raise Refused(_("Only a cast sheet that stands can be corrected."))
    if not reason.strip():
        raise Refused(_("Say why the sheet is corrected."))
    return {
        "sheet": sheet.code,
        "was": sheet.digest,
        "marks": {key: str(value) for key, value in marks.items()},
        "comment": comment,
        "reason": reason.strip(),
    }


@transaction.atomic
def correct(content: dict[str, Any], *, by: Person, at: datetime) -> ScoreSheet:
    """Replace a cast sheet by a corrected one. Both are kept; the old one is superseded."""
    old = held(ScoreSheet.objects.get(code=content["sheet"]))
    if old.digest != content["was"] or old.superseded_at:
        raise Refused(_("The sheet is no longer the one that was to be corrected."))
    ScoreSheet.objects.filter(pk=old.pk).update(superseded_at=at)
    new = ScoreSheet.objects.create(assignment=old.assignment, started_at=at, saved_at=at)
    marks, leaves = write(new, content["marks"], content["comment"], at), leaves_of(new)
    lacking = problems(new, marks, leaves)
    if lacking:
        raise Incomplete(lacking)
    seal(new, marks, leaves, by=by, at=at)
    round = old.assignment.round
    if round.stage.closed_at:
        tallying.held_tallies(round, old.assignment.application.category)
    facts = {"was": old.digest, "sheet": new.digest, "replaces": old.code}
    ledger.record(round.stage.edition, "sheet.corrected", subject=new.code, facts=facts, by=by, at=at)
    if round.stage.closed_at:
        tallying.ask_again(round, old.assignment.application.category, by=by, at=at)
    return new

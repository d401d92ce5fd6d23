"""A repair: what stands, what is lost, what a plan would change, and the change itself, looked at again under lock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from judges import tallying
from judges.conflicts import ABSTAINED, RECUSED, Conflicts
from judges.declaring import withdraw
from judges.matching.repair import Repair
from judges.models import Assignment, AssignmentRun, Judge, Round, ScoreSheet
from judges.models.rounds import AssignmentQuerySet
from judges.posing import Pair, crosses, entries_of, judges_of
from prize.governing import Refused

MOVED, LOST = "moved", "lost"  # why a judge no longer reads an entry; else the code of what bars the pair
HOLE, SWAP, LATE, MORE = "hole", "swap", "late", "more"  # why a judge reads a new one


@dataclass
class Before:
    """A round's assignment as it stands when a repair is drafted."""

    standing: list[Pair]
    holes: list[Pair]  # taken from their judges since the last release, and not given to another yet
    begun: list[Pair]  # marked or cast: these never move
    spared: list[Pair]  # cast although barred by now: only two people may take such a sheet away
    gone: list[Judge]  # stepped down
    barred: dict[Pair, str] = field(default_factory=dict)

    @property
    def pairs(self) -> list[Pair]:
        return [*self.standing, *self.holes]

    def as_data(self) -> dict[str, Any]:
        """Ready for JSON: a worker repairs what stood when it was asked."""
        return {
            "pairs": self.pairs,
            "lost": [judge.code for judge in self.gone],
            "scored": [*self.begun, *self.spared],
            "standing": sorted(self.standing),
            "begun": len(self.begun),
            "spared": sorted(self.spared),
            "barred": [[*pair, why] for pair, why in sorted(self.barred.items())],
        }

    @property
    def staying(self) -> list[Pair]:
        """What stands if nobody moves."""
        return [pair for pair in self.standing if pair not in self.barred]


def before(round: Round, ties: Mapping[str, Any]) -> Before:
    """What stands now. ``ties``: the anchors and bridges of the plan that stands, which cross from panel to panel."""
    entries = list(entries_of(round))
    rows = list(of_entries(round, entries).standing().select_related("application", "judge__person"))
    states = {sheet.assignment_id: sheet.state for sheet in ScoreSheet.objects.standing().filter(assignment__in=rows)}
    active = {judge.code for judge in judges_of(round)}
    conflicts = Conflicts(round, entries, [row.judge for row in rows])
    found = Before([], [], [], [], [])
    for row in rows:
        pair, state = pair_of(row), states.get(row.pk, "untouched")
        reason = conflicts.between(row.application, row.judge, crossing=crosses(ties, *pair))
        if row.judge.code not in active:
            reason = LOST
        if reason and state == "cast" and reason not in (RECUSED, LOST):
            found.spared.append(pair)
            reason = ""
        if reason:
            found.barred[pair] = reason
        elif state != "untouched":
            found.begun.append(pair)
        found.standing.append(pair)
    take_in_holes(found, round, entries, active)
    return found


def take_in_holes(found: Before, round: Round, entries: list[Application], active: set[str]) -> None:
    """Since the last release: what recusals and abstentions took away, and the judges who left."""
    last = AssignmentRun.objects.filter(round=round).aggregate(last=Max("released_at"))["last"]
    rows = of_entries(round, entries).filter(withdrawn_at__isnull=False).select_related("application", "judge__person")
    known = Conflicts(round, entries, [])
    gone = {}
    for row in rows.filter(Q(withdrawn_at__gt=last) if last else Q()):
        pair = pair_of(row)
        is_aside = (row.application_id, row.judge.person_id) in known.recused
        if row.judge.code not in active:
            gone[row.judge.code] = row.judge
        elif not is_aside and (row.application_id, row.judge_id) not in known.abstained:
            continue
        if pair not in found.standing and pair not in found.holes:
            found.holes.append(pair)
            found.barred[pair] = LOST if row.judge.code in gone else RECUSED if is_aside else ABSTAINED
    gone |= {
        row.code: row
        for row in Judge.objects.filter(code__in=[j for (_e, j), why in found.barred.items() if why == LOST])
    }
    found.gone = [gone[code] for code in sorted(gone)]


def of_entries(round: Round, entries: list[Application]) -> AssignmentQuerySet:
    return Assignment.objects.filter(round=round, application__in=entries)


def pair_of(row: Assignment) -> Pair:
    return row.application.code, row.judge.code


# --- What a plan would change ----------------------------------------------------------------------------


def changes(done: Repair, past: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a repair: who loses what, who gains what, and why. ``past``: as it was asked for."""
    barred = {(entry, judge): why for entry, judge, why in past["barred"]}
    lost_entries = {entry for entry, _judge in done.given_up}
    moved_entries = {entry for entry, _judge in done.moved}
    had = {entry for entry, _judge in past["pairs"]}

    def why(entry: str) -> str:
        if entry in lost_entries:
            return HOLE
        if entry in moved_entries:
            return SWAP
        return MORE if entry in had else LATE

    return {
        "standing": past["standing"],
        "begun": past["begun"],
        "spared": past["spared"],
        "moved": [list(pair) for pair in done.moved],
        "given_up": [[*pair, barred.get(pair, LOST)] for pair in done.given_up],
        "added": [[*pair, why(pair[0])] for pair in done.difference.added],
        "difference": {
            "kept": done.difference.kept,
            "judges": list(done.difference.judges),
            "entries": list(done.difference.entries),
        },
    }


# --- The change itself ---------------------------------------------------------------------------------------


def take_away(run: AssignmentRun, *, at: datetime) -> list[Assignment]:
    """Withdraw what the repair moves and gives up. What was begun, cast or changed since it was drafted stops it."""
    plan, round = run.plan, run.round
    moved = {tuple(pair) for pair in plan["moved"]}
    given_up = {(entry, judge): why for entry, judge, why in plan["given_up"]}
    rows = {pair_of(row): row for row in locked(round, moved | set(given_up))}
    stands = {tuple(pair) for pair in plan["standing"]}
    leaving = moved | set(given_up)
    if {pair for pair in rows if pair in stands} - leaving != stands - leaving or not moved <= set(rows):
        raise Refused(_("Assignments have changed since this repair was drafted. Draft the repair again."))
    receiving = {entry for entry, _judge, _why in plan["added"]}
    if any(pair not in stands and pair[0] in receiving for pair in rows):
        raise Refused(_("Assignments have changed since this repair was drafted. Draft the repair again."))
    require_unbegun([rows[pair] for pair in sorted(moved)])
    require_uncast(
        [rows[pair] for pair, why in sorted(given_up.items()) if pair in rows and why not in (RECUSED, LOST)]
    )
    taken = [row for pair, row in sorted(rows.items()) if pair in leaving]
    for row in taken:
        pair = pair_of(row)
        withdraw(row, at=at, reason=f"moved by repair {run.code}" if pair in moved else f"conflict: {given_up[pair]}")
    return taken


def locked(round: Round, leaving: set[Pair]) -> list[Assignment]:
    """Every standing assignment of the round, held until the release is through.

    In the order in which whoever marks takes them: sheets, then assignments, then the stage. Whoever saves a sheet waits
    here, and is either in, which stops the release, or finds the entry no longer assigned.
    """
    standing = Assignment.objects.standing().filter(round=round).order_by("pk")
    named = standing.select_related("application", "judge__person")
    sheets = ScoreSheet.objects.select_for_update(of=("self",), no_key=True).filter(superseded_at=None).order_by("pk")
    list(sheets.filter(assignment__in=[row for row in named if pair_of(row) in leaving]))
    list(standing.select_for_update(of=("self",), no_key=True))
    if tallying.held(round).closed_at:
        raise Refused(_("The round is closed: nobody reads any more."))
    return list(named.all())


def sheets_of(rows: list[Assignment]) -> QuerySet[ScoreSheet]:
    named = ScoreSheet.objects.standing().select_related("assignment__application", "assignment__judge__person")
    return named.filter(assignment__in=rows)


def require_unbegun(rows: list[Assignment]) -> None:
    begun = [sheet for sheet in sheets_of(rows) if sheet.state != "untouched"]
    if begun:
        raise Refused(
            _("A sheet that was to be moved has been begun meanwhile (%(sheets)s). Draft the repair again.")
            % {"sheets": named(begun)}
        )


def require_uncast(rows: list[Assignment]) -> None:
    cast = [sheet for sheet in sheets_of(rows) if sheet.cast_at]
    if cast:
        raise Refused(
            _("A sheet that was to be given up has been cast meanwhile (%(sheets)s). Draft the repair again.")
            % {"sheets": named(cast)}
        )


def named(sheets: list[ScoreSheet]) -> str:
    return ", ".join(f"{s.assignment.judge}, {s.assignment.application.code}" for s in sheets[:5])

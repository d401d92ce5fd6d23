"""What a page shows of a round: coverage, judges' progress, and tallies as rows. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judges.models import Assignment, Judge, Round, ScoreSheet, Tally, TallyLine
from judges.tallying import competing, entries_in
from prize.models import Letter

HEAD, AROUND = 5, 5  # rows shown at the top, and on either side of the line
SLACK = 0.2  # of the work: this far behind the clock a judge is called late
APART = 5  # entries named on which judges differ most


@dataclass(frozen=True)
class Progress:
    """One judge's sheets of a round, and how they stand to the time that has passed."""

    judge: Judge
    done: int
    total: int
    expected: float = 0.0  # the share of the round's time that has passed
    last: datetime | None = None
    reminded: datetime | None = None

    @property
    def state(self) -> str:
        if self.done == self.total:
            return "done"
        if self.done < (self.expected - SLACK) * self.total:
            return "behind"
        return "under way" if self.done else "not begun"


@dataclass
class Share:
    """A category's part in the coverage."""

    category: Any
    covered: int = 0
    entries: int = 0


@dataclass(frozen=True)
class Coverage:
    """How far a round has come."""

    wanted: int
    entries: list[Any]
    progress: list[Progress] = field(default_factory=list)

    @property
    def covered(self) -> int:
        return sum(entry.done >= self.wanted for entry in self.entries)

    @property
    def reviews(self) -> int:
        return sum(min(entry.done, self.wanted) for entry in self.entries)

    @property
    def reviews_wanted(self) -> int:
        return self.wanted * len(self.entries)

    @property
    def enough(self) -> int:
        return sum(entry.assigned >= self.wanted for entry in self.entries)

    @property
    def by_need(self) -> list[Any]:
        """Those with too few judges first, then those that wait longest for reviews."""
        return sorted(self.entries, key=lambda e: (e.assigned >= self.wanted, e.done, e.category.order, e.title))

    @property
    def by_category(self) -> list[Share]:
        found: dict[int, Share] = {}
        for entry in sorted(self.entries, key=lambda e: e.category.order):
            share = found.setdefault(entry.category_id, Share(entry.category))
            share.entries += 1
            share.covered += entry.done >= self.wanted
        return list(found.values())

    @property
    def unfinished(self) -> list[Progress]:
        return [one for one in self.progress if one.done < one.total]

    @property
    def lacking(self) -> list[Any]:
        return [entry for entry in self.entries if entry.done < self.wanted]

    @property
    def unassigned(self) -> list[Any]:
        """Entries that would not get their reviews even if every judge cast every sheet."""
        return [entry for entry in self.entries if entry.assigned < self.wanted]


def assigned_in(round: Round) -> dict[int, int]:
    """How many judges stand to read each entry, by the entry's key."""
    standing = Assignment.objects.standing().filter(round=round, judge__stepped_down_at=None)
    return dict(standing.values_list("application").annotate(number=Count("pk")).order_by())


def with_too_few_judges(round: Round) -> int:
    """How many entries would not get their reviews even if every judge cast every sheet."""
    assigned = assigned_in(round)
    return sum(assigned.get(pk, 0) < round.reviews_per_entry for pk in competing(round).values_list("pk", flat=True))


def coverage(round: Round, at: datetime | None = None) -> Coverage:
    entries = entries_in(round)
    assigned = assigned_in(round)
    for entry in entries:
        entry.assigned = assigned.get(entry.pk, 0)  # type: ignore[attr-defined]
    return Coverage(round.reviews_per_entry, entries, progress_of(round, at))


def progress_of(round: Round, at: datetime | None = None) -> list[Progress]:
    """Every judge with standing assignments, slowest first."""
    expected = expected_share(round, at) if at else 0.0
    reminded = last_reminders(round)
    standing = Q(assignments__round=round, assignments__withdrawn_at=None)
    cast = standing & Q(assignments__sheets__cast_at__isnull=False, assignments__sheets__superseded_at=None)
    judges = (
        Judge.objects.filter(edition=round.stage.edition, stepped_down_at=None)
        .annotate(
            total=Count("assignments", filter=standing, distinct=True),
            done=Count("assignments", filter=cast, distinct=True),
            last=Max("assignments__sheets__cast_at", filter=cast),
        )
        .filter(total__gt=0)
        .select_related("person")
    )
    found = [Progress(j, j.done, j.total, expected, j.last, reminded.get(j.person_id)) for j in judges]
    return sorted(found, key=lambda one: (one.done / one.total, one.judge.person.name))


def last_reminders(round: Round) -> dict[int, datetime]:
    """When each judge, by the person's key, was last asked for the sheets of this round."""
    letters = Letter.objects.filter(key__startswith=f"judges:reminder:{round.pk}:")
    return dict(letters.order_by("queued_at").values_list("person", "queued_at"))


def expected_share(round: Round, at: datetime) -> float:
    """How much of the round's time has passed."""
    stage = round.stage
    passed = (at - stage.opens_at) / (stage.closes_at - stage.opens_at)
    return min(1.0, max(0.0, passed))


# --- A tally as a page ----------------------------------------------------------------------------------


@dataclass
class Row:
    """A line of the tally, or the gap between two shown parts."""

    line: TallyLine | None = None
    classes: str = ""
    gap: str = ""
    chance: int | None = None
    raw_rank: int | None = None


def tiles(tally: Tally) -> list[dict[str, Any]]:
    found = tally.summary
    reliability = _("reliability")
    if found.get("judges_needed"):
        more = ngettext(
            "%(n)s judge would give %(target)s", "%(n)s judges would give %(target)s", found["judges_needed"]
        )
        more %= {"n": found["judges_needed"], "target": found["target"]}
        reliability = f"{reliability}; {more}"
    crossing = len(found["crossing"])
    return [
        {
            "figure": found["entries"],
            "caption": ngettext("entries, %(n)s review in all", "entries, %(n)s reviews in all", found["reviews"])
            % {"n": found["reviews"]},
        },
        {"figure": f"± {found['uncertainty']}", "caption": _("typical uncertainty of a score")},
        {"figure": found["reliability"] or "–", "caption": reliability},
        {
            "figure": crossing,
            "caption": ngettext(
                "entry crosses the line by the correction", "entries cross the line by the correction", crossing
            ),
        },
    ]


def lines_of(tally: Tally) -> list[TallyLine]:
    return list(tally.lines.select_related("application__city").order_by("rank", "application__code"))


def rows(tally: Tally, lines: list[TallyLine], *, whole: bool = False) -> list[Row]:
    """The table: the head, what lies around the line, the rest on demand; last those that could not be ranked."""
    ranked = [line for line in lines if line.rank is not None]
    quota, near = tally.summary["quota"], set(tally.summary["near"])
    by_raw = sorted(ranked, key=lambda line: -(line.raw or 0))
    if not tally.round.high_is_good:
        by_raw.reverse()
    raw_rank = {line.pk: place for place, line in enumerate(by_raw, 1)}
    found, hidden = [], []
    for place, line in enumerate(ranked, 1):
        if not whole and HEAD < place < quota - AROUND or (not whole and place > quota + AROUND and quota):
            hidden.append(place)
            continue
        found += gap(hidden)
        hidden = []
        classes = " ".join(
            filter(None, ["near" if line.application.code in near else "", "cut-below" if place == quota else ""])
        )
        chance = None if line.chance is None else round(100 * line.chance)
        found.append(Row(line, classes, chance=chance, raw_rank=raw_rank[line.pk]))
    return [*found, *gap(hidden), *(Row(line) for line in lines if line.rank is None)]


def gap(hidden: list[int]) -> list[Row]:
    if not hidden:
        return []
    if len(hidden) == 1:
        return [Row(gap=_("rank %(one)s") % {"one": hidden[0]})]
    return [Row(gap=_("ranks %(first)s to %(last)s") % {"first": hidden[0], "last": hidden[-1]})]


def corrections(tally: Tally) -> list[dict[str, Any]]:
    """What the correction did, judge by judge: those whose severity stands clear of chance, strongest first."""
    found = []
    for one in tally.summary["severities"]:
        severity, error = float(one["severity"]), float(one["error"] or 0)
        if abs(severity) > 2 * error and abs(severity) >= 0.1:
            found.append({**one, "severity": severity, "size": f"{abs(severity):.1f}", "error": f"{error:.1f}"})
    return sorted(found, key=lambda one: -abs(one["severity"]))


@dataclass(frozen=True)
class Unusual:
    """A sheet whose total nobody would have expected. It may be right: its judge is asked, and nothing is changed for it."""

    line: TallyLine
    judge: str
    total: Decimal
    expected: Decimal


def unusual(tally: Tally, lines: list[TallyLine], names: Mapping[str, str]) -> list[Unusual]:
    """Those on entries that the reader may see, the farthest first; a tally computed before they were noted has none."""
    shown = {line.application.code: line for line in lines}
    found = [one for one in tally.summary.get("unusual", []) if one["entry"] in shown]
    return [
        Unusual(
            shown[one["entry"]],
            names.get(one["judge"], one["judge"]),
            Decimal(one["total"]),
            Decimal(one["expected"]),
        )
        for one in found[:APART]
    ]


@dataclass(frozen=True)
class Apart:
    """An entry on which the judges differ."""

    line: TallyLine
    low: Decimal
    high: Decimal


def apart(tally: Tally, lines: list[TallyLine]) -> list[Apart]:
    """The entries whose totals lie farthest apart: what a meeting talks about first."""
    sheets = ScoreSheet.objects.filter(code__in=tally.working["sheets"]).order_by()
    spreads = sheets.values("assignment__application").annotate(low=Min("total"), high=Max("total"))
    ranges = {row["assignment__application"]: (row["low"], row["high"]) for row in spreads}
    found = [Apart(line, *ranges[line.application_id]) for line in lines if line.application_id in ranges]
    wide = sorted(found, key=lambda one: (one.low - one.high, one.line.rank or 0))
    return [one for one in wide[:APART] if one.high > one.low]


# --- A tally in the reader's words ----------------------------------------------------------------------


def warnings(tally: Tally) -> list[str]:
    """The engine's remarks, by their codes in the reader's language; one without a translation as it was written."""
    words = {
        "weakly-connected": _(
            "Some judges share few entries with the others, so what we say of their severity is rough. "
            "More shared entries would sharpen the correction."
        ),
        "disconnected": _(
            "The judges fall into %(n)s groups that share no entry. Scores can be compared only inside a group."
        ),
        "not-rankable": _("Entries with too few reviews are not ranked: %(n)s."),
        "no-error": _("No entry was read twice, so nothing can be said about chance."),
        "fallback-raw-mean": _("Too few reviews or judges for a correction: the plain means are used."),
        "saturated": _("Too few shared entries to tell severity from chance: nothing was corrected."),
        "small-panel": _("With %(n)s judges a difference between them can go unnoticed; none was found here."),
        "equal-sets": _("This method assumes that every judge received an equally good set of entries."),
    }
    remarks = tally.summary.get("warnings", [])
    return [words[one["code"]] % {"n": one.get("n", "")} if one["code"] in words else one["words"] for one in remarks]


def stay(tally: Tally) -> list[dict[str, Any]]:
    """If one thing had been otherwise: how many of the shortlist would still stand on it, at worst."""
    found = tally.summary.get("stay", {})
    changes = {
        "judge left out": _("left out any one judge"),
        "criterion left out": _("left out any one criterion"),
        "weights varied": _("weighed the criteria up to a quarter differently"),
        "other method": _("used another method"),
    }
    return [{"change": words, "stay": found[kind]} for kind, words in changes.items() if kind in found]

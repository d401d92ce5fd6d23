"""One category of a round, from cast sheets to places. Reads rows, writes none: the audit runs the same lines again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judges import criteria
from judges.models import Round, ScoreSheet
from prize import canonical
from prize.models import Category
from prize.scoring import (
    Note,
    Ranking,
    Refusal,
    Result,
    RuleSet,
    ScoringError,
    TieRule,
    TopK,
    connectivity,
    criterion_means,
    fit_scores,
    outliers,
    rank,
    reliability,
    robustness,
    rounded,
    top_k,
)

TARGET = 0.8  # the reliability that the page names the needed judges for
WORLDS = 100  # sets of weights that are tried
NEAR = (0.35, 0.65)  # chances between which scores alone cannot tell who passes the line


@dataclass(frozen=True)
class Inputs:
    """The counting sheets of one category, in a fixed order."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    totals: tuple[Decimal, ...]
    sheets: tuple[str, ...]
    marks: tuple[Mapping[str, Decimal], ...]

    def digest(self, rule: RuleSet) -> str:
        rows = zip(self.entries, self.judges, self.sheets, (f"{total:.6f}" for total in self.totals), strict=True)
        return canonical.digest({"rules": rule.digest(), "rows": sorted(map(list, rows))})


@dataclass(frozen=True)
class Line:
    """One entry's figures, as they are stored."""

    entry: str
    reviews: int
    rank: int | None = None
    raw: Decimal | None = None
    adjusted: Decimal | None = None
    error: Decimal | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    chance: Decimal | None = None
    working: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Computed:
    """All that a tally keeps."""

    method: str
    settings: dict[str, Any]
    inputs_digest: str
    digest: str
    lines: list[Line]
    summary: dict[str, Any]
    working: dict[str, Any]


def rule_of(round: Round) -> RuleSet:
    """The round's method and settings. Published places bind the adjusted score; a raw mean stays exact."""
    settings = {
        "rounding": {"adjusted": round.places},
        "low_is_good": not round.high_is_good,
        "scale": (float(round.scale_low), float(round.scale_high)),
        **round.method_settings,
        "method": round.method,
    }
    return RuleSet.from_dict(settings)


def inputs_of(round: Round, category: Category, entries: list[str]) -> Inputs:
    """The sheets that count now, of the entries that were in the category when it was asked for."""
    sheets = (
        ScoreSheet.objects.counting()
        .filter(assignment__round=round, assignment__application__category=category)
        .filter(assignment__application__code__in=entries)
        .filter(assignment__judge__stepped_down_at=None)
        .select_related("assignment__application", "assignment__judge")
        .prefetch_related("marks__criterion")
        .order_by("assignment__application__code", "assignment__judge__code")
    )
    rows = list(sheets)
    return Inputs(
        entries=tuple(row.assignment.application.code for row in rows),
        judges=tuple(row.assignment.judge.code for row in rows),
        totals=tuple(Decimal(row.total or 0) for row in rows),
        sheets=tuple(row.code for row in rows),
        marks=tuple({mark.criterion.key: mark.value for mark in row.marks.all()} for row in rows),
    )


def compute(round: Round, category: Category, *, entries: list[str]) -> Computed:
    """The whole result of one category. Raises ``ScoringError`` where the scores cannot bear what the rules ask."""
    rule, inputs = rule_of(round), inputs_of(round, category, entries)
    result = fit_scores(inputs.entries, inputs.judges, inputs.totals, rule=rule)
    ranking = rank(result, tie_rules=tie_rules(round, category, rule, inputs, result))
    quota = min(round.quotas.get(category.key, 0), int(result.rankable.sum()))
    chances = chances_of(result, quota)
    lines = [line_of(result, ranking, chances, place, round.places) for place in range(len(result.entries))]
    lines += [Line(entry, reviews=0) for entry in sorted(set(entries) - set(inputs.entries))]
    return Computed(
        method=result.method,
        settings=rule.to_dict(),
        inputs_digest=inputs.digest(rule),
        digest=canonical.digest({"result": result.digest(), "ranks": {line.entry: line.rank for line in lines}}),
        lines=lines,
        summary={**summary(inputs, result, lines, quota), "stay": who_stays(round, category, inputs, rule, quota)},
        working={**result.working.to_dict(), "entries": entries, "sheets": list(inputs.sheets)},
    )


def tie_rules(round: Round, category: Category, rule: RuleSet, inputs: Inputs, result: Result) -> list[TieRule]:
    """The rulebook's chain: the mean of a criterion, or ``draw`` by the public seed."""
    marks: dict[str, list[Mapping[str, Decimal]]] = {entry: [] for entry in result.entries}  # type: ignore[misc]
    counted = {leaf.key for leaf in criteria.leaves(round, category) if leaf.counts}
    for entry, given in zip(inputs.entries, inputs.marks, strict=True):
        marks[entry].append({key: value for key, value in given.items() if key in counted})
    means = {entry: criterion_means(given) for entry, given in marks.items()}
    chain = []
    for name in rule.ties:
        if name == "draw":
            chain.append(TieRule.draw("draw", str(rule.seed), result.entries))
        else:
            values = [means[entry].get(name, Fraction(0)) for entry in result.entries]  # type: ignore[index]
            chain.append(TieRule.by(name, values, high_wins=round.high_is_good))
    return chain


def chances_of(result: Result, quota: int) -> TopK | None:
    if not quota:
        return None
    try:
        return top_k(result, quota)
    except Refusal:
        return None  # no entry was scored twice: nothing can be said of chance, and the warnings say so


def line_of(result: Result, ranking: Ranking, chances: TopK | None, place: int, places: int) -> Line:
    decisive = ranking.values[place]
    known = decisive is not None and chances is not None
    return Line(
        entry=str(result.entries[place]),
        reviews=int(result.n_scores[place]),
        rank=ranking.place[place],
        raw=rounded(result.exact_raw()[place], criteria.PLACES),
        adjusted=None if decisive is None else rounded(decisive, criteria.PLACES),
        error=None if result.se is None else rounded(float(result.se[place]), 4),
        rank_low=int(chances.rank_low[place]) if known and chances else None,
        rank_high=int(chances.rank_high[place]) if known and chances else None,
        chance=rounded(float(chances.prob[place]), 4) if known and chances else None,
        working=result.card(result.entries[place]).to_dict()["steps"],
    )


def summary(inputs: Inputs, result: Result, lines: list[Line], quota: int) -> dict[str, Any]:
    ranked = [line for line in lines if line.rank is not None]
    return {
        "entries": len(lines),
        "reviews": len(inputs.sheets),
        "judges": len(result.judges),
        "quota": quota,
        "uncertainty": str(rounded(sum(float(line.error or 0) for line in ranked) / max(len(ranked), 1), 2)),
        "light": connectivity(inputs.entries, inputs.judges).light,
        "crossing": crossing(ranked, quota, high_is_good=not result.rule.low_is_good),
        "near": [line.entry for line in ranked if line.chance is not None and NEAR[0] <= line.chance <= NEAR[1]],
        "tied_at_line": tied_at_line(ranked, quota),
        "severities": severities(result, inputs),
        "unusual": unusual(result),
        "warnings": [{"code": note.code, "words": str(note), **counts(note)} for note in result.warnings],
        **how_reliable(inputs),
    }


def counts(note: Note) -> dict[str, Any]:
    """The figure of a remark, so that a page can say it in the reader's language."""
    found = next(iter(note.figures.values()), None)
    if isinstance(found, list | tuple):
        return {"n": len(found)}
    return {"n": found if isinstance(found, int) else str(rounded(found, 2))} if found is not None else {}


def who_stays(round: Round, category: Category, inputs: Inputs, rule: RuleSet, quota: int) -> dict[str, int]:
    """Of the first ``quota``, how many stay there in the worst recount of each kind. Empty where nothing can be recounted."""
    shares = {leaf.key: leaf.share for leaf in criteria.leaves(round, category) if leaf.counts}
    if not quota or any(set(shares) - set(given) for given in inputs.marks):
        return {}
    marks = {key: [given[key] for given in inputs.marks] for key in shares}
    try:
        found = robustness(
            inputs.entries, inputs.judges, k=quota, rule=rule, marks=marks, weights=shares, worlds=WORLDS
        )
    except ScoringError:
        return {}
    inside = [place for place, own in enumerate(found.place) if own is not None and own <= quota]
    stay: dict[str, int] = {}
    for scenario in found.scenarios:
        places = [scenario.place[place] for place in inside]
        kept = sum(own is not None and own <= quota for own in places)
        stay[scenario.kind] = min(kept, stay.get(scenario.kind, kept))
    return stay


def how_reliable(inputs: Inputs) -> dict[str, Any]:
    try:
        report = reliability(inputs.entries, inputs.judges, inputs.totals)
    except Refusal:
        return {"reliability": "", "judges_needed": None}
    return {
        "reliability": str(rounded(report.G, 2)),
        "judges_needed": report.judges_needed(TARGET),
        "target": str(TARGET),
    }


def crossing(lines: list[Line], quota: int, *, high_is_good: bool) -> list[str]:
    """Entries inside the line after the correction that the raw means alone would have left outside."""
    sign = -1 if high_is_good else 1
    by_raw = sorted(lines, key=lambda line: (sign * (line.raw or Decimal(0)), line.rank))
    inside = {line.entry for line in by_raw[:quota]}
    return sorted(line.entry for line in lines if line.rank and line.rank <= quota and line.entry not in inside)


def tied_at_line(lines: list[Line], quota: int) -> list[str]:
    """Entries that share the place the line runs through, so that not all of them fit."""
    ordered = sorted(lines, key=lambda line: line.rank or 0)
    if not 0 < quota < len(ordered) or ordered[quota - 1].rank != ordered[quota].rank:
        return []
    return sorted(line.entry for line in ordered if line.rank == ordered[quota].rank)


def unusual(result: Result) -> list[dict[str, str]]:
    """Marks far from what their entry and their judge lead one to expect, the farthest first. They count like all others."""
    return [
        {
            "entry": str(one.entry),
            "judge": str(one.judge),
            "total": str(rounded(one.score, 1)),
            "expected": str(rounded(one.expected, 1)),
        }
        for one in outliers(result)
    ]


def severities(result: Result, inputs: Inputs) -> list[dict[str, Any]]:
    """How far each judge marks above colleagues on the same entries, by the judge's code."""
    errors = result.severity_se
    return [
        {
            "judge": str(judge),
            "reviews": inputs.judges.count(str(judge)),
            "severity": str(rounded(float(result.severity[place]), 2)),
            "error": "" if errors is None else str(rounded(float(errors[place]), 2)),
        }
        for place, judge in enumerate(result.judges)
    ]

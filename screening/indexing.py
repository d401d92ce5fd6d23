"""The index of an edition: readings of cities go through a formula, and everything it was computed from is kept with it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from prize import canonical, governing, ledger
from prize.governing import Refused
from prize.models import Approval, City, Edition, Person
from prize.policy import is_secretariat
from prize.rulebook import plain
from prize.scoring import ScoringError
from screening.computing import METHOD, Computed, compute, results_digest, used
from screening.models import Formula, IndexLine, IndexRun, Indicator, Reading

# --- What it is computed from -----------------------------------------------------------------------


def inputs_of(formula: Formula, year: int, at: datetime | None = None) -> dict[str, Any]:
    """The rules and every reading that stands, or stood at a moment, in a fixed order and without floats."""
    edition = formula.edition
    keys = used(formula.expression)
    indicators = [row for row in edition.indicators.all() if row.key in keys]
    return {
        "format": 1,
        "formula": {
            "key": formula.key, "version": formula.version, "expression": formula.expression, "places": formula.places,
        },
        "year": year,
        "indicators": [described(row) for row in sorted(indicators, key=lambda row: row.key)],
        "cities": cities_with_readings(edition, indicators, year, at),
    }  # fmt: skip


def described(indicator: Indicator) -> dict[str, Any]:
    goalposts = {"low": indicator.low, "high": indicator.high}
    texts = {name: None if value is None else plain(value) for name, value in goalposts.items()}
    return {"key": indicator.key, "direction": int(indicator.direction), **texts}


def cities_with_readings(
    edition: Edition, indicators: list[Indicator], year: int, at: datetime | None
) -> list[dict[str, Any]]:
    """Cities of competing entries and cities that were measured, by code; one without any reading is there too."""
    readings: defaultdict[int, dict[str, dict[str, str]]] = defaultdict(dict)
    rows = Reading.objects.as_of(at) if at else Reading.objects.standing()
    keys = {row.pk: row.key for row in indicators}
    found = rows.filter(indicator__in=indicators, year__lte=year).order_by("year")
    for city, indicator, when, value in found.values_list("city", "indicator", "year", "value"):
        readings[city].setdefault(keys[indicator], {})[str(when)] = plain(value)
    entered = Application.objects.submitted().filter(edition=edition, city__isnull=False).values("city")
    cities = City.objects.filter(pk__in={*readings, *entered.values_list("city", flat=True)}).order_by("code")
    return [{"city": city.code, "peers": city.income, "readings": readings.get(city.pk, {})} for city in cities]


# --- Running it -------------------------------------------------------------------------------------


@transaction.atomic
def run(formula: Formula, *, year: int, by: Person, at: datetime) -> IndexRun:
    """Compute the index and keep it, with everything it was computed from. A later run stands beside it, not over it."""
    if not is_secretariat(by, formula.edition):
        raise Refused(_("Only the secretariat may run the index."))
    inputs = inputs_of(formula, year)
    computed = computed_or_refused(inputs, shown=True)
    digest = canonical.digest(inputs)
    kept = IndexRun.objects.create(
        formula=formula,
        year=year,
        method=METHOD,
        inputs=inputs,
        inputs_digest=digest,
        digest=results_digest(digest, computed.lines, formula.places),
        warnings=list(computed.warnings),
        run_by=by,
        run_at=at,
    )
    cities = {city.code: city for city in City.objects.filter(code__in=[line.city for line in computed.lines])}
    IndexLine.objects.bulk_create(
        IndexLine(run=kept, **{**line._asdict(), "city": cities[line.city]}) for line in computed.lines
    )
    facts = {"inputs": digest, "digest": kept.digest, "cities": len(computed.lines), "left_out": len(computed.warnings)}
    ledger.record(formula.edition, "index.run", subject=kept.code, facts=facts, by=by, at=at)
    return kept


def computed_or_refused(inputs: Mapping[str, Any], *, shown: bool) -> Computed:
    try:
        computed = compute(inputs, shown=shown)
    except ScoringError as error:
        raise Refused(_("The index cannot be computed. %(error)s") % {"error": error}) from error
    if not computed.lines:
        raise Refused(_("No city has every reading that the formula asks for."))
    return computed


def ask_to_run(formula: Formula, *, year: int, by: Person, at: datetime) -> Approval:
    """Ask a second person to let this index stand. What it would be computed from is pinned."""
    computed_or_refused(inputs := inputs_of(formula, year), shown=False)
    content = {
        "formula": formula.key, "version": formula.version, "year": year, "inputs": canonical.digest(inputs),
    }  # fmt: skip
    title = _("Run the index “%(formula)s” for %(year)s") % {"formula": formula.name, "year": year}
    return governing.ask(formula.edition, "screening.run_index", content, title=title, by=by, at=at)


def run_approved(formula: Formula, content: Mapping[str, Any], *, by: Person, at: datetime) -> IndexRun:
    if canonical.digest(inputs_of(formula, content["year"])) != content["inputs"]:
        raise Refused(_("The readings or the rules have changed since this was asked. Ask again."))
    return run(formula, year=content["year"], by=by, at=at)


# --- Reading it -------------------------------------------------------------------------------------


def standing_run(edition: Edition) -> IndexRun | None:
    """The latest run of the edition's formula is the one that stands."""
    runs = IndexRun.objects.filter(formula__edition=edition).select_related("formula")
    return runs.order_by("-run_at", "-pk").first()


def standing_line(edition: Edition, city: City | None) -> IndexLine | None:
    found = standing_run(edition)
    if found is None or city is None:
        return None
    return found.lines.filter(city=city).select_related("run__formula", "city").first()


def panel_for(application: Application) -> dict[str, Any] | None:
    """What ``screening/_index.html`` shows beside a dossier; None where the city has no line."""
    line = standing_line(application.edition, application.city)
    if line is None:
        return None
    groups = Counter(line.run.lines.values_list("peer_group", flat=True))
    names = {row.key: row for row in application.edition.indicators.all()}
    trace = [step_words(step) for step in line.working if step["kind"] == "step" and step["name"] != "round"]
    return {
        "line": line,
        "run": line.run,
        "formula": line.run.formula,
        "value": line.shown,
        "of": groups.total(),
        "peers": groups[line.peer_group] if line.peer_group else 0,
        "peer_name": City.Income(line.peer_group).label if line.peer_group else "",
        "levels": [level_words(step, names) for step in line.working if step["kind"] == "level"],
        "steps": list({step["name"]: step for step in trace}.values()),  # the last of each name is its result
        "trace": trace,
        "position": round(100 * (1 - (line.rank - 1) / max(1, groups.total() - 1))),
    }


def level_words(step: Mapping[str, Any], names: Mapping[str, Indicator]) -> dict[str, Any]:
    indicator = names.get(step["name"])
    return {
        "name": str(indicator.name) if indicator else step["name"],
        "unit": indicator.unit if indicator else "",
        "reading": step["reading"],
        "score": step["score"],
        "lower_is_better": bool(indicator and indicator.direction < 0),
    }


def step_words(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step's own figure is named as the step, or "result" where it is a part of one; the others went into it."""
    expression, _colon, words = step["words"].rpartition(": ")
    figures = dict(step["figures"])
    value = figures.pop(step["name"], None)
    if value is None:
        value = figures.pop("result", "")
    went_in = [(name, shown(each)) for name, each in figures.items() if name != shown(each)]
    return {"name": step["name"], "expression": expression, "words": words, "value": shown(value), "figures": went_in}


def shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)

"""Readings of cities, and the index computed from them."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from factories.applications import make_city
from factories.screening import make_entry, make_formula, make_readings
from hypothesis import given
from hypothesis import strategies as st

from prize import audit, governing
from prize.governing import Refused
from prize.models import City, LedgerEntry
from screening import collecting, computing, indexing
from screening.models import IndexLine, IndexRun, Reading


@pytest.fixture
def formula(edition):
    return make_formula(edition)


@pytest.fixture
def cities(db):
    """Two rich cities and two poor ones."""
    named = {
        "Bergen": ("NO", "high"),
        "Tampere": ("FI", "high"),
        "Hue": ("VN", "lower-middle"),
        "Vinh": ("VN", "lower-middle"),
    }
    found = {name: make_city(name, country) for name, (country, _income) in named.items()}
    for name, (_country, income) in named.items():
        City.objects.filter(pk=found[name].pk).update(income=income)
        found[name].refresh_from_db()
    return found


READINGS = {
    "Bergen": (("80", "81.6"), "8"),
    "Tampere": (("70", "77"), "6.5"),
    "Hue": (("30", "36"), "31"),
    "Vinh": (("25", "24"), "40"),
}


@pytest.fixture
def year(at):
    return at.year


@pytest.fixture
def readings(edition, formula, cities, mio, at, year):
    for name, ((before, now), air) in READINGS.items():
        make_readings(edition, cities[name], mio, at, online={year - 1: before, year: now}, air={year: air})


def by_hand(before: str, now: str, air: str) -> Decimal:
    """The same index in exact arithmetic, written a second time and another way."""
    before, now, air = Decimal(before), Decimal(now), Decimal(air)
    online = min(max((now - 20) / 70, Decimal(0)), Decimal(1)) * 100
    clean = (1 - min(max((air - 5) / 50, Decimal(0)), Decimal(1))) * 100
    growth = min(max((now / before - 1 + Decimal("0.05")) / Decimal("0.2"), Decimal(0)), Decimal(1)) * 100
    return ((online + clean) / 2 * Decimal("0.8") + growth * Decimal("0.2")).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_the_index_is_what_a_second_computation_gives(formula, readings, karim, at, year):
    run = indexing.run(formula, year=year, by=karim, at=at)
    stored = {line.city.name: line.value for line in run.lines.select_related("city")}
    assert stored == {name: by_hand(*online, air) for name, (online, air) in READINGS.items()}


def test_ranks_are_given_overall_and_among_peers(formula, readings, karim, at, year):
    run = indexing.run(formula, year=year, by=karim, at=at)
    expected = sorted(READINGS, key=lambda name: by_hand(*READINGS[name][0], READINGS[name][1]), reverse=True)
    lines = run.lines.select_related("city").order_by("rank")
    assert [line.city.name for line in lines] == expected
    peers = {line.city.name: (line.peer_group, line.peer_rank) for line in lines}
    assert {name for name, (group, _rank) in peers.items() if group == "lower-middle"} == {"Hue", "Vinh"}
    assert sorted(rank for _group, rank in peers.values()) == [1, 1, 2, 2]


def test_a_city_without_readings_gets_no_line_but_a_warning(edition, formula, readings, karim, amina, mio, at, year):
    empty, half = make_city("Oulu", "FI"), make_city("Turku", "FI")
    make_entry(edition, amina, city=empty)
    make_readings(edition, half, mio, at, online={year: "50"})
    run = indexing.run(formula, year=year, by=karim, at=at)
    assert {row["city"]: row["indicators"] for row in run.warnings} == {
        empty.code: ["air", "online"],
        half.code: ["air", "online"],  # one year of `online` makes no growth
    }
    assert indexing.standing_line(edition, empty) is None
    assert run.lines.count() == 4


def test_a_run_keeps_its_inputs_and_is_computed_again_by_the_audit(
    edition, formula, readings, karim, mio, cities, at, year
):
    first = indexing.run(formula, year=year, by=karim, at=at)
    later = at + timedelta(days=1)
    make_readings(edition, cities["Vinh"], mio, later, online={year: "60"})
    second = indexing.run(formula, year=year, by=karim, at=later)
    assert first.inputs_digest != second.inputs_digest
    assert list(audit.breaches()) == []
    assert indexing.standing_run(edition) == second


def test_the_audit_finds_a_line_that_was_tampered_with(formula, readings, karim, at, year, lifted_line):
    run = indexing.run(formula, year=year, by=karim, at=at)
    lifted_line(run)
    assert any(run.code in breach for _sentence, breach in audit.breaches())


@pytest.fixture
def lifted_line(db):
    """Change a line as nobody can while the seal is on."""
    from prize import sealing

    def change(run):
        sealing.lift()
        IndexLine.objects.filter(run=run, rank=1).update(value=Decimal("99.99"))

    yield change
    sealing.install()


def test_a_correction_of_a_reading_supersedes_it(edition, formula, cities, mio, karim, at, year):
    bergen, online = cities["Bergen"], edition.indicators.get(key="online")
    first = collecting.record_reading(online, bergen, year, Decimal("80"), source="Yearbook", by=mio, at=at)
    again = collecting.record_reading(online, bergen, year, Decimal("80.0"), source="Yearbook", by=karim, at=at)
    assert again == first
    later = at + timedelta(hours=1)
    collecting.record_reading(online, bergen, year, Decimal("81"), source="Yearbook, corrected", by=karim, at=later)
    rows = Reading.objects.order_by("pk").values_list("value", "source", "entered_by__name", "superseded_at")
    assert list(rows) == [
        (Decimal("80"), "Yearbook", "Mio", later),
        (Decimal("81"), "Yearbook, corrected", "Karim", None),
    ]


def test_a_reading_needs_a_source_a_year_that_has_begun_and_an_officer(edition, formula, cities, mio, nora, at, year):
    online, bergen = edition.indicators.get(key="online"), cities["Bergen"]
    for when, value, source, by, words in (
        (year, "80", " ", mio, "source"),
        (year + 1, "80", "Yearbook", mio, "year"),
        (year, "80.1234567", "Yearbook", mio, "six decimal"),
        (year, "NaN", "Yearbook", mio, "number"),
        (year, "80", "Yearbook", nora, "Only screening officers"),
    ):
        with pytest.raises(Refused, match=words):
            collecting.record_reading(online, bergen, when, Decimal(value), source=source, by=by, at=at)
    assert not Reading.objects.exists()


def test_only_the_secretariat_runs_the_index(formula, readings, mio, nora, at, year):
    for person in (mio, nora):
        with pytest.raises(Refused, match="Only the secretariat"):
            indexing.run(formula, year=year, by=person, at=at)
    assert not IndexRun.objects.exists()


def test_a_second_person_approves_exactly_what_was_shown(
    edition, formula, readings, cities, karim, lena, mio, at, year
):
    approval = indexing.ask_to_run(formula, year=year, by=karim, at=at)
    make_readings(edition, cities["Hue"], mio, at + timedelta(minutes=1), air={year: "20"})
    with pytest.raises(Refused, match="have changed"):
        governing.approve(approval, approval.digest, by=lena, at=at + timedelta(minutes=2))
    fresh = indexing.ask_to_run(formula, year=year, by=karim, at=at + timedelta(minutes=3))
    governing.approve(fresh, fresh.digest, by=lena, at=at + timedelta(minutes=4))
    assert IndexRun.objects.get().run_by == lena
    assert LedgerEntry.objects.get(act="index.run").facts["cities"] == 4


def test_an_index_of_nothing_is_refused_in_words(formula, karim, at, year):
    with pytest.raises(Refused, match="No city has every reading"):
        indexing.run(formula, year=year, by=karim, at=at)


def test_a_formula_that_was_run_is_never_edited(formula, readings, karim, at, year):
    from django.db import DatabaseError, transaction

    indexing.run(formula, year=year, by=karim, at=at)
    formula.expression = "online"
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        formula.save()


def test_the_panel_shows_value_rank_peers_and_every_step(edition, formula, readings, cities, karim, amina, at, year):
    entry = make_entry(edition, amina, city=cities["Hue"])
    assert indexing.panel_for(entry) is None
    indexing.run(formula, year=year, by=karim, at=at)
    panel = indexing.panel_for(entry)
    assert (panel["value"], panel["of"], panel["peers"]) == (str(by_hand("30", "36", "31")), 4, 2)
    assert {(level["name"], level["reading"]) for level in panel["levels"]} == {("Online", "36"), ("Air", "31")}
    assert [step["name"] for step in panel["steps"]] == ["situation", "growth", "result"]


def test_an_entry_without_a_city_has_no_panel(edition, formula, readings, karim, amina, at, year):
    indexing.run(formula, year=year, by=karim, at=at)
    assert indexing.panel_for(make_entry(edition, amina, city=None, country="NO")) is None


def test_the_order_in_which_readings_came_changes_nothing(edition, formula, readings, karim, at, year):
    inputs = indexing.inputs_of(formula, year)
    turned = inputs | {"cities": inputs["cities"][::-1]}
    assert {line.city: line for line in computing.compute(turned).lines} == {
        line.city: line for line in computing.compute(inputs).lines
    }


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=2, max_size=8))
def test_a_better_level_never_ranks_lower(values):
    inputs = {
        "formula": {"key": "k", "version": 1, "expression": "jobs", "places": 2},
        "year": 2030,
        "indicators": [{"key": "jobs", "direction": 1, "low": "0", "high": "100"}],
        "cities": [
            {"city": f"C{number:02}", "peers": "", "readings": {"jobs": {"2030": str(value)}}}
            for number, value in enumerate(values)
        ],
    }
    lines = {line.city: line for line in computing.compute(inputs).lines}
    for number, value in enumerate(values):
        assert lines[f"C{number:02}"].rank == 1 + sum(other > value for other in values)


def test_the_fragment_for_judges_pages_says_the_value_the_ranks_and_the_steps(
    edition, formula, readings, cities, karim, amina, at, year
):
    from django.template.loader import render_to_string

    entry = make_entry(edition, amina, city=cities["Hue"])
    indexing.run(formula, year=year, by=karim, at=at)
    panel = indexing.panel_for(entry)
    text = " ".join(render_to_string("screening/_index.html", {"panel": panel}).split())
    line = panel["line"]
    assert f'<b class="numbers">{panel["value"]}</b> of 100, place {line.rank} of 4 cities' in text
    assert f"place {line.peer_rank} of 2 among its peers (lower middle income)" in text
    assert "Online" in text
    assert "situation = mean(online, air)" in text
    assert panel["run"].code in text

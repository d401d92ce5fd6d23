import numpy as np
import pytest

from prize.scoring import Refusal, ScoringError, composite
from prize.scoring.composite_spec import CompositeSpec, IndicatorSpec
from prize.scoring.treat import treat_outliers

# COINr 1.1.14, vignette "Presenting Results": build_example_coin(), ASEM sustainable connectivity
ASEM_PUBLISHED = """
CHE  1 68.38 62.79 73.98 63.41 32.87 74.78 85.94 56.93 77.21 87.85 56.88
NLD  2 64.82 61.94 67.70 64.87 46.62 84.55 71.74 41.92 58.73 86.58 57.78
DNK  3 64.80 57.10 72.51 50.52 30.43 78.13 75.35 51.04 69.83 86.40 61.29
NOR  4 64.47 57.44 71.50 58.18 25.70 80.03 89.46 33.80 70.90 87.00 56.59
BEL  5 63.54 63.99 63.09 71.97 48.22 80.84 75.60 43.32 53.01 86.17 50.09
SWE  6 63.00 53.87 72.12 51.51 23.87 80.98 74.51 38.50 66.37 87.74 62.27
IND 45 39.79 28.60 50.99 18.78  6.38 51.90 59.84  6.07 75.34 22.74 54.88
"""
PILLARS = ("Conn", "Sust", "Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin")


def number(text: str) -> float | None:
    return None if text in ("NA", "") else float(text)


@pytest.fixture(scope="module")
def asem(rows):
    meta, raw, below = rows("asem_indicator_meta.csv"), rows("asem_raw.csv"), rows("asem_denominators.csv")
    table = {name: [row[name] for row in raw] for name in ("UnitCode", "Group_EurAsia", "Group_GDPpc")}
    table |= {each["IndCode"]: [number(row[each["IndCode"]]) for row in raw] for each in meta}
    table |= {name: [number(row[name]) for row in below] for name in below[0] if name.startswith("Den_")}
    spec = {
        "unit": "UnitCode",
        "group": "Group_EurAsia",
        "peers": ["Group_GDPpc"],
        "impute": "group-mean",
        "treat": True,
        "normalise": "min-max",
        "rounding": 2,
        "dimensions": [{"name": "Conn"}, {"name": "Sust"}]
        + [{"name": name, "parent": parent} for name, parent in {e["Agg1"]: e["Agg2"] for e in meta}.items()],
        "indicators": [
            {
                "name": each["IndCode"],
                "parent": each["Agg1"],
                "weight": each["IndWeight"],
                "direction": int(each["Direction"]),
                "denominator": None if each["Denominator"] == "NA" else each["Denominator"],
            }
            for each in meta
        ],
    }
    return table, spec


@pytest.fixture(scope="module")
def asem_result(asem):
    return composite(*asem)


@pytest.mark.parametrize(("stage", "file"), [("denominated", "asem_denominated.csv"), ("imputed", "asem_imputed.csv")])
def test_asem_stages_are_the_published_ones(asem_result, rows, stage, file):
    published = rows(file)
    assert [row["UnitCode"] for row in published] == list(asem_result.units)
    for name, values in getattr(asem_result, stage).items():
        wanted = [number(row[name]) for row in published]
        assert [value is None for value in values] == [value is None for value in wanted]
        assert [v for v in values if v is not None] == pytest.approx([w for w in wanted if w is not None], rel=1e-12)


def test_asem_counts_are_the_published_ones(asem_result, known):
    expect = known["asem_dev"]["expect"]
    assert sum(value is None for values in asem_result.raw.values() for value in values) == expect["missing_raw_cells"]
    assert (len(asem_result.units), len(asem_result.raw)) == (expect["n_units"], expect["n_indicators"])


@pytest.mark.parametrize("line", ASEM_PUBLISHED.strip().splitlines())
def test_the_asem_index_and_its_pillars_are_the_published_ones(asem_result, line):
    code, place, index, *pillars = line.split()
    row = asem_result.units.index(code)
    assert (asem_result.place[row], str(asem_result.score[row])) == (int(place), index)
    found = [asem_result.dimensions[name][row] for name in PILLARS]
    assert found == pytest.approx([float(value) for value in pillars], abs=0.005001)


def test_peers_are_ranked_among_themselves(asem, asem_result):
    places = asem_result.peers["Group_GDPpc"]
    rich = {
        unit: place
        for unit, place, group in zip(asem_result.units, places, asem[0]["Group_GDPpc"], strict=True)
        if group == "XL"
    }
    assert [unit for unit, place in sorted(rich.items(), key=lambda each: each[1])][:5] == [
        "CHE",
        "NLD",
        "DNK",
        "NOR",
        "SWE",
    ]


def test_a_trace_shows_one_units_way_through_every_stage(asem_result):
    trace = asem_result.trace("CHE")
    assert trace.steps[-1].figures == {"index": asem_result.score[asem_result.units.index("CHE")], "place": 1}
    assert sum(step.figures["share"] for step in trace.steps if step.name == "indicator") == 1
    assert "CHE" not in trace.text()


@pytest.mark.parametrize("year", ["2010", "2015", "2018"])
def test_every_published_human_development_index_comes_out(rows, year):
    table = [row for row in rows("undp_hdi_2010_2015_2018.csv") if number(row[f"hdi_{year}"]) is not None]
    columns = {name: [number(row[f"{name}_{year}"]) for row in table] for name in ("le", "eys", "mys", "gnipc")}
    spec = CompositeSpec(
        unit="iso3",
        scale=(0, 1),
        aggregate="geometric",
        rounding=3,
        dimensions=[{"name": "education", "aggregate": "arithmetic"}],
        indicators=[
            {"name": "le", "low": 20, "high": 85},
            {"name": "eys", "low": 0, "high": 18, "parent": "education"},
            {"name": "mys", "low": 0, "high": 15, "parent": "education"},
            {"name": "gnipc", "low": 100, "high": 75000, "transform": "ln"},
        ],
    )
    result = composite({"iso3": [row["iso3"] for row in table]} | columns, spec)
    assert len(result.units) == {"2010": 191, "2015": 192, "2018": 192}[year]
    assert [f"{float(row[f'hdi_{year}']):.3f}" for row in table] == [str(value) for value in result.score]
    higher = [1 + sum(other > value for other in result.score) for value in result.score]
    assert list(result.place) == higher


SMALL = {"unit": ["a", "b", "c"], "jobs": [10, 20, 40], "waste": [5, 9, 7]}


def _spec(**settings):
    base = {"indicators": [{"name": "jobs"}, {"name": "waste", "direction": -1}], "normalise": "min-max"}
    return base | settings


@pytest.mark.parametrize(
    ("change", "spec", "words"),
    [
        ({"jobs": [10, 10, 10]}, {}, "Indicator jobs: every unit has the same reading"),
        ({"jobs": [10, float("nan"), 40]}, {}, "jobs of b: nan is not a finite number"),
        ({"jobs": [10, float("inf"), 40]}, {}, "jobs of b: inf is not a finite number"),
        ({"jobs": [10, "many", 40]}, {}, "jobs of b: 'many' is not a number"),
        ({"jobs": [10, None, 40]}, {"minimum_available": 0.5}, "jobs of b: it is missing"),
        ({"jobs": [10, 40]}, {}, "Column jobs: it has 2 values for 3 units"),
        ({"unit": ["a", "b", "a"]}, {}, "Unit ['a']: it is there twice"),
        ({}, {"aggregate": "geometric"}, "jobs of a: 0 cannot enter a geometric mean"),
        ({}, {"indicators": [{"name": "roads"}]}, "Column roads: the table has none"),
        ({}, {"indicators": [{"name": "jobs", "weight": 0}]}, "Dimension index"),
        ({}, {"indicators": [{"name": "jobs", "weight": -1}]}, "Weight of jobs: -1 is negative"),
        ({}, {"indicators": [{"name": "jobs"}, {"name": "jobs"}]}, "Name jobs: it is there twice"),
        ({}, {"indicators": [{"name": "jobs", "parent": "x"}]}, "Parent of jobs"),
        ({}, {"normalise": "goalposts"}, "Goalposts of jobs: they are missing"),
        ({}, {"normalise": "best"}, "'best' is not known"),
        ({}, {"colour": "red"}, "Setting colour"),
        ({}, {"minimum_available": 1.5}, "Setting minimum_available: 1.5"),
        ({}, {"scale": (0, float("inf"))}, "Scale: (0, inf) does not rise"),
        (
            {},
            {"indicators": [{"name": "jobs", "low": float("-inf"), "high": 9}]},
            "Setting low of jobs: -inf is not a finite number",
        ),
        ({"people": [1, 0, 2]}, {"indicators": [{"name": "jobs", "denominator": "people"}]}, "people of b: it is zero"),
        ({"jobs": [None, None, None]}, {"impute": "mean", "minimum_available": 0.2}, "jobs of any unit: no reading"),
    ],
)
def test_bad_input_gets_an_error_that_names_the_place_and_the_remedy(change, spec, words):
    with pytest.raises(ScoringError, match="Remedy") as caught:
        composite(SMALL | change, _spec(**spec))
    assert words in str(caught.value)


@pytest.mark.parametrize("how", ["goalposts", "min-max", "z-score", "rank", "percentile", "borda", "fraction-of-max"])
def test_every_normalisation_keeps_the_order_and_makes_high_good(how):
    indicators = [{"name": "jobs", "low": 0, "high": 50}]
    result = composite(SMALL, {"indicators": indicators, "normalise": how})
    assert result.place == (3, 2, 1)


def test_low_can_be_good_for_every_normalisation_that_allows_it():
    for how in ("goalposts", "min-max", "z-score", "rank", "percentile", "borda"):
        spec = {"indicators": [{"name": "waste", "direction": -1, "low": 0, "high": 10}], "normalise": how}
        assert composite(SMALL, spec).place == (1, 3, 2)
    with pytest.raises(Refusal, match="where high is good"):
        composite(SMALL, {"indicators": [{"name": "waste", "direction": -1}], "normalise": "fraction-of-max"})


def test_a_reference_level_is_full_marks_and_the_worst_is_none():
    spec = {"indicators": [{"name": "jobs", "reference": 30}], "normalise": "reference"}
    assert composite(SMALL, spec).normalised["jobs"] == (0.0, 50.0, 100.0)


@pytest.mark.parametrize(
    ("impute", "value"),
    [("mean", 25.0), ("median", 25.0), ("group-mean", 10.0), ("group-median", 10.0), ("previous", 18.0)],
)
def test_gaps_are_filled_as_declared_and_flagged(impute, value):
    table = SMALL | {"jobs": [10, None, 40], "group": ["x", "x", "y"], "last": [1, 18, 3]}
    spec = _spec(impute=impute, group="group", minimum_available=0.5)
    spec["indicators"] = [{"name": "jobs", "previous": "last"}, {"name": "waste"}]
    result = composite(table, spec)
    assert result.imputed["jobs"] == (10.0, value, 40.0)
    assert result.filled == (("b", "jobs"),)
    assert "imputed" in [note.code for note in result.warnings]


def test_a_gap_can_be_filled_by_regression_on_a_named_column():
    table = {"unit": list("abcd"), "jobs": [2, 4, None, 8], "gdp": [1, 2, 3, 4]}
    spec = {"indicators": [{"name": "jobs", "predictor": "gdp"}], "impute": "regression", "normalise": "rank"}
    result = composite(table, spec | {"minimum_available": 0})
    assert result.imputed["jobs"] == pytest.approx((2, 4, 6, 8))


def test_what_is_available_can_be_used_alone_and_stays_none_in_every_stage():
    result = composite(SMALL | {"jobs": [10, None, 40]}, _spec(impute="available", minimum_available=0.5))
    assert result.normalised["jobs"] == (0.0, None, 100.0)
    assert [float(value) for value in result.score] == [50.0, 0.0, 75.0]
    assert "1 readings are missing; in those units the other indicators carry their weight." in map(
        str, result.warnings
    )


def test_a_unit_with_too_few_readings_is_left_out_with_the_reason():
    result = composite(SMALL | {"jobs": [10, None, 40]}, _spec())
    assert result.units == ("a", "c")
    assert result.dropped == (("b", "50% of the readings, 65% needed"),)


def test_winsorising_stops_as_soon_as_the_readings_are_in_line():
    x = np.array([*range(1, 21), 100, 200.0])
    treated = treat_outliers(x)
    assert (treated.how, treated.x.max(), int(treated.moved.sum())) == ("winsorised", 20.0, 2)


def test_where_winsorising_does_not_help_it_is_undone_and_logged():
    x = np.array([*range(1, 21), 100, 200.0])
    treated = treat_outliers(x, points=1)
    assert treated.how == "logged"
    assert treated.x == pytest.approx(np.log(x - 1 + 1.99))
    low = treat_outliers(-x, points=1)
    assert low.x == pytest.approx(-treated.x)


def test_weights_at_both_levels_share_out_the_whole():
    spec = _spec(dimensions=[{"name": "economy", "weight": 3}, {"name": "earth", "weight": 1}])
    spec["indicators"] = [{"name": "jobs", "parent": "economy"}, {"name": "waste", "parent": "earth"}]
    result = composite(SMALL, spec)
    assert {name: str(share) for name, share in result.weights.items()} == {"jobs": "3/4", "waste": "1/4"}
    assert float(result.score[1]) == pytest.approx(0.75 * 100 / 3 + 0.25 * 100)


def test_copeland_gives_no_compensation():
    table = {"unit": list("abc"), "p": [9, 5, 4], "q": [1, 5, 4], "r": [1, 5, 4]}
    spec = {"indicators": [{"name": name} for name in "pqr"], "normalise": "rank", "aggregate": "copeland"}
    assert [float(value) for value in composite(table, spec).score] == [-2.0, 2.0, 0.0]


def test_leaving_out_the_last_indicator_of_a_dimension_takes_the_dimension_with_it():
    spec = CompositeSpec([IndicatorSpec("a", "d"), IndicatorSpec("b")], [{"name": "d"}], normalise="rank")
    assert [each.name for each in spec.without("a").dimensions] == []
    assert [each.name for each in spec.without("b").dimensions] == ["d"]


def test_the_order_of_the_units_changes_no_figure():
    turned = {name: list(reversed(values)) for name, values in SMALL.items()}
    one, two = composite(SMALL, _spec()), composite(turned, _spec())
    assert dict(zip(one.units, one.score, strict=True)) == dict(zip(two.units, two.score, strict=True))

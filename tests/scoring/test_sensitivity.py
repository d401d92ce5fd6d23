import numpy as np
import pytest

from prize.scoring import (
    Refusal,
    ScoringError,
    ahp_weights,
    budget_weights,
    composite,
    entropy_weights,
    pca_weights,
    sensitivity,
    sobol,
)


@pytest.fixture(scope="module")
def cities():
    rng = np.random.Generator(np.random.Philox(5))
    base = rng.normal(size=30)
    table = {"unit": [f"city {n:02}" for n in range(30)]}
    table |= {f"i{n}": (50 + 10 * (base + rng.normal(size=30))).tolist() for n in range(6)}
    spec = {
        "indicators": [{"name": f"i{n}", "parent": "d" if n < 3 else "index", "low": 0, "high": 100} for n in range(6)],
        "dimensions": [{"name": "d"}],
    }
    return table, spec


def test_ranges_hold_the_median_and_come_back_with_the_seed(cities):
    one, two = sensitivity(*cities, draws=100), sensitivity(*cities, draws=100)
    assert one.drawn.tobytes() == two.drawn.tobytes()
    assert (one.rank_low <= one.rank_median).all()
    assert (one.rank_median <= one.rank_high).all()
    assert one.first(5).sum() == pytest.approx(5, abs=0.2)


def test_without_any_choice_nothing_moves(cities):
    table, spec = cities
    one = {"indicators": [spec["indicators"][3] | {"name": "i3"}]}
    still = sensitivity(table, one, draws=20, spread=0.0, normalisations=[], aggregations=[])
    assert still.rank_low.tolist() == still.rank_high.tolist() == list(still.place)


def test_every_single_change_is_reported(cities):
    report = sensitivity(*cities, draws=10)
    found = {(each.factor, each.choice) for each in report.alternatives}
    assert {("normalisation", "min-max"), ("aggregation", "geometric"), ("indicator left out", "i4")} <= found
    left_out = next(each for each in report.alternatives if each.choice == "i4")
    spec = {"indicators": [each for each in cities[1]["indicators"] if each["name"] != "i4"]}
    again = composite(cities[0], spec | {"dimensions": [{"name": "d"}]})
    shift = np.abs(np.array(again.place) - np.array(report.place))
    assert (left_out.mean_shift, left_out.largest_shift) == (shift.mean(), shift.max())


def test_a_choice_the_readings_do_not_allow_is_skipped_and_named(cities):
    table, spec = cities
    constant = table | {"i0": [50.0] * 30}
    report = sensitivity(constant, spec, draws=10)
    assert [reason.partition(":")[0] for reason in report.skipped] == ["min-max"]


def test_an_indicator_that_cannot_be_left_out_is_named(cities):
    spec = {"indicators": [cities[1]["indicators"][3], cities[1]["indicators"][4] | {"weight": 0}]}
    report = sensitivity(cities[0], spec, draws=10)
    assert [reason.partition(":")[0] for reason in report.skipped] == ["without i3"]


def test_wider_weights_move_more(cities):
    narrow = sensitivity(*cities, draws=200, spread=0.05, normalisations=[], aggregations=[])
    wide = sensitivity(*cities, draws=200, spread=0.9, normalisations=[], aggregations=[])
    assert (wide.rank_high - wide.rank_low).mean() > (narrow.rank_high - narrow.rank_low).mean()


def test_sobol_finds_the_only_thing_that_matters(cities):
    only_weights = sobol(*cities, base=64, spread=0.9, normalisations=[], aggregations=[])
    by_name = dict(zip(only_weights.factors, only_weights.total, strict=True))
    assert by_name["normalisation"] == by_name["aggregation"] == 0
    assert by_name["weights"] > 0.3


def test_sensitivity_refuses_what_makes_no_sense(cities):
    with pytest.raises(ScoringError, match="spread"):
        sensitivity(*cities, spread=2.0)
    with pytest.raises(ScoringError, match="draws"):
        sensitivity(*cities, draws=0)
    with pytest.raises(ScoringError, match="level"):
        sensitivity(*cities, level=1.9)
    with pytest.raises(ScoringError, match="base"):
        sobol(*cities, base=0)


def test_pairwise_judgements_by_saaty(known):
    case = known["ahp_3x3"]
    result = ahp_weights(case["matrix"])
    assert result.weights == pytest.approx(case["weights"], abs=case["tol"])
    found = (result.lambda_max, result.CI, result.CR)
    assert found == pytest.approx((case["lambda_max"], case["CI"], case["CR"]), abs=case["tol"])
    assert result.acceptable


def test_inconsistent_judgements_are_not_acceptable():
    assert not ahp_weights([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]).acceptable


@pytest.mark.parametrize("bad", [[[1, 2], [2, 1]], [[1, -1], [-1, 1]], [[1, 2, 3]], []])
def test_a_matrix_that_is_no_matrix_of_judgements_is_refused(bad):
    with pytest.raises(ScoringError, match="reciprocal"):
        ahp_weights(bad)


def test_budgets_must_add_up():
    with pytest.raises(ScoringError, match="Budget 2"):
        budget_weights([{"a": 60, "b": 40}, {"a": 60, "b": 41}])


def test_weights_from_the_sample_add_up_and_refuse_what_has_no_spread():
    table = {"a": [1, 2, 3, 5], "b": [2, 1, 4, 3], "c": [5, 5, 1, 2]}
    for way in (entropy_weights, pca_weights):
        assert sum(way(table).values()) == pytest.approx(1)
    with pytest.raises(Refusal):
        pca_weights(table | {"d": [1, 1, 1, 1]})
    with pytest.raises(Refusal):
        entropy_weights({"a": [1, 1], "b": [2, 2]})
    with pytest.raises(Refusal, match="negative"):
        entropy_weights({"a": [1, -1], "b": [2, 2]})

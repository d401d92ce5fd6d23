import numpy as np
import pytest

from prize.scoring import Refusal, ScoringError, cagr, log_slope, point_change, relative_slope, shrink, weighted_years


def test_a_steady_grower_grows_alike_by_every_measure():
    levels = [100 * 1.05**n for n in range(6)]
    assert cagr(levels[0], levels[-1], 5) == pytest.approx(0.05)
    assert np.exp(log_slope(range(2018, 2024), levels).slope) - 1 == pytest.approx(0.05)


def test_the_slope_and_its_error_are_those_of_least_squares():
    years, levels = [2018, 2019, 2020, 2022], [10.0, 12.0, 11.0, 15.0]
    x = np.column_stack([np.ones(4), years])
    beta, rest, _, _ = np.linalg.lstsq(x, np.log(levels), rcond=None)
    covariance = rest[0] / 2 * np.linalg.inv(x.T @ x)
    found = log_slope([2018, 2019, 2020, 2021, 2022], [10, 12, 11, None, 15])
    assert (found.slope, found.se, found.n) == pytest.approx((beta[1], covariance[1, 1] ** 0.5, 4), rel=1e-6)


def test_two_years_fit_any_line_so_their_error_is_unknown():
    assert log_slope([2019, 2020], [5, 6]).se is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cagr(0, 5, 3), "levels above zero"),
        (lambda: cagr(5, 5, 0), "the earlier reading first"),
        (lambda: log_slope([2019, 2020], [5, -1]), "Level in 2020"),
        (lambda: log_slope([2019, 2019], [5, 6]), "one is there twice"),
        (lambda: log_slope([2019, 2020], [5, None]), "1 readings"),
        (lambda: relative_slope([2019, 2020], [-5, 1]), "Mean level"),
        (lambda: weighted_years([None, None, None]), "no year has both"),
        (lambda: shrink([0.1], [0.0]), "standard error above zero"),
    ],
)
def test_growth_that_cannot_be_told_is_refused_with_a_remedy(call, words):
    with pytest.raises(ScoringError, match="Remedy") as caught:
        call()
    assert words in str(caught.value)


def test_the_tiny_city_s_wild_growth_is_drawn_in_most():
    slopes, errors = [0.02, 0.05, -0.01, 0.03, 0.40], [0.01, 0.01, 0.01, 0.01, 0.30]
    drawn = shrink(slopes, errors)
    moved = np.abs(np.array(drawn) - np.array(slopes))
    assert moved.argmax() == 4
    assert drawn[4] < max(drawn) + 1e-12 < 0.06


def test_shares_change_in_points_and_refuse_nonsense():
    assert point_change(41.5, 44) == 2.5
    with pytest.raises(ScoringError):
        point_change(None, 3)
    with pytest.raises(Refusal):
        relative_slope([2019, 2020], [0, 0])


def test_growth_beyond_any_scale_is_refused_not_infinite():
    with pytest.raises(ScoringError, match=r"0\.001 years are too short"):
        cagr("1e-90", "1e90", "0.001")

import numpy as np
import pytest

from prize.scoring import Refusal, ScoringError, cumulative_logit, rasch


@pytest.fixture(scope="module")
def essays(rows):
    table = rows("writing_ratings1.csv")
    criteria = [f"k{number}" for number in range(1, 6)]
    long = [(row["idstud"], row["rater"], each, int(row[each])) for row in table for each in criteria]
    return list(zip(*long, strict=True))


def test_the_essays_come_out_as_vgam_has_them(known, essays):
    answer = known["writing1_mfrm"]
    result = rasch(*essays, top=3)
    assert int(result.extreme.sum()) == 5
    assert dict(zip(result.judges, result.severity, strict=True)) == pytest.approx(answer["severity"], abs=1e-5)
    assert dict(zip(result.criteria, result.difficulty, strict=True)) == pytest.approx(answer["difficulty"], abs=1e-5)
    assert result.tau == pytest.approx(answer["tau"], abs=1e-5)
    assert result.log_likelihood == pytest.approx(answer["loglik"], abs=1e-4)
    assert dict(zip(result.judges, result.infit, strict=True))["db08"] == pytest.approx(1.68, abs=0.05)


def test_extreme_entries_get_a_bounded_measure_beyond_all_others(essays):
    result = rasch(*essays, top=3)
    assert np.isfinite(result.theta).all()
    assert np.isfinite(result.theta_se).all()
    assert np.abs(result.theta[result.extreme]).min() > 4
    assert ((result.fair >= 0) & (result.fair <= 3)).all()
    assert "extreme" in [note.code for note in result.warnings]


def test_planted_severities_come_back():
    rng = np.random.Generator(np.random.Philox(6))
    theta, beta, delta, tau = rng.normal(size=150), np.array([-0.8, -0.2, 0.3, 0.7]), np.array([-0.4, 0.4]), [-1, 0, 1]
    e, j, c = (index.ravel() for index in np.indices((150, 4, 2)))
    steps = np.cumsum((theta[e] - beta[j] - delta[c])[:, None] - np.array(tau)[None, :], axis=1)
    chance = np.exp(np.column_stack([np.zeros(len(e)), steps]))
    x = (chance.cumsum(axis=1) < rng.random(len(e))[:, None] * chance.sum(axis=1)[:, None]).sum(axis=1)
    result = rasch(e, j, c, x, 3)
    stretch = 8 / 7  # joint maximum likelihood, eight ratings an entry
    assert result.severity / stretch == pytest.approx(beta, abs=0.15)
    assert result.difficulty / stretch == pytest.approx(delta, abs=0.15)
    assert result.infit == pytest.approx(np.ones(4), abs=0.25)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": [0, 1, 2, 5, 1, 0]}, "Rating 4: 5 is no step of the scale"),
        ({"x": [0, 1, 2, 1.5, 1, 0]}, "Rating 4: 1.5 is no step"),
        ({"x": [0, 1, float("nan"), 1, 1, 0]}, "Rating 3: nan is no step"),
        ({"x": [0, 1, 1, 0, 1, 0]}, "nobody gave 2"),
        ({"x": ["a"] * 6}, "one is no number"),
        ({"j": [1, 2, 3, 4, 5, 6], "x": [0, 1, 2, 1, 1, 1]}, "Judge 1"),
        (
            {"j": [1, 2, 1, 2, 3, 4, 3, 4], "e": [1, 1, 2, 2, 3, 3, 4, 4], "x": [0, 1, 2, 1] * 2, "c": ["a"] * 8},
            "share no judge",
        ),
    ],
)
def test_ratings_that_cannot_be_measured_are_refused_with_a_remedy(change, words):
    given = {"e": [1, 1, 2, 2, 3, 3], "j": [1, 2, 1, 2, 1, 2], "c": ["a"] * 6, "x": [0, 1, 2, 1, 1, 2]} | change
    with pytest.raises(ScoringError, match="Remedy") as caught:
        rasch(given["e"], given["j"], given["c"], given["x"], 2)
    assert words in str(caught.value)


@pytest.fixture(scope="module")
def wine(rows):
    table = rows("wine_bitterness.csv")
    columns = {
        "tempwarm": [int(row["temp"] == "warm") for row in table],
        "contactyes": [int(row["contact"] == "yes") for row in table],
    }
    return [int(row["rating"]) for row in table], columns, [row["judge"] for row in table]


def test_the_wines_come_out_as_published(known, wine):
    answer = known["wine_clm"]
    result = cumulative_logit(*wine[:2])
    assert result.thresholds == pytest.approx(answer["thresholds"], abs=answer["tol"])
    assert result.effects == pytest.approx({name: answer[name] for name in result.effects}, abs=answer["tol"])
    assert result.log_likelihood == pytest.approx(answer["loglik"], abs=0.005)


def test_the_wines_with_random_judges_come_out_as_published(known, wine):
    answer = known["wine_clm"]["with_judge_random_effect_laplace"]
    result = cumulative_logit(*wine)
    assert result.thresholds == pytest.approx(answer["thresholds"], abs=5e-4)
    assert result.effects == pytest.approx({name: answer[name] for name in result.effects}, abs=5e-4)
    assert result.judge_variance == pytest.approx(answer["var_judge"], abs=5e-4)
    assert result.log_likelihood == pytest.approx(answer["loglik"], abs=0.005)


def test_ratings_that_say_nothing_are_refused():
    with pytest.raises(Refusal, match="all the same"):
        cumulative_logit([1, 1], {"a": [0, 1]})
    with pytest.raises(Refusal, match="Column a"):
        cumulative_logit([1, 2], {"a": [1, 1]})
    with pytest.raises(Refusal, match="separates"):
        cumulative_logit([1, 1, 2, 2] * 5, {"a": [0, 0, 1, 1] * 5})

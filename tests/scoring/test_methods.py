import numpy as np
import pytest

from prize.scoring import (
    METHODS,
    RuleSet,
    ScoringError,
    aggregate_ranks,
    composite,
    digest,
    evaluate_formula,
    fit_scores,
    rasch,
    top_k,
)
from prize.scoring import method as recipe
from prize.scoring.ballots import _COUNTERS
from prize.scoring.estimate import ESTIMATORS

# A released method is never changed. If one of these digests moves, the change belongs in a new version.
RELEASED = {
    "default/1": "9269f7267f02dab5763bf1611098fb057447b035bd7a0d8b502c7818721bd109",
    "raw-mean/1": "55ff4c2adda9d0e8d58280561501aad1361d67d26061427a3c9ee56b7d84d198",
    "trimmed-mean/1": "9c89fbd8d396275816d65d802f267430406763023406b84bfa316f4a079806c3",
    "median/1": "e7659ded2ffe2edaa82a25013335417baea3bac8825f03e29817c41fad161b84",
    "centred/1": "18527db9ec90791d9c9f49400b2210826557707ee9a166633a172a6fee0f0a97",
    "z-score/1": "74962f3cc5d81b80d785969f29a83acff1f2d92236ca451bd0d3e47c60867dcc",
    "additive/1": "d7d0339dfacd5a7ad9f3cb5fe0b525837e739fc026166f115318b105399785e3",
    "severity-adjusted/1": "9269f7267f02dab5763bf1611098fb057447b035bd7a0d8b502c7818721bd109",
    "severity-averaged/1": "331829ae2ba2d1c77a159ca404d32f0d8e6fa26750c58aa511714eb0edb85ae1",
    "crossed/1": "f08e9fdbe80365fecfa25d0676dec02abcaabe8fbe0030ac13bbc0251c617722",
    "borda/1": "67388ff766cefec0908f6eb97b33890b68c381c9f796da3cacddaca3341aa523",
    "copeland/1": "436be6e0409e9b0e8f884881cd0636fc7179707e3bfacf941aa36f193a07ac7f",
    "schulze/1": "436be6e0409e9b0e8f884881cd0636fc7179707e3bfacf941aa36f193a07ac7f",
    "kemeny/1": "2884b571490dd3e2649fcc6fd1ae7d85f2b7148dd3edd5a8b075d54e8320f4d7",
    "bradley-terry/1": "ea876adf1a5e603ee77317fd737d1b80077c83b93c21a63e3d20c69f05928410",
    "bradley-terry/2": "459ab0a74ac223d803edfd5ea3f9ea21f0094afa2aa5c38f9877e0905128dfcf",
    "plackett-luce/1": "f26003d46b4f76b6373955a14dfc51fce5799faab36c9c7b652dc8b280b1f408",
    "stv-droop/1": "75015a8ce197bb473d0c9a513f6a42778e775ff9c7abab593d8e8d3dbb9fcd46",
    "rasch/1": "a042f22756937c24013f4d1881ea78f3ea9dd22b7b357041539caced309becc7",
    "composite/1": "301de5d5a85929dcb08211d75703220726b6ea87848bf1a179fdfe25813843d6",
    "formula/1": "4ea770bf7399148fe8b49b7b1664d761acff6377fdee1d4702203d2061275f30",
}


def scores_digest(name):
    """Sixty entries, each scored by five of six judges; the scores are plain arithmetic, so that nothing can move them."""
    entry, judge = (index.ravel() for index in np.indices((60, 6)))
    keep = judge != entry % 6
    entry, judge = entry[keep], judge[keep]
    score = np.round((entry * 37 % 50 + judge * 11 % 17 + (entry * judge * 5 + entry * entry) % 23) / 9, 2)
    result = fit_scores(entry, judge, score, rule=RuleSet(method=name))
    values = [None if value is None else f"{float(value):.6f}" for value in result.decisive()]
    return digest([values, [f"{b:.6f}" for b in result.severity], [f"{se:.6f}" for se in result.se]])


def ballots_digest(name):
    ballots = ["ABCDE", "BCADE", "CABED", "EDABC", ["A", ["B", "C"], "E"], {"D": 1, "E": 2, "A": 2}, "BADCE"]
    outcome = aggregate_ranks(ballots, name, seats=2, tie_order="ABCDE", ghost=0.5)
    score = [None if value is None else f"{float(value):.5f}" for value in outcome.score]
    return digest([outcome.entries, outcome.place, score])


def other_digest(name):
    if name == "rasch/1":
        e, j, c = (index.ravel() for index in np.indices((12, 4, 3)))
        ratings = (e * e + 3 * j + 2 * c + e * j * c) % 5
        found = rasch(e, j, c, ratings, 4)
        return digest([[f"{x:.6f}" for x in each] for each in (found.theta, found.severity, found.tau)])
    data = {"a": [3, 1, 4, 1.5], "b": [9, 2, 6, 5]}
    if name == "formula/1":
        text = "x = minmax(a) + zscore(b); if(x > 0, geomean(a, b), clip(x, -1, percentile(a)))"
        return digest([str(value) for value in evaluate_formula(text, data, list("wxyz"), rounding=9).values])
    spec = {"indicators": [{"name": "a"}, {"name": "b", "direction": -1}], "normalise": "min-max", "rounding": 6}
    return digest([str(value) for value in composite(data | {"unit": list("wxyz")}, spec).score])


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_released_method_still_gives_what_it_gave_when_it_was_released(name):
    takes = METHODS[name].takes
    if takes == "scores":
        assert scores_digest(name) == RELEASED[name]
    else:
        assert (ballots_digest(name) if takes == "ballots" else other_digest(name)) == RELEASED[name]


def test_every_name_has_a_recipe_that_works_and_no_recipe_is_without_a_name():
    scores = {name for name, each in METHODS.items() if each.takes == "scores"}
    assert scores == set(ESTIMATORS) | {"default/1"}
    assert {name for name, each in METHODS.items() if each.takes == "ballots"} == set(_COUNTERS)


def test_an_unknown_method_is_refused_with_the_names_there_are():
    with pytest.raises(ScoringError, match="raw-mean/1"):
        recipe("best-of-all/1")
    with pytest.raises(ScoringError, match="it takes ballots"):
        fit_scores([1], [1], [1], rule=RuleSet(method="borda/1"))


def test_a_bare_name_means_the_newest_version_and_is_pinned_in_the_rules():
    assert RuleSet(method="raw-mean").method == "raw-mean/1"
    assert RuleSet(method="raw-mean").digest() == RuleSet(method="raw-mean/1").digest()
    assert aggregate_ranks(["AB"], "schulze").working.method == "schulze/1"
    with pytest.raises(ScoringError, match="use one of"):
        RuleSet(method="best-of-all")


def test_stated_certainty_comes_true_over_three_hundred_contests(contest):
    """Intervals of 95 % hold the truth, and a stated chance of the first ten happens about as often as stated."""
    covered, stated, happened = [], [], []
    for seed in range(300):
        entry, judge, score, truth = contest(seed=seed, entries=60, judges=12, each=3, places=6)
        result = fit_scores(entry, judge, score)
        shift = result.adjusted - truth
        centred = shift - shift.mean()  # the general level is nobody's merit
        spread = result.cov
        spread = spread - spread.mean(axis=0) - spread.mean(axis=1)[:, None] + spread.mean()
        covered += (np.abs(centred) < 1.96 * np.sqrt(np.diag(spread))).tolist()
        if seed < 120:
            chances = top_k(result, 10, draws=400)
            stated += chances.prob.tolist()
            happened += (np.argsort(np.argsort(-truth)) < 10).tolist()
    assert 0.93 <= np.mean(covered) <= 0.965
    stated, happened = np.array(stated), np.array(happened)
    sure = (stated >= 0.8) & (stated <= 0.95)
    assert happened[sure].mean() == pytest.approx(stated[sure].mean(), abs=0.10)


@pytest.mark.parametrize(
    "setting",
    [{"seed": None}, {"seed": -1}, {"draws": 1.5}, {"minimum_scores": -1}, {"factor": "much"}, {"factor": "-1"}],
)
def test_rules_that_could_not_be_repeated_or_counted_are_refused(setting):
    with pytest.raises(ScoringError, match=next(iter(setting))):
        RuleSet(**setting)

import numpy as np
import pytest

from prize.scoring import Refusal, RuleSet, ScoringError, fit_scores, judges_needed, reliability, top_k
from prize.scoring.crossed import components, joint_covariance
from prize.scoring.panel import panel
from prize.scoring.reliability import with_criteria


def _panel(rows, name, entry, judge, score):
    table = rows(name)
    columns = ([row[column] for row in table] for column in (entry, judge, score))
    return panel(*columns, None, RuleSet(replicates=True))


def test_penicillin_by_full_likelihood_is_as_published(known, rows):
    c = components(_panel(rows, "penicillin.csv", "sample", "plate", "diameter"), reml=False)
    answer = known["penicillin"]["ML"]
    assert c.criterion == pytest.approx(answer["minus2loglik"], abs=1e-6)
    found = [c.judge**0.5, c.entry**0.5, c.residual**0.5, c.mu_se, c.mu]
    wanted = [answer[name] for name in ("sd_plate", "sd_sample", "sd_residual", "se_intercept", "intercept")]
    assert found == pytest.approx(wanted, abs=1e-4)


def test_penicillin_by_restricted_likelihood_is_lme4s(known, rows):
    c = components(_panel(rows, "penicillin.csv", "sample", "plate", "diameter"))
    answer = known["penicillin"]["REML"]
    assert c.criterion == pytest.approx(answer["criterion"], abs=1e-6)
    wanted = [answer[name] for name in ("var_plate", "var_sample", "var_residual")]
    assert [c.judge, c.entry, c.residual] == pytest.approx(wanted, rel=1e-4)
    assert c.u == pytest.approx(list(answer["blup_sample"].values()), abs=1e-4)


def test_of_a_full_table_the_components_are_those_of_the_analysis_of_variance(rows):
    table = np.zeros((6, 24))
    for row in rows("penicillin.csv"):
        table["ABCDEF".index(row["sample"]), ord(row["plate"]) - ord("a")] = float(row["diameter"])
    error = table - table.mean(1)[:, None] - table.mean(0)[None, :] + table.mean()
    mse = (error**2).sum() / (5 * 23)
    c = components(_panel(rows, "penicillin.csv", "sample", "plate", "diameter"))
    assert c.entry == pytest.approx(table.mean(1).var(ddof=1) - mse / 24, rel=1e-6)
    assert c.judge == pytest.approx(table.mean(0).var(ddof=1) - mse / 6, rel=1e-6)
    assert c.residual == pytest.approx(mse, rel=1e-6)


def test_pastes_with_replicates(known, rows):
    p = _panel(rows, "pastes.csv", "sample", "batch", "strength")
    c, answer = components(p), known["pastes"]["REML"]
    assert c.criterion == pytest.approx(answer["criterion"], abs=1e-5)
    wanted = [answer[name] for name in ("var_sample", "var_batch", "var_residual")]
    assert [c.entry, c.judge, c.residual] == pytest.approx(wanted, abs=1e-3)
    assert components(p, reml=False).criterion == pytest.approx(247.9944659, abs=1e-5)


def test_the_essays_crossed(known, writing):
    c, answer = components(panel(*writing, None, RuleSet())), known["writing1_crossed"]
    found = [c.entry, c.judge, c.residual, c.criterion, c.mu]
    wanted = [answer[name] for name in ("var_entry", "var_judge", "var_residual", "criterion", "mu")]
    assert found == pytest.approx(wanted, abs=1e-4)


def test_the_grant_panel_stands_on_its_boundary(known, aibs):
    answer = known["aibs"]["oneway_REML"]
    report = reliability(*aibs)
    assert report.components.judge == 0.0
    assert report.components.entry == pytest.approx(answer["var_entry"], abs=1e-6)
    assert report.components.residual == pytest.approx(answer["var_residual"], abs=1e-6)
    assert report.single == pytest.approx(answer["ICC1"], abs=1e-6)
    assert report.G == report.Phi == pytest.approx(answer["ICC_mean_of_3"], abs=1e-6)
    assert components(panel(*aibs, None, RuleSet())).criterion == pytest.approx(answer["criterion"], abs=1e-5)


def test_judges_needed_are_the_published_ones(known):
    for case in known["spearman_brown"]:
        assert judges_needed(case["icc1"], case["target"]) == case["judges"]


def test_the_two_way_of_growing_a_panel_are_inverse(aibs):
    report = reliability(*aibs)
    needed = report.judges_needed(0.8)
    assert report.with_judges(needed) >= 0.8 > report.with_judges(needed - 1)


def test_the_entry_component_of_the_shrout_and_fleiss_table(known):
    data = known["icc_shrout_fleiss_1979"]
    table = np.array(data["data"])
    e, j = np.indices(table.shape)
    report = reliability(e.ravel(), j.ravel(), table.ravel())
    assert list(report.components) == pytest.approx(list(data["variance_components_two_way"].values()), abs=1e-5)
    assert report.single_absolute == pytest.approx(data["full"]["ICC2"], abs=1e-5)
    assert pytest.approx(data["full"]["ICC3k"], abs=1e-5) == report.G
    assert {note.code for note in report.warnings} == {"few-entries"}


def test_the_sides_may_be_swapped(contest):
    entry, judge, score, _ = contest(entries=12, judges=9, each=3)
    one = components(panel(entry, judge, score, None, RuleSet()))
    two = components(panel(judge, entry, score, None, RuleSet()))
    assert (one.entry, one.judge, one.residual) == pytest.approx((two.judge, two.entry, two.residual), rel=1e-5)
    assert one.u == pytest.approx(two.b, abs=1e-5)
    for c in (one, two):
        assert np.sqrt(np.diag(joint_covariance(c))) == pytest.approx(c.u_se, rel=1e-9)


def test_components_match_the_likelihood_written_out_in_full(contest):
    entry, judge, score, _ = contest(entries=8, judges=5, each=3)
    c = components(panel(entry, judge, score, None, RuleSet()))
    zu, zb = np.eye(8)[entry], np.eye(5)[judge]
    v = c.entry * zu @ zu.T + c.judge * zb @ zb.T + c.residual * np.eye(24)
    inverse, one = np.linalg.inv(v), np.ones(24)
    g = one @ inverse @ one
    r = score - one * (one @ inverse @ score / g)
    value = np.linalg.slogdet(v)[1] + np.log(g) + r @ inverse @ r + 23 * np.log(2 * np.pi)
    assert value == pytest.approx(c.criterion, abs=1e-6)


def test_reliability_of_nothing_is_refused():
    with pytest.raises(Refusal, match="second scores"):
        reliability([1, 2], [1, 1], [3, 4])
    with pytest.raises(ScoringError, match="Target"):
        judges_needed(0.5, 1.0)
    assert judges_needed(0.0, 0.8) is None


def test_scores_that_never_differ_have_no_reliability_and_no_nan():
    report = reliability([1, 1, 2, 2], [1, 2, 1, 2], [5, 5, 5, 5])
    assert (report.G, report.Phi, report.judges_needed(0.8)) == (0.0, 0.0, None)


def test_criteria_split_the_error_as_planted():
    rng = np.random.Generator(np.random.Philox(4))
    e, j = (index.ravel() for index in np.indices((300, 6)))
    base = rng.normal(size=300)[e] + 0.7 * rng.normal(size=(300, 6))[e, j]
    marks = {
        name: base + 0.5 * rng.normal(size=300)[e] + 0.9 * rng.normal(size=1800) for name in ("a", "b", "c", "d", "f")
    }
    parts = with_criteria(e, j, marks)
    assert parts["entry"] == pytest.approx(1.0, abs=0.2)
    assert parts["entry_criterion"] == pytest.approx(0.25, abs=0.06)
    assert parts["entry_judge"] == pytest.approx(0.49, abs=0.06)
    assert parts["entry_judge_criterion"] == pytest.approx(0.81, abs=0.06)


def test_the_crossed_method_draws_entries_together_and_says_so(contest):
    entry, judge, score, _ = contest()
    result = fit_scores(entry, judge, score, rule=RuleSet(method="crossed/1"))
    assert np.ptp(result.adjusted) < np.ptp(result.raw)
    assert "shrunk" in [note.code for note in result.warnings]
    assert np.sqrt(np.diag(result.cov)) == pytest.approx(result.se, rel=1e-9)
    chances = top_k(result, 5, draws=4000)
    assert chances.prob.sum() == pytest.approx(5)
    draws = np.random.Generator(np.random.Philox(1)).multivariate_normal(result.adjusted, result.cov, 4000)
    by_hand = (np.argsort(np.argsort(-draws, axis=1), axis=1) < 5).mean(axis=0)
    assert chances.prob == pytest.approx(by_hand, abs=0.04)

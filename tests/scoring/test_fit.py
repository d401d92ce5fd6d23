from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from prize.scoring import Refusal, RuleSet, ScoringError, fit_scores
from prize.scoring import leniency as lenience
from prize.scoring.panel import panel

ADJUSTED = RuleSet(method="severity-adjusted/1")


def test_the_essays_come_out_as_lme4_has_them(known, rows, writing):
    answer = known["writing1_default_engine"]
    result = fit_scores(*writing, rule=ADJUSTED)
    assert result.tau2 == pytest.approx(answer["var_judge"], abs=1e-8)
    assert result.sigma2 == pytest.approx(answer["var_residual"], abs=1e-8)
    severity = {row["j"]: float(row["b"]) for row in rows("reference_lme4_writing1_severity.csv")}
    assert dict(zip(result.judges, result.severity, strict=True)) == pytest.approx(severity, abs=1e-8)
    table = {row["e"].lstrip("e"): row for row in rows("reference_lme4_writing1_adjusted.csv")}
    assert result.adjusted == pytest.approx([float(table[entry]["a"]) for entry in result.entries], abs=1e-8)
    assert result.se == pytest.approx([float(table[entry]["se"]) for entry in result.entries], abs=1e-8)


def test_the_reml_criterion_of_the_essays_is_lme4s(known, writing):
    p = panel(*writing, None, ADJUSTED)
    s = lenience.spectrum(p, lenience.links(p))
    g = lenience.best_g(s)
    constant = s.freedom * (1 + np.log(2 * np.pi / s.freedom)) + np.log(p.n).sum()
    assert lenience.criterion(s, g) + constant == pytest.approx(known["writing1_default_engine"]["reml_criterion"])


def test_where_judges_do_not_differ_the_adjusted_score_is_the_raw_mean(known, rows, aibs):
    result = fit_scores(*aibs, rule=RuleSet(low_is_good=True))
    assert (result.method, result.tau2) == ("severity-adjusted/1", 0.0)
    assert result.adjusted.tolist() == result.raw.tolist()
    assert result.sigma2 == pytest.approx(known["aibs"]["oneway_REML"]["var_residual"], abs=1e-8)
    assert result.se == pytest.approx(np.full(72, 0.36527514), abs=1e-8)
    published = {int(row["ID"]): Fraction(row["ScoreAvg"]) for row in rows("aibs_scores.csv")}
    for entry, mean in zip(result.entries, result.exact_raw(), strict=True):
        assert abs(mean - published[entry]) < Fraction(1, 1000)


def test_when_every_judge_scores_every_entry_nothing_changes(contest):
    entry, judge, score, _ = contest(entries=12, judges=5, each=5)
    result = fit_scores(entry, judge, score)
    assert result.adjusted == pytest.approx(result.raw, abs=1e-12)
    assert result.tau2 > 0


@pytest.mark.parametrize("method", ["severity-adjusted/1", "severity-averaged/1", "additive/1", "raw-mean/1"])
def test_the_order_of_the_rows_changes_not_one_bit(contest, method):
    entry, judge, score, _ = contest()
    shuffle = np.random.Generator(np.random.Philox(9)).permutation(len(entry))
    one = fit_scores(entry, judge, score, rule=RuleSet(method=method))
    two = fit_scores(entry[shuffle], judge[shuffle], score[shuffle], rule=RuleSet(method=method))
    assert one.adjusted.tobytes() == two.adjusted.tobytes()
    assert one.se.tobytes() == two.se.tobytes()
    assert one.severity.tobytes() == two.severity.tobytes()
    assert one.digest() == two.digest()


def test_other_names_for_entries_and_judges_change_no_score(contest):
    entry, judge, score, _ = contest()
    one = fit_scores(entry, judge, score)
    two = fit_scores([f"e{99 - e}" for e in entry], [f"j{99 - j}" for j in judge], score)
    renamed = dict(zip(two.entries, two.adjusted, strict=True))
    assert [renamed[f"e{99 - e}"] for e in one.entries] == pytest.approx(one.adjusted.tolist(), abs=1e-9)


def test_a_constant_added_to_one_judge_moves_all_entries_alike_when_severity_is_taken_in_full(contest):
    entry, judge, score, _ = contest()
    rule = RuleSet(method="additive/1")
    one = fit_scores(entry, judge, score, rule=rule)
    two = fit_scores(entry, judge, score + 5 * (judge == 3), rule=rule)
    assert two.adjusted - one.adjusted == pytest.approx(np.full(40, 5 / 10), abs=1e-9)


def test_doubling_all_weights_and_halving_g_gives_the_same_scores(contest):
    entry, judge, score, _ = contest()
    p, doubled = panel(entry, judge, score, None, ADJUSTED), panel(entry, judge, score, np.full(120, 2.0), ADJUSTED)
    one = lenience.mixed(lenience.spectrum(p, lenience.links(p)), 0.5)
    two = lenience.mixed(lenience.spectrum(doubled, lenience.links(doubled)), 0.25)
    assert one.b == pytest.approx(two.b, abs=1e-10)


def test_the_sparse_and_the_dense_way_agree(contest):
    entry, judge, score, _ = contest()
    p = panel(entry, judge, score, None, ADJUSTED)
    dense = lenience.links(p)
    assert dense.table is not None
    left, right = np.nonzero(p.e[:, None] == p.e[None, :])
    pairs = dense._replace(left=left, right=right, table=None)
    assert lenience.laplacian(p, pairs) == pytest.approx(lenience.laplacian(p, dense), abs=1e-12)
    spread = np.cov(np.random.Generator(np.random.Philox(3)).normal(size=(10, 30)))
    one, two = lenience.entry_variance(p, pairs, spread), lenience.entry_variance(p, dense, spread)
    assert one == pytest.approx(two, abs=1e-12)


def test_standard_errors_are_the_diagonal_of_the_covariance(contest):
    result = fit_scores(*contest()[:3])
    assert np.sqrt(np.diag(result.cov)) == pytest.approx(result.se, abs=1e-12)


def test_the_default_falls_back_to_the_mean_and_says_why():
    single = fit_scores([1, 1, 2], [1, 2, 1], [7, 8, 5])
    assert single.method == "raw-mean/1"
    assert [note.code for note in single.warnings] == ["fallback-raw-mean", "not-rankable"]
    three = fit_scores([1, 1, 2, 2], [1, 2, 2, 3], [7, 8, 5, 6])
    assert three.method == "raw-mean/1"
    assert "only 3 judges" in str(three.warnings[0])


def test_an_entry_with_one_score_has_no_value_that_decides():
    result = fit_scores([1, 1, 2], [1, 2, 1], [7, 8, 5])
    assert result.decisive() == [Fraction(15, 2), None]


def test_unlinked_panels_raise_a_warning_and_widen_comparisons_between_them(contest):
    entry, judge, score, _ = contest(judges=5)
    entries, judges = np.concatenate([entry, entry + 100]), np.concatenate([judge, judge + 100])
    result = fit_scores(entries, judges, np.concatenate([score, score + 1]))
    assert "disconnected" in [note.code for note in result.warnings]
    assert sorted(set(result.component.tolist())) == [0, 1]
    cov = result.cov
    between = cov[0, 0] + cov[40, 40] - 2 * cov[0, 40]
    assert cov[0, 40] == pytest.approx(0, abs=1e-12)
    assert between >= 2 * result.sigma2 / 3 + result.tau2 * (1 / 5 + 1 / 5) - 1e-9


def test_severity_cannot_be_taken_in_full_across_unlinked_panels(contest):
    entry, judge, score, _ = contest(judges=5)
    entries, judges = np.concatenate([entry, entry + 100]), np.concatenate([judge, judge + 100])
    with pytest.raises(Refusal, match="add scores that link"):
        fit_scores(entries, judges, np.concatenate([score, score]), rule=RuleSet(method="additive/1"))


def test_taken_in_full_too_unlinked_panels_differ_by_the_whole_variance_of_judges(contest):
    entry, judge, score, _ = contest(judges=5)
    entries, judges = np.concatenate([entry, entry + 100]), np.concatenate([judge, judge + 100])
    rule = RuleSet(method="additive/1", across_parts="exchangeable")
    result = fit_scores(entries, judges, np.concatenate([score, score + 1]), rule=rule)
    alone = fit_scores(entry, judge, score, rule=rule)
    cov = result.cov
    assert cov[0, 0] + cov[40, 40] - 2 * cov[0, 40] >= 2 * result.sigma2 / 3 + result.tau2 * (1 / 5 + 1 / 5) - 1e-9
    inside, before = cov[0, 0] + cov[1, 1] - 2 * cov[0, 1], alone.cov
    assert inside / result.sigma2 == pytest.approx((before[0, 0] + before[1, 1] - 2 * before[0, 1]) / alone.sigma2)


def test_where_nothing_but_severity_separates_scores_unlinked_panels_still_cannot_be_compared_exactly():
    entry, judge = np.repeat(np.arange(6), 2), np.array([0, 1, 1, 2, 2, 0, 3, 4, 4, 5, 5, 3])
    truth, leaning = np.arange(1.0, 7.0), np.array([0, 1, -1, 0.5, 0, 2])
    result = fit_scores(entry, judge, truth[entry] + leaning[judge], rule=RuleSet(across_parts="exchangeable"))
    cov = result.cov
    assert result.sigma2 == 0
    assert cov[0, 0] + cov[1, 1] - 2 * cov[0, 1] == pytest.approx(0, abs=1e-12)
    assert cov[0, 0] + cov[3, 3] - 2 * cov[0, 3] == pytest.approx(result.tau2 * (1 / 3 + 1 / 3))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"score": [7, float("nan"), 5, 6]}, "Score of judge 2 for entry 1: nan is not a finite number"),
        ({"score": [7, float("inf"), 5, 6]}, "Score of judge 2 for entry 1"),
        ({"score": [7, 1e99, 5, 6]}, "Score of judge 2 for entry 1: 1e+99 is beyond any scale"),
        ({"score": [7, None, 5, 6]}, "Score of judge 2 for entry 1"),
        ({"score": [7, "eight", 5, 6]}, "Score of judge 2 for entry 1"),
        ({"score": [7, 11, 5, 6]}, "Score of judge 2 for entry 1: 11 lies off the scale 0 to 10"),
        ({"judge": [1, 1, 1, 2]}, "Score of judge 1 for entry 1: it is there more than once"),
        ({"weight": [1, 1, 0, 1]}, "Score of judge 1 for entry 2: its weight is 0"),
        ({"weight": [1, float("nan"), 1, 1]}, "Weight of the score of judge 2 for entry 1"),
        ({"entry": [1, 1, 2]}, "differ in length"),
        ({"entry": [1, "1", 2, 2]}, "mixes kinds"),
        ({"entry": [1.5, 1, 2, 2]}, "mixes kinds or holds other things"),
    ],
)
def test_bad_input_gets_an_error_that_names_the_place_and_the_remedy(change, words):
    given = {"entry": [1, 1, 2, 2], "judge": [1, 2, 1, 2], "score": [7, 8, 5, 6], "weight": None} | change
    with pytest.raises(ScoringError, match="Remedy") as caught:
        fit_scores(**given, rule=RuleSet(scale=(0, 10)))
    assert words in str(caught.value)


def test_nothing_at_all_is_refused():
    with pytest.raises(ScoringError, match="empty"):
        fit_scores([], [], [])


@pytest.mark.parametrize("method", ["severity-adjusted/1", "severity-averaged/1", "additive/1", "raw-mean/1"])
@pytest.mark.parametrize(
    "scores",
    [
        ([1, 2, 3], [1, 2, 3], [5, 6, 7]),
        ([1, 1, 2, 2], [1, 2, 1, 2], [5, 5, 5, 5]),
        ([1, 1, 2, 2], [1, 2, 1, 2], [5, 6, 7, 8]),
        ([1, 1, 2, 2, 3, 3], [1, 2, 3, 4, 5, 6], [5, 6, 7, 8, 1, 2]),
        ([1], [1], [3]),
    ],
)
def test_no_nan_ever_leaves_even_where_there_is_nothing_to_learn_from(method, scores):
    result = fit_scores(*scores, rule=RuleSet(method=method, across_parts="exchangeable"))
    for array in (result.raw, result.adjusted, result.severity, result.se, result.severity_se):
        assert array is None or np.isfinite(array).all()
    assert np.isfinite(result.diagnostics.standardised).all()
    assert np.isfinite(result.tau2)


def test_judges_who_differ_by_a_constant_and_nothing_else_are_corrected_in_full():
    entry, judge = np.repeat(np.arange(6), 2), np.array([0, 1, 1, 2, 2, 3, 3, 0, 0, 2, 1, 3])
    truth, leaning = np.array([1, 2, 3, 4, 5, 6]), np.array([0, 1, -1, 0])
    result = fit_scores(entry, judge, truth[entry] + leaning[judge])
    assert result.adjusted == pytest.approx(truth.tolist(), abs=1e-9)


def test_exact_scores_stay_exact_however_they_are_given():
    for scores in ([0.1, 0.2, 0.4], ["0.1", "0.2", "0.4"], [Decimal("0.1"), Decimal("0.2"), Decimal("0.4")]):
        result = fit_scores([1, 1, 1], [1, 2, 3], scores, rule=RuleSet(method="raw-mean/1"))
        assert result.decisive() == [Fraction(7, 30)]
    thirds = fit_scores([1, 1], [1, 2], [Fraction(1, 3), Fraction(2, 3)], rule=RuleSet(method="raw-mean/1"))
    assert thirds.decisive() == [Fraction(1, 2)]
    weighted = fit_scores([1, 1], [1, 2], [1, 2], ["0.1", "0.2"], RuleSet(method="raw-mean/1"))
    assert weighted.decisive() == [Fraction(5, 3)]


def test_replicates_are_allowed_only_when_the_rules_say_so():
    scores = ([1, 1, 1, 2, 2], [1, 1, 2, 1, 2], [5, 6, 7, 8, 9])
    assert fit_scores(*scores, rule=RuleSet(method="raw-mean/1", replicates=True)).exact_raw()[0] == 6


def test_centring_and_z_scores_are_refused_for_judges_with_few_entries(contest):
    for method in ("centred/1", "z-score/1"):
        with pytest.raises(Refusal, match="needs 20"):
            fit_scores(*contest()[:3], rule=RuleSet(method=method))


def test_z_scores_keep_the_range_of_the_means_and_warn_of_their_assumption(contest):
    entry, judge, score, _ = contest(entries=100, judges=6, each=3)
    result = fit_scores(entry, judge, score, rule=RuleSet(method="z-score/1"))
    assert (result.adjusted.min(), result.adjusted.max()) == pytest.approx((result.raw.min(), result.raw.max()))
    assert "equal-sets" in [note.code for note in result.warnings]


def test_a_card_shows_each_score_its_correction_and_their_average(contest):
    result = fit_scores(*contest()[:3])
    *scores, average = result.card(7).steps
    corrected = [step.figures["score"] + step.figures["correction"] for step in scores]
    assert sum(corrected) / 3 == pytest.approx(average.figures["adjusted"], abs=1e-12)


def test_a_card_says_what_its_own_method_did_with_the_scores():
    marks = ([1] * 5, [1, 2, 3, 4, 5], [1, 7, 3, 6, 8])
    trimmed = fit_scores(*marks, rule=RuleSet(method="trimmed-mean")).card(1)
    assert "Drop the 1 lowest and the 1 highest; average of the rest." in trimmed.text()
    assert "The middle score" in fit_scores(*marks, rule=RuleSet(method="median")).card(1).text()
    weighted = fit_scores(*marks, weight=[1, 1, 2, 1, 1], rule=RuleSet(method="raw-mean")).card(1)
    assert [step.figures.get("weight") for step in weighted.steps] == [1.0, 1.0, 2.0, 1.0, 1.0, None]


def test_the_digest_changes_with_a_score_and_with_a_rule(contest):
    entry, judge, score, _ = contest()
    base = fit_scores(entry, judge, score)
    assert base.digest() != fit_scores(entry, judge, score + (np.arange(120) == 5) * 0.01).digest()
    assert base.digest() != fit_scores(entry, judge, score, rule=RuleSet(rounding={"adjusted": 2})).digest()


def test_influence_is_what_happens_when_the_score_is_left_out(contest):
    entry, judge, score, _ = contest()
    p = panel(entry, judge, score, None, ADJUSTED)
    s = lenience.spectrum(p, lenience.links(p))
    result = fit_scores(entry, judge, score, rule=ADJUSTED)
    keep = np.arange(120) != 17
    q = panel(entry[keep], judge[keep], score[keep], None, ADJUSTED)
    without = lenience.mixed(lenience.spectrum(q, lenience.links(q)), lenience.best_g(s))
    adjusted = q.mean - lenience.correction(q, without.b)
    moved = adjusted[entry[17]] - result.adjusted[entry[17]]
    assert result.diagnostics.influence[17] == pytest.approx(moved, rel=1e-6)


def test_where_severity_could_explain_everything_nothing_is_corrected_and_the_reader_is_told():
    chain = ([1, 1, 2, 2, 3, 3], [1, 2, 2, 3, 3, 4], [5, 8, 6, 6, 9, 4])
    result = fit_scores(*chain)
    assert result.adjusted.tolist() == result.raw.tolist()
    assert result.se.min() > 0
    assert "saturated" in [note.code for note in result.warnings]
    assert fit_scores(*chain, rule=RuleSet(method="additive")).se is None
    assert fit_scores(*chain, rule=RuleSet(method="severity-averaged")).se.min() > 0


def test_a_small_panel_that_shows_no_difference_is_told_of_the_method_made_for_it():
    entry, judge = np.repeat(np.arange(6), 4), np.tile(np.arange(4), 6)
    result = fit_scores(entry, judge, 5 + (entry * 3 + judge * 5 + entry * judge) % 4)
    assert result.tau2 == 0
    assert "small-panel" in [note.code for note in result.warnings]


def test_identifiers_may_come_as_any_kind_of_list():
    as_objects = np.array(["x", "x", "y"], dtype=object)
    assert fit_scores(as_objects, ("a", "b", "a"), np.array([1, 2, 3])).entries == ("x", "y")
    assert fit_scores([7, 7, -3], [10**12, 5, 5], [1, 2, 3]).entries == (-3, 7)


@pytest.mark.parametrize("seed", range(6))
def test_scores_and_errors_are_those_of_generalised_least_squares_written_out(contest, seed):
    """V = sigma2 (diag(1/w) + g Z Z'), a = (X' V^-1 X)^-1 X' V^-1 y: weights, gaps and unlinked panels included."""
    entry, judge, score, _ = contest(seed=seed, entries=9, judges=6, each=2 + seed % 2)
    weight = 0.5 + np.random.Generator(np.random.Philox(seed)).random(len(entry))
    rule = RuleSet(method="severity-adjusted", across_parts="exchangeable")
    result = fit_scores(entry, judge, score, weight, rule)
    x, z = np.eye(9)[entry], np.eye(len(result.judges))[np.searchsorted(result.judges, judge)]
    v = result.sigma2 * np.diag(1 / weight) + result.tau2 * z @ z.T
    inverse = np.linalg.inv(v)
    cov = np.linalg.inv(x.T @ inverse @ x)
    a = cov @ x.T @ inverse @ score
    assert result.adjusted == pytest.approx(a, abs=1e-8)
    assert result.cov == pytest.approx(cov, abs=1e-8)
    assert result.severity == pytest.approx(result.tau2 * z.T @ inverse @ (score - x @ a), abs=1e-8)
    freedom = len(entry) - 9
    reml = np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ inverse @ x)[1]
    best = reml + (score - x @ a) @ inverse @ (score - x @ a)
    for factor in (0.8, 1.25):
        other = v + result.tau2 * (factor - 1) * z @ z.T
        inv = np.linalg.inv(other)
        info = x.T @ inv @ x
        r = score - x @ np.linalg.solve(info, x.T @ inv @ score)
        q = r @ inv @ r / freedom  # the scale that suits this ratio best
        worse = np.linalg.slogdet(other)[1] + np.linalg.slogdet(info)[1] + freedom * np.log(q) + freedom
        assert worse >= best - 1e-9

import pytest

from prize.scoring import Refusal, ScoringError, icc, kendall_w, krippendorff_alpha


def test_shrout_and_fleiss(known):
    data = known["icc_shrout_fleiss_1979"]
    found = icc(data["data"])._asdict()
    assert found == pytest.approx(data["full"], abs=1e-7)
    assert {name: found[name] for name in data["expect"]} == pytest.approx(data["expect"], abs=data["tol"])


def test_anxiety_ratings(known, rows):
    table = [[float(value) for value in row.values()] for row in rows("irr_anxiety.csv")]
    answer = known["icc_anxiety"]
    assert pytest.approx(answer["ICC2_agreement"], abs=1e-6) == icc(table).ICC2
    assert pytest.approx(answer["ICC3_consistency"], abs=1e-6) == icc(table).ICC3
    answer = known["kendall_w_ties"]
    found = kendall_w(list(zip(*table, strict=True)))
    assert pytest.approx(answer["W_tie_corrected"], abs=1e-6) == found.W
    assert (found.df, found.chi2) == (answer["df"], pytest.approx(answer["chi2"], abs=1e-5))
    assert found.p == pytest.approx(answer["p"], abs=1e-6)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorffs_alpha_with_gaps(known, level):
    data = known["krippendorff_alpha_C"]
    assert krippendorff_alpha(data["judges_by_unit"], level) == pytest.approx(data["expect"][level], abs=data["tol"])


@pytest.mark.parametrize("report", ["report27", "report88"])
def test_the_wine_tastings(known, report):
    data = known["kendall_w_quandt"][report]
    found = kendall_w(data["ranks"])
    assert list(found.rank_sums) == data["rank_sums"]
    assert (found.W, found.p) == pytest.approx((data["W"], data["p_chi2"]), abs=5e-5)


def test_names_may_be_compared_only_as_names(rows):
    diagnoses = list(zip(*(row.values() for row in rows("irr_diagnoses.csv")), strict=True))
    assert 0.3 < krippendorff_alpha(diagnoses, "nominal") < 0.6
    with pytest.raises(ScoringError, match="use nominal"):
        krippendorff_alpha(diagnoses, "interval")


def test_where_there_is_no_spread_agreement_is_refused_not_nan():
    with pytest.raises(Refusal):
        icc([[3, 4], [3, 4]])
    with pytest.raises(Refusal):
        krippendorff_alpha([[1, 1], [1, 1]])
    with pytest.raises(Refusal):
        kendall_w([[1, 1], [2, 2]])
    with pytest.raises(ScoringError, match="gaps"):
        icc([[1, float("nan")], [2, 3]])

import numpy as np
import pytest

from prize.scoring import connectivity


def test_the_grant_panel_is_weakly_connected(aibs):
    report = connectivity(*aibs[:2])
    assert (report.light, len(report.parts)) == ("weak", 1)
    assert report.algebraic == pytest.approx(0.58, abs=0.005)
    assert report.resistance_mean == pytest.approx(0.79, abs=0.005)


def test_the_essays_are_strongly_connected(writing):
    report = connectivity(*writing[:2])
    assert report.light == "connected"
    assert 19 <= report.algebraic <= 40
    assert 0.04 <= report.resistance_mean <= 0.09
    assert report.warnings == ()


def test_two_judges_who_share_one_entry_differ_by_two_errors():
    report = connectivity([1, 1], ["a", "b"])
    assert report.resistance_max == pytest.approx(2.0)
    assert report.difference_se(sigma=3.0) == pytest.approx(3 * np.sqrt(2))
    assert report.bridges == (("entry", 1),)


def test_parts_are_named_and_a_disconnected_plan_is_red():
    report = connectivity(["x", "x", "y", "y"], [1, 2, 3, 4])
    assert report.parts == ((("x",), (1, 2)), (("y",), (3, 4)))
    assert (report.light, report.algebraic) == ("disconnected", 0.0)
    assert [note.code for note in report.warnings] == ["disconnected"]


def test_bridges_are_exactly_those_whose_removal_takes_the_graph_apart(contest):
    entry, judge, _, _ = contest(seed=5, entries=14, judges=7, each=2)
    report = connectivity(entry, judge)
    for kind, names, column in (("entry", report.entries, entry), ("judge", report.judges, judge)):
        for name in names:
            keep = column != name
            left = connectivity(entry[keep], judge[keep])
            lost = (kind == "judge" and set(report.entries) - set(left.entries)) or (
                kind == "entry" and set(report.judges) - set(left.judges)
            )
            falls_apart = len(left.parts) + len(lost or ()) > len(report.parts)
            assert ((kind, name) in report.bridges) == falls_apart


def test_a_single_judge_links_everything_and_compares_with_nobody():
    report = connectivity([1, 2, 3], [7, 7, 7])
    assert (report.light, report.weakest_pair, report.resistance_max) == ("connected", None, 0.0)

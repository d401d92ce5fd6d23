"""Can the scores be compared? Groups, precision, weak points."""

import numpy as np
import pytest

from judges.matching import assign, connectivity, pose


def test_the_fano_plane_is_a_balanced_design():
    fano = np.zeros((7, 7), dtype=bool)
    for e in range(7):
        fano[e, [e, (e + 1) % 7, (e + 3) % 7]] = True
    found = connectivity(tuple("abcdefg"), fano)
    assert found.variance == pytest.approx(6 / 7)
    assert found.precision == pytest.approx(1)
    assert len(found.groups) == 1
    assert found.cut_judges == ()


def test_two_panels_apart_cannot_be_compared_and_the_plan_warns():
    scores = np.kron(np.eye(2), np.ones((3, 2)))
    plan = assign(pose(list("abcdef"), list("wxyz"), scores, k=2, max_load=3, forbidden={"panel": scores == 0}))
    assert plan.connectivity.groups == (("w", "x"), ("y", "z"))
    assert plan.connectivity.precision == 0
    assert not plan.connectivity.comparable
    assert "groups_apart" in {reason.code for reason in plan.reasons}


def test_a_judge_who_alone_ties_two_panels_is_named():
    readers = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 1]], dtype=bool)
    found = connectivity(("ann", "ben", "cy"), readers)
    assert found.cut_judges == ("ben",)
    assert found.fewest_co_judges == 1


@pytest.mark.parametrize("seed", range(8))
def test_the_variance_is_that_of_least_squares(seed):
    """Mean variance of severity differences from the normal equations of entry + judge + noise."""
    lot = np.random.default_rng(seed)
    readers = np.array([lot.permutation([True] * 3 + [False] * 3) for _ in range(12)])
    found = connectivity(tuple("abcdef"), readers)
    rows = np.argwhere(readers)
    design = np.zeros((len(rows), 12 + 6))
    design[np.arange(len(rows)), rows[:, 0]] = 1
    design[np.arange(len(rows)), 12 + rows[:, 1]] = 1
    covariance = np.linalg.pinv(design.T @ design)[12:, 12:]
    pairs = [(i, j) for i in range(6) for j in range(i)]
    mean = np.mean([covariance[i, i] + covariance[j, j] - 2 * covariance[i, j] for i, j in pairs])
    assert found.variance == pytest.approx(mean)
    assert found.precision == pytest.approx(2 * 5 / (12 * 2) / mean)


@pytest.mark.parametrize("seed", range(8))
def test_cut_judges_are_those_without_whom_the_rest_falls_apart(seed):
    lot = np.random.default_rng(seed)
    readers = np.array([lot.permutation([True] * 2 + [False] * 6) for _ in range(9)])
    names = np.array(list("abcdefgh"))
    whole = connectivity(tuple(names), readers)
    for j in np.flatnonzero(readers.any(axis=0)):
        rest = readers.copy()
        rest[:, j] = False
        alone = set(connectivity(tuple(names), rest).groups)
        tied = sum(1 for group in whole.groups if names[j] not in group)
        home = [group for group in alone if set(group) <= set(next(g for g in whole.groups if names[j] in g))]
        assert (names[j] in whole.cut_judges) == (len(home) > 1)
        assert len(alone) == tied + len(home)


def test_judges_without_reviews_are_left_out():
    found = connectivity(("x", "y", "idle"), np.array([[True, True, False]]))
    assert found.groups == (("x", "y"),)
    assert connectivity(("idle",), np.zeros((1, 1), dtype=bool)).groups == ()

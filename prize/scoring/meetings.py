"""Who met whom: sums over pairs of scores that share a group, in whichever of two forms is cheaper to compute with."""

from typing import NamedTuple

import numpy as np

DENSE_ADVANTAGE = 30  # a dense multiplication costs about this much less than a gathered pair
LARGEST_TABLE = 50_000_000
NOBODY = np.zeros(0, dtype=np.int64)


class Meetings(NamedTuple):
    """N scores sorted by group; C is the table of weights, groups by others."""

    group: np.ndarray  # int[N], sorted
    other: np.ndarray  # int[N]
    w: np.ndarray  # float[N]
    shape: tuple[int, int]
    left: np.ndarray  # int[pairs], all (score, score) within a group; empty when the table is cheaper
    right: np.ndarray
    table: np.ndarray | None  # float[groups, others]


def meetings(group: np.ndarray, other: np.ndarray, w: np.ndarray, groups: int, others: int) -> Meetings:
    """The pairs of scores that share a group, or the whole table where most meet most. `group` must be sorted."""
    number = np.bincount(group, minlength=groups)
    pairs, size = int((number.astype(np.int64) ** 2).sum()), groups * others
    if size <= LARGEST_TABLE and size * others < pairs * DENSE_ADVANTAGE:
        table = np.bincount(group * others + other, weights=w, minlength=size).reshape(groups, others)
        return Meetings(group, other, w, (groups, others), NOBODY, NOBODY, table)
    repeats = number[group]
    left = np.repeat(np.arange(len(group)), repeats)
    first = (np.cumsum(number) - number)[group]
    within = np.arange(pairs) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return Meetings(group, other, w, (groups, others), left, np.repeat(first, repeats) + within, None)


def gram(met: Meetings, value: np.ndarray) -> np.ndarray:
    """C' diag(value) C, float[others, others]; exactly symmetric."""
    others = met.shape[1]
    if met.table is not None:
        product = met.table.T @ (met.table * value[:, None])
        return (product + product.T) / 2
    left, right = met.left, met.right
    weight = met.w[left] * met.w[right] * value[met.group[left]]
    product = np.bincount(met.other[left] * others + met.other[right], weights=weight, minlength=others * others)
    product = product.reshape(others, others)
    return (product + product.T) / 2


def squares(met: Meetings, matrix: np.ndarray) -> np.ndarray:
    """diag(C matrix C'), float[groups]."""
    if met.table is not None:
        return ((met.table @ matrix) * met.table).sum(axis=1)
    left, right = met.left, met.right
    terms = met.w[left] * met.w[right] * matrix[met.other[left], met.other[right]]
    return np.bincount(met.group[left], weights=terms, minlength=met.shape[0])

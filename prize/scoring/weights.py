"""Where weights may come from: equality, experts' points, pairwise judgements, or (to be shown, not used) the sample."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .refusals import Refusal, ScoringError
from .scale import exact

# Saaty's random index: the consistency index of judgements made at random
RANDOM_INDEX = {1: 0.0, 2: 0.0, 3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


class Ahp(NamedTuple):
    """Weights from pairwise judgements; a consistency ratio below 0.1 is acceptable."""

    weights: tuple[float, ...]
    lambda_max: float
    CI: float
    CR: float
    acceptable: bool


def equal_weights(names: Sequence[str]) -> dict[str, float]:
    """The same weight for all: the default, and the easiest to defend.

    >>> equal_weights(["a", "b"])
    {'a': 0.5, 'b': 0.5}
    """
    if not names:
        raise ScoringError("empty", "Weights", "there is nothing to weigh", "name something")
    return {name: 1 / len(names) for name in names}


def budget_weights(allocations: Sequence[Mapping[str, Any]], points: Any = 100) -> dict[str, float]:
    """The mean of experts' budgets of 100 points, as shares. Errors: a budget that does not add up, a negative share.

    >>> budget_weights([{"a": 60, "b": 40}, {"a": 40, "b": 60}])
    {'a': 0.5, 'b': 0.5}
    """
    names = sorted({name for each in allocations for name in each})
    if not names:
        raise ScoringError("empty", "Budgets", "there are none", "collect at least one")
    for number, each in enumerate(allocations, start=1):
        values = {name: exact(value, f"Budget {number}, {name}") for name, value in each.items()}
        if sum(values.values()) != exact(points) or min(values.values()) < 0:
            fault = f"its points sum to {float(sum(values.values())):g}, or one is negative"
            raise ScoringError("budget", f"Budget {number}", fault, f"share out exactly {points}")
    total = {name: sum(exact(each.get(name, 0)) for each in allocations) for name in names}
    return {name: float(total[name] / (exact(points) * len(allocations))) for name in names}


def ahp_weights(matrix: Sequence[Sequence[Any]]) -> Ahp:
    """Weights from a matrix of judgements "row is a times as important as column".

    Formula: principal eigenvector; CI = (lambda_max - n) / (n - 1), CR = CI / RI. Shapes: n by n, up to 10, with
    a_ji = 1 / a_ij. Errors: a matrix that is not reciprocal or not positive. Source: Saaty 1980.

    >>> result = ahp_weights([[1, 3], [1 / 3, 1]])
    >>> [round(weight, 6) for weight in result.weights], result.acceptable
    ([0.75, 0.25], True)
    """
    a = np.array([[float(exact(value, "Judgement")) for value in row] for row in matrix])
    n = len(a)
    if a.shape != (n, n) or n not in RANDOM_INDEX or (a <= 0).any() or not np.allclose(a * a.T, 1, rtol=1e-6):
        remedy = "give n by n (n up to 10) with ones on the diagonal and a_ji = 1 / a_ij"
        raise ScoringError("matrix", "Judgements", "they are not a positive reciprocal matrix", remedy)
    values, vectors = np.linalg.eig(a)
    top = int(np.argmax(values.real))
    weights = np.abs(vectors[:, top].real)
    largest = float(values[top].real)
    consistency = max((largest - n) / (n - 1), 0.0) if n > 1 else 0.0
    ratio = consistency / RANDOM_INDEX[n] if n > 2 else 0.0
    return Ahp(tuple((weights / weights.sum()).tolist()), largest, consistency, ratio, ratio < 0.1)


def entropy_weights(table: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    """Weights that follow the spread of the sample: p = x / sum x, e = -sum p ln p / ln n, weight in proportion to 1 - e.

    They change with every sample and say nothing of importance: show, do not default. Errors: a negative reading, a
    column that sums to zero, fewer than two units. Source: Shannon 1948; OECD and JRC 2008.

    >>> entropy_weights({"a": [1, 1], "b": [1, 3]})
    {'a': 0.0, 'b': 1.0}
    """
    names, x = _matrix(table)
    if (x < 0).any() or (x.sum(axis=0) == 0).any():
        raise Refusal(
            "negative", "Entropy weights", "a reading is negative, or a column sums to zero", "use equal weights"
        )
    p = x / x.sum(axis=0)
    entropy = -np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0).sum(axis=0) / np.log(len(x))
    spare = np.maximum(1 - entropy, 0.0)
    spare[spare < 1e-12] = 0.0
    if not spare.sum():
        raise Refusal("constant", "Entropy weights", "no column has any spread", "use equal weights")
    return {name: float(share) for name, share in zip(names, spare / spare.sum(), strict=True)}


def pca_weights(table: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    """Weights that follow the correlations of the sample: squared loadings times explained variance.

    Formula: eigenvectors v and values l of the correlation matrix, kept where l > 1 (the first at least); weight in
    proportion to sum of v^2 l. They change with every sample: show, do not default. Errors: a constant column.
    Source: OECD and JRC 2008.

    >>> {name: round(weight, 6) for name, weight in pca_weights({"a": [1, 2, 3], "b": [2, 4, 6]}).items()}
    {'a': 0.5, 'b': 0.5}
    """
    names, x = _matrix(table)
    if (np.ptp(x, axis=0) == 0).any():
        name = names[int(np.argmax(np.ptp(x, axis=0) == 0))]
        raise Refusal("constant", f"Column {name}", "it has no spread, so it has no correlations", "drop it")
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(x, rowvar=False)))
    kept = values > 1 + 1e-12
    kept[-1] = True
    weight = (vectors[:, kept] ** 2 * values[kept]).sum(axis=1)
    return {name: float(share) for name, share in zip(names, weight / weight.sum(), strict=True)}


def _matrix(table: Mapping[str, Sequence[Any]]) -> tuple[list[str], np.ndarray]:
    names = list(table)
    columns = [[float(exact(value, name)) for value in table[name]] for name in names]
    if not names or len({len(each) for each in columns}) > 1 or len(columns[0]) < 2:
        raise ScoringError(
            "table", "Readings", "the columns differ in length or have fewer than two units", "complete them"
        )
    return names, np.array(columns).T

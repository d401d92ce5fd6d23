"""Three ways to count places and pairs: Borda, one by one (Copeland), Schulze."""

from collections.abc import Hashable, Sequence
from fractions import Fraction

import numpy as np


def borda(
    entries: Sequence[Hashable],
    ballots: Sequence[Sequence[Sequence[Hashable]]],
    weight: Sequence[Fraction] | None = None,
) -> list[Fraction]:
    """Borda's points, exactly: entries below + half of the other entries at the same level.

    Unranked entries share the last level. Equal to the rank sum turned round: points = E - mean rank.
    Errors: none beyond those of reading ballots. Source: Borda 1784; half points for ties, Black 1976.

    >>> [str(points) for points in borda("ABC", [[["A"], ["B", "C"]], [["B"]]])]
    ['5/2', '5/2', '1']
    """
    points = dict.fromkeys(entries, Fraction(0))
    for number, groups in enumerate(ballots):
        below = len(points)
        unranked = [entry for entry in entries if not any(entry in group for group in groups)]
        for group in (*groups, unranked):
            below -= len(group)
            for entry in group:
                earned = below + Fraction(len(group) - 1, 2)
                points[entry] += earned * (weight[number] if weight is not None else 1)
    return list(points.values())


def copeland(prefers: np.ndarray) -> list[int]:
    """The number of entries each one beats in pairs, P[a, b] > P[b, a]. Source: Llull; Copeland 1951.

    >>> copeland(np.array([[0, 255, 178, 385], [199, 0, 134, 406], [291, 327, 0, 443], [68, 50, 18, 0]]))
    [2, 1, 3, 0]
    """
    return (prefers > prefers.T).sum(axis=1).tolist()


def schulze_strengths(prefers: np.ndarray) -> np.ndarray:
    """The strength of the strongest path between all pairs, by winning votes, float[E, E].

    Formula: S = P where P > P', else 0; for every k: S = max(S, min(S[:, k], S[k, :])). a beats b if S[a, b] > S[b, a].
    Work grows with E cubed. Source: Schulze 2011.

    >>> schulze_strengths(np.array([[0, 2, 1], [1, 0, 2], [2, 1, 0]])).tolist()
    [[0.0, 2.0, 2.0], [2.0, 0.0, 2.0], [2.0, 2.0, 0.0]]
    """
    strength = np.where(prefers > prefers.T, prefers, 0.0).astype(float)
    for k in range(len(strength)):
        np.maximum(strength, np.minimum(strength[:, k, None], strength[None, k, :]), out=strength)
    np.fill_diagonal(strength, 0.0)
    return strength

"""Reading what the caller gives: identifiers, counts, scores, pairs; an error names the place and the remedy."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

ERRORS = {
    "bad_identifier": "The {kind} at position {place} is {value!r}: give a text that is not empty.",
    "duplicate": "The {kind} {name} is listed twice: list each once.",
    "unknown": "{place} names the {kind} {name}, which is not among those given: correct the name or add it.",
    "score_not_finite": "The score of entry {entry} and judge {judge} is {value}: give a finite number, 0 or more.",
    "score_shape": "The scores have {rows} rows, {columns} columns: give {entries} rows (entries), {judges} columns.",
    "scores_no_table": "The scores are no table of numbers: give {entries} rows (entries) of {judges} numbers each.",
    "mask_shape": "The mask {name} has shape {shape}: give {entries} rows (entries) and {judges} columns (judges).",
    "not_a_pair": "{name} contains {value!r}: give pairs (entry, judge).",
    "wrong_length": "{name} has {given} values for {wanted} names: give one for each, or one for all.",
    "missing_value": "{name} has no value for {who}: give one for each, or one for all.",
    "not_a_count": "{name} of {who} is {value}: give a whole number, 0 to 1,000,000.",
    "not_a_number": "{name} of {who} is {value}: give a finite number, 0 or more.",
    "too_many_codes": "There are {number} reason codes for forbidden pairs: use at most 32.",
    "lock_forbidden": "Entry {entry} is locked to judge {judge}, but that pair is forbidden ({why}): remove the lock.",
    "lock_exceeds_k": "Entry {who} has {locks} locks and wants {limit} reviews: remove locks or raise k.",
    "lock_exceeds_max_load": "Judge {who} has {locks} locks and may take {limit}: remove locks or raise max_load.",
    "min_above_max": "Judge {judge} has min_load {low} above max_load {high}: lower the one or raise the other.",
    "bad_setting": "{name} is {value}: give a number, {range}.",
    "bad_force": "Rule {rule} has force {force!r}: choose must, should or may.",
    "bad_band": "Rule {rule}, group {band}: at_least {low} is above at_most {high}: lower the one or raise the other.",
    "band_not_whole": "Rule {rule}, group {band}: {value!r} is no number of judges: give a whole number, 0 or more.",
    "band_twice": "Rule {rule} has two groups called {band}: give each its own label.",
    "empty_rule": "Rule {rule} limits nothing: give at_least or at_most to one of its groups.",
}


MOST = 1_000_000
"""More reviews than any judge reads or any entry needs."""
LARGEST = 1e100
"""Scores above would not add up in floating point."""


class ProblemError(ValueError):
    """The question cannot be put as it stands. `code` and `figures` say where; the text says the remedy.

    >>> print(ProblemError("duplicate", kind="judge", name="Ada"))
    The judge Ada is listed twice: list each once.
    """

    def __init__(self, code: str, **figures: Any) -> None:
        self.code = code
        self.figures = figures
        super().__init__(ERRORS[code].format(**figures))


def identifiers(kind: str, names: Iterable[str], among: Sequence[str] | None = None) -> tuple[str, ...]:
    """The names, checked: texts, none empty, none twice, and all known if `among` is given.

    >>> identifiers("judge", ["Ada", "Ben"])
    ('Ada', 'Ben')
    """
    seen: dict[str, None] = {}
    known = None if among is None else set(among)
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise ProblemError("bad_identifier", kind=kind, place=place, value=name)
        if name in seen:
            raise ProblemError("duplicate", kind=kind, name=name)
        if known is not None and name not in known:
            raise ProblemError("unknown", place="The list", kind=kind, name=name)
        seen[name] = None
    return tuple(seen)


def counts(name: str, given: Any, ids: Sequence[str]) -> NDArray[np.int64]:
    """Whole numbers, one per identifier, from one number, a sequence in order or a mapping.

    >>> [int(c) for c in counts("k", {"b": 2, "a": 1}, ["a", "b"])]
    [1, 2]
    """
    values = numbers(name, given, ids, error="not_a_count")
    for i in np.flatnonzero((values != np.floor(values)) | (values > MOST))[:1]:
        raise ProblemError("not_a_count", name=name, who=ids[i], value=float(values[i]))
    return values.astype(np.int64)


def numbers(name: str, given: Any, ids: Sequence[str], error: str = "not_a_number") -> NDArray[np.float64]:
    """Numbers, finite and not negative, one per identifier.

    >>> [float(x) for x in numbers("floor_score", 1.5, ["a", "b"])]
    [1.5, 1.5]
    """
    if isinstance(given, Mapping):
        for who in ids:
            if who not in given:
                raise ProblemError("missing_value", name=name, who=who)
        given = [given[who] for who in ids]
    values = _floats(given)
    if values is None:
        for who, value in zip(ids, given if isinstance(given, list | tuple) else [given] * len(ids), strict=False):
            if _floats(value) is None:
                raise ProblemError(error, name=name, who=who, value=repr(value))
        raise ProblemError("wrong_length", name=name, given="uneven", wanted=len(ids))
    if values.ndim == 0:
        values = np.full(len(ids), float(values))
    if values.shape != (len(ids),):
        raise ProblemError("wrong_length", name=name, given=values.size, wanted=len(ids))
    for i in np.flatnonzero(~np.isfinite(values) | (values < 0))[:1]:
        raise ProblemError(error, name=name, who=ids[i], value=float(values[i]))
    return values


def score_matrix(given: Any, entries: Sequence[str], judges: Sequence[str]) -> NDArray[np.float64]:
    """The scores as an (n, m) array; a pair that is not listed scores 0.

    >>> score_matrix({("a", "y"): 0.5}, ["a"], ["x", "y"]).tolist()
    [[0.0, 0.5]]
    """
    if isinstance(given, Mapping):
        scores = np.zeros((len(entries), len(judges)))
        cells = pairs_of("scores", given, entries, judges)
        values = _floats(list(given.values()))
        if values is None or values.ndim != 1:
            entry, judge = next(pair for pair, value in given.items() if np.ndim(value) or _floats(value) is None)
            raise ProblemError("score_not_finite", entry=entry, judge=judge, value=repr(given[entry, judge]))
        scores[cells[:, 0], cells[:, 1]] = values
    else:
        table = _floats(given.todense() if sparse.issparse(given) else given)
        if table is None:
            raise ProblemError("scores_no_table", entries=len(entries), judges=len(judges))
        scores = table
        scores = scores.reshape(len(entries), len(judges)) if scores.size == 0 == len(entries) * len(judges) else scores
    if scores.shape != (len(entries), len(judges)):
        rows, columns = (*scores.shape, 0, 0)[:2]
        raise ProblemError("score_shape", rows=rows, columns=columns, entries=len(entries), judges=len(judges))
    for e, j in np.argwhere(~((scores <= LARGEST) & (scores >= 0)))[:1]:
        raise ProblemError("score_not_finite", entry=entries[e], judge=judges[j], value=float(scores[e, j]))
    return scores


def pairs_of(name: str, given: Iterable[Any], entries: Sequence[str], judges: Sequence[str]) -> NDArray[np.int64]:
    """Pairs of identifiers as (L, 2) positions, in the order given, each once.

    >>> pairs_of("locks", [("a", "y")], ["a"], ["x", "y"]).tolist()
    [[0, 1]]
    """
    row, column = {e: i for i, e in enumerate(entries)}, {j: i for i, j in enumerate(judges)}
    cells: dict[tuple[int, int], None] = {}
    for pair in given:
        if not (isinstance(pair, tuple | list) and len(pair) == 2):
            raise ProblemError("not_a_pair", name=name, value=pair)
        for kind, who, known in (("entry", pair[0], row), ("judge", pair[1], column)):
            if not isinstance(who, str) or who not in known:
                raise ProblemError("unknown", place=name, kind=kind, name=who)
        cells[row[pair[0]], column[pair[1]]] = None
    return np.array(list(cells), dtype=np.int64).reshape(-1, 2)


def _floats(given: Any) -> NDArray[np.float64] | None:
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def mask_of(name: str, given: Any, entries: Sequence[str], judges: Sequence[str]) -> NDArray[np.bool_]:
    """A set of pairs as an (n, m) mask, from a mask or from pairs.

    >>> mask_of("conflict", [("a", "y")], ["a"], ["x", "y"]).tolist()
    [[False, True]]
    """
    if isinstance(given, np.ndarray) and given.dtype == bool:
        if given.shape != (len(entries), len(judges)):
            raise ProblemError("mask_shape", name=name, shape=given.shape, entries=len(entries), judges=len(judges))
        return given
    cells = pairs_of(name, given, entries, judges)
    mask = np.zeros((len(entries), len(judges)), dtype=bool)
    mask[cells[:, 0], cells[:, 1]] = True
    return mask

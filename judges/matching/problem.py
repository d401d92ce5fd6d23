"""The question put to the solver: who is to be judged, by whom, within which limits.

Everything is held in the *order of the draw*: entries and judges sorted by a seeded hash of their
identifiers. Ties between equally good assignments are therefore broken by lot, yet the same question
always gets the same answer, in whatever order its rows arrive.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .bridges import NO_BRIDGES, Bridges, Crossing, compile_bridges, outsider_rules
from .prices import Prices
from .reading import ProblemError, counts, identifiers, mask_of, numbers, pairs_of, score_matrix
from .rules import Bands, Rule, compile_rules

FAIR_SHARE = 0.7
"""The recommended floor: every entry's panel at least 70 % of the best panel it could have had."""


class Problem(NamedTuple):
    """A complete question, checked; made by `pose`. n entries, m judges, B bands of rules."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    scores: NDArray[np.float64]  # (n, m), how well a judge suits an entry
    codes: tuple[str, ...]  # reasons for which a pair is forbidden
    barred: NDArray[Any]  # (n, m), bit c set: forbidden for codes[c]
    k: NDArray[np.int64]  # (n,), reviews wanted
    min_load: NDArray[np.int64]  # (m,), reviews
    max_load: NDArray[np.int64]  # (m,), reviews
    locks: NDArray[np.int64]  # (L, 2), pairs that must stay
    anchor: NDArray[np.bool_]  # (n,), read by every eligible judge
    rules: tuple[Rule, ...]
    bands: Bands
    crossing: Crossing
    floor: NDArray[np.float64]  # (n,), lowest total score wanted of a panel
    load_cost: float  # of the first review above a judge's even share, twice for the second ..., in units
    unwanted: NDArray[np.bool_] | None  # (n, m), pairs a judge asked not to have
    unwanted_cost: float
    unit: float  # the least power of two not below the best score
    kept: NDArray[np.bool_] | None  # (n, m), in a repair: pairs that should stay
    seed: str
    digest: str
    prices: Prices = Prices()

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """The pairs that may be assigned, (n, m)."""
        return self.allowed_in(slice(None))

    def allowed_in(self, rows: slice) -> NDArray[np.bool_]:
        """The same for some entries, (rows, m)."""
        return (self.barred[rows] == 0) & (self.max_load > 0)[None, :]


def pose(
    entries: Sequence[str],
    judges: Sequence[str],
    scores: Any,
    *,
    k: int | Sequence[int] | Mapping[str, int],
    max_load: int | Sequence[int] | Mapping[str, int],
    min_load: int | Sequence[int] | Mapping[str, int] = 0,
    forbidden: Mapping[str, Any] | None = None,
    locks: Iterable[tuple[str, str]] = (),
    anchors: Iterable[str] = (),
    rules: Sequence[Rule] = (),
    bridges: Bridges = NO_BRIDGES,
    floor: float = 0.0,
    floor_score: float | Sequence[float] | Mapping[str, float] = 0.0,
    load_cost: float = 0.0,
    unwanted: Any = None,
    unwanted_cost: float = 0.0,
    seed: str = "",
) -> Problem:
    """Check the question and put it in the order of the draw.

    scores: (n, m) array, sparse matrix or {(entry, judge): score}, finite and not negative; a pair
    that is not listed scores 0. k, min_load, max_load: reviews, one for all, in order, or by
    identifier. forbidden: reason code -> pairs, or an (n, m) mask. floor: share (0..1) of the best
    panel an entry could have; floor_score: the same as a score. load_cost, unwanted_cost: in units
    of the best score. Raises `ProblemError`, which names the place and the remedy.

    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0], [0.5, 0.5]], k=1, max_load=2, forbidden={"conflict": [("a", "x")]})
    >>> int(p.allowed.sum()), p.scores.max()
    (3, np.float64(1.0))
    >>> pose(["a"], ["x"], [[float("nan")]], k=1, max_load=1)
    Traceback (most recent call last):
    ...
    judges.matching.reading.ProblemError: The score of entry a and judge x is nan: give a finite number, 0 or more.
    """
    entry_ids, judge_ids = identifiers("entry", entries), identifiers("judge", judges)
    rows, columns = draw_order(entry_ids, seed), draw_order(judge_ids, seed)
    given = score_matrix(scores, entry_ids, judge_ids)
    codes, barred = _barred(forbidden or {}, entry_ids, judge_ids)
    entry_ids_drawn, judge_ids_drawn = tuple(entry_ids[i] for i in rows), tuple(judge_ids[i] for i in columns)
    here = np.ix_(rows, columns)
    wanted = counts("k", k, entry_ids)[rows]
    anchor = np.isin(entry_ids_drawn, identifiers("anchor", tuple(anchors), among=entry_ids))
    all_rules = (*rules, *outsider_rules(bridges))
    low, high = counts("min_load", min_load, judge_ids)[columns], counts("max_load", max_load, judge_ids)[columns]
    high = np.where(
        high < low, high, np.minimum(high, np.maximum(low, len(entry_ids)))
    )  # nobody reads more than there is
    best = float(given.max(initial=0.0)) or 1.0
    unit = float(2.0 ** np.ceil(np.log2(best)))
    draft = Problem(
        entries=entry_ids_drawn,
        judges=judge_ids_drawn,
        scores=given[here],
        codes=codes,
        barred=barred[here],
        k=wanted,
        min_load=low,
        max_load=high,
        locks=_in_order(pairs_of("locks", locks, entry_ids_drawn, judge_ids_drawn)),
        anchor=anchor,
        rules=all_rules,
        bands=compile_rules(all_rules, entry_ids_drawn, judge_ids_drawn, anchor),
        crossing=compile_bridges(bridges, entry_ids_drawn, judge_ids_drawn, wanted),
        floor=numbers("floor_score", floor_score, entry_ids)[rows],
        load_cost=_not_negative("load_cost", load_cost) * best / unit,
        unwanted=None if unwanted is None else mask_of("unwanted", unwanted, entry_ids, judge_ids)[here],
        unwanted_cost=_not_negative("unwanted_cost", unwanted_cost) * best / unit,
        unit=unit,
        kept=None,
        seed=seed,
        digest="",
    )
    return seal(_settled(draft, _not_negative("floor", floor)))


def draw_order(names: Sequence[str], seed: str) -> NDArray[np.int64]:
    """Positions of the names in the order of the draw: ascending SHA-256 of seed, NUL and name.

    >>> [int(i) for i in draw_order(["a", "b", "c"], "2027")] == [int(i) for i in draw_order(["a", "b", "c"], "2027")]
    True
    """
    lots = [hashlib.sha256(f"{seed}\0{name}".encode()).digest() for name in names]
    return np.array(sorted(range(len(names)), key=lots.__getitem__), dtype=np.int64)


def seal(problem: Problem) -> Problem:
    """The same problem with its digest: SHA-256 of everything the answer depends on."""
    sha = hashlib.sha256(b"judges.matching 1\n")
    words: dict[str, Any] = {}
    for name, value in problem._replace(digest="", prices=Prices())._asdict().items():
        _collect(name, value, words, sha)
    sha.update(json.dumps(words, sort_keys=True, ensure_ascii=True).encode())
    return problem._replace(digest=sha.hexdigest())


def _collect(name: str, value: Any, words: dict[str, Any], sha: Any) -> None:
    if isinstance(value, np.ndarray):
        sha.update(f"{name} {value.dtype.kind} {value.shape}\n".encode())
        sha.update(np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<")))
    elif isinstance(value, Bands | Crossing):
        for part, inner in value._asdict().items():
            _collect(f"{name}.{part}", inner, words, sha)
    elif name != "rules":  # their effect is in the bands
        words[name] = value


def _in_order(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    return cells[np.lexsort((cells[:, 1], cells[:, 0]))]


def _barred(forbidden: Mapping[str, Any], entries: tuple[str, ...], judges: tuple[str, ...]) -> tuple[Any, Any]:
    codes = tuple(sorted(forbidden))
    if len(codes) > 32:
        raise ProblemError("too_many_codes", number=len(codes))
    width = np.uint8 if len(codes) <= 8 else np.uint16 if len(codes) <= 16 else np.uint32
    barred = np.zeros((len(entries), len(judges)), dtype=width)
    for bit, code in enumerate(codes):
        barred[mask_of(code, forbidden[code], entries, judges)] |= width(1 << bit)
    return codes, barred


def _settled(problem: Problem, share: float) -> Problem:
    """Anchors take every eligible judge; the share becomes a score; the locks are checked against the limits."""
    allowed = problem.allowed
    k = np.where(problem.anchor, allowed.sum(axis=1), problem.k)
    floor = problem.floor
    if share > 0:
        floor = np.maximum(floor, share * best_panels(problem.scores, allowed, k))
    settled = problem._replace(k=k, floor=np.where(problem.anchor, 0.0, floor))
    check_locks(settled)
    return settled


def best_panels(scores: ArrayLike, allowed: ArrayLike, k: ArrayLike) -> NDArray[np.float64]:
    """The total of the k best eligible scores of each entry: the best panel if it had first choice.

    >>> [float(x) for x in best_panels([[3, 2, 1], [1, 1, 5]], [[True, True, True], [True, True, False]], [2, 1])]
    [5.0, 1.0]
    """
    open_scores = np.where(np.asarray(allowed, dtype=bool), np.asarray(scores, dtype=float), 0.0)
    ranked = -np.sort(-open_scores, axis=1)
    wanted = np.asarray(k)
    return np.where(np.arange(ranked.shape[1])[None, :] < wanted[:, None], ranked, 0.0).sum(axis=1)


def check_locks(problem: Problem) -> None:
    """Raise `ProblemError` where a lock meets a forbidden pair or exceeds a limit."""
    for e, j in problem.locks:
        if problem.barred[e, j]:
            why = [code for bit, code in enumerate(problem.codes) if problem.barred[e, j] >> bit & 1]
            raise ProblemError("lock_forbidden", entry=problem.entries[e], judge=problem.judges[j], why=", ".join(why))
    for name, ids, side, limit in (
        ("lock_exceeds_k", problem.entries, 0, problem.k),
        ("lock_exceeds_max_load", problem.judges, 1, problem.max_load),
    ):
        held = np.bincount(problem.locks[:, side], minlength=len(ids))
        for i in np.flatnonzero(held > limit)[:1]:
            raise ProblemError(name, who=ids[i], locks=int(held[i]), limit=int(limit[i]))
    for j in np.flatnonzero(problem.min_load > problem.max_load)[:1]:
        raise ProblemError(
            "min_above_max", judge=problem.judges[j], low=int(problem.min_load[j]), high=int(problem.max_load[j])
        )


def _not_negative(name: str, value: float) -> float:
    number = float(value)
    if not np.isfinite(number) or number < 0 or (name == "floor" and number > 1):
        raise ProblemError("bad_setting", name=name, value=number, range="0 to 1" if name == "floor" else "0 or more")
    return number

"""The certificate: prices from which anyone can prove, by adding numbers, that nothing much better exists.

For any prices at all, no assignment can be worth more than the bound computed here (weak duality), so the
proof needs no trust in the solver that found them. Source: Dantzig, Linear Programming and Extensions,
1963, ch. 6; the Lagrangian form is Geoffrion, Mathematical Programming Study 2 (1974), 82-114.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .prices import Prices
from .problem import Problem
from .rules import NO_LIMIT

BLOCK = 1000
"""Entries priced at a time: 10,000 entries x 1,000 judges need 8 MB instead of 80."""


class Duals(NamedTuple):
    """Prices, in best scores (units of `problem.unit`). A price of 0 means the limit costs nothing."""

    entry: NDArray[np.float64]  # (n,), of a review
    judge: NDArray[np.float64]  # (m,), of a place at the maximum (> 0) or minimum (< 0) load
    band: NDArray[np.float64]  # (n, B), of a rule on one entry
    floor: NDArray[np.float64]  # (n,), <= 0
    steps: NDArray[np.float64]  # (m,), >= 0, of a review above the even share
    unwanted: NDArray[np.float64]  # (m,), >= 0, of an unwanted review
    panel_bridges: NDArray[np.float64]  # (P,), <= 0
    judge_bridges: NDArray[np.float64]  # (m,), <= 0
    prices: Prices  # of what is unmet, under which these were found


def no_duals(problem: Problem) -> Duals:
    """Prices of zero everywhere."""
    n, m, bands, panels = len(problem.entries), len(problem.judges), len(problem.bands.label), problem.crossing.panels
    return Duals(
        entry=np.zeros(n),
        judge=np.zeros(m),
        band=np.zeros((n, bands)),
        floor=np.zeros(n),
        steps=np.zeros(m),
        unwanted=np.zeros(m),
        panel_bridges=np.zeros(len(panels)),
        judge_bridges=np.zeros(m),
        prices=problem.prices,
    )


def fill_price(problem: Problem) -> NDArray[np.float64]:
    """What a missing review costs, by entry: an anchor counts twice, since the whole scale hangs on it."""
    return np.where(problem.anchor, 2.0, 1.0) * problem.prices.fill


def band_price(problem: Problem) -> NDArray[np.float64]:
    """What one judge missing or too many costs, by band, (B,)."""
    return np.array([getattr(problem.prices, force) for force in problem.bands.force], dtype=np.float64)


def bridge_price(problem: Problem) -> float:
    """What a missing crossing review costs."""
    return float(getattr(problem.prices, problem.crossing.force))


def even_share(problem: Problem) -> NDArray[np.int64]:
    """Reviews per judge if all were spread in proportion to maximum loads, rounded up, at least the minimum.

    Formula: ceil(sum of k x max_load / sum of max_load).
    """
    room = problem.max_load.sum()
    share = np.ceil(problem.k.sum() * problem.max_load / max(room, 1) - 1e-9)
    return np.clip(share, problem.min_load, problem.max_load).astype(np.int64)


def margins(problem: Problem, duals: Duals, rows: slice = slice(None)) -> NDArray[np.float64]:
    """What each pair is worth after paying all prices: score - prices, in best scores, (rows, m)."""
    score = problem.scores[rows] / problem.unit
    left = (
        score * (problem.prices.score - duals.floor[rows, None])
        - duals.entry[rows, None]
        - (duals.judge + duals.steps)[None, :]
    )
    if duals.band.any():
        left -= duals.band[rows] @ problem.bands.member.astype(np.float64)
    if problem.kept is not None:
        left += problem.prices.moves * problem.kept[rows]
    if problem.unwanted is not None:
        left -= problem.unwanted[rows] * duals.unwanted[None, :]
    if duals.panel_bridges.any() or duals.judge_bridges.any():
        crossing = problem.crossing
        toll = np.where(crossing.entry_panel >= 0, np.r_[duals.panel_bridges, 0.0][crossing.entry_panel], 0.0)
        left -= crossing.mask(rows) * (toll[rows, None] + duals.judge_bridges[None, :])
    return left


def margins_at(problem: Problem, duals: Duals, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same for some pairs only, (C, 2) -> (C,)."""
    found = np.empty(len(cells))
    for rows in blocks(problem):
        here = (cells[:, 0] >= rows.start) & (cells[:, 0] < rows.stop)
        found[here] = margins(problem, duals, rows)[cells[here, 0] - rows.start, cells[here, 1]]
    return found


def blocks(problem: Problem) -> Iterator[slice]:
    """The entries, `BLOCK` at a time."""
    return (slice(start, start + BLOCK) for start in range(0, len(problem.entries), BLOCK))


def recompute_bound(problem: Problem, duals: Duals, cap: float | NDArray[np.float64] = 1.0) -> float:
    """No assignment is worth more than this: limits at their prices + what is left of every pair.

    Formula: sum of price x limit (the limit the price speaks of) + sum over all allowed pairs of
    max(0, score - prices) + sum over unmet wishes of max(0, price - penalty) x greatest amount. Worth is
    quality minus penalties, in the units of the scores. True for any `duals`; no solver is used. With a cap
    on the chance of a pair (`chances`; one for all, or one for each entry), what is left of a pair counts at most so much.

    >>> from judges.matching import assign, pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0.5], [1, 0.25]], k=1, max_load=1)
    >>> plan = assign(p)
    >>> plan.quality, round(recompute_bound(p, plan.duals), 9)
    (1.5, 1.5)
    """
    problem = problem._replace(prices=duals.prices)
    d = duals._replace(
        floor=np.minimum(duals.floor, 0),
        steps=np.maximum(duals.steps, 0),
        unwanted=np.maximum(duals.unwanted, 0),
        panel_bridges=np.minimum(duals.panel_bridges, 0),
        judge_bridges=np.minimum(duals.judge_bridges, 0),
        band=np.where(problem.bands.high == NO_LIMIT, np.minimum(duals.band, 0), duals.band),
    )
    total = _limits(problem, d) + _unmet(problem, d) + _load_costs(problem, d)
    if problem.kept is not None:
        total -= problem.prices.moves * float(problem.kept.sum())
    locked = np.zeros((len(problem.entries), len(problem.judges)), dtype=bool)
    locked[problem.locks[:, 0], problem.locks[:, 1]] = True
    most = np.broadcast_to(np.asarray(cap, dtype=float), len(problem.entries))
    for rows in blocks(problem):
        left = margins(problem, d, rows)
        open_pairs = problem.allowed_in(rows)
        chosen = open_pairs & ~locked[rows] & (left > 0)
        total += left[open_pairs & locked[rows]].sum() + (most[rows, None] * left)[chosen].sum()
    return float(total * problem.unit)


def _limits(problem: Problem, d: Duals) -> float:
    bands = problem.bands
    dear, cheap = np.maximum(d.band, 0), np.minimum(d.band, 0)
    return float(
        d.entry @ problem.k
        + np.maximum(d.judge, 0) @ problem.max_load
        + np.minimum(d.judge, 0) @ problem.min_load
        + (dear * np.where(bands.high == NO_LIMIT, 0, bands.high)).sum()
        + (cheap * bands.low).sum()
        + d.floor @ (problem.floor / problem.unit)
        + d.steps @ even_share(problem)
        + d.panel_bridges @ problem.crossing.per_panel
        + d.judge_bridges @ problem.crossing.per_judge
    )


def _unmet(problem: Problem, d: Duals) -> float:
    """What could be gained by leaving wishes unmet: nothing, if the prices never exceed the penalties."""
    bands, crossing, prices = problem.bands, problem.crossing, problem.prices
    band, bridge = band_price(problem), bridge_price(problem)
    return float(
        np.maximum(-fill_price(problem) - d.entry, 0) @ problem.k
        + np.maximum(-prices.min_load - d.judge, 0) @ problem.min_load
        + (np.maximum(-band - d.band, 0) * bands.low).sum()
        + (np.maximum(d.band - band, 0) * problem.k[:, None]).sum()
        + np.maximum(-prices.floor - d.floor, 0) @ (problem.floor / problem.unit)
        + np.maximum(-bridge - d.panel_bridges, 0) @ crossing.per_panel
        + np.maximum(-bridge - d.judge_bridges, 0) @ crossing.per_judge
    )


def _load_costs(problem: Problem, d: Duals) -> float:
    """Steps of rising cost: the t-th review above the even share costs t x load_cost."""
    total = 0.0
    if problem.prices.score == 0:
        return total
    for price, room, cost in (
        (d.steps, problem.max_load - even_share(problem), problem.load_cost),
        (d.unwanted, problem.max_load, problem.unwanted_cost),
    ):
        step = np.arange(1, max(int(room.max(initial=0)), 0) + 1)
        gain = np.maximum(price[:, None] - cost * step[None, :], 0)
        total += float(gain[step[None, :] <= room[:, None]].sum())
    return total


def dump_duals(problem: Problem, duals: Duals) -> dict[str, Any]:
    """The prices by identifier, ready for JSON; those that are zero are left out."""
    crossing, bands = problem.crossing, problem.bands
    names = {
        "entry": problem.entries,
        "judge": problem.judges,
        "floor": problem.entries,
        "steps": problem.judges,
        "unwanted": problem.judges,
        "panel_bridges": crossing.panels,
        "judge_bridges": problem.judges,
    }
    found: dict[str, Any] = {
        part: {ids[i]: float(getattr(duals, part)[i]) for i in np.flatnonzero(getattr(duals, part))}
        for part, ids in names.items()
    }
    found["band"] = [
        [problem.entries[e], bands.name[b], bands.label[b], float(duals.band[e, b])] for e, b in np.argwhere(duals.band)
    ]
    found["prices"] = duals.prices._asdict()
    return found


def load_duals(problem: Problem, stored: Mapping[str, Any]) -> Duals:
    """The prices back from what `dump_duals` made.

    >>> from judges.matching import assign, pose
    >>> p = pose(["a", "b"], ["x", "y"], [[1, 0.5], [1, 0.25]], k=1, max_load=1)
    >>> plan = assign(p)
    >>> recompute_bound(p, load_duals(p, dump_duals(p, plan.duals))) == recompute_bound(p, plan.duals)
    True
    """
    duals = no_duals(problem)._replace(prices=Prices(**stored["prices"]))
    entry, judge = ({name: i for i, name in enumerate(ids)} for ids in (problem.entries, problem.judges))
    panel = {name: i for i, name in enumerate(problem.crossing.panels)}
    band = {key: i for i, key in enumerate(zip(problem.bands.name, problem.bands.label, strict=True))}
    for part, position in (("entry", entry), ("judge", judge), ("floor", entry), ("steps", judge)):
        for name, price in stored.get(part, {}).items():
            getattr(duals, part)[position[name]] = price
    for part, position in (("unwanted", judge), ("panel_bridges", panel), ("judge_bridges", judge)):
        for name, price in stored.get(part, {}).items():
            getattr(duals, part)[position[name]] = price
    for name, rule, label, price in stored.get("band", []):
        duals.band[entry[name], band[rule, label]] = price
    return duals

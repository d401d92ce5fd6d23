"""Do the right entries win? Panels like those of 2023, played against a truth that only the referee knows.

    OMP_NUM_THREADS=1 python tests/bench/truth.py [number of panels]

209 entries, 16 judges, 3 reviews each. True quality has standard deviation 1, a quarter of its variance between the
six fields. A judge's severity has 0.6, the error of one score 1.0 where the judge knows the entry's field and 1.3 where
not (each judge knows 2 of 6 fields); one pair in twenty is a conflict and is never assigned. Scores are given on a scale
of 0 to 100 in whole points. Every panel is judged twice: with judges dealt at random in equal loads, and, where
`judges.matching` is at hand, with its assignment. What is assumed decides what comes out: normal errors, honest judges,
severity that does not change during the round.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402

from prize.scoring import Result, RuleSet, fit_scores, top_k  # noqa: E402

try:
    from judges import matching
except ImportError:
    matching = None  # type: ignore[assignment]

ENTRIES, JUDGES, EACH, FIELDS = 209, 16, 3, 6
FINALISTS, AWARDS = 40, 21
BETWEEN_FIELDS = 0.25
SEVERITY, NOISE_EXPERT, NOISE_OTHER, CONFLICTS = 0.6, 1.0, 1.3, 0.05


class World(NamedTuple):
    quality: np.ndarray  # float[E], the truth
    severity: np.ndarray  # float[J]
    knows: np.ndarray  # bool[E, J]
    conflict: np.ndarray  # bool[E, J]
    noise: np.ndarray  # float[E, J], what each judge would err by, whoever is asked


class Tally(NamedTuple):
    finalists: float  # share of the true first 40 among the first 40
    awards: float  # share of the true first 21 among the first 21
    winner: float  # whether the true first is among the first three


def world(rng: np.random.Generator) -> World:
    field = rng.integers(0, FIELDS, ENTRIES)
    known = np.array([rng.permutation(FIELDS)[:2] for _ in range(JUDGES)])
    knows = (field[:, None, None] == known[None, :, :]).any(axis=2)
    noise = rng.normal(size=(ENTRIES, JUDGES)) * np.where(knows, NOISE_EXPERT, NOISE_OTHER)
    conflict = rng.random((ENTRIES, JUDGES)) < CONFLICTS
    quality = BETWEEN_FIELDS**0.5 * rng.normal(size=FIELDS)[field]
    quality += (1 - BETWEEN_FIELDS) ** 0.5 * rng.normal(size=ENTRIES)
    return World(quality, SEVERITY * rng.normal(size=JUDGES), knows, conflict, noise)


def at_random(w: World, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Judges dealt at random: each entry gets the three least loaded who have no conflict, ties by lot."""
    load, pairs = np.zeros(JUDGES), []
    for entry in rng.permutation(ENTRIES).tolist():
        lot = load + rng.random(JUDGES) + 1e6 * w.conflict[entry]
        for judge in np.argsort(lot)[:EACH].tolist():
            load[judge] += 1
            pairs.append((entry, judge))
    return pairs


def by_matching(w: World, rng: np.random.Generator) -> list[tuple[int, int]]:
    problem = matching.pose(
        entries=[f"e{n:03}" for n in range(ENTRIES)],
        judges=[f"j{n:02}" for n in range(JUDGES)],
        scores=w.knows.astype(float),
        k=EACH,
        max_load=40,
        min_load=38,
        forbidden={"conflict": w.conflict},
        seed=str(int(rng.integers(1 << 30))),
    )
    plan = matching.assign(problem, time_limit=20.0)
    return [(int(entry[1:]), int(judge[1:])) for entry, judge in plan.pairs]


def scores(w: World, pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    e, j = np.array(pairs).T
    points = np.rint(60 + 10 * (w.quality[e] + w.severity[j] + w.noise[e, j]))
    return e, j, np.clip(points, 0, 100)


def tally(w: World, value: np.ndarray) -> Tally:
    truth, found = np.argsort(-w.quality), np.argsort(-value, kind="stable")

    def share(k: int) -> float:
        return len(set(truth[:k].tolist()) & set(found[:k].tolist())) / k

    return Tally(share(FINALISTS), share(AWARDS), float(truth[0] in found[:3]))


def coverage(w: World, result: Result) -> float:
    """The share of 95 % intervals that hold the truth, both measured from their mean."""
    off = result.adjusted - 10 * w.quality
    cov = result.cov
    cov = cov - cov.mean(axis=0) - cov.mean(axis=1)[:, None] + cov.mean()
    return float((np.abs(off - off.mean()) < 1.96 * np.sqrt(np.diag(cov))).mean())


def play(panels: int) -> None:
    ways: dict[str, Callable] = {"random": at_random} | ({"matching": by_matching} if matching else {})
    found: dict[str, list] = {f"{way}, {how}": [] for way in ways for how in ("plain mean", "z-score", "adjusted")}
    extra: dict[str, list] = {way: [] for way in ways}
    for number in range(panels):
        w = world(np.random.Generator(np.random.Philox([2023, number])))
        for way, assign in ways.items():
            rng = np.random.Generator(np.random.Philox([7, number]))
            rows = scores(w, assign(w, rng))
            result = fit_scores(*rows)
            found[f"{way}, plain mean"].append(tally(w, result.raw))
            found[f"{way}, z-score"].append(tally(w, fit_scores(*rows, rule=RuleSet(method="z-score/1")).adjusted))
            found[f"{way}, adjusted"].append(tally(w, result.adjusted))
            extra[way].append(_certainty(w, result, rows))
    _print(found, extra, panels)


def _certainty(w: World, result: Result, rows: tuple) -> dict:
    chances = top_k(result, FINALISTS, draws=1000)
    place = np.empty(ENTRIES, dtype=int)
    place[np.argsort(-w.quality)] = np.arange(1, ENTRIES + 1)
    e, j, _ = rows
    return {
        "coverage": coverage(w, result),
        "ranges": ((place >= chances.rank_low) & (place <= chances.rank_high)).mean(),
        "width": (chances.rank_high - chances.rank_low + 1).mean(),
        "stated": chances.prob,
        "happened": place <= FINALISTS,
        "known": w.knows[e, j].mean(),
    }


def _print(found: dict[str, list], extra: dict[str, list], panels: int) -> None:
    print(f"{panels} panels: {ENTRIES} entries, {JUDGES} judges, {EACH} reviews each")
    print(f"{'':26}  first 40   first 21   best in first 3   (standard error of the first 40)")
    for name, tallies in found.items():
        table = np.array(tallies)
        mean, error = table.mean(axis=0), table[:, 0].std(ddof=1) / np.sqrt(len(table))
        print(f"{name:26}  {mean[0]:.3f}      {mean[1]:.3f}      {mean[2]:.3f}             {error:.4f}")
    for way, rows in extra.items():
        mean = {name: np.mean([row[name] for row in rows]) for name in ("coverage", "ranges", "width", "known")}
        print(f"{way}: 95 % intervals hold the truth {mean['coverage']:.3f}; 90 % rank ranges {mean['ranges']:.3f},")
        print(f"  {mean['width']:.0f} places wide on average; reviews by judges who know the field {mean['known']:.2f}")
        stated = np.concatenate([row["stated"] for row in rows])
        happened = np.concatenate([row["happened"] for row in rows])
        for low in np.arange(0, 1, 0.1):
            inside = (stated >= low) & (stated < low + 0.1 + 1e-9 * (low > 0.85))
            if inside.any():
                told = f"stated {stated[inside].mean():.3f}, happened {happened[inside].mean():.3f}"
                print(f"  chance of the first 40 {low:.1f}-{low + 0.1:.1f}: {told} ({inside.sum()} entries)")


if __name__ == "__main__":
    play(int(sys.argv[1]) if len(sys.argv) > 1 else 500)

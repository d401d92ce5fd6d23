"""How fast the arithmetic is: processor time on one thread, the best of several runs, against what was promised.

    OMP_NUM_THREADS=1 python tests/bench/scoring_speed.py

Ends with status 1 if a promise is broken.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402

from prize.scoring import RuleSet, aggregate_ranks, composite, evaluate_formula, fit_scores, sensitivity, top_k  # noqa: E402
from prize.scoring.crossed import components  # noqa: E402
from prize.scoring.panel import panel  # noqa: E402

RNG = np.random.Generator(np.random.Philox(1))


def design(entries: int, judges: int, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random assignment, scores typed with one decimal."""
    judge = np.concatenate([RNG.permutation(judges)[:each] for _ in range(entries)])
    entry = np.repeat(np.arange(entries), each)
    score = (
        50 + 8 * RNG.normal(size=entries)[entry] + 5 * RNG.normal(size=judges)[judge] + 8 * RNG.normal(size=len(entry))
    )
    return entry, judge, np.round(score, 1)


def index(units: int, indicators: int) -> tuple[dict, dict]:
    table: dict = {"unit": [f"unit {number}" for number in range(units)]}
    table |= {f"i{n}": RNG.gamma(2, 10, units).tolist() for n in range(indicators)}
    parents = [f"d{n % 7}" for n in range(indicators)]
    spec = {
        "indicators": [{"name": f"i{n}", "parent": parents[n], "low": 0, "high": 120} for n in range(indicators)],
        "dimensions": [{"name": name} for name in dict.fromkeys(parents)],
        "treat": True,
    }
    return table, spec


def cases() -> list[tuple[str, float, int, Callable[[], object]]]:
    small, middle, large = design(500, 30, 3), design(5000, 300, 3), design(20_000, 1000, 3)
    full = design(500, 30, 30)
    e, j = RNG.integers(0, 1100, 70_000), RNG.integers(0, 3000, 70_000)
    y = 3 + 0.6 * RNG.normal(size=1100)[e] + 0.4 * RNG.normal(size=3000)[j] + 1.2 * RNG.normal(size=70_000)
    crossed = RuleSet(replicates=True)
    many = fit_scores(*design(2000, 150, 3))
    table, spec = index(10_000, 50)
    cities, city_spec = index(200, 50)
    orders = [RNG.permutation(30).tolist() for _ in range(9)]
    formula = "(clip((i0 - 20) / 65, 0, 1) * minmax(i1) * goalposts(ln(i2 + 1), 0, 6)) ^ (1 / 3)"
    return [
        ("default fit, 500 entries x 30 judges, 3 each", 0.003, 20, lambda: fit_scores(*small)),
        ("default fit, 500 entries x 30 judges, every judge scores every entry", 0.003, 20, lambda: fit_scores(*full)),
        ("default fit, 5,000 x 300", 0.060, 5, lambda: fit_scores(*middle)),
        ("default fit, 20,000 x 1,000", 1.2, 3, lambda: fit_scores(*large)),
        (
            "crossed components, 70,000 scores, 3,000 judges, 1,100 entries",
            2.5,
            2,
            lambda: components(panel(e, j, y, None, crossed)),
        ),
        ("chances of the first 40 of 2,000 entries, 2,000 draws", 2.0, 2, lambda: top_k(many, 40)),
        ("composite, 10,000 units x 50 indicators", 1.0, 2, lambda: composite(table, spec)),
        ("sensitivity, 1,000 draws on 200 x 50", 5.0, 1, lambda: sensitivity(cities, city_spec, draws=1000)),
        ("Kemeny, 30 entries, 9 ballots", 2.0, 1, lambda: aggregate_ranks(orders, "kemeny/1")),
        ("a formula of 20 parts for 10,000 units", 0.1, 5, lambda: evaluate_formula(formula, table, table["unit"])),
    ]


def best(run: Callable[[], object], times: int) -> float:
    """The least processor time of several runs; the first one warms up."""
    run()
    spent = []
    for _ in range(times):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> int:
    broken = 0
    print(f"load average {os.getloadavg()[0]:.1f}; processor time, one thread")
    for name, promise, times, run in cases():
        spent = best(run, times)
        broken += spent > promise
        print(f"{'ok ' if spent <= promise else 'SLOW'} {spent * 1000:9.1f} ms of {promise * 1000:7.0f}  {name}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())

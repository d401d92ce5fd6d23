"""How fast judges are matched to entries: processor time on one thread, against what was promised.

    OMP_NUM_THREADS=1 python tests/bench/matching_speed.py

Ends with status 1 if a promise of time, gap or memory is broken. S and M are read from the shared data
(PRIZE_SHARED_DATA); without them only L is run, which is drawn here.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import numpy as np  # noqa: E402
from matching_instances import DATA, posed  # noqa: E402

from judges.matching import Plan, Problem, assign, readiness, recompute_bound, repair  # noqa: E402

GAP, GIGABYTE = 1e-4, 1024.0
WIDE = 3e-4  # four rules that cross each other: what the search reaches before it would take too long


class Case(NamedTuple):
    promise: float  # seconds
    run: Callable[[], tuple[float, Plan | None]]


def best_plan(problem: Problem, gap: float = GAP) -> tuple[float, Plan]:
    """One assignment, its certificate recomputed."""
    started = time.process_time()
    plan = assign(problem, time_limit=600)
    spent = time.process_time() - started
    assert plan.bound == recompute_bound(problem, plan.duals)
    assert plan.gap <= gap, plan.gap
    return spent, plan


def after_losing_ten() -> tuple[float, Plan]:
    """M, two fifths of its reviews scored, ten of 200 judges lost."""
    problem = posed("M")
    before = assign(problem).pairs
    lot = np.random.default_rng(7)
    lost = [f"j{j}" for j in lot.choice(200, 10, replace=False)]
    scored = [pair for pair in before if lot.random() < 0.4]
    started = time.process_time()
    done = repair(problem, before, lost=lost, scored=scored)
    spent = time.process_time() - started
    assert set(scored) <= set(done.plan.pairs)
    assert done.moved == ()
    return spent, done.plan


def ready() -> tuple[float, None]:
    problem = posed("M")
    pairs = assign(problem).pairs
    started = time.process_time()
    readiness(problem, pairs)
    return time.process_time() - started, None


CASES = {
    "S: 240 x 40": Case(0.3, lambda: best_plan(posed("S"))),
    "S with three rules, which cannot all be met": Case(1.0, lambda: best_plan(posed("S", rules=True))),
    "M: 2,000 x 200": Case(1.0, lambda: best_plan(posed("M"))),
    "M with three rules": Case(5.0, lambda: best_plan(posed("M", rules=True))),
    "M with three rules and one judge per country": Case(
        15.0, lambda: best_plan(posed("M", rules=True, country=True), WIDE)
    ),
    "M, repaired after losing 10 of 200 judges": Case(1.0, after_losing_ten),
    "M, readiness for the loss of each judge": Case(1.0, ready),
    "L: 10,000 x 1,000 with three rules": Case(15.0, lambda: best_plan(posed("L", rules=True))),
}


def one(name: str) -> int:
    """One case in a process of its own, so that its memory can be told; small ones the best of three."""
    case = CASES[name]
    spent, plan = min((case.run() for _ in range(3 if name[0] in "SM" else 1)), key=lambda run: run[0])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = spent <= case.promise and memory <= GIGABYTE
    found = "" if plan is None else f"total {plan.quality:.4f}, gap {100 * plan.gap:.5f} %, {len(plan.unmet)} unmet"
    print(f"{'ok ' if kept else 'SLOW'} {spent:7.2f} s of {case.promise:4.1f}  {memory:5.0f} MB  {name}: {found}")
    return 0 if kept else 1


def main() -> int:
    print(f"load average {os.getloadavg()[0]:.1f}; processor time, one thread; memory of the whole process", flush=True)
    at_hand = [name for name in CASES if name[0] == "L" or (DATA / f"{name[0]}.npz").exists()]
    return max(subprocess.run([sys.executable, __file__, name], check=False).returncode for name in at_hand)


if __name__ == "__main__":
    raise SystemExit(one(sys.argv[1]) if len(sys.argv) > 1 else main())

"""The plan of an assignment: counted afresh from its pairs, measured against the bound, explained."""

from math import floor

import highspy
import numpy as np
from numpy.typing import NDArray

from .certify import Duals, recompute_bound
from .connect import Connectivity, connectivity
from .counting import Count, count, is_lawful
from .model import SolverError
from .order import Proof
from .plan import DRAFT, DRAWN, OPTIMAL, PROVEN, Plan, Unmet
from .prices import LINES
from .problem import Problem
from .reasons import Reason

Ints = NDArray[np.int64]

EPSILON = 1e-9
WEAK = 0.5
"""Below this precision of comparison, bridges are advised."""


def report(
    problem: Problem,
    cells: Ints,
    duals: Duals,
    proof: Proof,
    finished: bool,
    seconds: float,
    drawn: Reason | None = None,
) -> Plan:
    """The plan of an assignment (A, 2): counted afresh, measured against the bound, explained; drawn: if it was, by lot.

    Raises `SolverError` should the pairs, looked at by themselves, break what is never given up.
    """
    if not is_lawful(problem, cells):
        raise SolverError("a plan that breaks a limit or a lock, or has a forbidden pair")
    found = count(problem, cells)
    bound = recompute_bound(problem, duals)
    room = max(bound - found.worth, 0.0)
    gap = room / (found.quality + room) if found.quality + room > 0 else 0.0
    proven = gap <= EPSILON and all(line.proven for line in proof.lines)
    status = DRAWN if drawn else OPTIMAL if proven else PROVEN if finished else DRAFT
    readers = np.zeros((len(problem.entries), len(problem.judges)), dtype=bool)
    readers[cells[:, 0], cells[:, 1]] = True
    pairs = sorted((problem.entries[e], problem.judges[j]) for e, j in cells.tolist())
    plan = Plan(
        pairs=tuple(pairs),
        loads=dict(sorted(zip(problem.judges, found.load.tolist(), strict=True))),
        filled=len(cells),
        wanted=int(problem.k.sum()),
        short=_named(problem.entries, found.missing),
        under=_named(problem.judges, found.under),
        quality=found.quality,
        worth=found.worth,
        bound=bound,
        gap=gap,
        lines=proof.lines,
        unmet=unmet(problem, found),
        reasons=(),
        connectivity=connectivity(problem.judges, readers),
        duals=duals._replace(prices=problem.prices),
        proofs=proof.duals,
        status=status,
        digest=problem.digest,
        solver=f"HiGHS {highspy.Highs().version()}",
        seed=problem.seed,
        moved=found.moved,
        seconds=seconds,
    )
    return plan._replace(reasons=general_reasons(plan, drawn) + proof.reasons)


def _named(names: tuple[str, ...], amounts: Ints) -> dict[str, int]:
    return dict(sorted((names[i], int(amounts[i])) for i in np.flatnonzero(amounts)))


def unmet(problem: Problem, found: Count) -> tuple[Unmet, ...]:
    """Every wish that is not met, in the order of importance."""
    bands, crossing = problem.bands, problem.crossing
    wishes = [
        Unmet("fill", "", "", problem.entries[e], "", int(found.missing[e])) for e in np.flatnonzero(found.missing)
    ]
    wishes += [
        Unmet("min_load", "", "", "", problem.judges[j], int(found.under[j])) for j in np.flatnonzero(found.under)
    ]
    wrong = found.too_few + found.too_many
    for e, b in np.argwhere(wrong):
        wishes.append(Unmet(bands.force[b], bands.name[b], bands.label[b], problem.entries[e], "", int(wrong[e, b])))
    for p in np.flatnonzero(found.panel_bridges):
        wishes.append(Unmet(crossing.force, "bridges", crossing.panels[p], "", "", int(found.panel_bridges[p])))
    for j in np.flatnonzero(found.judge_bridges):
        wishes.append(Unmet(crossing.force, "bridges", "", "", problem.judges[j], int(found.judge_bridges[j])))
    for e in np.flatnonzero(found.below_floor > EPSILON * problem.unit):
        wishes.append(Unmet("floor", "", "", problem.entries[e], "", float(found.below_floor[e])))
    return tuple(sorted(wishes, key=lambda wish: (LINES.index(wish.line), wish[1:5])))


def general_reasons(plan: Plan, drawn: Reason | None = None) -> tuple[Reason, ...]:
    """What the secretariat reads first: is all filled, how good is it, can the scores be compared."""
    percent = f"{percent_proven(plan.share_of_best, 3):.3f}"
    first = [Reason("all_filled", {"wanted": plan.wanted})] if not plan.short else []
    if plan.status == DRAFT:
        known = {"seconds": round(plan.seconds, 1), "filled": plan.filled, "wanted": plan.wanted}
        first.append(Reason("draft", {**known, "unmet": len(plan.unmet)}))
    elif drawn:
        first.append(drawn)
    else:
        first.append(Reason("quality", {"percent": percent}))
    return (*first, *comparability(plan.connectivity))


def percent_proven(share: float, digits: int) -> float:
    """A share as a percentage, never rounded up: 100 is said of nothing less.

    >>> percent_proven(0.999996, 2), percent_proven(1.0, 2)
    (99.99, 100.0)
    """
    return floor(100 * 10**digits * (share + EPSILON)) / 10**digits


def comparability(tied: Connectivity) -> tuple[Reason, ...]:
    """Warnings where the judges' scores cannot, or can only weakly, be put on one scale."""
    if not tied.comparable:
        return (Reason("groups_apart", {"groups": len(tied.groups)}),)
    weak = (Reason("weak_link", {"precision": round(tied.precision, 2)}),) if tied.precision < WEAK else ()
    return weak + tuple(Reason("cut_judge", {"judge": judge}) for judge in tied.cut_judges)

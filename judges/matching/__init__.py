"""Judges matched to entries: pure optimisation, with a certificate and reasons."""

from .advise import Highest, LockCost, Served, highest_floor, lock_costs, worst_served
from .bridges import Bridges
from .certify import Duals, dump_duals, load_duals, recompute_bound
from .connect import Connectivity, connectivity
from .counting import Count, count
from .explain import Causes, Eligibility, eligibility, why_broken, why_short, why_under
from .lots import Chances, Lottery, by_lot, chances, draw
from .model import SolverError
from .order import least_unmet
from .plan import Line, Plan, Unmet
from .problem import FAIR_SHARE, Problem, pose
from .reading import ProblemError
from .ready import Cover, readiness
from .reasons import Reason
from .repair import Difference, Repair, difference, repair
from .report import WEAK, percent_proven
from .rules import Band, Rule, apart, at_least, at_most, like_entry
from .solve import assign
from .ties import missing_ties

__all__ = [
    "FAIR_SHARE",
    "WEAK",
    "Band",
    "Bridges",
    "Causes",
    "Chances",
    "Connectivity",
    "Count",
    "Cover",
    "Difference",
    "Duals",
    "Eligibility",
    "Highest",
    "Line",
    "LockCost",
    "Lottery",
    "Plan",
    "Problem",
    "ProblemError",
    "Reason",
    "Repair",
    "Rule",
    "Served",
    "SolverError",
    "Unmet",
    "apart",
    "assign",
    "at_least",
    "at_most",
    "by_lot",
    "chances",
    "connectivity",
    "count",
    "difference",
    "draw",
    "dump_duals",
    "eligibility",
    "highest_floor",
    "least_unmet",
    "like_entry",
    "load_duals",
    "lock_costs",
    "missing_ties",
    "percent_proven",
    "pose",
    "readiness",
    "recompute_bound",
    "repair",
    "why_broken",
    "why_short",
    "why_under",
    "worst_served",
]

"""Pure arithmetic: scores, ballots and indicators in; results with their uncertainty and their working out.

Nothing here knows of people, rows, pages or the clock, and nothing is random unless asked and seeded.
"""

from .agreement import icc, kendall_w, krippendorff_alpha
from .ballots import Outcome, aggregate_ranks
from .bias import bias_report, consistency_report, drift, false_discovery, outliers
from .chance import TopK, top_k
from .collusion import blocks, collusion_report, reciprocal_favours
from .composite_spec import CompositeSpec, DimensionSpec, IndicatorSpec
from .connect import Connectivity, connectivity
from .decide import borderline, crossings, difference, justified_places, settled
from .fit import Result, fit_scores
from .formula import Evaluated, Formula, FormulaError, Policies
from .formula import evaluate as evaluate_formula
from .formula import parse as parse_formula
from .growth import cagr, log_slope, point_change, relative_slope, shrink, weighted_years
from .indicators import Composite, composite, peer_places
from .methods import METHODS, method, newest
from .ordinal import cumulative_logit
from .rank import Ranking, TieRule, rank
from .rasch import rasch
from .refusals import Refusal, ScoringError
from .reliability import Reliability, judges_needed, reliability, with_criteria
from .robust import (
    leave_one_criterion_out,
    leave_one_judge_out,
    other_methods,
    robustness,
    sheet_scores,
    vary_weights,
)
from .rules import RuleSet
from .scale import Rounding, exact, rounded
from .sensitivity import sensitivity, sobol
from .sentences import crossing_sentence, entry_sentence, severity_sentences
from .trim import total, trimmed_mean
from .weigh import below_floor, criterion_means, leaf_weights, weigh
from .weights import ahp_weights, budget_weights, entropy_weights, equal_weights, pca_weights
from .working import Note, Step, Working, canonical, digest
from .worth import bradley_terry, plackett_luce

__all__ = [
    "Composite",
    "CompositeSpec",
    "Connectivity",
    "DimensionSpec",
    "Evaluated",
    "Formula",
    "FormulaError",
    "IndicatorSpec",
    "METHODS",
    "Note",
    "Outcome",
    "Policies",
    "Ranking",
    "Refusal",
    "Reliability",
    "Result",
    "Rounding",
    "RuleSet",
    "ScoringError",
    "Step",
    "TieRule",
    "TopK",
    "Working",
    "aggregate_ranks",
    "ahp_weights",
    "below_floor",
    "bias_report",
    "blocks",
    "borderline",
    "bradley_terry",
    "budget_weights",
    "cagr",
    "canonical",
    "collusion_report",
    "composite",
    "connectivity",
    "consistency_report",
    "criterion_means",
    "crossing_sentence",
    "crossings",
    "cumulative_logit",
    "difference",
    "digest",
    "drift",
    "entropy_weights",
    "entry_sentence",
    "equal_weights",
    "evaluate_formula",
    "exact",
    "false_discovery",
    "fit_scores",
    "icc",
    "judges_needed",
    "justified_places",
    "kendall_w",
    "krippendorff_alpha",
    "leaf_weights",
    "leave_one_criterion_out",
    "leave_one_judge_out",
    "log_slope",
    "method",
    "newest",
    "other_methods",
    "outliers",
    "parse_formula",
    "pca_weights",
    "peer_places",
    "plackett_luce",
    "point_change",
    "rank",
    "rasch",
    "reciprocal_favours",
    "relative_slope",
    "reliability",
    "robustness",
    "rounded",
    "sensitivity",
    "settled",
    "severity_sentences",
    "sheet_scores",
    "shrink",
    "sobol",
    "top_k",
    "total",
    "trimmed_mean",
    "vary_weights",
    "weigh",
    "weighted_years",
    "with_criteria",
]

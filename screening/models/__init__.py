from screening.models.checks import Check, CheckItem, Clarification, Similarity, Waiver
from screening.models.indicators import Formula, IndexLine, IndexRun, Indicator, Reading

__all__ = [
    "Check",
    "CheckItem",
    "Clarification",
    "Formula",
    "IndexLine",
    "IndexRun",
    "Indicator",
    "Reading",
    "Similarity",
    "Waiver",
]

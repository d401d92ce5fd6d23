"""Reasons as data: a code, figures and names; the sentence is for logs, the application translates by code."""

from typing import Any, NamedTuple

LONG = 12
"""Names written out in a sentence; the figures hold them all."""

SENTENCES = {
    "all_filled": "All {wanted} reviews are given.",
    "quality": "The match is at {percent} % of the best possible, proven.",
    "by_lot": (
        "Drawn by lot: no judge had a chance above {cap} % of an entry, unless too few may read it. The match comes to "
        "{percent} % of the best one without a draw, and leaves {unmet} wishes unmet: under lots, rules hold on average only."
    ),
    "draft": (
        "Time was up: this is the best draft after {seconds} s of work. {filled} of {wanted} reviews are given; "
        "{unmet} wishes are unmet that more time may meet."
    ),
    "groups_apart": (
        "The judges fall into {groups} groups that share no entry: rank the entries of each group separately, "
        "or ask for bridges."
    ),
    "weak_link": "The panels are tied together only weakly: precision {precision} of 1. Ask for bridges.",
    "judges_full": (
        "{entries:entry needs|entries need} {needed:review|reviews} ({entries}), and {judges:judge|judges} on whom that "
        "depends can take no more ({judges}): at most {possible:review|reviews}, so {missing} will be missing. Raise their "
        "limit, or find judges with {missing:free place|free places}."
    ),
    "too_few_eligible": (
        "{entries:entry needs|entries need} {needed:review|reviews} ({entries}), but only {judges:judge|judges} may read "
        "them ({judges}): at most {possible:review|reviews}, so {missing} will be missing. Of {pairs:pair|pairs}, barred "
        "(the reasons may overlap): {barred}."
    ),
    "judges_under": (
        "{judges:judge|judges} should read at least {needed:review|reviews} in all ({judges}), but {entries:entry|entries} "
        "they may read leave room for {possible}: {missing} will be missing. Lower their minimum."
    ),
    "group_too_small": (
        "Rule {rule}, {group}: {entries:entry needs|entries need} {needed} ({entries}); the judges of the group who may "
        "read them ({judges}) can give {possible}. At least {missing} will be missing. Raise their limit, or find judges "
        "of the group with {missing:free place|free places}."
    ),
    "group_too_few_eligible": (
        "Rule {rule}, {group}: {entries:entry needs|entries need} {needed} ({entries}), but too few judges of the group "
        "may read them ({judges}): at most {possible}, so {missing} will be missing. Find judges of the group who may."
    ),
    "rule_crowds_out": (
        "Rule {rule}: {entries:entry needs|entries need} {needed:review|reviews} ({entries}); without breaking the rule "
        "only {possible} can be given. At least {missing} will break it. Find judges of other groups for them."
    ),
    "beyond_panels": (
        "Rule {rule}: it asks for {needed:judge|judges} where {entries:entry has|entries have} {possible:review|reviews} "
        "({entries}): {missing} will be missing. Ask for fewer, or for more reviews."
    ),
    "competing": (
        "{line}: no single limit explains the last {amount} unmet ({entries}). These wishes compete with each other: "
        "{rules}; the judges most in demand are {judges}."
    ),
    "floor_too_high": (
        "{entries:entry|entries} could not reach the floor even with first choice of all judges ({entries}); {missing} is "
        "missing in score. Lower the floor, or find judges who suit them."
    ),
    "moves": "{amount:review|reviews} of other judges must change hands, or some entries would miss reviews.",
    "too_few_crossings": (
        "{who}: too few pairs with another panel are allowed; {missing:bridge|bridges} cannot be built."
    ),
    "cut_judge": "Without {judge} the judges would fall into groups that cannot be compared.",
}


class Reason(NamedTuple):
    """Why something is as it is.

    >>> print(Reason("all_filled", {"wanted": 12}))
    All 12 reviews are given.
    """

    code: str
    figures: dict[str, Any]

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**{name: _Words(value) for name, value in self.figures.items()})


class _Words:
    """A figure in a sentence: lists as words, long ones cut short; with the format `one|many`, counted.

    >>> f"{_Words(('Ada', 'Ben'))}: {_Words(('Ada', 'Ben')):judge|judges}, {_Words(1):review|reviews}; {_Words({'conflict': 2})}"
    'Ada, Ben: 2 judges, 1 review; conflict 2'
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        value = self.value
        if form:
            number = value if isinstance(value, int) else len(value)
            one, many = form.split("|")
            return f"{number} {one if number == 1 else many}"
        if isinstance(value, dict):
            value = tuple(f"{name} {amount}" for name, amount in value.items())
        if isinstance(value, list | tuple):
            more = f" and {len(value) - LONG} more" if len(value) > LONG else ""
            return ", ".join(str(one) for one in value[:LONG]) + more
        return str(value)

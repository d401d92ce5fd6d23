"""Reasons as data: a code, figures and names; the sentence is for logs, the application translates by code."""

from typing import Any, NamedTuple

LONG = 12
"""Names written out in a sentence; the figures hold them all."""

SENTENCES = {
    "all_filled": "All {wanted} reviews are given.",
    "quality": "The match is at {percent} % of the best possible, proven.",
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
        "{entries:n} entries need {needed} reviews ({entries}); the {judges:n} judges they depend on are at their limit "
        "({judges}): at most {possible} reviews are possible, {missing} are missing. Raise the limit of these judges, "
        "or find judges with {missing} free places."
    ),
    "too_few_eligible": (
        "{entries:n} entries need {needed} reviews ({entries}), but only {judges:n} judges may read them ({judges}): "
        "at most {possible} reviews are possible, {missing} are missing. Of {pairs} pairs, barred (the reasons may "
        "overlap): {barred}."
    ),
    "judges_under": (
        "{judges:n} judges should read at least {needed} reviews together ({judges}), but the {entries:n} entries "
        "they may read leave room for {possible}: {missing} stay open. Lower their minimum."
    ),
    "group_too_small": (
        "Rule {rule}, {group}: {entries:n} entries need {needed} ({entries}); the judges of the group who may read "
        "them ({judges}) can give {possible}. At least {missing} stay unmet. Raise the limit of these judges, or find "
        "judges of the group with {missing} free places."
    ),
    "group_too_few_eligible": (
        "Rule {rule}, {group}: {entries:n} entries need {needed} ({entries}), but too few judges of the group may read "
        "them ({judges}): at most {possible} are possible, {missing} stay unmet. Find judges of the group who may."
    ),
    "rule_crowds_out": (
        "Rule {rule}: {entries:n} entries need {needed} reviews ({entries}); without breaking the rule only "
        "{possible} can be given. At least {missing} stay unmet. Find judges of other groups for them."
    ),
    "competing": (
        "{line}: {amount} stay unmet that no single limit explains ({entries}). These wishes compete with each other: "
        "{rules}; the judges most in demand are {judges}."
    ),
    "floor_too_high": (
        "{entries:n} entries could not reach the floor even with first choice of all judges ({entries}); {missing} is "
        "missing in score. Lower the floor, or find judges who suit them."
    ),
    "moves": "{amount} reviews of other judges must change hands, or some entries would miss reviews.",
    "too_few_crossings": "{who}: too few pairs with another panel are allowed; {missing} bridges cannot be built.",
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
    """A figure in a sentence: lists as words, long ones cut short; with the format `n`, their number.

    >>> f"{_Words(('Ada', 'Ben'))}: {_Words(('Ada', 'Ben')):n}; {_Words({'conflict': 2})}"
    'Ada, Ben: 2; conflict 2'
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        value = self.value
        if form == "n":
            return str(len(value))
        if isinstance(value, dict):
            value = tuple(f"{name} {amount}" for name, amount in value.items())
        if isinstance(value, list | tuple):
            more = f" and {len(value) - LONG} more" if len(value) > LONG else ""
            return ", ".join(str(one) for one in value[:LONG]) + more
        return str(value)

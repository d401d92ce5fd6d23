"""Machine rules of check items: what can be read off a sealed entry answers by itself, and waits for an officer to confirm it.

A rule is one condition written as data: ``{"answer": "maturity", "in": ["ongoing", "finished"]}``,
``{"applicant_type": ["city"]}``, ``{"has_file": "evidence", "otherwise": "ask"}``, ``{"country_in_regions": true}`` or
``{"one_per_category": true}``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

PASSED, FAILED = "passed", "failed"


@dataclass(frozen=True)
class Facts:
    """What a rule may look at: the sealed answers, and what the entry is."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)  # the same answers as a reader sees them
    files: Mapping[str, int] = field(default_factory=dict)  # how many for each question
    applicant_type: str = ""
    type_name: str = ""
    country: str = ""
    country_name: str = ""
    region: str = ""  # the edition's region of the country; "" where it lies in none
    others: tuple[str, ...] = ()  # codes of other entries of the same applicant in this category


class Proposal(NamedTuple):
    """What a rule answers by itself, and why."""

    result: str
    why: str


Rule = Callable[[Any, Mapping[str, Any], Facts], Proposal | None]


def propose(rule: Mapping[str, Any], facts: Facts) -> Proposal | None:
    """What the rule answers, or None where it cannot.

    >>> propose({"applicant_type": ["city"]}, Facts(applicant_type="city")).result
    'passed'
    >>> propose({"answer": "maturity", "in": ["ongoing"]}, Facts()) is None
    True
    """
    for name, answer in RULES.items():
        if name in rule:
            return answer(rule[name], rule, facts)
    return None


def problems(rule: Any) -> list[str]:
    """What is wrong with a rule as written; empty if it can be read.

    >>> problems({"has_file": "evidence"}), problems({})
    ([], [])
    """
    if not isinstance(rule, Mapping):
        return [_("A rule is a map such as {“has_file”: “evidence”}.")]
    named = set(rule) & set(RULES)
    unknown = set(rule) - set(RULES) - {"in", "otherwise"}
    if unknown or (rule and len(named) != 1):
        return [_("A rule names exactly one of: %(names)s.") % {"names": ", ".join(RULES)}]
    if "answer" in rule and not isinstance(rule.get("in"), list):
        return [_("A rule about an answer lists the accepted ones under “in”.")]
    return []


def _answer(key: Any, rule: Mapping[str, Any], facts: Facts) -> Proposal | None:
    given = facts.answers.get(key)
    if given in (None, "", []):
        return None
    accepted = set(rule["in"])
    passed = bool(set(given) & accepted) if isinstance(given, list) else given in accepted
    return _proposal(passed, _("The answer is “%(answer)s”.") % {"answer": facts.shown.get(key, given)})


def _applicant_type(allowed: Any, rule: Mapping[str, Any], facts: Facts) -> Proposal | None:
    if not facts.applicant_type:
        return None
    why = _("The applicant entered as “%(kind)s”.") % {"kind": facts.type_name or facts.applicant_type}
    return _proposal(facts.applicant_type in allowed, why)


def _has_file(keys: Any, rule: Mapping[str, Any], facts: Facts) -> Proposal | None:
    """One file under any of the questions will do. ``otherwise: ask`` leaves an entry without one to a person."""
    asked = [key for key in (keys if isinstance(keys, list) else [keys]) if key in facts.files]
    count = sum(facts.files[key] for key in asked)
    if not asked or (not count and rule.get("otherwise") == "ask"):
        return None
    return _proposal(count > 0, _("Files attached: %(count)s.") % {"count": count})


def _country_in_regions(wanted: Any, rule: Mapping[str, Any], facts: Facts) -> Proposal | None:
    if not facts.country:
        return None
    why = _("The country is %(country)s.") % {"country": facts.country_name or facts.country}
    return _proposal(bool(facts.region) == bool(wanted), why)


def _one_per_category(wanted: Any, rule: Mapping[str, Any], facts: Facts) -> Proposal | None:
    if facts.others:
        codes = ", ".join(facts.others)
        return _proposal(
            False, _("The same applicant entered this category with %(codes)s as well.") % {"codes": codes}
        )
    return _proposal(True, _("No other entry of this applicant in this category."))


def _proposal(passed: bool, why: str) -> Proposal:
    return Proposal(PASSED if passed else FAILED, why)


RULES: dict[str, Rule] = {
    "answer": _answer,
    "applicant_type": _applicant_type,
    "has_file": _has_file,
    "country_in_regions": _country_in_regions,
    "one_per_category": _one_per_category,
}

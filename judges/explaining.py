"""Why a plan of assignment is as it is, in the reader's language: matching gives codes and figures, here are the words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONG = 12  # names written out; the stored plan holds them all

WORDS = {
    "all_filled": gettext_lazy("All %(wanted)s reviews are given."),
    "quality": gettext_lazy("The match is at %(percent)s %% of the best possible, proven."),
    "draft": gettext_lazy(
        "Time was up: this is the best draft so far. %(filled)s of %(wanted)s reviews are given; more time may meet more wishes."
    ),
    "groups_apart": gettext_lazy(
        "The judges fall into %(groups)s groups that share no entry. Rank the entries of each group separately, or let some "
        "judges read across."
    ),
    "weak_link": gettext_lazy(
        "The judges are tied together only weakly (precision %(precision)s of 1). Let some judges read across categories."
    ),
    "cut_judge": gettext_lazy("Without %(judge)s the judges would fall into groups that cannot be compared."),
    "judges_full": gettext_lazy(
        "Reviews missing: %(missing)s. The entries %(entries)s need %(needed)s, and the judges on whom that depends can take no "
        "more (%(judges)s): at most %(possible)s are possible. Raise their limit, or find another judge."
    ),
    "too_few_eligible": gettext_lazy(
        "Reviews missing: %(missing)s. The entries %(entries)s need %(needed)s, but too few judges may read them (%(judges)s). "
        "Barred pairs: %(barred)s."
    ),
    "judges_under": gettext_lazy(
        "There is too little to read for %(judges)s: %(missing)s reviews are missing to their minimum. Lower it."
    ),
    "group_too_small": gettext_lazy(
        "Rule “%(rule)s” (%(group)s) cannot be kept, %(missing)s short: %(entries)s need %(needed)s, the judges of that group "
        "(%(judges)s) can give %(possible)s. Raise their limit, or find another judge of the group."
    ),
    "group_too_few_eligible": gettext_lazy(
        "Rule “%(rule)s” (%(group)s) cannot be kept, %(missing)s short: too few judges of that group may read %(entries)s."
    ),
    "rule_crowds_out": gettext_lazy(
        "Rule “%(rule)s” cannot be kept, %(missing)s short: without breaking it %(entries)s get only %(possible)s of "
        "%(needed)s reviews. Find judges of other groups."
    ),
    "competing": gettext_lazy(
        "Wishes that compete with each other (%(rules)s) leave %(amount)s unmet for %(entries)s. Most in demand: %(judges)s."
    ),
    "floor_too_high": gettext_lazy("No choice of judges would suit these entries well enough: %(entries)s."),
    "moves": gettext_lazy("%(amount)s reviews of other judges must change hands, or some entries would miss reviews."),
    "too_few_crossings": gettext_lazy(
        "%(who)s: too few reviews across panels are allowed; %(missing)s of those asked for cannot be had."
    ),
}


def in_words(plan: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """The reasons of a stored plan; judges by name where they are known. Older plans hold sentences only."""
    if "causes" not in plan:
        return list(plan["reasons"])
    return [
        WORDS[cause["code"]] % {figure: _figure(value, names) for figure, value in cause["figures"].items()}
        for cause in plan["causes"]
    ]


def _figure(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = ", ".join(names.get(str(one), str(one)) for one in value[:LONG]) or "–"
        more = len(value) - LONG
        return _("%(names)s and %(count)s more") % {"names": shown, "count": more} if more > 0 else shown
    return names.get(str(value), str(value))

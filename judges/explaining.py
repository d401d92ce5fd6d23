"""Why a plan of assignment is as it is, in the reader's language: matching gives codes and figures, here are the words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language_info, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries

from judges.models import Judge
from judges.wishes import AssignmentPart, RulePart

LONG = 12  # names written out; the stored plan holds them all

WORDS = {
    "all_filled": gettext_lazy("All %(wanted)s reviews are given."),
    "quality": gettext_lazy("The match is at %(percent)s %% of the best possible, proven."),
    "by_lot": gettext_lazy(
        "Drawn by lot: no judge had a chance above %(cap)s %% of an entry, unless too few may read it. The match comes to "
        "%(percent)s %% of the best one without a draw, and leaves %(unmet)s wishes unmet: under lots, rules "
        "hold on average only."
    ),
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
        "Of the pairs of these entries and all judges are barred, the reasons overlapping: %(barred)s."
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
    "beyond_panels": gettext_lazy(
        "Rule “%(rule)s” cannot be kept, %(missing)s short: it asks for %(needed)s readers where %(entries)s get %(possible)s. "
        "Ask for fewer, or for more reviews."
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


def in_words(
    plan: Mapping[str, Any], names: Mapping[str, str], groups: Mapping[str, Mapping[str, str]] | None = None
) -> list[str]:
    """The reasons of a stored plan; judges by name where they are known. Older plans hold sentences only.

    ``groups``: for a rule, such as by region, what its groups are called.
    """
    if "causes" not in plan:
        return list(plan["reasons"])
    return [WORDS[cause["code"]] % figures_in_words(cause["figures"], names, groups or {}) for cause in plan["causes"]]


def figures_in_words(
    figures: Mapping[str, Any], names: Mapping[str, str], groups: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    said = {figure: _figure(value, names) for figure, value in figures.items()}
    if "rule" in figures:
        said["rule"] = rule_named(figures["rule"])
    if "group" in figures:
        said["group"] = group_named(figures["rule"], figures["group"], groups)
    if "rules" in figures:
        said["rules"] = ", ".join(map(rule_named, figures["rules"]))
    if "who" in figures:  # a judge, or a panel
        said["who"] = groups.get("outsiders", {}).get(figures["who"], said["who"])
    if "barred" in figures:
        said["barred"] = barred_in_words(figures["barred"])
    return said


def _figure(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = ", ".join(names.get(str(one), str(one)) for one in value[:LONG]) or "–"
        more = len(value) - LONG
        return _("%(names)s and %(count)s more") % {"names": shown, "count": more} if more > 0 else shown
    return names.get(str(value), str(value))


RULES = {
    "country": gettext_lazy("readers' countries"),
    "region": gettext_lazy("readers' regions"),
    "organisation": gettext_lazy("readers' organisations"),
    "seniority": gettext_lazy("readers' seniority"),
    "gender": gettext_lazy("readers' gender"),
    "language": gettext_lazy("readers who have named the language"),
    "field": gettext_lazy("readers of the entry's field"),
    "earlier": gettext_lazy("readers of an earlier round"),
    "outsiders": gettext_lazy("readers from other panels"),
    "bridges": gettext_lazy("reviews across panels"),
    "loads": gettext_lazy("how much each judge reads"),
}


def rule_named(rule: str) -> str:
    """A rule by the words an officer knows it by. Those that tie groups of judges together are numbered."""
    if rule.startswith("tie "):
        return _("an entry that ties two groups of judges (%(number)s)") % {"number": rule.removeprefix("tie ")}
    return str(RULES.get(rule, rule))


def group_named(rule: str, group: str, groups: Mapping[str, Mapping[str, str]]) -> str:
    if rule.startswith("tie "):
        return _("judges of the group") if group == "inside" else _("judges of other groups")
    if rule == "country":
        return countries.name(group) or group
    if rule == "seniority":
        return str(dict(Judge.Seniority.choices).get(group, group))
    if rule == "language":
        return language_named(group)
    return groups.get(rule, {}).get(group, group)


def language_named(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


BARS = {
    "own": gettext_lazy("own entry"),
    "recused": gettext_lazy("stands aside"),
    "abstained": gettext_lazy("abstains"),
    "employer": gettext_lazy("own organisation"),
    "country": gettext_lazy("own country"),
    "panel": gettext_lazy("another panel"),
    "language": gettext_lazy("does not read the language"),
    "earlier": gettext_lazy("marked it in an earlier round"),
    "lost": gettext_lazy("has stepped down"),
}


def barred_in_words(barred: Mapping[str, int]) -> str:
    return ", ".join(f"{BARS.get(code, code)} {number}" for code, number in barred.items() if number) or "–"


STATUS = {
    "optimal": gettext_lazy("nothing better exists: proven"),
    "proven to within its gap": gettext_lazy(
        "as good as asked: the rest that could be missing is proven to be no more"
    ),
    "best draft in the time given": gettext_lazy("the best draft in the time given"),
    "drawn by lot": gettext_lazy("drawn by lot"),
}


# --- Why there is none ----------------------------------------------------------------------------------

FAILURES = {
    "said": "%(text)s",
    "stopped": gettext_lazy("The computation stopped: %(error)s"),
    "out_of_time": gettext_lazy("Time was up before the lots could be drawn. Try again when the server is less busy."),
    "gave_up": gettext_lazy(
        "The plan was tried again and again for an hour and never came to its end. Draft it again; should that end the same "
        "way, the server may lack memory."
    ),
    "lock_forbidden": gettext_lazy("%(judge)s cannot be made to read %(entry)s, for it is barred: %(why)s."),
    "lock_exceeds_k": gettext_lazy(
        "You insist on %(locks)s readers of %(who)s, which gets %(limit)s reviews. Name fewer."
    ),
    "lock_exceeds_max_load": gettext_lazy(
        "You insist on %(locks)s entries for %(who)s, who takes at most %(limit)s. Name fewer."
    ),
    "min_above_max": gettext_lazy(
        "%(judge)s would have to read at least %(low)s entries and takes at most %(high)s. Look at the judge's limit."
    ),
    "other": gettext_lazy("The question could not be put to the computation: %(said)s"),
}


def failure_in_words(failure: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Why a plan could not be worked out, or not even be asked for."""
    code = failure["code"] if failure["code"] in FAILURES else "other"
    figures = {"said": failure.get("said", failure["code"])} | failure["figures"]
    if "why" in figures:
        figures["why"] = ", ".join(str(BARS.get(one, one)) for one in figures["why"].split(", "))
    return str(FAILURES[code]) % {figure: names.get(value, value) for figure, value in figures.items()}


# --- What is asked of a plan ---------------------------------------------------------------------------

FORCES = {
    "must": gettext_lazy("insisted on"),
    "should": gettext_lazy("tried"),
    "may": gettext_lazy("if it costs little"),
}
AT_MOST = {
    "country": ngettext_lazy("at most %(n)s reader of one country", "at most %(n)s readers of one country", "n"),
    "region": ngettext_lazy("at most %(n)s reader of one region", "at most %(n)s readers of one region", "n"),
    "organisation": ngettext_lazy(
        "at most %(n)s reader of one organisation", "at most %(n)s readers of one organisation", "n"
    ),
    "seniority": ngettext_lazy(
        "at most %(n)s reader of the same seniority", "at most %(n)s readers of the same seniority", "n"
    ),
    "gender": ngettext_lazy("at most %(n)s reader of one gender", "at most %(n)s readers of one gender", "n"),
}
LIKE_ENTRY = {
    "language": ngettext_lazy(
        "at least %(n)s reader who has named the entry's language",
        "at least %(n)s readers who have named the entry's language",
        "n",
    ),
    "field": ngettext_lazy(
        "at least %(n)s reader of the entry's own field", "at least %(n)s readers of the entry's own field", "n"
    ),
}
EARLIER = {
    "prefer": gettext_lazy(
        "Of each entry: at least one reader who has marked it in an earlier round (if it costs little)."
    ),
    "require": gettext_lazy("Of each entry: at least one reader who has marked it in an earlier round (insisted on)."),
    "bar": gettext_lazy("Nobody reads an entry again that he or she has marked in an earlier round."),
}
VALUES = {
    "senior": ngettext_lazy("at least %(n)s senior reader", "at least %(n)s senior readers", "n"),
    "mid": ngettext_lazy("at least %(n)s reader in mid-career", "at least %(n)s readers in mid-career", "n"),
}


def wishes_in_words(wishes: AssignmentPart) -> list[str]:
    """What a round asks of the assignment, for the public page of the method and for the page of a plan."""
    said = [
        _("Judges get entries of their own fields where they can: a judge of another field counts %(percent)s %%.")
        % {"percent": percent(wishes.other_field)}
    ]
    if wishes.floor:
        said.append(
            _("No entry's readers should suit it less than %(percent)s %% as well as the best it could have had.")
            % {"percent": percent(wishes.floor)}
        )
    if wishes.load_cost:
        said.append(
            _("Reading is spread evenly: each entry above a judge's even share weighs more than the one before.")
        )
    said += [rule_in_words(rule) for rule in wishes.rules]
    if wishes.earlier:
        said.append(str(EARLIER[wishes.earlier]))
    if wishes.over_rounds:
        said.append(_("A judge's own limit counts the entries of earlier rounds too."))
    return said + ties_in_words(wishes)


def rule_in_words(rule: RulePart) -> str:
    force = FORCES[rule.force]
    if rule.at_most is not None:
        wish = str(AT_MOST[rule.by] % {"n": rule.at_most})
    elif rule.like_entry is not None:
        wish = str(LIKE_ENTRY[rule.by] % {"n": rule.like_entry})
    else:
        wish = ", ".join(at_least_in_words(value, number) for value, number in rule.at_least.items())
    return _("Of each entry: %(wish)s (%(force)s).") % {"wish": wish, "force": force}


def at_least_in_words(value: str, number: int) -> str:
    if value in VALUES:
        return str(VALUES[value] % {"n": number})
    said = ngettext("at least %(n)s reader (%(value)s)", "at least %(n)s readers (%(value)s)", number)
    return said % {"n": number, "value": value}


def ties_in_words(wishes: AssignmentPart) -> list[str]:
    """Anchors, bridges and lots."""
    said = []
    if wishes.anchors:
        said.append(
            ngettext(
                "%(n)s entry is read by every judge who may read it, so that all judges can be compared. It is drawn by lot.",
                "%(n)s entries are read by every judge who may read them, so that all judges can be compared. They are drawn "
                "by lot.",
                wishes.anchors,
            )
            % {"n": wishes.anchors}
        )
    if wishes.bridges:
        said.append(
            _(
                "Between panels: %(percent)s %% of each panel's reviews, and at least %(n)s of each judge's, cross to another "
                "panel, so that their scores can be compared; at most %(outsiders)s on one entry."
            )
            % {
                "percent": percent(wishes.bridges.share),
                "n": wishes.bridges.per_judge,
                "outsiders": wishes.bridges.outsiders,
            }
        )
    if wishes.lots:
        said.append(
            _(
                "Against collusion, who reads what is drawn by lot: nobody gets an entry with a chance above %(percent)s %%. The "
                "seed of the draw is published."
            )
            % {"percent": percent(wishes.lots.cap)}
        )
    return said


def percent(share: float) -> str:
    return f"{100 * share:g}"


# --- What a repair changes -------------------------------------------------------------------------------

WHY = {
    "moved": gettext_lazy("to make room elsewhere, not begun yet"),
    "lost": gettext_lazy("the judge has stepped down"),
    "recused": gettext_lazy("the judge stands aside from it"),
    "abstained": gettext_lazy("the judge abstains from it"),
    "own": gettext_lazy("it is the judge's own entry"),
    "employer": gettext_lazy("it is of the judge's own organisation"),
    "country": gettext_lazy("it is of the judge's own country"),
    "panel": gettext_lazy("the judge is not on this category's panel"),
    "language": gettext_lazy("the judge does not read its language"),
    "earlier": gettext_lazy("the judge has marked it in an earlier round"),
    "hole": gettext_lazy("fills the place of a judge who is lost to it"),
    "swap": gettext_lazy("takes it over from a judge who makes room elsewhere"),
    "late": gettext_lazy("nobody read it so far"),
    "more": gettext_lazy("it had too few readers"),
}


def changes_in_words(
    plan: Mapping[str, Any], judges: Mapping[str, Any], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Judge by judge, who loses what, who gains what, and why."""
    found: dict[str, dict[str, Any]] = {}

    def note(part: str, entry: str, judge: str, why: str) -> None:
        row = found.setdefault(judge, {"judge": judges.get(judge, judge), "loses": [], "gains": []})
        row[part].append({"code": entry, "title": titles.get(entry, entry), "why": WHY[why]})

    for entry, judge in plan["moved"]:
        note("loses", entry, judge, "moved")
    for entry, judge, why in plan["given_up"]:
        note("loses", entry, judge, why)
    for entry, judge, why in plan["added"]:
        note("gains", entry, judge, why)
    return sorted(found.values(), key=lambda row: str(row["judge"]))

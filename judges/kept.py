"""What a plan keeps of all that was asked, wish by wish in the order of importance, with the proof that no more could be kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from judges.explaining import EARLIER, FORCES, LONG, percent, rule_in_words, rule_named
from judges.wishes import AssignmentPart

ALWAYS = {
    "fill": gettext_lazy("Every entry gets its reviews."),
    "moves": gettext_lazy("Nobody who stays loses an entry."),
    "min_load": gettext_lazy("Every judge gets nearly an even share to read."),
}
SMALL = 1e-6


@dataclass(frozen=True)
class Kept:
    """One wish: where it is not kept, and what is proven of that."""

    wish: str
    said: str
    proof: str = ""


def kept(
    plan: Mapping[str, Any], question: Mapping[str, Any], wishes: AssignmentPart, names: Mapping[str, str]
) -> list[Kept]:
    """Every wish of the question. ``names``: of judges and panels. Plans of before hold no lines and tell nothing."""
    lines = {line["code"]: line for line in plan.get("lines", ())}
    if not lines or not question:
        return []
    rows = [found(line, rule, wish, plan, lines, names) for line, rule, wish in asked(question, wishes)]
    put = {rule["name"] for rule in question["rules"]}
    left = _("Left out: no judge, or no entry, has told anything of it.")
    return rows + [Kept(rule_in_words(part), left) for part in wishes.rules if part.by not in put]


def asked(question: Mapping[str, Any], wishes: AssignmentPart) -> Iterator[tuple[str, str, str]]:
    """Line, rule and words of each wish, as the lines rank."""
    rules = list(rules_asked(question, wishes))
    yield "fill", "", str(ALWAYS["fill"])
    yield from (one for one in rules if one[0] == "must")
    if question.get("repair"):
        yield "moves", "", str(ALWAYS["moves"])
    yield "min_load", "", str(ALWAYS["min_load"])
    yield from (one for one in rules if one[0] == "should")
    yield from (one for one in rules if one[0] == "may")
    if wishes.floor:
        words = _("No entry's readers should suit it less than %(percent)s %% as well as the best it could have had.")
        yield "floor", "", words % {"percent": percent(wishes.floor)}


def rules_asked(question: Mapping[str, Any], wishes: AssignmentPart) -> Iterator[tuple[str, str, str]]:
    """The rules as they were put: one that nothing is known to measure by is not among them."""
    parts: dict[str, str] = {part.by: rule_in_words(part) for part in wishes.rules}
    if wishes.earlier in EARLIER:
        parts["earlier"] = str(EARLIER[wishes.earlier])
    for rule in question["rules"]:
        words = parts.get(rule["name"])
        yield rule["force"], rule["name"], words or _as_a_wish(rule["name"], rule["force"])
    if bridges := question["bridges"]:
        yield "must", "outsiders", _as_a_wish("outsiders", "must")
        force = bridges.get("force", "should")
        yield force, "bridges", _as_a_wish("bridges", force)


def _as_a_wish(rule: str, force: str) -> str:
    named = rule_named(rule)
    return f"{named[:1].upper()}{named[1:]} ({FORCES[force]})."


def found(
    line: str, rule: str, wish: str, plan: Mapping[str, Any], lines: Mapping[str, Any], names: Mapping[str, str]
) -> Kept:
    if line == "moves":
        unmet, where = int(lines["moves"]["unmet"]), []
    else:
        rows = [one for one in plan["unmet"] if (one["line"], one["rule"]) == (line, rule)]
        where = sorted({one["entry"] or names.get(who := one["judge"] or one["band"], who) for one in rows})
        unmet = len(where)
    if not unmet:
        return Kept(wish, _("Kept."))
    said = ngettext("Not kept in %(n)s case", "Not kept in %(n)s cases", unmet) % {"n": unmet}
    more = f" … (+{len(where) - LONG})" if len(where) > LONG else ""
    return Kept(wish, said + (f": {', '.join(where[:LONG])}{more}." if where else "."), proof_of(lines[line]))


def proof_of(line: Mapping[str, Any]) -> str:
    """Of all wishes on one line together: what no other plan, as good on the lines above, could do better."""
    if line["unmet"] <= line["least"] + SMALL:
        return _(
            "Proven: no plan could keep more of what is asked as strongly as this, unless it gave up something above."
        )
    return _("Whether a plan could keep more of what is asked as strongly as this is not proven.")

"""The question put to ``judges.matching``: rows → plain data, which is kept with the plan → the problem, at any later time.

Entries and judges go by their public codes. What is kept needs no row to be read again, so that whoever recomputes a plan's
bound is not led astray by what has changed since.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from judges.conflicts import Conflicts, marked_before
from judges.matching import Band, Bridges, Problem, Rule, at_least, at_most, like_entry, pose
from judges.matching.bridges import NO_BRIDGES
from judges.matching.repair import after_loss
from judges.models import Assignment, Judge, Round
from judges.wishes import USUAL, AssignmentPart, RulePart
from prize.governing import Refused

Pair = tuple[str, str]
CONTINUITY = {
    "prefer": "may",
    "require": "must",
}  # how strongly readers of an earlier round are wished for; else none, or barred


def entries_of(round: Round) -> QuerySet[Application]:
    """What this round judges: those that its source stage let go on, or all that compete."""
    competing = Application.objects.submitted().filter(edition=round.stage.edition)
    found = Application.objects.advanced(round.source).filter(pk__in=competing) if round.source else competing
    return found.order_by("code")


def judges_of(round: Round) -> list[Judge]:
    rows = Judge.objects.filter(edition=round.stage.edition).active()
    return list(rows.select_related("person", "organisation").order_by("code"))


def wishes_of(round: Round) -> AssignmentPart:
    return USUAL if round.assignment_rules is None else AssignmentPart.model_validate(round.assignment_rules)


# --- Rows → data ---------------------------------------------------------------------------------------


def question_of(
    round: Round,
    wishes: AssignmentPart,
    *,
    anchors: Sequence[str] | None = None,
    locks: Iterable[Pair] = (),
    gone: Sequence[Judge] = (),
    spared: Iterable[Pair] = (),
    staying: Iterable[Pair] = (),
) -> dict[str, Any]:
    """What is asked of the assignment, ready for JSON.

    ``anchors``: entries everybody reads, if not drawn by lot. ``locks``: pairs that the office insists on. ``gone``: judges
    who stepped down and whose reviews others take over. ``spared``: pairs that stand in spite of a bar. ``staying``: pairs
    of a repair: none moves for a limit's sake.
    """
    staying = list(staying)
    entries, active = (
        list(entries_of(round).select_related("category").prefetch_related("submissions")),
        judges_of(round),
    )
    if not entries or not active:
        raise Refused(_("There is nothing to assign yet: no entry advanced, or no judge has accepted and pledged."))
    judges, k = [*active, *gone], round.reviews_per_entry
    seed = f"{round.stage.edition.year}:{round.stage.slug}"
    conflicts = Conflicts(round, entries, judges)
    chosen = drawn(wishes.anchors, conflicts, seed) if anchors is None else known(anchors, entries)
    ties = {"anchors": chosen, "bridges": bridges_of(wishes, conflicts)}
    readers, load = Counter(entry for entry, _judge in staying), Counter(judge for _entry, judge in staying)
    share = (k * (len(entries) - len(chosen)) + len(active) * len(chosen)) / len(active)
    own = limits_of(judges, round, wishes)
    return {
        "entries": {entry.code: domain_of(entry, round.domain_question) for entry in entries},
        "judges": {
            judge.code: {
                "fields": list(judge.fields),
                "least": min(own.get(judge.code, int(share)), int(share * 0.9)),
                "most": max(own.get(judge.code, int(share) + 2), load[judge.code]),
            }
            for judge in judges
        },
        "k": k,
        "readers": {code: number for code, number in sorted(readers.items()) if number > k},
        "forbidden": forbidden(conflicts, ties, set(spared)),
        "rules": [as_data(rule) for rule in rules_of(wishes, entries, active, round)],
        "locks": sorted(locks),
        **ties,
        "other_field": wishes.other_field,
        "floor": wishes.floor,
        "load_cost": wishes.load_cost,
        "seed": seed,
    }


def limits_of(judges: Sequence[Judge], round: Round, wishes: AssignmentPart) -> dict[str, int]:
    """The most that each judge takes in this round, of those who have said."""
    before: Counter[int] = Counter()
    if wishes.over_rounds:
        stages = {"round__stage__edition": round.stage.edition_id, "round__stage__order__lt": round.stage.order}
        before.update(Assignment.objects.standing().filter(**stages).values_list("judge", flat=True))
    return {judge.code: max(judge.most_entries - before[judge.pk], 0) for judge in judges if judge.most_entries}


def domain_of(entry: Application, question: str) -> str:
    """The entry's field, as it was sealed."""
    sections = entry.sealed.snapshot.get("sections", ()) if entry.sealed else ()
    answers = (answer for part in sections for answer in part["answers"])
    return next((str(answer["value"]) for answer in answers if answer["key"] == question), "")


def known(codes: Sequence[str], entries: Sequence[Application]) -> list[str]:
    strange = sorted(set(codes) - {entry.code for entry in entries})
    if strange:
        raise Refused(_("There is no such entry in this round: %(codes)s.") % {"codes": ", ".join(strange)})
    return sorted(set(codes))


def locks_in(text: str, round: Round) -> list[Pair]:
    """Pairs as the office writes them, one in a line: the entry's code, then the judge's name or code."""
    entries = set(entries_of(round).values_list("code", flat=True))
    judges = [
        (judge.code, {judge.code, judge.person.name.casefold(), str(judge).casefold()}) for judge in judges_of(round)
    ]
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        entry, _space, who = line.partition(" ")
        named = [code for code, names in judges if names & {who.strip(), who.strip().casefold()}]
        if entry not in entries or len(named) != 1:
            said = _(
                "“%(line)s” names no entry and judge of this round. Write the entry's code, then the judge's name."
            )
            raise Refused(said % {"line": line})
        found.append((entry, named[0]))
    return sorted(set(found))


def drawn(number: int, conflicts: Conflicts, seed: str) -> list[str]:
    """Anchors by lot, among the entries that most judges may read: one that half of them may not read ties nobody."""

    def place(entry: Application) -> tuple[int, bytes]:
        barred = sum(bool(conflicts.between(entry, judge, crossing=True)) for judge in conflicts.judges)
        return barred, hashlib.sha256(f"{seed}\0anchor\0{entry.code}".encode()).digest()

    found = sorted(conflicts.entries, key=place) if number else []
    return sorted(entry.code for entry in found[:number])


def bridges_of(wishes: AssignmentPart, conflicts: Conflicts) -> dict[str, Any] | None:
    """The home panel of each entry and of each judge who sits on one only; None where fewer than two panels have judges.

    Whoever sits on several ties them together anyway, and is no outsider to any.
    """
    seats: dict[int, list[int]] = {}
    for category, members in conflicts.panels.items():
        for judge in members:
            seats.setdefault(judge, []).append(category)
    names = {entry.category_id: entry.category.key for entry in conflicts.entries}
    homes = {judge: found[0] for judge, found in seats.items() if len(found) == 1 and found[0] in names}
    panels = {names[category] for category in homes.values()}
    if wishes.bridges is None or len(panels) < 2:
        return None
    return {
        "entry_panel": {e.code: names[e.category_id] for e in conflicts.entries if names[e.category_id] in panels},
        "judge_panel": {judge.code: names[homes[judge.pk]] for judge in conflicts.judges if judge.pk in homes},
        **wishes.bridges.model_dump(),
    }


def crosses(question: Mapping[str, Any], entry: str, judge: str) -> bool:
    """Whether this plan may give the entry to a judge of another panel: as an anchor, or by a bridge."""
    bridges = question["bridges"] or {"entry_panel": {}, "judge_panel": {}}
    return entry in question["anchors"] or (entry in bridges["entry_panel"] and judge in bridges["judge_panel"])


def forbidden(conflicts: Conflicts, ties: Mapping[str, Any], spared: set[Pair]) -> dict[str, list[Pair]]:
    """Every forbidden pair, under each reason for which it is one."""
    found: dict[str, list[Pair]] = {}
    for entry in conflicts.entries:
        for judge in conflicts.judges:
            pair = (entry.code, judge.code)
            if pair not in spared:
                for reason in conflicts.reasons(entry, judge, crossing=crosses(ties, *pair)):
                    found.setdefault(reason, []).append(pair)
    return found


# --- Rules about readers ---------------------------------------------------------------------------------


def rules_of(
    wishes: AssignmentPart, entries: Sequence[Application], judges: Sequence[Judge], round: Round
) -> list[Rule]:
    """The wishes as rules. One about something that no judge has told, or no entry has, says nothing and is left out."""
    regions = {country: one.key for one in round.stage.edition.regions.all() for country in one.countries}
    found = []
    for part in wishes.rules:
        told = {judge.code: value_of(judge, part.by, regions) for judge in judges}
        rule = rule_of(part, told, entries, round.domain_question)
        if any(told.values()) and rule.bands:
            found.append(rule)
    if wishes.earlier in CONTINUITY and (bands := earlier_readers(entries, judges, round)):
        found.append(Rule("earlier", bands, CONTINUITY[wishes.earlier]))
    return found


def earlier_readers(entries: Sequence[Application], judges: Sequence[Judge], round: Round) -> tuple[Band, ...]:
    """For each entry that was marked in an earlier round: one reader at least of those who did."""
    marked = marked_before(round)
    readers = {entry.code: tuple(j.code for j in judges if (entry.pk, j.pk) in marked) for entry in entries}
    return tuple(Band(code, who, at_least=1, entries=(code,)) for code, who in readers.items() if who)


def value_of(judge: Judge, by: str, regions: Mapping[str, str]) -> Any:
    """What a judge has told of this, or None."""
    country = str(judge.person.country)
    values = {
        "country": country,
        "region": regions.get(country),
        "organisation": judge.organisation.code if judge.organisation else None,
        "seniority": judge.seniority,
        "gender": judge.gender,
        "language": judge.languages,
        "field": judge.fields,
    }
    return values[by] or None


def rule_of(part: RulePart, told: Mapping[str, Any], entries: Sequence[Application], question: str) -> Rule:
    if part.at_most is not None:
        return at_most(part.by, told, part.at_most, force=part.force)
    if part.at_least:
        return at_least(part.by, told, part.at_least, force=part.force)
    own = {entry.code: entry.language if part.by == "language" else domain_of(entry, question) for entry in entries}
    own = {code: value for code, value in own.items() if value}
    return like_entry(part.by, told, own, least=part.like_entry or 1, force=part.force)


def as_data(rule: Rule) -> dict[str, Any]:
    return {"name": rule.name, "force": rule.force, "bands": [band._asdict() for band in rule.bands]}


# --- Data → the problem ----------------------------------------------------------------------------------


def problem_of(question: Mapping[str, Any]) -> Problem:
    """The problem that was answered: of a repair, the one in which what stands should stay."""
    problem, past = posed(question), question.get("repair")
    if past is None:
        return problem
    return after_loss(problem, pairs_in(past["pairs"]), tuple(past["lost"]), pairs_in(past["scored"]))


def posed(question: Mapping[str, Any]) -> Problem:
    """The problem as pure matching takes it, without its past."""
    judges = question["judges"]
    return pose(
        entries=list(question["entries"]),
        judges=list(judges),
        scores=scores(question),
        k={code: question["readers"].get(code, question["k"]) for code in question["entries"]},
        max_load={code: judge["most"] for code, judge in judges.items()},
        min_load={code: judge["least"] for code, judge in judges.items()},
        forbidden={reason: pairs_in(pairs) for reason, pairs in question["forbidden"].items()},
        anchors=question["anchors"],
        locks=pairs_in(question.get("locks", ())),
        rules=[rule_in(one) for one in question["rules"]],
        bridges=Bridges(**question["bridges"]) if question["bridges"] else NO_BRIDGES,
        floor=question["floor"],
        load_cost=question["load_cost"],
        seed=question["seed"],
    )


def scores(question: Mapping[str, Any]) -> dict[Pair, float]:
    """How well a judge's fields fit an entry's own, between nought and one."""
    judges = question["judges"].items()
    return {
        (entry, code): 1.0 if domain in judge["fields"] else question["other_field"]
        for entry, domain in question["entries"].items()
        for code, judge in judges
    }


def rule_in(kept: Mapping[str, Any]) -> Rule:
    return Rule(kept["name"], tuple(Band(**band) for band in kept["bands"]), kept["force"])


def pairs_in(kept: Iterable[Sequence[str]]) -> tuple[Pair, ...]:
    """JSON knows no tuples."""
    return tuple((entry, judge) for entry, judge in kept)

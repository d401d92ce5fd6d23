"""What a good panel looks like, said in rules: try, insist, or merely prefer.

A rule has groups of judges ("bands") and says for each how many of a panel may or should come from it.
Every rule is elastic: where it cannot be met the assignment still exists and the rule is reported.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .prices import FORCES
from .reading import ProblemError, identifiers

NO_LIMIT = np.iinfo(np.int32).max


class Band(NamedTuple):
    """At least and at most so many judges of this group on each panel (of these entries, or of all)."""

    label: str
    judges: tuple[str, ...]
    at_least: int | Mapping[str, int] = 0
    at_most: int | None = None
    entries: tuple[str, ...] | None = None


class Rule(NamedTuple):
    """A named wish about panels, with its force: must, should or may."""

    name: str
    bands: tuple[Band, ...]
    force: str = "should"


def at_most(name: str, attribute: Mapping[str, object], limit: int, force: str = "should") -> Rule:
    """At most `limit` judges of one value: sum of x over the group <= limit, for every value.

    A judge whose value is None, or who is not listed, counts for no group.

    >>> [(b.label, b.judges) for b in at_most("country", {"Ada": "UK", "Ben": "FR", "Cy": None}, 1).bands]
    [('FR', ('Ben',)), ('UK', ('Ada',))]
    """
    groups = _groups(attribute)
    return Rule(name, tuple(Band(value, groups[value], at_most=limit) for value in sorted(groups)), force)


def at_least(
    name: str, attribute: Mapping[str, object], wanted: Mapping[str, int | Mapping[str, int]], force: str = "should"
) -> Rule:
    """At least so many judges of each wanted value: sum of x over the group >= wanted.

    The number may differ by entry. Undeclared judges (None) count for no group.

    >>> rule = at_least("gender", {"Ada": "woman", "Ben": "man", "Cy": None}, {"woman": 1, "man": 1})
    >>> [(b.label, b.judges, b.at_least) for b in rule.bands]
    [('man', ('Ben',), 1), ('woman', ('Ada',), 1)]
    """
    groups = _groups(attribute)
    bands = (Band(value, groups.get(value, ()), at_least=wanted[value]) for value in sorted(wanted))
    return Rule(name, tuple(bands), force)


def like_entry(
    name: str,
    judges: Mapping[str, Collection[str] | str | None],
    entries: Mapping[str, str],
    *,
    least: int = 0,
    most: int | None = None,
    force: str = "should",
) -> Rule:
    """So many judges who share the entry's value: its language, its sector, its region.

    A judge may have several values (languages read).

    >>> rule = like_entry("language", {"Ada": {"en", "fr"}, "Ben": "en"}, {"e1": "fr", "e2": "en"}, least=1)
    >>> [(b.label, b.judges, b.entries) for b in rule.bands]
    [('en', ('Ada', 'Ben'), ('e2',)), ('fr', ('Ada',), ('e1',))]
    """
    groups = _groups(judges)
    bands = (
        Band(value, groups.get(value, ()), least, most, tuple(e for e in entries if entries[e] == value))
        for value in sorted(set(entries.values()))
    )
    return Rule(name, tuple(bands), force)


def apart(name: str, judges: Iterable[str], force: str = "should") -> Rule:
    """Never two of these judges on one panel: sum of x over them <= 1.

    >>> apart("partners", ["Ada", "Ben"]).bands[0].at_most
    1
    """
    members = tuple(judges)
    return Rule(name, (Band(" / ".join(members), members, at_most=1),), force)


def _groups(attribute: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for judge, value in attribute.items():
        values = value if isinstance(value, list | tuple | set | frozenset) else () if value is None else (value,)
        for one in values:
            groups.setdefault(str(one), []).append(judge)
    return {value: tuple(members) for value, members in groups.items()}


class Bands(NamedTuple):
    """All bands of all rules as arrays: B groups over m judges, limits for n entries."""

    rule: NDArray[np.int64]  # (B,), position of the rule
    label: tuple[str, ...]  # (B,)
    member: NDArray[np.bool_]  # (B, m)
    low: NDArray[np.int32]  # (n, B)
    high: NDArray[np.int32]  # (n, B), NO_LIMIT where there is none
    force: tuple[str, ...]  # (B,)
    name: tuple[str, ...]  # (B,), of the rule


def compile_rules(
    rules: Sequence[Rule], entries: tuple[str, ...], judges: tuple[str, ...], exempt: NDArray[np.bool_]
) -> Bands:
    """The rules as arrays, in the order given; `exempt` entries (anchors, read by all) have no limits.

    >>> bands = compile_rules([apart("pair", "xy")], ("a", "b"), ("x", "y", "z"), np.array([False, True]))
    >>> bands.member.tolist(), (bands.high < NO_LIMIT).tolist()
    ([[True, True, False]], [[True], [False]])
    """
    identifiers("rule", [rule.name for rule in rules])
    flat = [(r, rule, band) for r, rule in enumerate(rules) for band in rule.bands]
    row, column = {e: i for i, e in enumerate(entries)}, {j: i for i, j in enumerate(judges)}
    member = np.zeros((len(flat), len(judges)), dtype=bool)
    low = np.zeros((len(entries), len(flat)), dtype=np.int32)
    high = np.full((len(entries), len(flat)), NO_LIMIT, dtype=np.int32)
    for rule in rules:
        _check(rule)
    for b, (_, rule, band) in enumerate(flat):
        member[b, _positions(rule, "judge", band.judges, column)] = True
        here = slice(None) if band.entries is None else _positions(rule, "entry", band.entries, row)
        if isinstance(band.at_least, Mapping):
            low[_positions(rule, "entry", band.at_least, row), b] = list(band.at_least.values())
        else:
            low[here, b] = band.at_least
        if band.at_most is not None:
            high[here, b] = band.at_most
    low[exempt], high[exempt] = 0, NO_LIMIT
    return Bands(
        rule=np.array([r for r, _, _ in flat], dtype=np.int64),
        label=tuple(band.label for _, _, band in flat),
        member=member,
        low=low,
        high=high,
        force=tuple(rule.force for _, rule, _ in flat),
        name=tuple(rule.name for _, rule, _ in flat),
    )


def _check(rule: Rule) -> None:
    if rule.force not in FORCES:
        raise ProblemError("bad_force", rule=rule.name, force=rule.force)
    if not any(band.at_least or band.at_most is not None for band in rule.bands):
        raise ProblemError("empty_rule", rule=rule.name)
    seen: set[str] = set()
    for band in rule.bands:
        if band.label in seen:
            raise ProblemError("band_twice", rule=rule.name, band=band.label)
        seen.add(band.label)
        asked = list(band.at_least.values()) if isinstance(band.at_least, Mapping) else [band.at_least]
        for value in [*asked, 0 if band.at_most is None else band.at_most]:
            if not isinstance(value, int | np.integer) or not 0 <= value <= NO_LIMIT:
                raise ProblemError("band_not_whole", rule=rule.name, band=band.label, value=value)
        for low in asked:
            high = NO_LIMIT if band.at_most is None else band.at_most
            if not 0 <= low <= high:
                raise ProblemError("bad_band", rule=rule.name, band=band.label, low=low, high=high)


def _positions(rule: Rule, kind: str, names: Iterable[str], known: Mapping[str, int]) -> list[int]:
    for name in names:
        if name not in known:
            raise ProblemError("unknown", place=f"Rule {rule.name}", kind=kind, name=name)
    return [known[name] for name in names]

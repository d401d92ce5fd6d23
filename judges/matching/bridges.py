"""Bridges between panels: some reviews given to judges of another panel, so that scores can be compared.

Two panels that share no judge cannot be put on one scale by any statistics. A few crossing reviews cure it.
"""

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .prices import FORCES
from .reading import ProblemError
from .rules import Band, Rule


class Bridges(NamedTuple):
    """What is wanted: the home panel of entries and judges, and how much is to cross.

    share: of each panel's reviews, given by outsiders; per_judge: crossing reviews of each judge;
    outsiders: at most so many on one entry.
    """

    entry_panel: Mapping[str, str]
    judge_panel: Mapping[str, str]
    share: float = 0.05
    per_judge: int = 1
    outsiders: int = 1
    force: str = "should"


NO_BRIDGES = Bridges({}, {}, share=0.0, per_judge=0)


class Crossing(NamedTuple):
    """The bridges as arrays; a panel of -1 belongs nowhere and never crosses."""

    panels: tuple[str, ...]
    entry_panel: NDArray[np.int64]  # (n,)
    judge_panel: NDArray[np.int64]  # (m,)
    per_panel: NDArray[np.int64]  # (P,), crossing reviews wanted
    per_judge: NDArray[np.int64]  # (m,)
    force: str

    def mask(self, rows: slice = slice(None)) -> NDArray[np.bool_]:
        """Where a review would cross: entry and judge have homes, and different ones."""
        home, away = self.entry_panel[rows, None], self.judge_panel[None, :]
        return (home != away) & (home >= 0) & (away >= 0)


def compile_bridges(
    bridges: Bridges, entries: tuple[str, ...], judges: tuple[str, ...], k: NDArray[np.int64]
) -> Crossing:
    """The bridges as arrays: ceil(share x reviews) crossing reviews per panel, `per_judge` for each judge.

    >>> wish = Bridges({"a": "art", "b": "tech"}, {"x": "art", "y": "tech"}, share=0.3)
    >>> compile_bridges(wish, ("a", "b"), ("x", "y"), np.array([2, 4])).per_panel.tolist()
    [1, 2]
    """
    if bridges.force not in FORCES:
        raise ProblemError("bad_force", rule="bridges", force=bridges.force)
    if not 0 <= bridges.share <= 1:
        raise ProblemError("bad_setting", name="share of bridges", value=bridges.share, range="0 to 1")
    for setting, wish in (("per_judge", bridges.per_judge), ("outsiders", bridges.outsiders)):
        if not isinstance(wish, int) or wish < 0:
            raise ProblemError("bad_setting", name=f"{setting} of bridges", value=wish, range="whole, 0 or more")
    for kind, given, known in (("entry", bridges.entry_panel, entries), ("judge", bridges.judge_panel, judges)):
        for name in sorted(set(given) - set(known))[:1]:
            raise ProblemError("unknown", place="The bridges", kind=kind, name=name)
    panels = tuple(sorted(set(bridges.entry_panel.values()) | set(bridges.judge_panel.values())))
    number = {panel: p for p, panel in enumerate(panels)}
    entry_panel = np.array([number.get(bridges.entry_panel.get(e, ""), -1) for e in entries], dtype=np.int64)
    judge_panel = np.array([number.get(bridges.judge_panel.get(j, ""), -1) for j in judges], dtype=np.int64)
    several = len(panels) > 1
    reviews = np.array([k[entry_panel == p].sum() for p in range(len(panels))], dtype=np.int64)
    return Crossing(
        panels=panels,
        entry_panel=entry_panel,
        judge_panel=judge_panel,
        per_panel=np.array([ceil(bridges.share * r - 1e-9) * several for r in reviews], dtype=np.int64),
        per_judge=np.where(judge_panel >= 0, bridges.per_judge * several, 0),
        force=bridges.force,
    )


def outsider_rules(bridges: Bridges) -> tuple[Rule, ...]:
    """The rule that keeps every panel at home: at most so many outsiders on one entry.

    >>> rule, = outsider_rules(Bridges({"a": "art", "b": "tech"}, {"x": "art", "y": "tech"}))
    >>> [(b.label, b.judges, b.entries) for b in rule.bands]
    [('art', ('y',), ('a',)), ('tech', ('x',), ('b',))]
    """
    panels = sorted(set(bridges.entry_panel.values()))
    bands = tuple(
        Band(
            label=panel,
            judges=tuple(j for j, home in bridges.judge_panel.items() if home != panel),
            at_most=bridges.outsiders,
            entries=tuple(e for e, home in bridges.entry_panel.items() if home == panel),
        )
        for panel in panels
    )
    return (Rule("outsiders", bands, "must"),) if len(panels) > 1 else ()

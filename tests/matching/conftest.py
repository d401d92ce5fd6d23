"""Instances with known answers, read from the shared data where it is present."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from judges.matching import at_least, at_most, pose

DATA = Path(os.environ.get("PRIZE_SHARED_DATA", Path(__file__).parents[2] / "../shared/data")) / "assignment"


@pytest.fixture(scope="session")
def expected():
    """The known answers by instance."""
    answers = {}
    for name in ("expected_real.json", "expected_synthetic.json"):
        answers |= json.loads(_present(DATA / name).read_text())
    return answers


@pytest.fixture(scope="session")
def real():
    """A function posing a conference's real bids; `positive=True` forbids pairs of score 0."""

    def posed(name, *, k, max_load, min_load=0, positive=False, **wishes):
        lines = _present(DATA / f"{name}.in").read_text().splitlines()[1:]
        scores = np.array([[float(score) for score in line.split()] for line in lines])
        n, m = scores.shape
        forbidden = {"no bid": scores <= 0} if positive else {}
        entries, judges = [f"e{i}" for i in range(n)], [f"j{i}" for i in range(m)]
        return pose(entries, judges, scores, k=k, max_load=max_load, min_load=min_load, forbidden=forbidden, **wishes)

    return posed


@pytest.fixture(scope="session")
def synthetic():
    """A function posing S (240 x 40) or M (2,000 x 200), with the three rules if asked."""

    def posed(name, *, rules=False, country=False, **changes):
        with np.load(_present(DATA / f"{name}.npz")) as stored:
            data = dict(stored)
        n, m = data["score"].shape
        judges = [f"j{j}" for j in range(m)]
        wishes = {
            "k": data["k"],
            "min_load": data["lo"],
            "max_load": data["hi"],
            "forbidden": {"country": data["same"], "conflict": data["coi"], "language": ~data["langok"]},
        }
        if rules:
            wishes["rules"] = three_rules(data, judges, country)
        return pose([f"e{e}" for e in range(n)], judges, data["score"], **(wishes | changes))

    posed.path = lambda name: _present(DATA / f"{name}.npz")
    return posed


def three_rules(data, judges, country):
    """At most 2 of a region, at least 2 women and 2 men, at least 1 senior; also 1 per country."""
    said = {0: "woman", 1: "man"}  # others have not said
    gender = {judge: said.get(int(g)) for judge, g in zip(judges, data["gender_j"], strict=True)}
    senior = {judge: "senior" if s else None for judge, s in zip(judges, data["senior_j"], strict=True)}
    rules = [
        at_most("region", dict(zip(judges, map(str, data["region_j"]), strict=True)), 2),
        at_least("gender", gender, {"woman": 2, "man": 2}),
        at_least("seniority", senior, {"senior": 1}),
    ]
    if country:
        rules.append(at_most("country", dict(zip(judges, map(str, data["country_j"]), strict=True)), 1))
    return rules


def _present(path):
    if not path.exists():
        pytest.skip(f"shared data not present: {path.name} (set PRIZE_SHARED_DATA)")
    return path

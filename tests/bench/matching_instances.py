"""Instances for the bench: S and M from the shared data, L (10,000 x 1,000) drawn here in their likeness."""

import os
from pathlib import Path

import numpy as np

from judges.matching import Problem, at_least, at_most, pose

DATA = Path(os.environ.get("PRIZE_SHARED_DATA", Path(__file__).parents[2] / "../shared/data")) / "assignment"
COUNTRIES, REGIONS = 30, 6


def drawn(n: int, m: int, k: int, seed: int = 2027) -> dict[str, np.ndarray]:
    """Synthetic entries and judges: topics, bids, countries, five languages, 2 % conflicts, 10 % half-time judges."""
    lot = np.random.default_rng(seed)
    topic = lot.integers(0, 8, n)
    skill = lot.beta(1.1, 5.0, (m, 8))
    score = skill[:, topic].T * lot.uniform(0.4, 1.0, (n, m))
    score += (lot.random((n, m)) < 0.1) * lot.uniform(0.1, 0.35, (n, m))
    common = lot.dirichlet(np.full(COUNTRIES, 3.0))
    country_e, country_j = lot.choice(COUNTRIES, n, p=common), lot.choice(COUNTRIES, m, p=common)
    language = lot.choice(5, n, p=[0.7, 0.09, 0.08, 0.07, 0.06])
    reads = lot.random((m, 5)) < np.array([0.95, 0.35, 0.32, 0.39, 0.35])
    reads[~reads.any(axis=1), 0] = True
    average, half = n * k / m, lot.random(m) < 0.1
    return {
        "score": np.clip(score, 1e-4, 1.0).round(4),
        "k": np.full(n, k),
        "lo": np.where(half, 0, int(0.8 * average)),
        "hi": np.where(half, int(0.6 * average), int(1.2 * average)),
        "same": country_e[:, None] == country_j[None, :],
        "coi": lot.random((n, m)) < 0.02,
        "langok": reads[:, language].T.copy(),
        "country_j": country_j,
        "region_j": country_j % REGIONS,
        "gender_j": lot.choice(3, m, p=[0.38, 0.585, 0.035]),
        "senior_j": lot.random(m) < 0.3,
    }


def instance(name: str) -> dict[str, np.ndarray]:
    """The arrays of S, M or L."""
    if name == "L":
        return drawn(10_000, 1_000, 4)
    with np.load(DATA / f"{name}.npz") as stored:
        return dict(stored)


def posed(name: str, *, rules: bool = False, country: bool = False, **changes: object) -> Problem:
    """The instance as a problem, with the three rules (and one judge per country) if asked."""
    data = instance(name)
    n, m = data["score"].shape
    judges = [f"j{j}" for j in range(m)]
    each = 2 if data["k"][0] >= 5 else 1
    said = {0: "woman", 1: "man"}
    gender = {judge: said.get(int(g)) for judge, g in zip(judges, data["gender_j"], strict=True)}
    senior = {judge: "senior" if s else None for judge, s in zip(judges, data["senior_j"], strict=True)}
    wished = [
        at_most("region", dict(zip(judges, map(str, data["region_j"]), strict=True)), 2),
        at_least("gender", gender, {"woman": each, "man": each}),
        at_least("seniority", senior, {"senior": 1}),
    ]
    if country:
        wished.append(at_most("country", dict(zip(judges, map(str, data["country_j"]), strict=True)), 1))
    wishes = {
        "k": data["k"],
        "min_load": data["lo"],
        "max_load": data["hi"],
        "forbidden": {"same_country": data["same"], "conflict": data["coi"], "language": ~data["langok"]},
        "rules": wished if rules or country else [],
    }
    return pose([f"e{e}" for e in range(n)], judges, data["score"], **(wishes | changes))

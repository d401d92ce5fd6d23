import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(os.environ.get("PRIZE_SHARED_DATA", Path(__file__).parents[2] / ".." / "shared" / "data"))


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand (set PRIZE_SHARED_DATA)")
    return path


@pytest.fixture(scope="session")
def known() -> dict:
    return json.loads(shared("known_answers.json").read_text())


@pytest.fixture(scope="session")
def rows():
    def read(name: str, delimiter: str = ",") -> list[dict[str, str]]:
        with shared(name).open(newline="") as file:
            return list(csv.DictReader(file, delimiter=delimiter))

    return read


@pytest.fixture(scope="session")
def writing(rows) -> tuple[list[str], list[str], list[float]]:
    table = rows("writing_ratings1.csv")
    marks = [sum(int(row[f"k{number}"]) for number in range(1, 6)) / 5 for row in table]
    return [row["idstud"] for row in table], [row["rater"] for row in table], marks


@pytest.fixture(scope="session")
def aibs(rows) -> tuple[list[int], list[int], list[str]]:
    table = rows("aibs_scores.csv")
    return [int(row["ID"]) for row in table], [int(row["RevID"]) for row in table], [row["Score"] for row in table]


@pytest.fixture
def contest():
    """A seeded contest with a known truth: entry, judge, score, true quality."""

    def play(seed=1, entries=40, judges=10, each=3, severity=0.6, noise=1.0, places=2):
        rng = np.random.Generator(np.random.Philox(seed))
        judge = np.concatenate([rng.permutation(judges)[:each] for _ in range(entries)])
        entry = np.repeat(np.arange(entries), each)
        truth = rng.normal(size=entries)
        leaning = severity * rng.normal(size=judges)
        score = truth[entry] + leaning[judge] + noise * rng.normal(size=len(entry))
        return entry, judge, np.round(score, places), truth

    return play

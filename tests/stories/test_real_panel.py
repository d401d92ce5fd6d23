"""A real panel: 72 grant proposals, each read by three reviewers, scored 1.0 (best) to 5.0 (worst).

The file is run through the product's own verbs, as an edition with its round, assignments, cast sheets and tally; what comes out
is compared with the means and ranks that the file itself carries, and with means computed here from the file alone. The
overall score is what counts; the five criteria were given beside it, so they are recorded with the weight nought.
"""

import csv
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command
from factories import applications as entries
from factories import judges as judging
from factories import prize as make

from applications import concluding
from judges import assigning, audit, tallying
from judges.models import ScoreSheet, Tally

CRITERIA = ("Innovation", "Approach", "Investig", "Signif", "Impact")
COLUMNS = ("Score", *CRITERIA)


@pytest.fixture(scope="module")
def rows(shared_data):
    with (shared_data / "aibs_scores.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def round(at):
    edition = make.make_edition(at, open_stage="second")
    return judging.make_round(
        edition,
        criteria=(("score", 1), *((name.lower(), 0) for name in CRITERIA)),
        reviews_per_entry=3,
        scale_low=1,
        scale_high=5,
        scale_step=Decimal("0.1"),
        high_is_good=False,
        method="raw-mean/1",
        places=6,
        quotas={"people": 20},
    )


@pytest.fixture
def office(round):
    person = make.make_person("Karim", is_staff=True)
    make.make_office(round.stage.edition, person)
    return person


@pytest.fixture
def proposals(round, rows, office, at):
    """Each proposal as an entry that was submitted in the call and found eligible."""
    edition = round.stage.edition
    owner, city = make.make_person("Owner"), entries.make_city()
    sent, screening = edition.stages.get(slug="call").opens_at + make.DAY, edition.stages.get(slug="screening")
    found = {}
    for number in sorted({row["ID"] for row in rows}, key=int):
        found[number] = entries.make_submitted(edition, owner, at=sent, city=city, title=f"Proposal {number}")
        concluding.conclude(found[number], screening, "advanced", by=office, at=screening.closes_at)
    return found


@pytest.fixture
def reviewers(round, rows, office, at):
    people = {
        number: make.make_person(f"Reviewer {number}") for number in sorted({row["RevID"] for row in rows}, key=int)
    }
    return {
        number: judging.make_judge(round.stage.edition, person, by=office, at=at) for number, person in people.items()
    }


@pytest.fixture
def tally(round, rows, proposals, reviewers, office, at, tmp_path):
    for row in rows:
        assigning.assign_by_hand(round, proposals[row["ID"]], reviewers[row["RevID"]], by=office, at=at)
    table = tmp_path / "panel.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["entry", "judge", *(name.lower() for name in COLUMNS)])
        for row in rows:
            judge = reviewers[row["RevID"]].person.email
            writer.writerow([proposals[row["ID"]].code, judge, *(row[name] for name in COLUMNS)])
    call_command("scores", "import", str(table), "--round", "second", "--by", office.email, "--commit")
    closed = round.stage.closes_at + make.DAY
    tallying.close_round(round, by=office, at=closed)
    tallying.sweep(at=closed)
    return Tally.objects.get()


def test_a_real_panel_comes_to_the_files_own_means_and_ranks(tally, rows, proposals):
    scores = defaultdict(list)
    for row in rows:
        scores[row["ID"]].append(Fraction(row["Score"]))
    means = {number: sum(given) / len(given) for number, given in scores.items()}
    published = {row["ID"]: (float(row["ScoreAvg"]), int(row["ScoreRank"])) for row in rows}
    lines = {
        line.application.title.removeprefix("Proposal "): line for line in tally.lines.select_related("application")
    }

    assert (tally.state, len(lines), tally.summary["reviews"], tally.summary["judges"]) == ("done", 72, 216, 26)
    for number, line in lines.items():
        assert abs(Fraction(line.raw) - means[number]) <= Fraction(1, 2_000_000)
        assert float(line.raw) == pytest.approx(published[number][0], abs=1e-6)
        assert line.rank == 1 + sum(other < means[number] for other in means.values())

    # The file parts ties by its own order; we share the place. So each group of ours holds exactly the file's places.
    groups = defaultdict(set)
    for number, line in lines.items():
        groups[line.rank].add(published[number][1])
    assert all(places == set(range(rank, rank + len(places))) for rank, places in groups.items())

    # The criteria of weight nought are recorded and do not count.
    sheets = ScoreSheet.objects.counting().prefetch_related("marks__criterion")
    assert len(sheets) == 216
    kept = sum(len(sheet.marks.all()) for sheet in sheets)
    assert kept == sum(row[name] != "NA" for row in rows for name in COLUMNS)
    assert all({m.criterion.key: m.value for m in sheet.marks.all()}["score"] == sheet.total for sheet in sheets)
    assert list(audit.tallies()) == list(audit.sheets()) == []

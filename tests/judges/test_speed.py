"""Pages of real size run as many queries as small ones."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import judges as judging

from applications.models import Application, Outcome, Submission
from judges.models import Assignment, ScoreSheet, Tally, TallyLine
from prize.codes import new_code


def copies(entry: Application, count: int) -> list[Application]:
    """So many entries more like this one, submitted and let through."""
    outcome = Outcome.objects.get(application=entry)
    rows = []
    for number in range(count):
        row = Application.objects.get(pk=entry.pk)
        row.pk, row.code, row.title = None, new_code(), f"{entry.title} {number}"
        rows.append(row)
    made = Application.objects.bulk_create(rows)
    for one in made:
        outcome.pk, outcome.application = None, one
        outcome.save(force_insert=True)
    sealed = Submission.objects.filter(application=entry).latest("pk")
    for one in made:
        sealed.pk, sealed.application, sealed.receipt = None, one, f"{new_code()}{new_code()}"
        sealed.save(force_insert=True)
    return made


def assign(entries: list[Application], judge, round, karim, at) -> None:
    rows = [
        Assignment(round=round, application=entry, judge=judge, assigned_at=at, assigned_by=karim) for entry in entries
    ]
    ScoreSheet.objects.bulk_create(
        ScoreSheet(assignment=row, started_at=at, saved_at=at, code=new_code())
        for row in Assignment.objects.bulk_create(rows)
    )


def queries(browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def sixty(entry, eves, round, karim, at):
    return lambda: assign(copies(entry, 59), eves.judge, round, karim, at)


@pytest.mark.parametrize(("page", "most"), [("entries", 20), ("sheet", 25), ("desk", 25)])
def test_a_judge_with_sixty_entries_asks_the_database_no_more_often_than_one_with_one(
    sign_in, eve, eves, sixty, page, most
):
    browser = sign_in(eve)
    addresses = {
        "entries": reverse("judges:entries"),
        "sheet": reverse("judges:sheet", args=[judging.sheet_of(eves).code]),
        "desk": reverse("desk"),
    }
    one = queries(browser, addresses[page])
    sixty()
    assert queries(browser, addresses[page]) == one <= most


@pytest.mark.parametrize("who", ["gita", "karim"])
def test_the_page_of_a_round_with_sixty_entries_runs_as_many_queries_as_with_one(
    request, sign_in, edition, judge_gita, eves, sixty, who
):
    browser = sign_in(request.getfixturevalue(who))
    address = reverse("judges:round", args=[edition.year, "second"])
    one = queries(browser, address)
    sixty()
    assert queries(browser, address) == one <= 25


def test_the_result_of_209_entries_is_read_in_a_fixed_number_of_queries(sign_in, karim, edition, round, entry, at):
    tally = Tally.objects.create(round=round, category=entry.category, asked_at=at)
    entries = [entry, *copies(entry, 208)]
    TallyLine.objects.bulk_create(
        TallyLine(
            tally=tally, application=one, rank=rank, reviews=3, raw=Decimal(900 - rank) / 100,
            adjusted=Decimal(900 - rank) / 100, rank_low=rank, rank_high=rank, chance=Decimal("0.5"),
        )
        for rank, one in enumerate(entries, 1)
    )  # fmt: skip
    summary = {
        "entries": 209, "reviews": 627, "judges": 16, "quota": 40, "uncertainty": "0.4", "crossing": [], "near": [],
        "tied_at_line": [], "severities": [], "warnings": [], "reliability": "0.7", "judges_needed": None, "stay": {},
    }  # fmt: skip
    Tally.objects.filter(pk=tally.pk).update(
        state="done", method="raw-mean/1", computed_at=at, summary=summary, working={"sheets": []}
    )
    round.stage.closed_at = at
    round.stage.save()
    browser = sign_in(karim)
    address = reverse("judges:tally", args=[edition.year, "second", "people"])
    few, whole = queries(browser, address), queries(browser, f"{address}?whole")
    assert few == whole <= 20
    assert browser.get(f"{address}?whole").content.decode().count('class="interval"') == 209

"""Marks from a table: previewed, checked row by row, and entered all or none."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from factories import judges as judging

from judges.models import Round, ScoreSheet
from prize.models import Edition, LedgerEntry, Prize, Stage


@pytest.fixture
def table(tmp_path):
    def write(*lines: str):
        path = tmp_path / "marks.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def run(path, karim, *more):
    call_command("scores", "import", str(path), "--round", "second", "--by", karim.email, *more)


def test_without_commit_the_table_is_shown_and_nothing_is_written(eves, eve, entry, karim, table, capsys):
    run(table("entry,judge,idea,impact,comment", f"{entry.code},{eve.email},8,7,Good"), karim)
    said = capsys.readouterr().out
    assert f"line 2: {entry.code}, Eve: idea 8, impact 7 = 7.6" in said
    assert "Nothing is written yet" in said
    assert not ScoreSheet.objects.filter(cast_at__isnull=False).exists()


def test_with_commit_the_sheets_are_cast_on_the_judges_behalf(
    eves, franks, eve, frank, entry, karim, table, judge_frank
):
    run(
        table("entry,judge,idea,impact", f"{entry.code},{eve.email},8,7", f"{entry.code},{judge_frank.code},6,4"),
        karim,
        "--commit",
    )
    cast = ScoreSheet.objects.cast().order_by("total")
    assert list(cast.values_list("total", flat=True)) == [Decimal("5.2"), Decimal("7.6")]
    assert {sheet.cast_by for sheet in cast} == {karim}
    assert [entry.facts["on_behalf"] for entry in LedgerEntry.objects.filter(act="sheet.cast")] == [True, True]


def test_one_wrong_row_keeps_every_row_out_and_each_problem_has_its_line(
    eves, franks, eve, frank, nora, entry, karim, table, capsys
):
    path = table(
        "entry,judge,idea,impact",
        f"{entry.code},{eve.email},8,7",
        f"{entry.code},{frank.email},11,4",
        f"{entry.code},{nora.email},5,5",
        f"{entry.code},{frank.email},,4",
    )
    with pytest.raises(CommandError, match="3 problems"):
        run(path, karim, "--commit")
    said = capsys.readouterr().err
    assert "Line 3: Idea: 11 is not a mark" in said
    assert f"Line 4: {nora.email} is not assigned entry {entry.code}" in said
    assert "Line 5: this judge's sheet on this entry stands in the table twice" in said
    assert not ScoreSheet.objects.filter(cast_at__isnull=False).exists()


def test_an_unknown_column_is_named(eves, karim, table, capsys):
    with pytest.raises(CommandError):
        run(table("entry,judge,beauty", "A,B,3"), karim)
    assert "beauty" in capsys.readouterr().err


def test_a_recused_judges_row_is_refused(eves, eve, entry, karim, table, at, capsys):
    from applications import recusing

    recusing.stand_aside(entry, eve, "personal", by=karim, at=at)
    with pytest.raises(CommandError):
        run(table("entry,judge,idea,impact", f"{entry.code},{eve.email},8,7"), karim, "--commit")
    assert "is not assigned" in capsys.readouterr().err


def test_somebody_without_the_office_enters_nothing(eves, eve, entry, mio, table):
    with pytest.raises(CommandError, match=r"Only the secretariat.*Nothing was entered"):
        run(table("entry,judge,idea,impact", f"{entry.code},{eve.email},8,7"), mio, "--commit")
    assert judging.sheet_of(eves).cast_at is None


def test_a_round_that_two_prizes_have_is_taken_only_by_the_prizes_name(eves, eve, entry, karim, table, round, capsys):
    edition = round.stage.edition
    other = Edition.objects.create(
        prize=Prize.objects.create(slug="lakeside", name={"en": "Lakeside Prize"}),
        year=edition.year, name={"en": "Lakeside Prize 2030"}, zone="Asia/Seoul",
    )  # fmt: skip
    twin = Stage.objects.get(pk=round.stage_id)
    twin.pk, twin.edition = None, other
    twin.save()
    Round.objects.create(stage=twin, jury=round.jury)
    path = table("entry,judge,idea,impact", f"{entry.code},{eve.email},8,7")
    for named in ([], ["--year", str(edition.year)]):
        with pytest.raises(
            CommandError, match=r"Name one with --prize and --year:\n  --prize harbour .*\n  --prize lakeside "
        ):
            run(path, karim, *named)
    run(path, karim, "--prize", "harbour")
    assert f"{entry.code}, Eve" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"--round second  --prize lakeside  2030"):
        run(path, karim, "--prize", "nowhere")

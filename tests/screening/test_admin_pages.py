"""Every page of screening in the admin opens, says what it should, and tells a mistake where it was made."""

import pytest
from django.apps import apps
from django.urls import reverse
from factories import prize as make
from factories.applications import make_city
from factories.screening import check_all, make_entry, make_formula, make_items, make_readings

from screening import checking, clarifying, comparing, indexing
from screening.models import CheckItem, Formula, IndexLine


@pytest.fixture
def edition(at):
    return make.make_edition(at, open_stage="screening")


@pytest.fixture
def world(edition, amina, bruno, mio, karim, at):
    """A row in every table of screening."""
    from datetime import timedelta

    items = {item.key: item for item in make_items(edition)}
    bergen = make_city("Bergen", "NO")
    entries = [make_entry(edition, person, city=bergen) for person in (amina, bruno)]
    check_all(entries[0], mio, at, evidence="failed")
    checking.waive(entries[0], items["evidence"], reason="The seal is late.", by=karim, at=at)
    clarifying.ask(entries[1], "Which district?", due_at=at + timedelta(days=1), by=mio, at=at)
    comparing.compare(edition, by=mio, at=at)
    make_formula(edition)
    make_readings(edition, bergen, mio, at, online={at.year - 1: "70", at.year: "77"}, air={at.year: "12"})
    indexing.run(edition.formulas.get(), year=at.year, by=karim, at=at)


TABLES = [model._meta.model_name for model in apps.get_app_config("screening").get_models() if model is not IndexLine]


@pytest.mark.parametrize("table", TABLES)
def test_the_list_and_every_row_open_for_officers_and_secretariat_and_for_nobody_else(
    table, world, sign_in, mio, karim, amina, eve
):
    row = apps.get_model("screening", table).objects.first()
    pages = [
        reverse(f"admin:screening_{table}_changelist"),
        reverse(f"admin:screening_{table}_change", args=[row.pk]),
    ]
    for address in pages:
        seen = {person.name: sign_in(person).get(address).status_code for person in (mio, karim, amina, eve)}
        assert seen == {"Mio": 200, "Karim": 200, "Amina": 302, "Eve": 302}


def test_a_runs_page_shows_each_city_with_its_declared_places(world, sign_in, mio):
    line = IndexLine.objects.select_related("run__formula").get()
    text = sign_in(mio).get(f"/admin/screening/indexrun/{line.run_id}/change/").content.decode()
    assert f"<td>{line.value:.2f}</td>" in text
    assert "000" not in line.shown


def test_a_rule_that_cannot_be_read_is_refused_where_it_is_written(world, sign_in, karim):
    item = CheckItem.objects.get(key="domain")
    form = {"edition": item.edition_id, "key": "domain", "text_en": "Is it?", "order": 1, "rule": '{"colour": "red"}'}
    page = sign_in(karim).post(f"/admin/screening/checkitem/{item.pk}/change/", form).content.decode()
    assert "A rule names exactly one of" in page
    item.refresh_from_db()
    assert item.rule == {"answer": "domain", "in": ["mobility", "energy"]}


def test_a_formula_that_cannot_be_read_is_refused_where_it_is_written(edition, sign_in, karim):
    make_formula(edition)
    form = {"edition": edition.pk, "key": "second", "version": 1, "name_en": "Second", "places": 2}
    for expression, words in (("mean(online", "bracket"), ("light * 2", "unknown indicators: light")):
        page = sign_in(karim).post("/admin/screening/formula/add/", form | {"expression": expression}).content.decode()
        assert words in page
    assert not Formula.objects.filter(key="second").exists()
    assert sign_in(karim).post("/admin/screening/formula/add/", form | {"expression": "online"}).status_code == 302

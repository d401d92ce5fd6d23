"""Readings by form and from a file, and the index in the admin."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from factories.applications import make_city
from factories.screening import make_formula, make_readings

from prize.models import Approval, LedgerEntry
from screening.models import IndexRun, Reading

ADMIN = "/admin/screening/reading/"


@pytest.fixture
def formula(edition):
    return make_formula(edition)


@pytest.fixture
def bergen(formula):
    return make_city("Bergen", "NO")


def upload(browser, text):
    """Send a file; give back the preview and, where there is one, the form that confirms it."""
    sent = SimpleUploadedFile("readings.csv", text.encode(), content_type="text/csv")
    response = browser.post(f"{ADMIN}import/", {"import_file": sent, "format": "0", "resource": "0"})
    page = response.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return page, {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


HEAD = "indicator,city,country,year,value,source\n"


def test_a_file_is_previewed_row_by_row_and_written_only_when_confirmed(sign_in, mio, bergen, at):
    browser = sign_in(mio)
    text = HEAD + f"online,Bergen,no,{at.year},81.5,Yearbook\nair,{bergen.code},,{at.year},7.25,Yearbook\n"
    page, confirm = upload(browser, text)
    assert "81.5" in page
    assert not Reading.objects.exists()
    browser.post(f"{ADMIN}process_import/", confirm)
    rows = Reading.objects.values_list("indicator__key", "city__name", "year", "value", "source", "entered_by__name")
    assert set(rows) == {
        ("online", "Bergen", at.year, Decimal("81.5"), "Yearbook", "Mio"),
        ("air", "Bergen", at.year, Decimal("7.25"), "Yearbook", "Mio"),
    }
    assert LedgerEntry.objects.get(act="readings.recorded").facts["readings"] == 2


def test_each_wrong_row_is_named_with_its_reason_and_nothing_is_written(sign_in, mio, bergen, at):
    year = at.year
    wrong = {
        f"light,Bergen,NO,{year},1,Yearbook": "There is no indicator “light”",
        f"online,Atlantis,NO,{year},1,Yearbook": "There is no city “Atlantis”",
        f"online,Bergen,NO,{year + 1},1,Yearbook": "one that has begun",
        f"online,Bergen,NO,{year},many,Yearbook": "“many” is not a number",
        f"online,Bergen,NO,{year},,Yearbook": "The value is missing",
        f"air,Bergen,NO,{year},1,": "needs its source",
    }
    page, confirm = upload(sign_in(mio), HEAD + "\n".join(wrong) + f"\nonline,Bergen,NO,{year - 1},80,Yearbook\n")
    page = page.replace("&#x27;", "'")
    assert [words for words in wrong.values() if words not in page] == []
    assert "import_file_name" not in confirm
    assert not Reading.objects.exists()


def test_a_file_that_names_a_reading_twice_or_lacks_a_column_is_refused(sign_in, mio, bergen, at):
    row = f"online,Bergen,NO,{at.year},80,Yearbook\n"
    assert "twice" in upload(sign_in(mio), HEAD + row + row)[0]
    assert (
        "lacks the columns: source"
        in upload(sign_in(mio), f"indicator,city,country,year,value\nonline,Bergen,NO,{at.year},80\n")[0]
    )


def test_what_stands_already_is_skipped_and_a_new_figure_supersedes(sign_in, mio, edition, bergen, at):
    make_readings(edition, bergen, mio, at, online={at.year: "80", at.year - 1: "70"})
    rows = (
        f"online,Bergen,NO,{at.year},80,Statistical yearbook\nonline,Bergen,NO,{at.year - 1},71,Statistical yearbook\n"
    )
    browser = sign_in(mio)
    page, confirm = upload(browser, HEAD + rows)
    assert "Skipped" in page
    browser.post(f"{ADMIN}process_import/", confirm)
    standing = dict(Reading.objects.standing().values_list("year", "value"))
    assert standing == {at.year: 80, at.year - 1: 71}
    assert Reading.objects.count() == 3


def test_a_reading_is_entered_by_form_and_a_second_one_is_a_correction(sign_in, mio, edition, bergen, at):
    online = edition.indicators.get(key="online")
    form = {"indicator": online.pk, "city": bergen.pk, "year": at.year, "value": "80", "source": "Yearbook"}
    assert sign_in(mio).post(f"{ADMIN}add/", form).status_code == 302
    assert sign_in(mio).post(f"{ADMIN}add/", form | {"value": "81"}).status_code == 302
    refused = sign_in(mio).post(f"{ADMIN}add/", form | {"year": at.year + 1})
    assert "one that has begun" in refused.content.decode()
    reading = Reading.objects.standing().get()
    assert (reading.value, reading.entered_by) == (81, mio)
    sign_in(mio).post(f"{ADMIN}{reading.pk}/correct/", {"value": "82", "source": "Yearbook, 2nd printing"})
    assert Reading.objects.standing().get().value == 82
    assert Reading.objects.count() == 3


def test_readings_are_not_for_strangers(sign_in, client, bergen, amina, nora):
    for person in (amina, nora):
        assert {sign_in(person).get(f"{ADMIN}{name}").status_code for name in ("", "add/", "import/")} == {302}


def test_the_index_is_run_from_the_formula_by_two_people(sign_in, edition, formula, bergen, mio, karim, lena, at):
    make_readings(edition, bergen, mio, at, online={at.year - 1: "70", at.year: "77"}, air={at.year: "12"})
    address = f"/admin/screening/formula/{formula.pk}/run/"
    sign_in(mio).post(address, {"year": at.year})
    assert not Approval.objects.exists()
    sign_in(karim).post(address, {"year": at.year})
    approval = Approval.objects.get()
    page = f"/admin/prize/approval/{approval.pk}/approve/"
    assert "Digest of its inputs" in sign_in(lena).get(page).content.decode()
    sign_in(lena).post(page, {"digest": approval.digest})
    run = IndexRun.objects.get()
    text = sign_in(mio).get(f"/admin/screening/indexrun/{run.pk}/change/").content.decode()
    assert "Bergen" in text
    assert "1 line" not in text


def test_rules_are_read_by_officers_and_edited_by_the_secretariat(sign_in, edition, formula, mio, karim):
    indicator = edition.indicators.first()
    address = f"/admin/screening/indicator/{indicator.pk}/change/"
    assert "_save" not in sign_in(mio).get(address).content.decode()
    assert "_save" in sign_in(karim).get(address).content.decode()
    assert sign_in(mio).get("/admin/screening/formula/add/").status_code == 403

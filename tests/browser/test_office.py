"""The office on a phone: rows are cards that say their columns; nothing moves sideways, and one still sorts and selects."""

import pytest
from browser_tools import overflows, signed_in
from django.contrib import admin
from factories import applications as entries
from factories import prize as make

from judges.models import Criterion, Judge, Round

pytestmark = pytest.mark.django_db(transaction=True)
# What still has the shape of a table, and what can be moved sideways inside the page.
LEFT = """() => [...document.querySelectorAll("#content table, #content *")].filter((one) => one.offsetParent && (
  (one.tagName === "TABLE" && getComputedStyle(one).display === "table") ||
  (["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1 &&
    one.tagName !== "TEXTAREA")
)).map((one) => `${one.tagName} ${one.id} ${one.className}`)"""


@pytest.fixture
def phone(chromium, live_server, lifted_seals, edition, promotion, hana, eve, amina, karim, at):
    """Karim's, on an edition with a few rows of what an office has."""
    entries.make_submitted(edition, amina, at=at)
    Judge.objects.create(edition=edition, person=eve)
    judged = Round.objects.create(stage=edition.stages.get(slug="second"), jury=make.make_committee(edition, "jury"))
    Criterion.objects.create(round=judged, key="reach", name={"en": "Reach", "ko": "영향"}, weight=100)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url, locale="en-GB")
    context.add_cookies([signed_in(karim, live_server.url)])
    yield context.new_page()
    context.close()


def test_no_list_and_no_row_of_the_office_moves_sideways(phone):
    found = {}
    for model, kept in admin.site._registry.items():
        row = model._default_manager.first()
        if row is None:
            continue
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for address in [base, *([f"{base}{row.pk}/change/"] if kept.inlines else [])]:
            phone.goto(address)
            if overflows(phone) or phone.evaluate(LEFT):
                found[address] = phone.evaluate(LEFT) or "the page"
    assert found == {}


def test_a_card_says_its_columns_and_is_sorted_and_selected(phone):
    phone.goto("/admin/judges/judge/")
    head = phone.locator("#result_list tbody th").first
    assert head.evaluate("(one) => getComputedStyle(one, '::before').content") == '"Person"'
    phone.get_by_role("link", name="Seniority").click()
    assert "o=" in phone.url
    phone.get_by_label("Select all objects on this page for an action").check()
    assert phone.locator("#result_list tbody .action-select").first.is_checked()
    assert "1 of 1 selected" in phone.locator(".action-counter").inner_text()


def test_the_fields_of_a_row_stand_under_the_heads_of_their_columns(phone):
    phone.goto(f"/admin/judges/round/{Round.objects.get().pk}/change/")
    cell = phone.locator("#criteria-group tbody tr").first.locator("td.field-weight")
    assert cell.get_attribute("data-label") == "Weight"
    field = cell.locator("input").bounding_box()
    assert field["width"] > 200
    phone.locator("#criteria-group tr.add-row a").click()
    added = phone.locator("#criteria-group tbody tr.dynamic-criteria").last.locator("td.field-weight")
    assert added.get_attribute("data-label") == "Weight"


def test_what_needs_somebody_stands_above_the_numbers_on_a_phone_and_below_them_on_a_desk(phone):
    phone.goto("/admin/")
    todo, funnel = phone.locator(".office-todo"), phone.locator(".funnel")
    assert todo.bounding_box()["y"] < funnel.bounding_box()["y"]
    phone.set_viewport_size({"width": 1280, "height": 900})
    assert todo.bounding_box()["y"] > funnel.bounding_box()["y"]

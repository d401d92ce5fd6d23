"""JSON typed in the office: what its readers cannot take apart is refused, and what they can is kept."""

import json

import pytest
from django.urls import reverse
from factories import prize as make
from factories.everything import make_everything
from stories.visitor import Forms

from applications.models import Question

CAST = "amina bruno carla nora eve frank gita hana ines jo karim lena mio"
WORDS = {"en": "One"}
GOOD = {
    "countries": ["PT", "KR"],
    "choices": [{"key": "one", "name": WORDS}],
    "fields": ["transport"],
    "languages": ["en"],
    "method_settings": {},
    "quotas": {"people": 2},
    "steps": [{"name": WORDS, "days": 7}],
}
ODD = (5, "x", [[1]], [{"key": "x"}], {"x": "y"}, {"x": -1}, {"x": {"y": []}}, [{"name": WORDS, "days": "soon"}])
NO_FURTHER = {("method_settings", json.dumps(odd)) for odd in ODD if isinstance(odd, dict)}  # its methods' own affair
NO_FURTHER |= {(name, json.dumps(word)) for name in ("countries", "fields", "languages") for word in (5, "x")}  # words


@pytest.fixture
def rows(at):
    cast = {name: make.make_person(name.title()) for name in CAST.split()}
    edition = make.make_edition(at, open_stage="final")
    for name, role in (("karim", "secretariat"), ("lena", "secretariat"), ("mio", "screening")):
        make.make_office(edition, cast[name], role)
    world = make_everything(edition, cast, at)
    question = Question.objects.filter(section__form__edition=edition).first()
    eve, round = world.judges["eve"], world.round
    return cast["karim"], {
        "countries": edition.regions.first(), "choices": question, "fields": eve, "languages": eve,
        "method_settings": round, "quotas": round, "steps": world.offer.benefit,
    }  # fmt: skip


def test_what_its_readers_cannot_take_apart_is_refused(rows, sign_in):
    officer, found = rows
    browser, kept = sign_in(officer), []
    for name, row in found.items():
        page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        opened = browser.get(page)
        form = next(form for form in Forms(opened.text).found if name in form.names())
        checked = type(opened.context["adminform"].form)  # as the page checks it, without drawing the page each time
        for odd in ODD:
            typed = json.dumps(odd)
            if (name, typed) not in NO_FURTHER and name not in checked(
                form.values() | {name: typed}, instance=row
            ).errors:
                kept.append((name, typed))
        odd = next(odd for odd in ODD if (name, json.dumps(odd)) not in NO_FURTHER)
        assert browser.post(page, form.values() | {name: json.dumps(odd)}).status_code == 200
        assert browser.post(page, form.values() | {name: json.dumps(GOOD[name])}).status_code == 302
        row.refresh_from_db()
        assert getattr(row, name) == GOOD[name]
    assert kept == []
    assert browser.get(reverse("admin:index")).status_code == 200


def test_words_and_numbers_are_typed_as_one_would_write_them(rows, sign_in):
    officer, found = rows
    browser, eve, round = sign_in(officer), found["fields"], found["quotas"]
    typed = {eve: {"fields": "transport, water ,, air"}, round: {"quotas": "people: 18\n\nideas : 4\n"}}
    for row, values in typed.items():
        page = reverse(f"admin:judges_{row._meta.model_name}_change", args=[row.pk])
        form = next(form for form in Forms(browser.get(page).text).found if next(iter(values)) in form.names())
        assert browser.post(page, form.values() | values).status_code == 302
        row.refresh_from_db()
    assert (eve.fields, round.quotas) == (["transport", "water", "air"], {"people": 18, "ideas": 4})
    again = next(form for form in Forms(browser.get(page).text).found if "quotas" in form.names())
    assert set(again.values()["quotas"][0].strip().split("\n")) == {
        "people: 18",
        "ideas: 4",
    }  # PostgreSQL keeps no order
    assert browser.post(page, form.values() | {"quotas": "[" * 100_000}).status_code == 200
    answer = browser.post(page, form.values() | {"quotas": "people 18"})
    assert "“people 18”: write a name, a colon and a whole number." in answer.text
    assert ">\npeople 18</textarea>" in answer.text


@pytest.mark.parametrize("empty", ["", "{}"])
def test_left_empty_it_is_what_it_is_by_default(empty, rows, sign_in):
    officer, found = rows
    browser, round = sign_in(officer), found["quotas"]
    page = reverse("admin:judges_round_change", args=[round.pk])
    form = next(form for form in Forms(browser.get(page).text).found if "quotas" in form.names())
    assert browser.post(page, form.values() | {"quotas": empty}).status_code == 302
    round.refresh_from_db()
    assert round.quotas == {}

"""The access gate knows every route, and would notice what it is there to notice. The gate itself is ``make access``."""

from pathlib import Path

import pytest
from gate import failing, routes
from gate.markup import Markup

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Call</title></head><body><main><h1>Call</h1>
<label for="city">City</label><input id="city"><ul><li><a href="/call/">Call</a></li></ul>%s</main></body></html>"""


def test_every_route_has_a_row_in_the_gates_table():
    missing = set(routes.routes()) - set(routes.table())
    assert missing == set(), "Say in tests/gate/routes.py what an address of each new route is."


def test_no_row_of_the_table_has_lost_its_route():
    assert set(routes.table()) - set(routes.routes()) == set()


def test_a_valid_page_has_no_fault():
    assert Markup(GOOD % "").faults() == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("<p><div>Deep</div></p>", "unexpected-end-tag"),
        ('<p id="city">Oslo</p>', 'id "city" stands 2 times'),
        ('<label for="country">Country</label>', 'label for="country" names nothing'),
        ('<a href="/"><button type="button">Go</button></a>', "button inside a"),
        ("<ul><div>Not an item</div></ul>", "div as a child of ul"),
        ('<p style="color: red">Loud</p>', "p has style"),
        ("<h1>Another</h1>", "2 h1"),
        ('<img src="/map.svg">', "img without alt"),
    ],
)
def test_the_gate_notices(fault, said):
    faults = Markup(GOOD % fault).faults()
    assert [line for line in faults if said in line], faults


def test_a_long_list_has_the_shape_of_a_short_one_and_an_empty_one_does_not():
    few, many, none = (Markup(GOOD % f"<ol>{'<li>Oslo</li>' * count}</ol>").shape() for count in (1, 9, 0))
    assert few == many != none


def test_every_page_of_a_failure_is_looked_at():
    templates = {path.stem for path in (Path(__file__).parent.parent / "templates").glob("[45]*.html")}
    assert templates == {failure.template for failure in failing.FAILURES} | failing.WALKED_TO


@pytest.mark.parametrize("language", ["en", "ko", "ar"])
@pytest.mark.parametrize("failure", failing.FAILURES, ids=lambda failure: failure.template)
def test_the_page_of_a_failure_is_well_made_in_every_language(failure, language, edition, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]
    assert list(failing.faults(failure, failure.page(language), language)) == []

"""The access gate knows every route, and would notice what it is there to notice. The gate itself is ``make access``."""

from pathlib import Path

import pytest
from gate import failing, routes
from gate.findings import Findings, Known, Page, Walk, kind_of, read
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


def page(address: str, *parts: str, route: str = "call/", faults: tuple[str, ...] = ()) -> Page:
    return Page("visitor", address, route, 200, frozenset(parts), faults=list(faults))


def test_a_page_made_of_known_parts_is_not_looked_at_again_unless_it_is_of_another_kind():
    full, plain = page("/call/", "body>table", "body>p"), page("/call/?o=1", "body>p")
    empty, other = page("/call/?q=x", "body>p", "body>em"), page("/method/", "body>p", route="method/")
    assert list(Known().choose([full, plain, empty, other])) == [full, empty, other]


def test_the_pages_of_every_tables_history_are_one_kind():
    one, other = (page("/", "body>p", route=f"admin/{table}/<path:object_id>/history/") for table in ("city", "person"))
    assert list(Known().choose([one, other])) == [one]


def test_a_run_that_is_resumed_keeps_what_was_good_and_looks_again_at_what_was_not(tmp_path):
    good, bad, later = (
        page("/call/", "a"),
        page("/method/", "b", route="method/"),
        page("/archive/", "c", route="archive/"),
    )
    first = Findings(tmp_path, "call", resume=False)
    first.keep(Walk([good, bad, later], {"call/", "method/"}), {"call/", "method/"})
    for one, faults in ((good, []), (bad, ["en axe label"])):
        first.note(seen=kind_of(one), parts=sorted(one.shape), shades=["390 p"], looks=5, faults=faults)
    first.out.write('{"seen": "arch')  # killed in the middle of a line
    first.out.close()

    again = Findings(tmp_path, "call", resume=True)
    assert again.earlier() == Walk([good, bad, later], {"call/", "method/"})
    assert list(again.known.choose([good, bad, later])) == [bad, later]
    again.keep(again.earlier(), set())
    again.out.close()
    assert [line["seen"] for line in read(again.path) if "seen" in line] == ["call/ 200"]


def test_a_run_that_is_not_resumed_begins_anew(tmp_path):
    first = Findings(tmp_path, "call", resume=False)
    first.keep(Walk([page("/call/", "a")], {"call/"}), {"call/"})
    first.out.close()
    assert Findings(tmp_path, "call", resume=False).earlier() is None

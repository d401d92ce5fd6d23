"""The access gate notices in a browser what it is there to notice."""

import pytest
from gate import looking

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Call</title><meta name="color-scheme" content="light dark"><style>
:root { color-scheme: light dark; background: light-dark(#fff, #111); color: light-dark(#111, #eee); } %s</style></head>
<body><main><h1>Call</h1>%s</main></body></html>"""


@pytest.fixture
def tab(chromium):
    context = chromium.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def faults(tab, style: str = "", body: str = "") -> list[str]:
    tab.set_content(PAGE % (style, body))
    return list(looking.examine(tab))


def test_a_good_page_has_none(tab):
    assert faults(tab, body='<p>Enter <a href="/call/">the call</a>.</p>') == []


def test_text_that_is_pale_only_in_the_dark_is_found_there(tab):
    found = faults(tab, "p { color: light-dark(#333, #333); }", "<p>The call is open.</p>")
    assert {line.split(":")[0] for line in found} == {"1280 dark axe color-contrast", "390 dark axe color-contrast"}


def test_a_field_without_a_name_and_a_link_without_text_are_found(tab):
    found = " ".join(faults(tab, body='<input type="text"><a href="/call/"></a>'))
    assert "axe label" in found
    assert "axe link-name" in found


def test_a_table_too_wide_for_a_phone_is_found_and_named(tab):
    found = faults(tab, ".wide { width: 500px; }", '<p class="wide">Five hundred points</p>')
    assert [line.split(":")[0] for line in found] == ["390 scrolls sideways", "320 scrolls sideways"]
    assert "p.wide" in found[0]


def test_a_page_that_fits_a_phone_but_not_four_times_the_size_is_found(tab):
    found = faults(tab, ".wide { width: 360px; }", '<p class="wide">More than 320</p>')
    assert [line.split(":")[0] for line in found] == ["320 scrolls sideways"]


def test_a_pale_text_is_told_once_and_another_colour_anew(tab):
    judged: set[str] = set()

    def pale(colour: str) -> set[str]:
        tab.set_content(PAGE % (f"p {{ color: {colour}; }}", "<p>The call is open.</p>"))
        return {line.split(":")[0] for line in looking.examine(tab, shades=judged)}

    assert "1280 light axe color-contrast" in pale("#bbb")
    assert pale("#bbb") == set()
    assert "390 light axe color-contrast" in pale("#ccc")


def test_a_long_table_is_measured_whole_and_judged_by_its_first_rows(tab):
    rows = "<tr><td>Oslo</td></tr>" * 20 + '<tr><td><div class="wide">Far down</div><input type="text"></td></tr>'
    found = faults(tab, ".wide { width: 500px; }", f"<table><tbody>{rows}</tbody></table>")
    assert [line.split(":")[0] for line in found] == ["390 scrolls sideways", "320 scrolls sideways"]

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

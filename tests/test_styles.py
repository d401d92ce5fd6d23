"""Style sheets know no left and right, so that a page is mirrored by its language alone."""

import re
from pathlib import Path

import pytest

SHEETS = sorted((Path(__file__).parent.parent / "static" / "css").glob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?\s*:"
    r"|(?:left|right)\s*:|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right)\b)"
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_names_start_and_end_instead_of_left_and_right(sheet):
    lines = sheet.read_text(encoding="utf-8").splitlines()
    found = [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if PHYSICAL.search(line)]
    assert found == [], "Write inline-start and inline-end, so that the page can be mirrored."


@pytest.mark.parametrize("line", ["margin-left: 4px", "float: right", "a { left: 0 }", "border-right-width: 1px"])
def test_the_search_would_notice(line):
    assert PHYSICAL.search(line)


@pytest.mark.parametrize("line", ["margin-inline-start: 4px", "inset-inline-end: 0", "text-align: start", "--left: 3"])
def test_the_search_lets_logical_names_pass(line):
    assert not PHYSICAL.search(line)

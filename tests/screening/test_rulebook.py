"""The section of the rulebook."""

from pathlib import Path

import pytest
import yaml
from factories.screening import check_all, into_screening, make_entry, make_formula, make_items, make_readings
from pydantic import ValidationError

from prize.rulebook import RulebookError
from screening import indexing, rulebook
from screening.rulebook import Section

SHIPPED = Path(rulebook.__file__).parent.parent / "prize" / "rulebooks" / "seoul-2023.yaml"


def shipped() -> dict:
    return yaml.safe_load(SHIPPED.read_text())["screening"]


def test_what_is_loaded_is_what_is_exported(edition):
    section = Section.model_validate(shipped())
    rulebook.adopt(edition, section)
    assert rulebook.describe(edition) == section
    rulebook.adopt(edition, rulebook.describe(edition))
    assert rulebook.describe(edition).model_dump(mode="json") == section.model_dump(mode="json")


def test_the_shipped_rulebook_speaks_both_languages():
    section = Section.model_validate(shipped())
    texts = [text for item in section.check_items for text in (item.text, item.guidance, item.reason)]
    texts += [part.name for part in (*section.indicators, *section.formulas)]
    texts += [part.explanation for part in section.formulas]
    assert [text for text in texts if set(text) != {"en", "ko"} or not all(text.values())] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"check_items": [{"key": "a", "text": "A?", "rule": {"has_colour": "red"}}]}, "names exactly one"),
        ({"indicators": [{"key": "a", "name": "A", "low": 5, "high": 5}]}, "`low` below `high`"),
        ({"formulas": [{"key": "f", "name": "F", "expression": "mean(jobs"}]}, "bracket"),
        ({"formulas": [{"key": "f", "name": "F", "expression": "jobs"}]}, "unknown indicators: jobs"),
        (
            {
                "indicators": [{"key": "jobs", "name": "J"}],
                "formulas": [{"key": "f", "name": "F", "expression": "jobs"}],
            },
            "goalpost",
        ),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_mistake_is_named(change, words):
    with pytest.raises(ValidationError, match=words):
        Section.model_validate(change)


def test_an_item_that_was_used_cannot_be_dropped(edition, amina, mio):
    make_items(edition)
    entry = make_entry(edition, amina)
    check_all(entry, mio, into_screening(edition))
    with pytest.raises(RulebookError, match="in use"):
        rulebook.adopt(edition, Section())


def test_a_formula_that_was_run_needs_a_new_version_and_the_old_one_is_kept(edition, karim, mio, at):
    formula = make_formula(edition)
    from factories.applications import make_city

    year = at.year
    make_readings(edition, make_city(), mio, at, online={year - 1: "40", year: "44"}, air={year: "12"})
    run = indexing.run(formula, year=year, by=karim, at=at)
    section = rulebook.describe(edition)
    section.formulas[0].expression = "online"
    with pytest.raises(RulebookError, match="new version"):
        rulebook.adopt(edition, section)
    section.formulas[0].version = 2
    rulebook.adopt(edition, section)
    assert rulebook.describe(edition) == section
    run.refresh_from_db()
    assert run.formula.expression == formula.expression

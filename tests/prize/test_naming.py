"""Every field of the office's pages has a name that a screen reader says."""

from datetime import timedelta

import pytest
from factories.applications import make_form
from gate.markup import Markup

from prize.models import Meeting


def fields(answer) -> dict[str, str]:
    """The name of each field that may be filled in, by its label or by itself."""
    page = Markup(answer.content.decode())
    labels = {label.attrs.get("for"): label.to_text().strip() for label in page.document.query("label")}
    found = page.document.query("#content-main input, #content-main select, #content-main textarea")
    shown = [one for one in found if one.attrs.get("type") not in {"hidden", "submit"}]
    return {one.attrs["name"]: one.attrs.get("aria-label") or labels.get(one.attrs.get("id"), "") for one in shown}


@pytest.fixture
def meeting(promotion, at):
    return Meeting.objects.create(
        committee=promotion, code="M2345678", title={"en": "Briefing"}, starts_at=at, ends_at=at + timedelta(hours=1)
    )


def test_the_cells_of_a_table_of_seats_are_named_by_their_columns(sign_in, karim, promotion, hana):
    named = fields(sign_in(karim).get(f"/admin/prize/committee/{promotion.pk}/change/"))
    assert [name for name, label in named.items() if not label] == []
    assert named["seats-0-role"] == "Role"
    assert named["seats-0-DELETE"] == "Delete"


def test_each_half_of_a_day_and_time_is_named_by_both(sign_in, karim, meeting):
    named = fields(sign_in(karim).get(f"/admin/prize/meeting/{meeting.pk}/change/"))
    assert (named["starts_at_0"], named["starts_at_1"]) == ("Starts Date", "Starts Time")
    assert [name for name, label in named.items() if not label] == []


def test_a_text_of_a_row_says_which_text_and_in_which_language(sign_in, karim, edition):
    form = make_form(edition)
    named = fields(sign_in(karim).get(f"/admin/applications/entryform/{form.pk}/change/"))
    assert named["sections-0-title_en"] == "Title: English"

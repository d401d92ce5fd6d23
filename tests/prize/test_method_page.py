"""What a visitor reads of how the prize is judged."""

import pytest
from django.conf import settings

from prize import rulebook
from prize.models import Edition, Person
from prize.scoring.methods import METHODS
from prize.views.method import SAID


@pytest.fixture
def seoul(at) -> Edition:
    text = (settings.BASE_DIR / "prize" / "rulebooks" / "seoul-2023.yaml").read_text(encoding="utf-8")
    edition = rulebook.load(rulebook.read(text), by=Person.objects.clock(), at=at)
    Edition.objects.filter(pk=edition.pk).update(is_public=True)
    return edition


def test_each_criterion_says_what_it_asks_and_the_method_its_idea(client, seoul):
    page = client.get("/method/").text
    assert "Is the right problem named, with evidence" in page
    assert "severity-adjusted/1" in page
    assert "Take out each judge&#x27;s severity" in page
    korean = client.get("/method/", headers={"accept-language": "ko"}).text
    assert "근거를 가지고 당사자와 함께" in korean
    assert "Take out each judge" not in korean


def test_a_part_of_a_criterion_stands_with_its_share_so_that_a_reader_can_add_up(client, seoul):
    page = client.get("/method/").text
    cell = page.partition("<strong>Outcomes</strong>")[2].partition("<br>")[0]
    assert "3 / 5" in cell
    assert "1 / 2" in page.partition("<strong>Innovation</strong>")[2].partition("<br>")[0]


def test_every_method_a_rulebook_may_name_can_be_said_in_other_languages():
    names = {text for recipe in METHODS.values() if recipe.takes == "scores" for text in (recipe.title, recipe.idea)}
    assert names == set(SAID)

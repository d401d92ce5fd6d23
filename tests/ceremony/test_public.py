"""What the world reads of the laureates, and when."""

import re

import pytest

from ceremony import conferring
from ceremony.models import Laureate


@pytest.fixture
def gold(conferred, karim, at):
    """Amina's city has the gold medal, and the sentence why is written."""
    laureate = Laureate.objects.get(place__award__key="gold")
    text = {"en": "For a bank of hours & its patience.", "ko": "시간을 모은 은행을 만든 공로로."}
    conferring.cite(laureate, text, by=karim, at=at)
    return laureate


def read(client, address, language="en"):
    return client.get(address, headers={"accept-language": language}).content.decode()


def test_before_the_release_the_page_says_when_and_names_nobody(gold, client):
    text = read(client, "/laureates/")
    assert "They are to be announced on" in text
    for secret in ("City of Amina", "Project 1", "bank of hours", gold.code):
        assert secret not in text
    assert client.get(f"/laureates/{gold.code}/").status_code == 404


def test_the_first_page_leads_to_the_laureates_once_there_are_any(gold, client, request):
    def first():
        return re.search(r'class="btn btn-primary[^"]*" href="([^"]+)"', read(client, "/"))[1]

    assert first() == "/method/"
    request.getfixturevalue("released")
    assert first() == "/laureates/"


def test_after_the_release_each_stands_under_its_award_with_the_sentence_why(gold, released, client):
    text = read(client, "/laureates/")
    order = [text.index(word) for word in ("Gold", "City of Amina", "Silver", "City of Bruno", "City of Oskar")]
    assert order == sorted(order)
    assert "For a bank of hours &amp; its patience." in text
    assert "시간을 모은 은행을 만든 공로로." in read(client, "/laureates/", "ko")
    assert "For a bank of hours &amp; its patience." in read(client, f"/laureates/{gold.code}/")


def test_regions_are_counted_over_the_laureates(gold, released, client):
    text = read(client, "/laureates/")
    table = text[text.index("<caption>Laureates by region") :]
    row = " ".join(table[table.index("North") :].replace("<", " <").split())
    assert row.startswith('North </th> <td class="end">4 </td> <td>Norway')
    assert "East" not in table


def test_the_list_asks_as_often_for_one_laureate_as_for_many(released, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get("/laureates/")


def test_one_word_answers_stand_as_facts_beside_the_text(gold, released, client):
    text = read(client, f"/laureates/{gold.code}/")
    body, _aside, facts = text.partition("page-aside")
    assert "A bank of hours for neighbours" in body
    assert "A bank of hours for neighbours" not in facts
    assert "Norway" in facts

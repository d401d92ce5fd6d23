"""The page on which an officer judges whether two entries are one project."""

import pytest
from factories import prize as make
from factories.applications import ANSWERS
from factories.screening import make_entry, make_items

from applications import lifecycle, recusing
from screening import comparing
from screening.admin import pairs
from screening.models import Similarity

ONE = "In May, WE count: every empty seat of every bus! Then lamps are dimmed."
OTHER = "Every night we count every empty seat, of every bus; and nothing else <at> all."
KOREAN = "올해 우리는 “모든 버스의 빈자리를” 밤마다 세고, 가로등을 끕니다."
KOREAN_OTHER = "지난해부터 우리는 모든 버스의 빈자리를 밤마다 세고 있습니다."


@pytest.fixture
def edition(at):
    found = make.make_edition(at, open_stage="screening")
    make_items(found)
    return found


@pytest.fixture
def make_pair(edition, amina, bruno, at):
    """Two entries with these summaries and a pair of them."""

    def pair(one, other, **fields):
        entries = [
            make_entry(
                edition, owner, title=title, answers=ANSWERS | {"summary": summary, "organisation": ""}, **fields
            )
            for owner, title, summary in ((amina, "Buses on call", one), (bruno, "Seats that count", other))
        ]
        return Similarity.objects.create(one=entries[0], other=entries[1], share="0.5", found_at=at)

    return pair


def address_of(pair):
    return f"/admin/screening/similarity/{pair.pk}/change/"


def text_of(browser, pair, **more):
    return browser.get(address_of(pair), **more).content.decode()


def test_both_originals_stand_there_as_written_with_the_shared_words_marked_and_the_question_named(
    sign_in, make_pair, mio
):
    pair = make_pair(ONE, OTHER)
    text = text_of(sign_in(mio), pair)
    assert "In May, <mark>WE count: every empty seat of every bus</mark>! Then lamps are dimmed." in text
    assert "Every night <mark>we count every empty seat, of every bus</mark>; and nothing else &lt;at&gt; all." in text
    assert text.count("· Summary</p>") == 2
    assert "8 words in common" in text


def test_the_heading_names_both_titles_and_each_entry_leads_to_its_page(sign_in, make_pair, mio):
    pair = make_pair(ONE, OTHER)
    text = text_of(sign_in(mio), pair)
    assert '<h1>“<bdi lang="en">Buses on call</bdi>” and “<bdi lang="en">Seats that count</bdi>”</h1>' in text
    for entry in (pair.one, pair.other):
        assert f'<a href="/admin/screening/check/board/{entry.code}/" lang="en">{entry.title}</a>' in text
        assert entry.owner.name in text


def test_korean_is_marked_as_written_and_the_question_is_named_in_the_readers_language(sign_in, make_pair, mio):
    pair = make_pair(KOREAN, KOREAN_OTHER, language="ko")
    text = text_of(sign_in(mio), pair, headers={"accept-language": "ko"})
    one, other = "우리는 “모든 버스의 빈자리를” 밤마다 세고", "우리는 모든 버스의 빈자리를 밤마다 세고"
    assert f'<blockquote lang="ko">올해 <mark>{one}</mark>, 가로등을 끕니다.</blockquote>' in text
    assert f'<blockquote lang="ko">지난해부터 <mark>{other}</mark> 있습니다.</blockquote>' in text
    assert text.count("· summary</p>") == 2


def test_of_many_passages_the_longest_come_first_and_the_rest_is_counted(sign_in, make_pair, mio, monkeypatch):
    monkeypatch.setattr(pairs, "MOST", 1)
    pair = make_pair(
        "one two three four five HERE six seven eight nine ten eleven",
        "six seven eight nine ten eleven THERE one two three four five",
    )
    text = text_of(sign_in(mio), pair)
    assert text.count("<mark>six seven eight nine ten eleven</mark>") == 2
    assert "<mark>one" not in text
    assert "1 more passage is in common" in text


def test_where_nothing_is_shared_any_more_the_page_says_so(sign_in, make_pair, mio):
    text = text_of(sign_in(mio), make_pair(ONE, "Lamps along the quay that dim at night."))
    assert "no answer has five words in a row" in text
    assert "<mark>" not in text


def test_an_officer_who_stands_aside_from_either_sees_nothing_of_the_pair(sign_in, make_pair, mio, karim, at):
    pair = make_pair(ONE, OTHER)
    recusing.stand_aside(pair.other, mio, "personal", by=mio, at=at)
    answer = sign_in(mio).get(address_of(pair), follow=True)
    assert answer.redirect_chain
    text = answer.content.decode()
    assert not any(words in text for words in ("empty seat", "Buses on call", "Seats that count"))
    assert "Seats that count" not in sign_in(mio).get(f"/admin/screening/check/board/{pair.one.code}/").content.decode()
    assert "Seats that count" in sign_in(karim).get(f"/admin/screening/check/board/{pair.one.code}/").content.decode()


def test_an_entry_that_was_withdrawn_leads_to_its_page_among_all_entries(sign_in, make_pair, mio, at):
    pair = make_pair(ONE, OTHER)
    lifecycle.move(pair.other, "withdrawn", by=pair.other.owner, at=at)
    browser = sign_in(mio)
    address = f"/admin/applications/application/{pair.other.pk}/change/"
    assert f'<a href="{address}" lang="en">Seats that count</a>' in text_of(browser, pair)
    assert browser.get(address).status_code == 200


def test_who_ruled_and_when_is_said_once_somebody_has(sign_in, make_pair, mio, at):
    pair = make_pair(ONE, OTHER)
    browser = sign_in(mio)
    assert "field-ruled_by" not in text_of(browser, pair)
    comparing.rule(pair, "same", by=mio, at=at)
    assert "field-ruled_by" in text_of(browser, pair)

"""Likeness of entries."""

from fractions import Fraction

import pytest
from factories.applications import ANSWERS
from factories.screening import into_screening, make_entry, make_items
from hypothesis import given
from hypothesis import strategies as st

from prize.governing import Refused
from screening import comparing
from screening.comparing import alike, jaccard, shingles
from screening.models import Similarity

texts = st.text(alphabet="ab .\n", max_size=60)


@given(texts, texts)
def test_likeness_is_a_share_the_same_both_ways_and_whole_with_itself(one, other):
    a, b = shingles(one), shingles(other)
    assert 0 <= jaccard(a, b) <= 1
    assert jaccard(a, b) == jaccard(b, a)
    assert jaccard(a, a) == (1 if a else 0)


@given(st.dictionaries(st.integers(0, 9), texts, max_size=6))
def test_pairs_found_through_shared_words_are_all_pairs_that_are_alike(found):
    threshold = Fraction(1, 10)
    sets = {key: shingles(text) for key, text in found.items()}
    every = {
        (one, other) for one in sets for other in sets if one < other and jaccard(sets[one], sets[other]) >= threshold
    }
    assert {(pair.one, pair.other) for pair in alike(found, threshold)} == every


@given(texts)
def test_capitals_and_punctuation_do_not_matter(text):
    assert shingles(text) == shingles(text.upper().replace(".", "!"))


@pytest.fixture
def then(edition):
    make_items(edition)
    return into_screening(edition)


@pytest.fixture
def pair(edition, amina, bruno, carla, then):
    other = "Lamps along the quay that dim when nobody walks there at night."
    make_entry(edition, carla, title="Other", answers=ANSWERS | {"summary": other, "organisation": ""})
    return [make_entry(edition, person, title=person.name) for person in (amina, bruno)]


def test_two_entries_with_one_text_are_kept_for_an_officer_once(edition, pair, mio, then):
    comparing.compare(edition, by=mio, at=then)
    comparing.compare(edition, by=mio, at=then)
    kept = Similarity.objects.get()
    assert ({kept.one, kept.other}, kept.share, kept.ruling) == (set(pair), 1, "open")


def test_a_ruling_stays_and_is_not_asked_again(edition, pair, mio, nora, then):
    comparing.compare(edition, by=mio, at=then)
    kept = Similarity.objects.get()
    with pytest.raises(Refused):
        comparing.rule(kept, "same", by=nora, at=then)
    comparing.rule(kept, "different", by=mio, at=then)
    comparing.compare(edition, by=mio, at=then)
    assert Similarity.objects.values_list("ruling", "ruled_by__name").get() == ("different", "Mio")

"""Shared passages, led back from compared words to the texts as they were written."""

from hypothesis import given
from hypothesis import strategies as st

from screening.comparing import plain_words
from screening.passages import passages, shared_runs, words_in

few = st.lists(st.sampled_from("abc"), max_size=16)


@given(st.text(max_size=60))
def test_the_words_with_their_places_are_the_words_that_are_compared(text):
    found = words_in(text)
    assert [word.plain for word in found] == plain_words(text)
    assert all(" ".join(plain_words(text[word.start : word.end])) == word.plain for word in found)


@given(few, few)
def test_runs_are_in_both_texts_whole_and_apart_and_the_longest_first(one, other):
    runs = shared_runs(one, other, 2)
    here = [place for run in runs for place in range(run.one, run.one + run.length)]
    there = [place for run in runs for place in range(run.other, run.other + run.length)]
    assert [one[place] for place in here] == [other[place] for place in there]
    assert (len(set(here)), len(set(there))) == (len(here), len(there))
    assert [run.length for run in runs] == sorted((run.length for run in runs), reverse=True)


@given(few, few)
def test_whatever_two_texts_share_is_found(one, other):
    pairs = set(zip(one, one[1:], strict=False)) & set(zip(other, other[1:], strict=False))
    assert bool(shared_runs(one, other, 2)) == bool(pairs)


def test_what_is_said_twice_here_and_once_there_is_shared_once():
    said = "We count all empty seats."
    [found] = passages([f"{said} {said}"], [said])
    assert (found.one.before, found.one.after) == ("", ". We count all empty seats.")


def test_a_passage_ends_with_its_answer_even_where_both_go_on_alike():
    texts = ["Lamps that wait for you", "Buses that come on call"]
    assert [found.one.shared for found in passages(texts, texts)] == texts
    assert passages(["Lamps that wait", "for you at night"], ["Lamps that wait for you at night"]) == []


def test_a_mark_takes_the_signs_on_its_last_letter_with_it():
    text = "एक दो तीन चार पाँच छह"
    [found] = passages([text], [text])
    assert found.one.shared == text

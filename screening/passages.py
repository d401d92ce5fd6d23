"""Where two entries say the same: shared runs of words, led back to the places in the texts as they were written.

Entries are compared without capitals and punctuation; whoever rules on a pair reads what the applicants wrote. Pure: no query.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from screening.comparing import WORDS

AROUND = 8  # words on either side of a passage, to tell what it is about
JOINERS = "\u200c\u200d"


class Word(NamedTuple):
    """A word as it is compared, and where it stands in the text."""

    plain: str
    start: int
    end: int


class Run(NamedTuple):
    """So many words from here in one text are the words from there in the other. The longest comes first in order."""

    less: int
    one: int
    other: int

    @property
    def length(self) -> int:
        return -self.less


class Excerpt(NamedTuple):
    """A passage as it was written, between the words around it, and which of the texts it stands in."""

    text: int
    before: str
    shared: str
    after: str


class Passage(NamedTuple):
    """What two entries share, in the wording of each."""

    length: int
    one: Excerpt
    other: Excerpt


def passages(one: Sequence[str], other: Sequence[str], words: int = WORDS) -> list[Passage]:
    """What the texts of one entry share with those of another, the longest first. No passage goes on into the next text.

    >>> [found] = passages(["Lamps.", "Here WE count: all empty seats!"], ["“We count all ‘empty’ seats,” they say."])
    >>> found.one
    Excerpt(text=1, before='Here ', shared='WE count: all empty seats', after='!')
    >>> found.other
    Excerpt(text=0, before='“', shared='We count all ‘empty’ seats', after=',” they say.')
    """
    here, there = in_a_row(one, end="\n"), in_a_row(other, end="\r")
    return [
        Passage(run.length, excerpt_at(one, here, run.one, run.length), excerpt_at(other, there, run.other, run.length))
        for run in shared_runs([place.word for place in here], [place.word for place in there], words)
    ]


# --- Words and their places -----------------------------------------------------------------------


def words_in(text: str) -> list[Word]:
    """The words that ``comparing.plain_words`` finds, each with its place. A letter may become two without capitals.

    >>> words_in("Große Busse, 서울!")
    [Word(plain='grosse', start=0, end=5), Word(plain='busse', start=6, end=11), Word(plain='서울', start=13, end=15)]
    """
    letters = [(letter, place) for place, written in enumerate(text) for letter in written.casefold()]
    found = []
    for is_word, group in groupby(letters, key=lambda pair: pair[0].isalnum()):
        if is_word:
            plain, places = zip(*group, strict=True)
            found.append(Word("".join(plain), places[0], places[-1] + 1))
    return found


class Place(NamedTuple):
    """A word among those of all texts: which text it is of, and its number in that."""

    word: str
    text: int
    position: int


def in_a_row(texts: Sequence[str], end: str) -> list[Place]:
    """The words of all texts. What ends a text must be like no word of the other entry, so that no run goes on across it."""
    return [
        place
        for number, text in enumerate(texts)
        for place in (
            *(Place(word.plain, number, position) for position, word in enumerate(words_in(text))),
            Place(end, number, -1),
        )
    ]


def excerpt_at(texts: Sequence[str], row: Sequence[Place], start: int, length: int) -> Excerpt:
    first = row[start]
    return Excerpt(first.text, *excerpt(texts[first.text], first.position, length))


def excerpt(text: str, first: int, length: int, around: int = AROUND) -> tuple[str, str, str]:
    """So many words of a text as written, with what stands before and after them, cut where that is long.

    >>> excerpt("In May, on the quay, we count ALL empty seats. And beds!", 5, 4, around=1)
    ('… quay, ', 'we count ALL empty', ' seats …')
    """
    words = words_in(text)
    last, begins, ends = first + length, max(0, first - around), first + length + around
    start, end = words[first].start, whole(text, words[last - 1].end)
    before = "… " + text[words[begins].start : start] if begins else text[:start].lstrip()
    after = text[end : whole(text, words[ends - 1].end)] + " …" if ends < len(words) else text[end:].rstrip()
    return before, text[start:end], after


def whole(text: str, end: int) -> int:
    """The end of the last letter with the signs that are written on it, which are compared as if they parted words.

    >>> whole("हिन्दी", 5), whole("bus", 3)
    (6, 3)
    """
    while end < len(text) and (text[end] in JOINERS or unicodedata.category(text[end]).startswith("M")):
        end += 1
    return end


# --- Runs -----------------------------------------------------------------------------------------


def shared_runs(one: Sequence[str], other: Sequence[str], words: int = WORDS) -> list[Run]:
    """Runs of at least so many words that stand in both, the longest first; no word is part of two.

    Said twice here and once there, a passage is shared once. What a longer run takes away shortens the others.

    >>> shared_runs("a b c d x b c d".split(), "b c d y a b c d".split(), 3)
    [Run(less=-4, one=0, other=4), Run(less=-3, one=5, other=0)]
    """
    waiting = list(longest_runs(one, other, words))
    heapify(waiting)
    taken_here: set[int] = set()
    taken_there: set[int] = set()
    found = []
    while waiting:
        run = heappop(waiting)
        free = free_parts(run, taken_here, taken_there)
        if free == [run]:
            found.append(run)
            taken_here.update(range(run.one, run.one + run.length))
            taken_there.update(range(run.other, run.other + run.length))
            continue
        for part in free:
            if part.length >= words:
                heappush(waiting, part)
    return found


def longest_runs(one: Sequence[str], other: Sequence[str], words: int) -> Iterator[Run]:
    """Every run that goes on at neither end; they may overlap."""
    places = defaultdict(list)
    for there in range(len(other) - words + 1):
        places[tuple(other[there : there + words])].append(there)
    for here in range(len(one) - words + 1):
        for there in places.get(tuple(one[here : here + words]), ()):
            if not (here and there and one[here - 1] == other[there - 1]):
                yield Run(-length_from(one, other, here, there), here, there)


def length_from(one: Sequence[str], other: Sequence[str], here: int, there: int) -> int:
    most = min(len(one) - here, len(other) - there)
    return next((step for step in range(most) if one[here + step] != other[there + step]), most)


def free_parts(run: Run, taken_here: set[int], taken_there: set[int]) -> list[Run]:
    """What is left of a run by longer ones, which may part it.

    >>> free_parts(Run(-5, 0, 7), {1}, set())
    [Run(less=-1, one=0, other=7), Run(less=-3, one=2, other=9)]
    """
    steps = range(run.length)
    is_free = {step: run.one + step not in taken_here and run.other + step not in taken_there for step in steps}
    parts = [list(group) for free, group in groupby(steps, key=is_free.__getitem__) if free]
    return [Run(-len(part), run.one + part[0], run.other + part[0]) for part in parts]

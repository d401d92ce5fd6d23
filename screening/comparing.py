"""Is this the same project twice? Entries are compared by the word sequences they share; an officer rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from prize import ledger
from prize.governing import Refused
from prize.models import Edition, Person
from prize.policy import is_screening_officer
from prize.scoring import rounded
from screening.models import Similarity
from screening.sealed import texts_of

WORDS = 5  # in a sequence: shorter ones are phrases that any two entries share
NOTABLE = Fraction(3, 10)


def shingles(text: str, words: int = WORDS) -> frozenset[tuple[str, ...]]:
    """The sequences of so many words that occur in a text, without capitals and punctuation.

    >>> sorted(shingles("The bus. The bus stops!", 2))
    [('bus', 'stops'), ('bus', 'the'), ('the', 'bus')]
    """
    plain = plain_words(text)
    if 0 < len(plain) < words:
        return frozenset([tuple(plain)])
    return frozenset(zip(*(plain[start:] for start in range(words)), strict=False))


def plain_words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()


def jaccard(one: frozenset, other: frozenset) -> Fraction:
    """The share of what two sets hold that they hold in common: |one and other| / |one or other|.

    >>> jaccard(frozenset("abc"), frozenset("bcd"))
    Fraction(1, 2)
    >>> jaccard(frozenset(), frozenset())
    Fraction(0, 1)
    """
    union = len(one | other)
    return Fraction(len(one & other), union) if union else Fraction(0)


class Alike(NamedTuple):
    """Two texts, by their keys in order, and the share they have in common."""

    one: int
    other: int
    share: Fraction


def alike(texts: Mapping[int, str], notable: Fraction = NOTABLE) -> list[Alike]:
    """Every pair of texts that share at least so much, the closest first.

    >>> alike({1: "clean buses for the old town", 2: "Clean buses for the old town!", 3: "a library of tools and seeds"})
    [Alike(one=1, other=2, share=Fraction(1, 1))]
    """
    sets = {key: shingles(text) for key, text in sorted(texts.items())}
    pairs = (
        Alike(one, other, Fraction(both, len(sets[one]) + len(sets[other]) - both))
        for (one, other), both in in_common(sets).items()
    )
    return sorted(
        (pair for pair in pairs if pair.share >= notable), key=lambda pair: (-pair.share, pair.one, pair.other)
    )


def in_common(sets: Mapping[int, frozenset]) -> Counter[tuple[int, int]]:
    """How many each pair has in common, for the pairs that share anything at all: of thousands, few do.

    >>> in_common({1: frozenset("abc"), 2: frozenset("bcd"), 3: frozenset("z")})
    Counter({(1, 2): 2})
    """
    holders: dict[tuple[str, ...], list[int]] = {}
    for key, found in sets.items():
        for shingle in found:
            holders.setdefault(shingle, []).append(key)
    return Counter(pair for keys in holders.values() if len(keys) > 1 for pair in combinations(keys, 2))


@transaction.atomic
def compare(edition: Edition, *, by: Person, at: datetime, notable: Fraction = NOTABLE) -> list[Similarity]:
    """Compare all competing entries of an edition and keep the notable pairs. What was ruled on stays ruled."""
    if not is_screening_officer(by, edition):
        raise Refused(_("Only screening officers and the secretariat may compare entries."))
    entries = Application.objects.submitted().filter(edition=edition)
    found = alike(texts_of(entries), notable)
    known = set(Similarity.objects.filter(one__edition=edition).values_list("one", "other"))
    fresh = [
        Similarity(one_id=pair.one, other_id=pair.other, share=as_share(pair.share), found_at=at)
        for pair in found
        if (pair.one, pair.other) not in known
    ]
    kept = Similarity.objects.bulk_create(fresh, ignore_conflicts=True)
    facts = {"pairs": len(found), "new": len(kept), "notable": str(as_share(notable))}
    ledger.record(edition, "screening.compared", facts=facts, by=by, at=at)
    return kept


def as_share(share: Fraction) -> Decimal:
    return rounded(share, 4)


@transaction.atomic
def rule(similarity: Similarity, ruling: str, *, by: Person, at: datetime) -> Similarity:
    """Say whether two entries are one project. It changes no verdict by itself: the officer answers the check item."""
    edition = similarity.one.edition
    if not is_screening_officer(by, edition):
        raise Refused(_("Only screening officers and the secretariat may rule on this."))
    if stands_aside(by, (similarity.one, similarity.other)):
        raise Refused(_("You stand aside from one of these entries."))
    if ruling not in {Similarity.Ruling.DIFFERENT, Similarity.Ruling.SAME}:
        raise Refused(_("Say that the projects are different or the same."))
    Similarity.objects.filter(pk=similarity.pk).update(ruling=ruling, ruled_by=by, ruled_at=at)
    facts = {"other": similarity.other.code, "ruling": str(ruling)}
    ledger.record(edition, "screening.ruled", subject=similarity.one.code, facts=facts, by=by, at=at)
    similarity.ruling, similarity.ruled_by, similarity.ruled_at = ruling, by, at
    return similarity


def stands_aside(person: Person, entries: Sequence[Application]) -> bool:
    return any(entry.recusals.filter(person=person, lifted_at=None).exists() for entry in entries)

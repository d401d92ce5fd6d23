"""What must hold of laureates, announcements, certificates and offers, at any time."""

from collections import Counter
from collections.abc import Iterator

from ceremony import announcing
from ceremony.models import Announcement, Certificate, Laureate, Offer
from ceremony.proposing import entrant
from prize.audit import invariant
from prize.models import Edition, LedgerEntry, Motion


@invariant("the laureates are those of a carried motion, name by name")
def laureates_equal_their_motion() -> Iterator[str]:
    rows = Laureate.objects.select_related("motion", "place__award", "application")
    for laureate in rows:
        if laureate.motion is None or laureate.motion.result != Motion.Result.CARRIED:
            yield f"{laureate.code}: no carried motion"
        elif as_voted(laureate) not in [named(line) for line in laureate.motion.content["places"]]:
            yield f"{laureate.code}: not what motion {laureate.motion.code} says"


def as_voted(laureate: Laureate) -> dict:
    return {
        "award": laureate.place.award.key,
        "number": laureate.place.number,
        "application": laureate.application.code,
        "name": laureate.name,
        "native_name": laureate.native_name,
        "title": laureate.title,
    }


def named(line: dict) -> dict:
    wanted = ("award", "number", "application", "name", "native_name", "title")
    return {key: line.get(key) for key in wanted}


@invariant("one entrant is given one award")
def one_award_per_entrant() -> Iterator[str]:
    for edition in Edition.objects.filter(laureates__isnull=False).distinct():
        standing = Laureate.objects.standing().filter(edition=edition).select_related("application")
        given = Counter(entrant(laureate.application) for laureate in standing)
        yield from (f"{edition}: {name} has {count}" for name, count in given.items() if count > 1)


@invariant("no place is given twice, and no award more often than it has places")
def quotas() -> Iterator[str]:
    given = Counter(
        Laureate.objects.standing().values_list("edition", "place__award__key", "place__award__quota", "place__number")
    )
    for (_edition, key, quota, number), count in given.items():
        if count > 1 or number > quota:
            yield f"{key} {number}: given {count} times of {quota} places"


@invariant("an announcement that is released was released by two people, and says what is sealed")
def releases() -> Iterator[str]:
    for announcement in Announcement.objects.filter(released_at__isnull=False).select_related("edition"):
        edition = announcement.edition
        entries = LedgerEntry.objects.filter(chain__edition=edition, act="laureates.announced")
        if entries.count() != 1:
            yield f"{edition}: {entries.count()} releases in the ledger"
        approvals = edition.approvals.filter(act=announcing.RELEASE, approved_at__isnull=False)
        if not any(approval.content["digest"] == announcement.digest for approval in approvals):
            yield f"{edition}: no second person approved this list"
        revoked = Laureate.objects.filter(edition=edition, revoked_at__isnull=False).exists()
        if not revoked and announcing.sealed_digest(edition) != announcement.digest:
            yield f"{edition}: the sealed list is not the one that was announced"


@invariant("no outcome of the final is announced before the laureates are")
def final_outcomes() -> Iterator[str]:
    early = Edition.objects.filter(
        stages__kind="final", stages__outcomes__announced_at__isnull=False, announcement__released_at=None
    )
    yield from (str(edition) for edition in early.distinct())


@invariant("a certificate carries the digest of its file")
def certificates() -> Iterator[str]:
    for certificate in Certificate.objects.all():
        if not certificate.is_intact():
            yield certificate.number


@invariant("an offer is made to an announced laureate only")
def offers() -> Iterator[str]:
    for offer in Offer.objects.select_related("laureate__edition__announcement"):
        announcement = getattr(offer.laureate.edition, "announcement", None)
        if announcement is None or announcement.released_at is None or announcement.released_at > offer.offered_at:
            yield offer.code

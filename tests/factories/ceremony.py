"""Finalists with ranks, an award tree, partners: the world in which laureates are decided."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

from applications import concluding
from applications.models import Application
from ceremony import announcing
from ceremony.models import Announcement, Award, Occasion, Partner, SpecialAward
from factories import applications as entries
from factories import prize as make
from judges.models import Round, Tally, TallyLine
from prize import canonical, governing
from prize.models import Committee, Edition, Motion, Person

DAY = timedelta(days=1)


def make_award(edition: Edition, key: str, *, places: int = 1, types: tuple[str, ...] = (), **fields) -> Award:
    fields.setdefault("name", {"en": key.title(), "ko": f"{key} 상"})
    award = edition.awards.create(key=key, quota=places, **fields)
    award.applicant_types.set(edition.applicant_types.filter(key__in=types))
    award.number_places()
    return award


def make_tree(edition: Edition) -> dict[str, Award]:
    """In the category "people" one gold, two silver and a company's award; one award of the partner's."""
    people = edition.categories.get(key="people")
    track = make_award(edition, "people", places=0, category=people, name={"en": "People", "ko": "사람"})
    medals = {"parent": track, "category": people}
    return {
        "gold": make_award(edition, "gold", precedence=1, name={"en": "Gold", "ko": "금상"}, **medals),
        "silver": make_award(edition, "silver", places=2, precedence=2, name={"en": "Silver", "ko": "은상"}, **medals),
        "company": make_award(edition, "best-company", precedence=3, types=("company",), **medals),
        "friends": make_award(edition, "friends", precedence=9),
    }


def make_special(award: Award, committee: Committee, **fields) -> SpecialAward:
    body = make.make_organisation("Friends of the Harbour")
    partner = Partner.objects.create(edition=award.edition, key="friends", organisation=body, committee=committee)
    fields.setdefault("consent_question", "consent_partners")
    return SpecialAward.objects.create(
        award=award, partner=partner, sees_advanced_by=award.edition.stages.get(slug="second"), **fields
    )


def make_finalists(edition: Edition, owners: list[Person], *, by: Person, at: datetime, **fields) -> list[Application]:
    """Entries submitted while the call was open, and advanced by the expert round. Their ranks follow their order."""
    call = edition.stages.get(slug="call").opens_at + DAY
    found = []
    for number, owner in enumerate(owners):
        values = {"title": f"Project {number + 1}", "organisation": make.make_organisation(f"City of {owner.name}")}
        found.append(entries.make_submitted(edition, owner, at=call, **(values | fields)))
        concluding.conclude(found[-1], edition.stages.get(slug="second"), "advanced", by=by, at=at)
    return found


def make_tally(
    edition: Edition, ranks: dict[Application, int | None], *, at: datetime, category: str = "people", **fields
) -> Tally:
    """The expert round's stored result, as the judges' app leaves it."""
    second = edition.stages.get(slug="second")
    jury = Committee.objects.filter(edition=edition, kind="jury").first() or make.make_committee(edition, "jury")
    deciding, _made = Round.objects.get_or_create(stage=second, defaults={"jury": jury})
    listed = {entry.code: rank for entry, rank in ranks.items()}
    tally = Tally.objects.create(
        round=deciding, category=edition.categories.get(key=category), state=Tally.State.DONE, asked_at=at,
        computed_at=at, digest=canonical.digest(listed), **fields,
    )  # fmt: skip
    for entry, rank in ranks.items():
        score = Decimal("8.7731") - Decimal(rank or 9) / 10
        TallyLine.objects.create(tally=tally, application=entry, rank=rank, reviews=3, raw=score, adjusted=score)
    return tally


def make_world(edition: Edition, people: list[Person], *, by: Person, at: datetime) -> SimpleNamespace:
    """Five finalists in their ranks, the last a company's; an award tree, a partner with an award of its own, a planned hour."""
    found = make_finalists(edition, people[:4], by=by, at=at)
    found += make_finalists(edition, people[4:], by=by, at=at, applicant_type="company", title="Project 5")
    tree = make_tree(edition)
    special = make_special(tree["friends"], edition.committees.get(key="partner-one"))
    tally = make_tally(edition, dict(zip(found, range(1, 6), strict=True)), at=at)
    make_announcement(edition, at + timedelta(hours=1))
    return SimpleNamespace(edition=edition, entries=found, tree=tree, special=special, tally=tally)


def carry(motion: Motion, members: list[Person], *, at: datetime) -> Motion:
    """Everybody votes yes, and the first of them, who presides, closes the vote."""
    for member in members:
        governing.vote(motion, "yes", by=member, at=at)
    return governing.resolve(motion, by=members[0], at=at)


def release(edition: Edition, asker: Person, second: Person, *, at: datetime) -> None:
    approval = announcing.ask_release(edition, by=asker, at=at)
    governing.approve(approval, approval.digest, by=second, at=at)


def make_announcement(edition: Edition, due_at: datetime) -> Announcement:
    return Announcement.objects.create(edition=edition, due_at=due_at)


def make_occasion(edition: Edition, at: datetime, **fields) -> Occasion:
    fields.setdefault("name", {"en": "Evening at the harbour", "ko": "항구의 저녁"})
    fields.setdefault("venue", {"en": "Boat house"})
    fields.setdefault("answer_by", at + 3 * DAY)
    return Occasion.objects.create(edition=edition, starts_at=at + 5 * DAY, ends_at=at + 5 * DAY + DAY / 8, **fields)

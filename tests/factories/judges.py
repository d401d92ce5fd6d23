"""Judges who may read, a round with its criteria, and entries that reached it."""

from datetime import datetime

from applications import concluding
from applications.models import Application
from factories import applications as entries
from factories import prize as make
from judges import assigning, briefing, declaring, marking, recruiting
from judges.models import Assignment, Judge, Round, ScoreSheet, Terms
from prize.models import Edition, Organisation, Person

PLEDGE = "I keep what I read to myself, and I judge nothing that is mine."


def make_terms(edition: Edition, **fields) -> Terms:
    return Terms.objects.get_or_create(
        edition=edition, defaults={"pledge": {"en": PLEDGE, "ko": "서약합니다."}, **fields}
    )[0]


def make_jury(edition: Edition):
    return edition.committees.filter(kind="jury").first() or make.make_committee(edition, "jury")


def make_judge(
    edition: Edition,
    person: Person,
    *,
    by: Person,
    at: datetime,
    until: str = "declared",
    role: str = "member",
    **profile,
) -> Judge:
    """A judge who came as far as ``until``: recommended, invited, accepted, pledged, declared."""
    make_terms(edition)
    make_jury(edition)
    organisation: Organisation | None = profile.pop("organisation", None)
    about = {"person": person.code, "organisation": organisation.code if organisation else "", "role": role, **profile}
    judge = recruiting.seat([about], edition=edition, motion=None, by=by, at=at)[0]
    steps = ["recommended", "invited", "accepted", "pledged", "declared"]
    reached = steps.index(until)
    if reached >= 1:
        invitation = recruiting.invite(judge, by=by, at=at)
    if reached >= 2:
        recruiting.answer(invitation, "accepted", by=person, at=at)
    if reached >= 3:
        recruiting.sign_pledge(judge, signed_as=person.name, by=person, at=at)
    if reached >= 4:
        declaring.declare(judge, [], by=person, at=at)
    return judge


def make_round(
    edition: Edition, *, criteria: tuple[tuple[str, int], ...] = (("idea", 60), ("impact", 40)), **fields
) -> Round:
    fields.setdefault("reviews_per_entry", 2)
    fields.setdefault("quotas", {"people": 1})
    made = Round.objects.create(
        stage=edition.stages.get(slug="second"),
        jury=make_jury(edition),
        source=edition.stages.get(slug="screening"),
        **fields,
    )
    for order, (key, weight) in enumerate(criteria):
        made.criteria.create(key=key, name={"en": key.title()}, weight=weight, order=order)
    return made


def make_entry(edition: Edition, *, by: Person, at: datetime, **fields) -> Application:
    """An entry that was submitted in the call and let through by the screening."""
    call = edition.stages.get(slug="call")
    entry = entries.make_submitted(edition, at=call.opens_at + make.DAY, **fields)
    concluding.conclude(entry, edition.stages.get(slug="screening"), "advanced", by=by, at=at)
    return entry


def make_assignment(round: Round, entry: Application, judge: Judge, *, by: Person, at: datetime) -> Assignment:
    return assigning.assign_by_hand(round, entry, judge, by=by, at=at)


def sheet_of(assignment: Assignment) -> ScoreSheet:
    return assignment.sheets.get(superseded_at=None)


def mark(
    assignment: Assignment, *, at: datetime, comment: str = "Good work, well told.", **marks: object
) -> ScoreSheet:
    sheet = sheet_of(assignment)
    return marking.save(sheet, marks, version=sheet.version, by=assignment.judge.person, at=at, comment=comment)


def cast(
    assignment: Assignment, *, at: datetime, comment: str = "Good work, well told.", **marks: object
) -> ScoreSheet:
    return marking.cast(mark(assignment, at=at, comment=comment, **marks), by=assignment.judge.person, at=at)


def make_briefing(edition: Edition, *, by: Person, at: datetime):
    return briefing.call_briefing(
        edition,
        title={"en": "Briefing"},
        starts_at=at,
        ends_at=at + make.DAY / 24,
        place="https://video.example/x",
        by=by,
        at=at,
    )

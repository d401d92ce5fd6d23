"""One prize with a row of everything, for those who try every door; the laureates are decided and nobody may know."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from applications import concluding, drafting, recusing, submitting
from applications.models import Extension, Recusal
from ceremony import certifying, conferring
from ceremony.models import Benefit, FollowUp, Guest, Laureate, Objection, Offer, Override, Place
from factories import applications as entries
from factories import ceremony as give
from factories import judges as judging
from factories import prize as make
from factories import screening as screen
from judges.models import AssignmentRun, Round
from prize import governing
from prize.models import Edition, Meeting, Person
from screening.models import Check, Clarification, IndexRun, Similarity, Waiver

DAY = timedelta(days=1)
SUMMARY = {
    "entries": 2, "reviews": 6, "crossing": [], "uncertainty": "0.3", "reliability": "", "quota": 1, "near": [],
    "severities": {}, "judges_needed": 0, "target": "0.8", "warnings": [], "judges": 3, "tied_at_line": [],
}  # fmt: skip
PLAN = {
    "pairs": [], "loads": {"nobody": 1}, "filled": 0, "wanted": 0, "short": {}, "quality": 0.0, "bound": 0.0, "gap": 0.0,
    "share_of_best": 1.0, "status": "optimal", "reasons": [], "unmet": [], "duals": {}, "digest": "0" * 64, "solver": "hand",
    "connectivity": {"comparable": True, "groups": [], "precision": 1.0, "fewest_co_judges": 0},
}  # fmt: skip


def make_everything(edition: Edition, cast: dict[str, Person], at: datetime) -> SimpleNamespace:
    """``cast`` names the people of the two prizes; those of this one get their parts here."""
    karim = cast["karim"]
    for name in ("hana", "ines"):
        make.make_seat(promotion_of(edition), cast[name], "co-chair" if name == "hana" else "member")
    partner = make.make_committee(edition, "partner", key="partner-one")
    make.make_seat(partner, cast["jo"], "chair")
    found = SimpleNamespace(edition=edition)
    make_entries(found, cast, at)
    make_screening(found, cast, at)
    make_judging(found, cast, at)
    make_decisions(found, partner, cast, at)
    make_evening(found, karim, at)
    return found


def promotion_of(edition: Edition) -> Any:
    return edition.committees.filter(kind="promotion").first() or make.make_committee(edition, "promotion")


def make_entries(found: SimpleNamespace, cast: dict[str, Person], at: datetime) -> None:
    """Amina's entry with a file and an invitation to Carla that nobody took up; Bruno's beside it."""
    edition, call = found.edition, found.edition.stages.get(slug="call").opens_at + DAY
    entry = entries.make_application(
        edition, cast["amina"], at=call, title="Hostile harbour", organisation=make.make_organisation("City of Amina")
    )
    found.file = entries.make_attached(entry, at=call)
    found.invited = drafting.invite(entry, "carla@example.org", by=cast["amina"], at=call)
    submitting.submit(entry, by=cast["amina"], at=call)
    other = entries.make_submitted(
        edition, cast["bruno"], at=call, title="Other quay", organisation=make.make_organisation("City of Bruno")
    )
    found.entry, found.other, found.receipt = entry, other, entries.last_receipt(entry).receipt
    for one in (entry, other):
        for slug in ("screening", "second"):
            concluding.conclude(one, edition.stages.get(slug=slug), "advanced", by=cast["karim"], at=at)
    stage = edition.stages.get(slug="call")
    Extension.objects.create(
        application=entry, stage=stage, until=call, reason="Storm.", granted_by=cast["karim"], granted_at=call
    )


def make_screening(found: SimpleNamespace, cast: dict[str, Person], at: datetime) -> None:
    edition, mio, karim = found.edition, cast["mio"], cast["karim"]
    item = screen.make_items(edition)[0]
    found.item = item
    Check.objects.create(application=found.entry, item=item, result="passed", by=mio, at=at)
    Waiver.objects.create(application=found.entry, item=item, reason="Flood.", granted_by=karim, granted_at=at)
    found.question = Clarification.objects.create(
        application=found.entry, question="Which district?", due_at=at + DAY, asked_by=mio, asked_at=at
    )
    one, other = sorted((found.entry, found.other), key=lambda entry: entry.pk)
    Similarity.objects.create(one=one, other=other, share="0.5", found_at=at)
    formula = screen.make_formula(edition)
    screen.make_readings(edition, found.entry.city, karim, at, online={2020: "44"})
    IndexRun.objects.create(
        formula=formula,
        year=2020,
        method="1",
        inputs={"cities": []},
        inputs_digest="0",
        digest="0",
        run_by=karim,
        run_at=at,
    )


def make_judging(found: SimpleNamespace, cast: dict[str, Person], at: datetime) -> None:
    """Eve marks the entry, Frank stands aside from it, Gita chairs. The round of it has a tally."""
    edition, karim = found.edition, cast["karim"]
    jury = judging.make_jury(edition)
    roles = {"eve": "member", "frank": "member", "gita": "chair"}
    judges = {name: judging.make_judge(edition, cast[name], by=karim, at=at, role=role) for name, role in roles.items()}
    found.judges = judges
    round = Round.objects.create(
        stage=edition.stages.get(slug="second"),
        jury=jury,
        source=edition.stages.get(slug="screening"),
        quotas={"people": 1},
    )
    round.criteria.create(key="idea", name={"en": "Idea"}, weight=100, order=0)
    found.round = round
    found.assignments = {
        name: judging.make_assignment(round, found.entry, judges[name], by=karim, at=at) for name in ("eve", "frank")
    }
    found.sheets = {name: judging.sheet_of(row) for name, row in found.assignments.items()}
    recusing.stand_aside(found.entry, cast["frank"], Recusal.Ground.PERSONAL, by=cast["frank"], at=at)
    found.run = AssignmentRun.objects.create(
        round=round, inputs_digest="0", plan=PLAN, options={"kind": "draft"}, made_by=karim, made_at=at
    )
    found.briefing = judging.make_briefing(edition, by=karim, at=at)
    found.meeting = Meeting.objects.create(
        committee=promotion_of(edition), title={"en": "Session"}, starts_at=at + DAY, ends_at=at + 2 * DAY
    )
    found.tally = give.make_tally(
        edition, {found.entry: 1, found.other: 2}, at=at, summary=SUMMARY, working={"sheets": []}
    )


def make_decisions(found: SimpleNamespace, partner: Any, cast: dict[str, Person], at: datetime) -> None:
    edition, karim = found.edition, cast["karim"]
    tree = give.make_tree(edition)
    found.special = give.make_special(tree["friends"], partner)
    found.announcement = give.make_announcement(edition, at + DAY)
    found.motion = conferring.propose(edition, by=karim, at=at)
    for name in ("hana", "ines"):
        governing.vote(found.motion, "yes", by=cast[name], at=at)
    governing.resolve(found.motion, by=cast["hana"], at=at)
    certifying.make_all(edition, by=karim, at=at)
    found.laureate = Laureate.objects.get(edition=edition, place__award__key="gold")
    found.open_motion = governing.propose(
        promotion_of(edition), "prize.adopt_rules", {"digest": "0"}, title="Sealed motion", by=karim, at=at
    )
    found.approval = governing.ask(
        edition, "prize.close_stage", {"stage": "ceremony"}, title="Sealed request", by=karim, at=at, reason="Because."
    )
    found.place = Place.objects.filter(award__key="silver").first()
    Override.objects.create(place=found.place, application=found.other, reason="By hand.", made_by=karim, made_at=at)


def make_evening(found: SimpleNamespace, karim: Person, at: datetime) -> None:
    Objection.objects.create(
        application=found.entry, name="Yara", email="yara@example.org", facts="It was built before.", received_at=at
    )
    edition = found.edition
    found.occasion = give.make_occasion(edition, at)
    found.guest = Guest.objects.create(occasion=found.occasion, name="Wanda", email="wanda@example.org", invited_at=at)
    benefit = Benefit.objects.create(edition=edition, key="study", name={"en": "A study"}, steps=[])
    found.offer = Offer.objects.create(
        benefit=benefit, laureate=found.laureate, offered_by=karim, offered_at=at, answer_by=at + DAY
    )
    FollowUp.objects.create(offer=found.offer, title={"en": "Report"}, due_on=at.date())

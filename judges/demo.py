"""The demonstration's jury: recommended, invited, briefed; then its marks, its tally and the shortlist."""

from datetime import datetime, timedelta
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from judges import assigning, briefing, declaring, recruiting, shortlisting, tallying
from judges.demo_marks import mark_all
from judges.models import Assignment, Judge, Panel, Round, Tally
from prize import governing
from prize.demo import Story, carry, invent, part
from prize.models import Organisation, Person

PRINTED = {"Efua Ansabea": "judge@demo.example"}
CHAIR = "chair@demo.example"
HOUR = timedelta(hours=1)


def texts(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((settings.BASE_DIR / "judges" / "demo_texts" / f"{name}.yaml").read_text(encoding="utf-8"))


# --- Recruiting ---------------------------------------------------------------------------------------


@part("judges.recruiting", order=25, title=_("The committee recommends sixteen judges"))
def recruit(story: Story) -> None:
    proposed, carried = story.when("2023-05-08 10:00"), story.when("2023-05-10 17:00")
    if not story.has_come(proposed):
        return
    records = texts("judges")
    profiles = [profile(story, number, record) for number, record in enumerate(records, 1)]
    motion = recruiting.recommend(
        story.edition,
        profiles,
        by=story.made["secretariat"][0],
        at=proposed,
        reason="Sixteen experts of seven fields and thirteen countries; nine of them read Korean.",
    )
    if not story.has_come(carried):
        return
    carry(story, motion, carried, abstaining=1)
    judges = list(Judge.objects.filter(edition=story.edition).select_related("person", "edition"))
    by_name = {judge.person.name: judge for judge in judges}
    story.made["judges"] = [(by_name[record["name"]], record) for record in records]
    story.made["judge"] = by_name[next(iter(PRINTED))].person
    for place, (judge, _record) in enumerate(story.made["judges"]):
        answer(story, judge, place)


def profile(story: Story, number: int, record: dict[str, Any]) -> dict[str, Any]:
    """The account is invented first, so that the motion only has to name it."""
    email = CHAIR if record.get("role") == "chair" else PRINTED.get(record["name"], f"judge{number}@demo.example")
    invent(record, email)
    Organisation.objects.get_or_create(
        name=record["organisation"], defaults={"country": record["country"], "is_fictional": True}
    )
    plain = {key: record[key] for key in recruiting.PROFILE if key in record}
    return {**plain, "name": record["name"], "email": email, "code": story.code("judge", number)}


def answer(story: Story, judge: Judge, place: int) -> None:
    """Invited on the twelfth of May; accepted and pledged within a fortnight, each in an own time."""
    chance = story.chance(f"answer {place}")
    invited = story.when("2023-05-12 09:30")
    accepted = invited + timedelta(days=chance.uniform(0.2, 12))
    pledged = accepted + timedelta(hours=chance.uniform(0.1, 30))
    if not story.has_come(invited):
        return
    invitation = recruiting.invite(judge, by=story.made["secretariat"][0], at=invited)
    if story.has_come(accepted):
        recruiting.answer(invitation, "accepted", by=judge.person, at=accepted)
    if story.has_come(pledged):
        recruiting.sign_pledge(judge, signed_as=judge.person.name, by=judge.person, at=pledged)


# --- The round ----------------------------------------------------------------------------------------


@part("judges.round", order=40, title=_("Judges are briefed and read"))
def read(story: Story) -> None:
    office = story.made["secretariat"][0]
    called = story.when("2023-06-16 11:00")
    if not story.has_come(called):
        return
    brief(story, office, called)
    round = Round.objects.select_related("stage__edition__prize", "source", "jury").get(stage__edition=story.edition)
    drafted, released = story.when("2023-07-03 15:00"), story.when("2023-07-04 10:00")
    if not story.has_come(drafted):
        return
    seat_panel(round)
    run = assigning.draft(round, by=office, at=drafted)
    if story.has_come(released):
        assigning.release(run, by=office, at=released)
        step_aside_and_repair(story, round, office)
        mark_all(story, round)


def brief(story: Story, office: Person, called: datetime) -> None:
    starts = story.when("2023-06-30 14:00")
    meeting = briefing.call_briefing(
        story.edition,
        title={"en": "Briefing of the judges", "ko": "심사위원 설명회"},
        agenda={
            "en": "The six criteria and what the marks mean. Reading and marking online. Conflicts of interest. Questions.",
            "ko": "여섯 가지 기준과 점수의 의미. 심사 화면. 이해충돌. 질의응답.",
        },
        starts_at=starts,
        ends_at=starts + 2 * HOUR,
        place="https://video.example/briefing",
        by=office,
        at=called,
    )
    for place, (judge, _record) in enumerate(story.made["judges"]):
        chance = story.chance(f"briefed {place}")
        confirmed = starts + 2 * HOUR + timedelta(hours=chance.uniform(0.05, 40))
        declared = confirmed + timedelta(hours=chance.uniform(0.1, 20))
        if story.has_come(confirmed):
            briefing.confirm(meeting, by=judge.person, at=confirmed)
        if story.has_come(declared):
            declare(story, judge, place, declared)


def declare(story: Story, judge: Judge, place: int, at: datetime) -> None:
    """Every fourth judge knows one of the organisations from work."""
    listed = list(declaring.organisations_listed(story.edition))
    chance = story.chance(f"conflict {place}")
    known = [chance.choice(listed)] if place % 4 == 2 and listed else []
    declaring.declare(judge, known, by=judge.person, at=at)


def seat_panel(round: Round) -> None:
    """Leadership is read by those who know government, and by those from abroad who read Korean."""
    edition = round.stage.edition
    judges = Judge.objects.filter(edition=edition).active().select_related("person")
    fit = [j for j in judges if "governance" in j.fields or ("ko" in j.languages and j.person.country != "KR")]
    panel = Panel.objects.create(round=round, category=edition.categories.get(key="leadership"))
    panel.judges.set(fit)


def step_aside_and_repair(story: Story, round: Round, office: Person) -> None:
    """Two judges find that they know an applicant. The first hole is filled next morning, the second a day and a half later."""
    for place, said, repaired in [
        (6, "2023-07-06 19:20", "2023-07-07 09:40"),
        (13, "2023-07-12 18:05", "2023-07-14 10:15"),
    ]:
        judge, at = story.made["judges"][place][0], story.when(said)
        if not story.has_come(at):
            return
        untouched = (
            Assignment.objects.standing()
            .filter(round=round, judge=judge)
            .select_related("judge__person", "judge__edition__prize", "round__stage__edition", "application__edition")
        )
        declaring.step_aside(
            untouched.order_by("-application__category__order", "-application__code")[0],
            "professional",
            by=judge.person,
            at=at,
        )
        if story.has_come(story.when(repaired)):
            run = assigning.draft_repair(round, by=office, at=story.when(repaired))
            assigning.release(run, by=office, at=story.when(repaired) + HOUR / 4)


# --- Tally and shortlist ------------------------------------------------------------------------------


@part("judges.shortlist", order=50, title=_("The round closes, the committee decides on the shortlist"))
def shortlist(story: Story) -> None:
    round = Round.objects.select_related("stage__edition__prize", "source", "jury").get(stage__edition=story.edition)
    closed = round.stage.closes_at + timedelta(seconds=9)
    if not story.has_come(closed):
        return
    for tally in tallying.close_round(round, by=Person.objects.clock(), at=closed):
        tallying.compute(tally, at=closed + timedelta(seconds=4))
    problems = Tally.objects.filter(round=round).exclude(state=Tally.State.DONE).values_list("problem", flat=True)
    if problems:
        raise RuntimeError(f"a tally could not be computed: {', '.join(problems)}")
    decide(story, round)


def decide(story: Story, round: Round) -> None:
    asker, second = story.made["secretariat"][:2]
    proposed, carried = story.when("2023-07-24 10:00"), story.when("2023-07-28 16:30")
    asked, approved = story.when("2023-07-31 09:10"), story.when("2023-07-31 10:00")
    if not story.has_come(proposed):
        return
    motion = shortlisting.propose(
        round,
        by=asker,
        at=proposed,
        reason="The first of each category by the tally of the expert round, up to its quota.",
    )
    if story.has_come(carried):
        carry(story, motion, carried)
    if story.has_come(approved):
        approval = shortlisting.ask_to_announce(round, by=asker, at=asked)
        governing.approve(approval, approval.digest, by=second, at=approved)

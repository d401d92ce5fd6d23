"""The demonstration's last chapters: partners choose, the committee decides, the evening, and what is offered after it."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from applications.models import Application
from ceremony import announcing, certifying, conferring, inviting, offering, partnering, policy, proposing, verifying
from ceremony.models import Benefit, FollowUp, Guest, Laureate, Objection, Occasion, Offer, Partner, SpecialAward
from prize import governing
from prize.demo import Story, invent, part
from prize.models import Committee, Motion, Person, Seat

Words = dict[str, Any]
HOUR = timedelta(hours=1)


@cache
def words() -> Words:
    path = Path(__file__).parent / "demo_texts" / "evening.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def citations() -> dict[str, list[dict[str, str]]]:
    path = Path(__file__).parent / "demo_texts" / "citations.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def cast() -> Words:
    path = settings.BASE_DIR / "prize" / "demo_texts" / "people.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


# --- Partners and the committee -------------------------------------------------------------------


@part("ceremony.laureates", order=60, title="Partners nominate, the committee decides")
def laureates(story: Story) -> None:
    seat_partners(story)
    if story.has_come(story.when("2023-08-10 10:00")) and proposing.standing_tallies(story.edition):
        nominate(story)
    verify(story)
    if story.has_come(story.when("2023-09-20 10:00")) and proposing.standing_tallies(story.edition):
        decide(story)


def seat_partners(story: Story) -> None:
    """The first juror is the printed account's. In each committee the first presides."""
    records = cast()["partner_jurors"]
    others = [invent(record, f"partner{n}@demo.example") for n, record in enumerate(records[1:], 2)]
    partners = {partner.key: partner for partner in Partner.objects.filter(edition=story.edition)}
    for record, person in zip(records, [story.made["partner_juror"], *others], strict=True):
        committee = committee_of(partners[record["partner"]])
        role = Seat.Role.MEMBER if committee.seats.exists() else Seat.Role.CHAIR
        Seat.objects.create(committee=committee, person=person, role=role)


def committee_of(partner: Partner) -> Committee:
    if partner.committee is None:
        raise LookupError(f"{partner} has no committee")
    return partner.committee


def nominate(story: Story) -> None:
    """Each partner chooses among what is before it. In the story no choice meets a medal, so that all awards are given."""
    honoured = {proposing.entrant(row.application) for row in proposing.compute(story.edition).rows if row.application}
    for days, special in enumerate(
        SpecialAward.objects.filter(award__edition=story.edition).order_by("award__precedence")
    ):
        at = story.when("2023-08-10 10:00") + timedelta(days=4 * days)
        jurors = [
            seat.person
            for seat in committee_of(special.partner).seats.filter(left_at=None).select_related("person").order_by("pk")
        ]
        if not jurors or not story.has_come(at + 3 * HOUR):
            continue
        entry = choice_of(story, special, jurors[0], honoured)
        if entry is None:
            continue
        honoured.add(proposing.entrant(entry))
        reason = story.chance(special.award.key).choice(words()["nominations"].get(special.award.key, words()["notes"]))
        motion = partnering.propose_nomination(special, entry, reason=" ".join(reason.split()), by=jurors[0], at=at)
        for juror in jurors:
            governing.vote(motion, "yes", by=juror, at=at + HOUR)
        governing.resolve(motion, by=jurors[0], at=at + 2 * HOUR)


def choice_of(story: Story, special: SpecialAward, juror: Person, honoured: set[str]) -> Application | None:
    """One of those before the partner that belong to what the partner works for."""
    entries = policy.entries_before(special, juror).select_related("organisation").prefetch_related("submissions")
    free = [
        entry
        for entry in entries.order_by("code")
        if entry.organisation_id and proposing.entrant(entry) not in honoured
    ]
    wanted = words()["fields"][special.partner.key]
    fitting = [entry for entry in free if domain_of(entry) in wanted] or free
    return story.chance(f"nominee {special.award.key}").choice(fitting) if fitting else None


def domain_of(entry: Application) -> str:
    sections = entry.sealed.snapshot["sections"] if entry.sealed else ()
    answers = (answer for section in sections for answer in section["answers"])
    return next((answer["value"] for answer in answers if answer["key"] == "domain"), "")


def verify(story: Story) -> None:
    """Two readers object to a finalist each. One is answered before the vote; on the second the office has yet to rule."""
    records, by = words()["objections"], story.made["secretariat"][0]
    if not story.has_come(story.when(records[0]["received"])):
        return
    entries = story.chance("objections").sample(list(proposing.finalists(story.edition).order_by("code")), len(records))
    for entry, record in zip(entries, records, strict=True):
        received_at, ruled_at = story.when(record["received"]), story.when(record["ruled"])
        if not story.has_come(received_at):
            return
        said = {name: record[name] for name in ("name", "email", "facts")}
        objection = Objection(application=entry, code=story.code("objection", record["name"]), **said)
        verifying.receive(objection, by=by, at=received_at)
        if story.has_come(ruled_at):
            verifying.rule(objection, record["ruling"], reason=record["reason"], by=by, at=ruled_at)


def decide(story: Story) -> None:
    """Proposed on the 20th, voted on by and by, closed on the eve of the ceremony."""
    motion = conferring.propose(
        story.edition,
        by=story.made["secretariat"][0],
        at=story.when("2023-09-20 10:00"),
        reason="The final of the first edition, from the results of the expert round and the partners' nominations.",
    )
    for person, at in ballots(story, motion):
        if story.has_come(at):
            governing.vote(motion, "yes", by=person, at=at)
    if story.has_come(story.when("2023-09-24 18:00")):
        governing.resolve(motion, by=story.made["co_chairs"][0], at=story.when("2023-09-24 18:00"))


def ballots(story: Story, motion: Motion) -> list[tuple[Person, datetime]]:
    """Whom the printed accounts belong to votes last, so that a newcomer may do it."""
    chairs, members = story.made["co_chairs"], story.made["members"]
    people = [*members[1:], *chairs[1:], members[0], chairs[0]]
    aside = conferring.recused(motion.content, story.edition)
    voting = [person for person in people if person.pk not in aside]
    begins, ends = story.when("2023-09-21 09:00"), story.when("2023-09-24 17:00")
    step = (ends - begins) / max(1, len(voting) - 1)
    return [(person, begins + step * place) for place, person in enumerate(voting)]


# --- The evening ----------------------------------------------------------------------------------


@part("ceremony.evening", order=70, title="Guests are invited, the laureates are announced")
def evening(story: Story) -> None:
    occasion = Occasion.objects.filter(edition=story.edition).first()
    if occasion is None or not story.has_come(story.when("2023-08-25 09:00")):
        return
    invite(story, occasion)
    given = Laureate.objects.standing().filter(edition=story.edition).exists()
    if given and story.has_come(story.when("2023-09-25 09:00")):
        cite(story)
    if given and story.has_come(story.when("2023-09-26 00:00")):
        announce(story)


def cite(story: Story) -> None:
    """The sentences for the stage, written on the morning. Of laureates with the same kind of project each gets its own."""
    kinds = {made["application"].pk: made["record"]["kind"] for made in story.made["entries"]}
    used: Counter[str] = Counter()
    for laureate in Laureate.objects.standing().filter(edition=story.edition).in_order():
        kind = kinds[laureate.application_id]
        texts = citations()[kind]
        text = texts[used[kind] % len(texts)]
        used[kind] += 1
        conferring.cite(laureate, text, by=story.made["secretariat"][0], at=story.when("2023-09-25 09:30"))


def invite(story: Story, occasion: Occasion) -> None:
    """Finalists, judges, the committee, partners, and people of cities and papers: 230, of whom some 200 come."""
    chance = story.chance("guests")
    people = {person.pk: (person, kind) for person, kind in those_concerned(story)}
    rows = [
        Guest(
            occasion=occasion, person=person, name=person.name, email=person.email, language=person.language, part=kind
        )
        for person, kind in people.values()
    ]
    rows += strangers(story, occasion, 230 - len(rows), chance)
    for number, guest in enumerate(rows, 1):
        guest.token = story.code("guest", number) + story.code("token", number)
    Guest.objects.bulk_create(rows)
    inviting.invite_all(occasion, by=story.made["secretariat"][1], at=story.when("2023-08-25 10:00"))
    for guest in Guest.objects.filter(occasion=occasion).order_by("pk"):
        reply(story, guest, chance)


def those_concerned(story: Story) -> list[tuple[Person, str]]:
    finalists = proposing.finalists(story.edition).order_by("code")
    judges = Person.objects.filter(judgeships__edition=story.edition).order_by("pk")
    jurors = Person.objects.filter(seats__committee__partner__edition=story.edition).order_by("pk")
    return [
        *((entry.owner, Guest.Part.GUEST) for entry in finalists),
        *((person, Guest.Part.JUDGE) for person in judges),
        *((person, Guest.Part.PRESENTER) for person in [*story.made["co_chairs"], *story.made["members"], *jurors]),
    ]


def strangers(story: Story, occasion: Occasion, count: int, chance: Any) -> list[Guest]:
    groups = words()["guests"]
    shares = [group["share"] for group in groups]
    names: dict[str, Words] = {}
    while len(names) < count:
        group = chance.choices(groups, shares)[0]
        names.setdefault(f"{chance.choice(group['given'])} {chance.choice(group['family'])}", group)
    return [
        Guest(
            occasion=occasion,
            name=name,
            email=f"guest{number}@guests.example",
            language=group["language"],
            organisation=chance.choice(words()["organisations"]),
            part=Guest.Part.PRESS if number % 12 == 0 else Guest.Part.GUEST,
        )
        for number, (name, group) in enumerate(names.items(), 1)
    ]


def reply(story: Story, guest: Guest, chance: Any) -> None:
    """Most say yes, some no, a few nothing; each some time before the day that answers were asked by."""
    at = story.when("2023-08-26 08:00") + timedelta(minutes=chance.randrange(23 * 24 * 60))
    drawn, needs = chance.random(), chance.choice(words()["needs"]) if chance.random() < 0.08 else ""
    if drawn > 0.955 or not story.has_come(at):
        return
    choice = Guest.Answer.YES if drawn < 0.87 else Guest.Answer.NO
    inviting.answer(guest, choice, needs=needs if choice == Guest.Answer.YES else "", at=at)


def announce(story: Story) -> None:
    """Asked from backstage, approved at four, and the certificates made for the table beside the stage."""
    asker, second = story.made["secretariat"][:2]
    certifying.make_all(story.edition, by=asker, at=story.when("2023-09-25 11:00"))
    approval = announcing.ask_release(story.edition, by=asker, at=story.when("2023-09-25 15:40"))
    governing.approve(approval, approval.digest, by=second, at=story.when("2023-09-25 16:00"))


# --- Afterwards -----------------------------------------------------------------------------------


@part("ceremony.aftercare", order=80, title="Laureates are offered what helps them further")
def aftercare(story: Story) -> None:
    if not story.has_come(story.when("2023-10-04 10:00")):
        return
    chance, at = story.chance("offers"), story.when("2023-10-04 10:00")
    benefits = {benefit.key: benefit for benefit in Benefit.objects.filter(edition=story.edition)}
    named = (
        Laureate.objects.announced(story.now)
        .filter(edition=story.edition)
        .in_order()
        .select_related("application__owner")
    )
    for laureate in named:
        for key in wanted(laureate):
            made = offering.offer(benefits[key], laureate, by=story.made["secretariat"][0], at=at)
            take_up(story, made, laureate, chance)
    follow(story)


def wanted(laureate: Laureate) -> list[str]:
    """What is offered to whom: the paper to all, the stage to medals, a study to gold."""
    key = laureate.place.award.key
    for ending, more in OFFERED.items():
        if key.endswith(ending):
            return ["certificate", *more]
    return ["certificate", "publicity"]


OFFERED = {
    "gold": ["talk", "publicity", "pre-feasibility"],
    "silver": ["talk", "booth"],
    "bronze": ["booth", "training"],
    "corporation": ["booth"],
    "institution": ["training"],
}


def take_up(story: Story, offer: Offer, laureate: Laureate, chance: Any) -> None:
    """Most answers come within three weeks; one in eight does not come at all. The first study is always wanted."""
    at = story.when("2023-10-05 09:00") + timedelta(minutes=chance.randrange(19 * 24 * 60))
    drawn = chance.random()
    if is_the_study(laureate, offer):
        at, drawn = story.when("2023-10-12 11:00"), 0.0
    if drawn < 0.87 and story.has_come(at):
        choice = Offer.Answer.DECLINED if drawn > 0.75 else Offer.Answer.ACCEPTED
        offering.answer(offer, choice, by=laureate.application.owner, at=at)


def is_the_study(laureate: Laureate, offer: Offer) -> bool:
    return offer.benefit.key == "pre-feasibility" and laureate.place.award.key == "human-centricity-gold"


def follow(story: Story) -> None:
    """Steps are done a day or two before they are due; one letter got lost and is overdue. The study is ahead of its dates."""
    chance, by = story.chance("steps"), story.made["secretariat"][0]
    steps = FollowUp.objects.filter(offer__benefit__edition=story.edition).select_related("offer__benefit__edition")
    lost = steps.order_by("pk").first()
    for step in steps.order_by("due_on", "pk"):
        due = step.due_at
        at = due - timedelta(hours=chance.randrange(15, 45))
        if step != lost and story.has_come(due):
            offering.complete_step(step, note=chance.choice(words()["notes"]), by=by, at=at)
    study = steps.filter(offer__benefit__key="pre-feasibility", offer__answered_at=story.when("2023-10-12 11:00"))
    for step, day in zip(study.order_by("due_on"), ("2023-10-24 15:00", "2023-11-10 11:30"), strict=False):
        if step.done_at is None and story.has_come(story.when(day)):
            offering.complete_step(step, note=words()["notes"][1], by=by, at=story.when(day))

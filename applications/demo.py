"""The demonstration's call: 240 entries arrive on a deadline's curve, each written, attached and submitted by the real verbs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import prefetch_related_objects

from applications import calling, collaborating, drafting, lifecycle, submitting
from applications.demo_people import Cast, key_of
from applications.demo_writing import Entrant, Writer, chart, entrants, note
from applications.models import Application, EntryForm, Question
from prize.demo import Story, invent, part
from prize.models import City, Edition, Person

CURVE = 1.6  # days before the end by which half of the late half has come
REOPENED = 6
PICTURES = 10
ENDS = "2023-06-10 23:58"
APPLICANT_SUBMITS = "2023-05-24 15:20"  # the printed account's, in time to be seen while the call is open


@dataclass
class Call:
    """What all entries of the story share."""

    story: Story
    edition: Edition
    forms: dict[tuple[str, str], EntryForm]
    questions: dict[tuple[str, str], Question]  # the one that asks for files
    cast: Cast
    writer: Writer
    notes: dict[str, bytes]
    cities: dict[tuple[str, str], City]


@part("applications.call", order=20, title="Entries arrive")
def entries(story: Story) -> None:
    """Write every entry whose time has come, and close the call when its own has."""
    call = begin(story)
    coming = entrants()
    arrivals = curve(story, coming)
    made = [enter(call, entrant, arrivals[entrant.number]) for entrant in coming]
    story.made["entries"] = [entry for entry in made if entry]
    second_thoughts(call)
    together(call)
    stage = story.edition.stage("call")
    if story.has_come(stage.closes_at):
        calling.close_call(stage, by=Person.objects.clock(), at=stage.closes_at + timedelta(seconds=12))


def begin(story: Story) -> Call:
    # An edition of its own, with its stages read once: each verb asks for the call.
    edition = Edition.objects.select_related("prize").get(pk=story.edition.pk)
    prefetch_related_objects([edition], "stages")
    forms = EntryForm.objects.filter(edition=edition).select_related("category", "applicant_type")
    pairs = {(form.category.key, form.applicant_type.key): form for form in forms}
    asked = {q.section.form_id: q for q in Question.objects.filter(kind=Question.Kind.FILE).select_related("section")}
    questions = {pair: asked[form.pk] for pair, form in pairs.items()}
    return Call(story, edition, pairs, questions, Cast(story), Writer(), {}, {})


def curve(story: Story, coming: list[Entrant]) -> dict[int, datetime]:
    """When each entry is submitted: half of them spread over the spring, half in the last days, many in the last hours."""
    chance, end = story.chance("arrivals"), story.when(ENDS)
    opening = story.when("2023-03-17 09:00")
    arrivals = {}
    for entrant in coming:
        days_left = chance.expovariate(1 / CURVE) if chance.random() < 0.5 else chance.uniform(4, 84)
        arrivals[entrant.number] = max(opening, end - timedelta(days=days_left))
    return arrivals


def enter(call: Call, entrant: Entrant, submitted_at: datetime) -> dict[str, Any] | None:
    """Start, write, attach and submit one entry, as far as its time has come; None if it is not submitted yet."""
    story, chance = call.story, call.story.chance(f"entry {entrant.number}")
    owner = call.cast.person(entrant)
    submitted_at = story.when(APPLICANT_SUBMITS) if owner == story.made["applicant"] else submitted_at
    started_at = max(story.when("2023-03-15 08:00"), submitted_at - timedelta(days=chance.uniform(0.3, 18)))
    if not story.has_come(started_at):
        return None
    values = call.writer.values(entrant, owner, call.cast.name_of(entrant), same_entrant(story, entrant))
    application = start(call, entrant, owner, values, started_at)
    answers = call.writer.answers(entrant, values, same_entrant(story, entrant))
    if not story.has_come(submitted_at):
        half = dict(list(answers.items())[: chance.randint(2, 8)])
        drafting.save(application, half, version=application.version, by=owner, at=started_at)
        return None
    written_at = submitted_at - timedelta(minutes=chance.randint(6, 200))
    drafting.save(application, answers, version=application.version, by=owner, at=max(started_at, written_at))
    attach_files(call, entrant, application, values, max(started_at, written_at))
    submitting.submit(application, by=owner, at=submitted_at, key=story.code("press", entrant.number))
    merit = call.writer.merit(entrant, chance)
    record = {**entrant.record, "country": entrant.country, "city": entrant.city, "number": entrant.number}
    return {"application": application, "record": record, "quality": merit}


def same_entrant(story: Story, entrant: Entrant) -> Random:
    """Chance that comes out the same for a project sent twice."""
    return story.chance(f"texts {key_of(entrant)}")


def start(call: Call, entrant: Entrant, owner: Person, values: dict[str, str], at: datetime) -> Application:
    record, country = entrant.record, entrant.country["code"]
    form = call.forms[record["category"], record["type"]]
    return drafting.start(
        call.edition,
        category=form.category,
        applicant_type=form.applicant_type,
        by=owner,
        at=at,
        title=call.writer.title(entrant, values),
        city=city_of(call, entrant),
        country=country,
        organisation=call.cast.body(entrant),
        language=entrant.language,
        code=call.story.code("entry", entrant.number),
    )


def city_of(call: Call, entrant: Entrant) -> City:
    city, code = entrant.city, entrant.country["code"]
    if (code, city["name"]) not in call.cities:
        call.cities[code, city["name"]] = City.objects.create(
            code=call.story.code("city", code, city["name"]),
            name=city["name"],
            native_name=city.get("name_native") or city.get("name_ko") or "",
            country=code,
            population=city["population"] * 1000,
            income=entrant.country["income"],
            is_fictional=True,
        )
    return call.cities[code, city["name"]]


def attach_files(call: Call, entrant: Entrant, application: Application, values: dict[str, str], at: datetime) -> None:
    """A note on measurement or a letter, and for a few a chart of their own figures."""
    question = call.questions[entrant.record["category"], entrant.record["type"]]
    kind = entrant.kind["key"]
    if kind not in call.notes:
        call.notes[kind] = note(entrant.kind)
    name = "letter.pdf" if entrant.record["type"] == "individual" else "note-on-measurement.pdf"
    drafting.attach(application, question, name=name, content=call.notes[kind], by=application.owner, at=at)
    if question.max_files > 1 and entrant.number % (240 // PICTURES) == 0:
        picture = chart(int(values["before"]), int(values["after"]))
        drafting.attach(
            application, question, name="before-and-after.png", content=picture, by=application.owner, at=at
        )


def second_thoughts(call: Call) -> None:
    """A few reopen, correct a number and submit again: their last submission counts."""
    story = call.story
    early = [entry for entry in story.made["entries"] if entry["record"]["type"] == "city"]
    for entry in early[:: max(1, len(early) // REOPENED)][:REOPENED]:
        application = entry["application"]
        owner, at = application.owner, application.changed_at + timedelta(hours=1)
        if not story.has_come(at) or at >= application.closes_at():
            continue
        lifecycle.reopen(application, by=owner, at=at)
        corrected = {"link": f"https://www.{application.code.lower()}.example/project"}
        drafting.save(application, corrected, version=application.version, by=owner, at=at)
        submitting.submit(application, by=owner, at=at + timedelta(minutes=5))


def together(call: Call) -> None:
    """The printed applicant writes with a colleague, and has begun a second entry that waits to be finished.

    Somebody in another city has been asked to join that one, and has not answered.
    """
    story, applicant = call.story, call.story.made["applicant"]
    mine = next((entry for entry in story.made["entries"] if entry["application"].owner_id == applicant.pk), None)
    begun_at = story.when("2023-06-02 10:40")
    if mine is None or not story.has_come(begun_at):
        return
    colleague = invent(call.cast.given["colleague"], "colleague@demo.example")
    first = mine["application"]
    form = call.forms["human-centricity", "city"]
    second = drafting.start(
        call.edition,
        category=form.category,
        applicant_type=form.applicant_type,
        by=applicant,
        at=begun_at,
        title="Letters that can be read at the kitchen table",
        city=first.city,
        country=str(first.country),
        organisation=first.organisation,
        code=story.code("entry", "second of the applicant"),
    )
    for application in (first, second):
        invited = collaborating.invite(application, colleague.email, by=applicant, at=begun_at)
        collaborating.join(invited, by=colleague, at=begun_at + timedelta(hours=1))
    collaborating.invite(second, "laureate@demo.example", by=applicant, at=begun_at + timedelta(hours=1))
    begun = {"domain": "governance", "started": "2022", "maturity": "ongoing", "budget": "0.4"}
    drafting.save(second, begun, version=second.version, by=colleague, at=begun_at + timedelta(hours=2))

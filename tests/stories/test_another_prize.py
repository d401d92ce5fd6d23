"""A prize with nothing of a city in it, from a rulebook of sixty lines: no regions, no screening, no partners, no ceremony.

Two categories, one round, marks from one to five, in one language. Karim asks, Lena approves; Hana presides, Ines is a member;
Eve and Frank read. What a rulebook leaves out must leave nothing behind that somebody waits for.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from factories import prize as make
from stories.test_office import chosen, go, link_in_letter, pk_of, press_verb, walk  # noqa: F401 - `walk` is a fixture
from stories.walker import Walker

from prize import clock
from prize.models import Edition

POEMS = {
    "Amina": ("sonnet", "Herons"),
    "Boris": ("sonnet", "Ice"),
    "Carla": ("free", "Ferry"),
    "Dario": ("free", "Reeds"),
}
MARKS = {"Herons": 5, "Ice": 3, "Ferry": 4, "Reeds": 2}
JUDGES = "name,email,country,organisation\nEve,eve@example.org,FI,\nFrank,frank@example.org,SE,"


@pytest.fixture
def office(db, walk):  # noqa: F811
    call_command("rulebook", "load", str(Path(__file__).with_name("lakeside.yaml")), verbosity=0)
    for name in ("Karim", "Lena"):
        make.make_office(Edition.objects.get(), make.make_person(name, is_staff=True))
    return walk("Karim")


def test_an_edition_of_another_prize_runs_from_its_own_rulebook_to_its_laureates(office, walk):  # noqa: F811
    committee_is_seated(office)
    call_opens(office, walk)
    poems_come(office, walk)
    call_closes(office, walk)
    readers_come(office, walk)
    poems_are_read(office, walk)
    round_closes(office, walk)
    laureates_are_conferred(office, walk)
    laureates_are_announced(office, walk)


def test_the_funnel_of_a_prize_that_screens_nobody_has_no_such_step(office):
    office.open("/admin/").reads("Received", "Reviews", "Awards").does_not_read("Eligible")


def approve(walk, *sentences: str) -> Walker:  # noqa: F811
    lena = go(walk("Lena"), "Read and decide").follow("Approve this exact content")
    return lena.reads(*sentences).press("Approve this exact content").reads("Approved, and done.")


def vote(walk, office: Walker, title: str) -> Walker:  # noqa: F811
    for name in ("Hana", "Ines"):
        walk(name).open("/committee/").follow(title).press("Yes").reads("Your vote is recorded.")
    go(office, "Motions", title).follow("Close the vote")
    return office.press("Close the vote").reads("The motion is carried.")


def open_now(office: Walker, name: str) -> Walker:
    zone, now = Edition.objects.get().tz, clock.now()
    opens, closes = ((now + shift).astimezone(zone) for shift in (-timedelta(minutes=5), timedelta(days=9)))
    go(office, "Stages", name).reads("Time in Los Angeles")
    return office.press(
        "Save", opens_at_0=f"{opens:%Y-%m-%d}", opens_at_1=f"{opens:%H:%M:%S}",
        closes_at_0=f"{closes:%Y-%m-%d}", closes_at_1=f"{closes:%H:%M:%S}",
    ).reads("was changed successfully")  # fmt: skip


def committee_is_seated(office: Walker) -> None:
    for name in ("Hana", "Ines"):
        go(office, "People").follow("Add person")
        office.press("Save", name=name, email=f"{name.lower()}@example.org", language="en").reads("was added")
    go(office, "Committees", "Board")
    rows = {"seats-TOTAL_FORMS": "2"}
    for number, (name, role) in enumerate({"Hana": "chair", "Ines": "member"}.items()):
        rows |= {f"seats-{number}-person": pk_of(name), f"seats-{number}-role": role, f"seats-{number}-may_vote": "on"}
    office.press("Save", **rows).reads("was changed successfully")


def call_opens(office: Walker, walk) -> None:  # noqa: F811
    go(office, "Editions", "Lakeside Poetry Prize 2031")
    press_verb(office, "Put the rules to the committee", reason="As sent.")
    vote(walk, office, "Adopt the rules of Lakeside Poetry Prize 2031")
    go(office, "Editions", "Lakeside Poetry Prize 2031").press("Save", is_public="on").reads("was changed")
    open_now(office, "Entries")
    for address in ("/", "/call/", "/method/", "/laureates/", "/archive/", "/privacy/"):
        page = walk().open(address).does_not_read("Seoul", "city", "cities")
        assert page.status == 200, address


def poems_come(office: Walker, walk) -> None:  # noqa: F811
    for name, (category, title) in POEMS.items():
        make.make_person(name)
        poet = walk(name).open("/entries/new/")
        poet.press("Start the entry", form=f"{category}.poet", title=title, country="US", language="en")
        poet.follow("The poem").press("Save and continue", text=f"{title} over the lake.", agree="on")
        poet.press("Submit the entry").reads("receipt")
    go(office, "Applications").reads(*(title for _category, title in POEMS.values()), "4 applications")


def call_closes(office: Walker, walk) -> None:  # noqa: F811
    go(office, "Stages", "Entries")
    press_verb(office, "Ask to close early or with gaps", reason="All are in.")
    approve(walk, "The call closes at once")


def readers_come(office: Walker, walk) -> None:  # noqa: F811
    go(office, "Judges").follow("Recommend judges")
    office.press("Recommend judges", edition=str(Edition.objects.get().pk), people=JUDGES, reason="")
    vote(walk, office, "Recommendation of 2 judges")
    for name in ("Eve", "Frank"):
        press_verb(go(office, "Judges", name), "Invite").reads("The invitation is on its way.")
    go(office, "Meetings").follow("Add meeting")
    begun = (clock.now() - timedelta(minutes=5)).astimezone(Edition.objects.get().tz)
    ends = begun + timedelta(hours=1)
    office.press(
        "Save", committee=chosen(office, "committee", "Readers"), purpose="briefing", title_en="Briefing", place="Video",
        starts_at_0=f"{begun:%Y-%m-%d}", starts_at_1=f"{begun:%H:%M}", ends_at_0=f"{ends:%Y-%m-%d}", ends_at_1=f"{ends:%H:%M}",
    ).reads("was added successfully")  # fmt: skip
    for name in ("Eve", "Frank"):
        judge = walk(name).open(link_in_letter("judges.invitation", name)).press("I accept")
        judge.press("Sign the pledge", signed_as=name).press("I have been briefed")
        judge.press("Declare", complete="on").reads("Your declaration is kept")


def poems_are_read(office: Walker, walk) -> None:  # noqa: F811
    open_now(office, "Reading")
    press_verb(go(office, "Rounds", "Reading"), "Draft the assignment").reads("The plan is being worked out")
    office.open(office.address).reads("8 of 8").follow("Release").press("Release").reads("8 assignments are released")
    for name in ("Eve", "Frank"):
        for title, mark in MARKS.items():
            judge = walk(name).open("/judging/").follow(title).reads(f"{title} over the lake.")
            judge.press("Cast this sheet", **{"mark-sound": str(mark), "mark-sense": str(mark)})
            judge.reads("Your sheet is cast.")


def round_closes(office: Walker, walk) -> None:  # noqa: F811
    press_verb(go(office, "Rounds", "Reading"), "Ask to close early or with gaps", reason="All are read.")
    approve(walk, "Reading closes before its time.")
    go(office, "Tallies", "Sonnet").reads("computed").follow("Look at it").reads("Herons", "Ice")
    press_verb(go(office, "Rounds", "Reading"), "Propose the shortlist", chosen="", reason="The first of each.")
    vote(walk, office, "Shortlist of 2 entries")


def laureates_are_conferred(office: Walker, walk) -> None:  # noqa: F811
    open_now(office, "Decision")
    go(office, "Who receives what").reads("2 of 2 places filled")
    office.press("Put to the committee", reason="As read.")
    vote(walk, office, "Laureates of Lakeside Poetry Prize 2031")


def laureates_are_announced(office: Walker, walk) -> None:  # noqa: F811
    go(office, "Set a time").press("Save", due_at_0="2031-06-01", due_at_1="18:00").reads("was added")
    press_verb(go(office, "Announcements", "Lakeside Poetry Prize 2031"), "Ask for the release", reason="Today.")
    approve(walk, "Announces 2 laureates")
    walk().open("/laureates/").reads("Amina", "Carla").does_not_read("Seoul", "Boris", "Dario")

"""The office runs a whole edition from its own pages: from a rulebook just loaded to laureates and an offer accepted.

Every deed of the office is a button pressed in the admin; applicants, members, judges, the partner's juror and a guest use
their own pages. Karim asks, Lena is the second person, Mio screens. Hana presides, Ines and Ivo are members; Eve, Frank and
Gita judge; Jo is the Lighthouse Trust's juror; Amina enters the work that wins.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from factories import prize as make
from stories.walker import Walker

from ceremony.models import Laureate
from prize import clock
from prize.models import Edition, Letter, Person

WORKS = ("Kerbs", "Quays", "Lamps", "Bells", "Ropes", "Gulls")
MARKS = {"Kerbs": 9, "Quays": 8, "Lamps": 6, "Bells": 4, "Ropes": 3}  # Gulls is not eligible
JUDGES = """name,email,country,organisation
Eve,eve@example.org,FI,North School
Frank,frank@example.org,SE,
Gita,gita@example.org,JP,"""


@pytest.fixture
def walk(db, django_capture_on_commit_callbacks):
    """``walk("Karim")`` is Karim at a browser; after each request the workers have done what waited for it."""
    walkers: dict[str, Walker] = {}

    def at_browser(name: str = "") -> Walker:
        if name not in walkers:
            person = Person.objects.get(name=name) if name else None
            walkers[name] = Walker(person, django_capture_on_commit_callbacks)
        return walkers[name]

    return at_browser


@pytest.fixture
def office(db, walk):
    """The rulebook is loaded by the operator, who also names the first two officers. The rest is the office's."""
    call_command("rulebook", "load", str(Path(__file__).with_name("office.yaml")), verbosity=0)
    make.make_person("Operator", is_staff=True, is_superuser=True)
    make.make_office(Edition.objects.get(), make.make_person("Karim", is_staff=True))
    return walk("Karim")


def test_the_office_runs_a_whole_edition_from_its_own_pages(office, walk):
    for _title, step in steps(office, walk):
        step()


def steps(office: Walker, walk) -> list[tuple[str, Callable[[], None]]]:
    """The story in its order. Each step ends with what somebody reads."""
    told = [
        people_come, rules_are_adopted, call_opens, entries_come, call_closes, entries_are_screened, judges_come,
        entries_are_assigned, sheets_are_cast, round_closes, shortlist_is_decided, partner_nominates, laureates_are_conferred,
        certificate_is_made, guest_is_invited, laureates_are_announced, offer_is_accepted,
    ]  # fmt: skip
    return [(step.__name__, partial(step, office, walk)) for step in told]


# --- Steps that come again ---------------------------------------------------------------------------


def go(office: Walker, *labels: str) -> Walker:
    """From the office's home, link by link."""
    office.open("/admin/")
    for label in labels:
        office.follow(label)
    return office


def press_verb(office: Walker, label: str, **values) -> Walker:
    """A button of the page: it opens a page that says what will happen, and asks again."""
    return office.follow(label).press(label, **values)


def approve(walk, *sentences: str) -> Walker:
    """Lena reads the exact content on her home, and approves it."""
    lena = go(walk("Lena"), "Read and decide").follow("Approve this exact content")
    return lena.reads(*sentences).press("Approve this exact content").reads("Approved, and done.")


def vote(walk, office: Walker, title: str, *names: str) -> Walker:
    """The members vote on their own pages; the office closes the vote."""
    for name in names:
        walk(name).open("/committee/").follow(title).press("Yes").reads("Your vote is recorded.")
    go(office, "Motions", title).follow("Close the vote")
    return office.reads(f"Yes {len(names)}, no 0").press("Close the vote").reads("The motion is carried.")


def move_stage(office: Walker, name: str, *, opens: timedelta, closes: timedelta) -> Walker:
    """The office writes the stage's dates into its form, in the edition's own time."""
    zone, now = Edition.objects.get().tz, clock.now()
    opens_at, closes_at = (now + opens).astimezone(zone), (now + closes).astimezone(zone)
    go(office, "Stages", name).reads("Time in Seoul")
    return office.press(
        "Save",
        opens_at_0=f"{opens_at:%Y-%m-%d}", opens_at_1=f"{opens_at:%H:%M:%S}",
        closes_at_0=f"{closes_at:%Y-%m-%d}", closes_at_1=f"{closes_at:%H:%M:%S}",
    ).reads("was changed successfully", f"{opens_at:%H:%M}")  # fmt: skip


def open_now(office: Walker, name: str) -> Walker:
    return move_stage(office, name, opens=-timedelta(minutes=5), closes=timedelta(days=9))


def applicant_of(work: str) -> str:
    return "Amina" if work == "Kerbs" else f"Writer of {work}"


# --- The story ---------------------------------------------------------------------------------------


def people_come(office: Walker, walk) -> None:
    """The operator names the second officer; two let in the third; Karim seats the committee and the partner's juror."""
    for name in ("Lena", "Mio", "Hana", "Ines", "Ivo", "Jo"):
        go(office, "People").follow("Add person")
        office.press("Save", name=name, email=f"{name.lower()}@example.org", language="en", zone="Asia/Seoul")
        office.reads("was added successfully")
    for work in WORKS:  # applicants sign up by themselves
        make.make_person(applicant_of(work))
    operator = go(walk("Operator"), "Prizes", "Harbour Prize")
    lena = {"organisers-TOTAL_FORMS": "2", "organisers-1-person": pk_of("Lena"), "organisers-1-role": "secretariat"}
    operator.press("Save", **lena).reads("was changed successfully")
    go(office, "Prizes", "Harbour Prize")
    mio = {"email": "mio@example.org", "role": "screening", "reason": "Four weeks of screening."}
    press_verb(office, "Ask to appoint or to dismiss", **mio).reads("Asked.")
    approve(walk, "Mio")
    for committee, members in {"Promotion": ("Hana", "Ines", "Ivo"), "Jurors": ("Jo",)}.items():
        go(office, "Committees", committee)
        rows = {"seats-TOTAL_FORMS": str(len(members))}
        for number, name in enumerate(members):
            role = "chair" if name in ("Hana", "Jo") else "member"
            rows |= {
                f"seats-{number}-person": pk_of(name),
                f"seats-{number}-role": role,
                f"seats-{number}-may_vote": "on",
            }
        office.press("Save", **rows).reads("was changed successfully")


def pk_of(name: str) -> str:
    return str(Person.objects.get(name=name).pk)


def rules_are_adopted(office: Walker, walk) -> None:
    go(office, "Editions", "Harbour Prize 2031")
    press_verb(office, "Put the rules to the committee", reason="Sent to all members a week ago.")
    office.reads("The rules are before the committee.")
    vote(walk, office, "Adopt the rules of Harbour Prize 2031", "Hana", "Ines", "Ivo")
    go(office, "Editions", "Harbour Prize 2031").follow("Put the rules to the committee")
    office.press("Put the rules to the committee", reason="Again.").reads("These rules are adopted")


def call_opens(office: Walker, walk) -> None:
    go(office, "Editions", "Harbour Prize 2031").press("Save", is_public="on").reads("was changed successfully")
    walk("Amina").open("/entries/new/").reads("This stage is not open yet")
    open_now(office, "Call")


def entries_come(office: Walker, walk) -> None:
    for name in WORKS:
        enter(walk(applicant_of(name)), name)
    go(office, "Applications").reads(*WORKS, "6 applications")


def enter(applicant: Walker, title: str) -> None:
    """An applicant writes, adds the report, and submits, on the applicant's own pages."""
    applicant.open("/entries/new/").press(
        "Start the entry", form="works.city", title=title, country="NO", city=f"Port {title}",
        organisation=f"City of Port {title}", language="en",
    )  # fmt: skip
    applicant.follow("The work")
    summary = f"{title} for everybody who comes to the harbour by day and by night."
    applicant.press("Save and continue", files=("report",), summary=summary)
    applicant.press("Save and continue", consent_publication="on", consent_partners="on")
    if applicant.address.endswith("/check/"):
        applicant.press("Submit the entry").reads("receipt")
    else:
        raise AssertionError(f"{applicant.address}: {applicant.text[:800]}")


def call_closes(office: Walker, walk) -> None:
    go(office, "Stages", "Call")
    press_verb(office, "Ask to close early or with gaps", reason="All six are in.").reads("A second person")
    approve(walk, "The call closes at once")
    walk("Amina").open("/entries/new/").reads("This stage is closed")


def entries_are_screened(office: Walker, walk) -> None:
    """Mio checks each entry; Karim closes the stage early and asks to announce; Lena approves both."""
    open_now(office, "Eligibility")
    mio = go(walk("Mio"), "Screening board").reads("6 entries")
    for name in WORKS:
        mio.open("/admin/").follow("Screening board").follow(name).reads(
            "Is the entry complete?", f"{name} for everybody"
        )
        in_scope = "failed" if name == "Gulls" else "passed"
        mio.press("Decide and go on", result_complete="passed", result_in_scope=in_scope)
        mio.reads("declined" if name == "Gulls" else "advanced")
    mio.open("/admin/").follow("Screening board").does_not_read("Close the stage")
    go(office, "Screening board").follow("Close the stage").press("Ask a second person", reason="All are decided.")
    approve(walk, "“Eligibility” closes now")
    go(office, "Screening board").follow("Announce 6 outcomes").reads("advanced: 5").press("Ask a second person")
    walk("Writer of Gulls").open("/desk/").does_not_read("declined")
    approve(walk, "The outcomes of “Eligibility” are announced.", "6 letters go out")
    walk("Writer of Gulls").open("/desk/").follow("Read").reads("The work lies outside harbours.")


def judges_come(office: Walker, walk) -> None:
    """Recommended as a list, carried by the committee, invited; each answers, signs, is briefed and declares."""
    go(office, "Judges").follow("Recommend judges")
    office.press("Recommend judges", edition=str(Edition.objects.get().pk), people=JUDGES, reason="")
    vote(walk, office, "Recommendation of 3 judges", "Hana", "Ines")
    for name in ("Eve", "Frank", "Gita"):
        press_verb(go(office, "Judges", name), "Invite").reads("The invitation is on its way.")
    go(office, "Meetings").follow("Add meeting")
    starts = (clock.now() + timedelta(days=1)).astimezone(Edition.objects.get().tz)
    ends = starts + timedelta(hours=1)
    office.press(
        "Save", committee=chosen(office, "committee", "Jury"), purpose="briefing", title_en="Briefing", place="Video meeting",
        starts_at_0=f"{starts:%Y-%m-%d}", starts_at_1=f"{starts:%H:%M}", ends_at_0=f"{ends:%Y-%m-%d}", ends_at_1=f"{ends:%H:%M}",
    ).reads("was added successfully")  # fmt: skip
    press_verb(go(office, "Meetings", "Briefing"), "Write to the members").reads("3 letters are on their way.")
    begun = (clock.now() - timedelta(minutes=5)).astimezone(starts.tzinfo)
    office.press("Save", starts_at_0=f"{begun:%Y-%m-%d}", starts_at_1=f"{begun:%H:%M}").reads("was changed")
    for name in ("Eve", "Frank", "Gita"):
        judge = walk(name).open(link_in_letter("judges.invitation", name)).press("I accept")
        judge.reads("You are a judge of this edition").press("Sign the pledge", signed_as=name)
        judge.press("I have been briefed").reads("you have been briefed").press("Declare", complete="on").reads(
            "Your declaration is kept"
        )
    go(office, "Judges").reads("declared").does_not_read("recommended ")


def chosen(walker: Walker, field: str, words: str) -> str:
    """The value behind an option's words."""
    return re.search(rf'<option value="(\d+)"[^>]*>{words}', field_html(walker, field)).group(1)


def field_html(walker: Walker, field: str) -> str:
    return re.search(rf'<select name="{field}".*?</select>', walker.content.decode(), re.DOTALL).group(0)


def link_in_letter(kind: str, name: str) -> str:
    """What the person finds in the mail: the first address in the newest letter of the kind."""
    letter = Letter.objects.filter(kind=kind, person__name=name).latest("pk")
    assert letter.state == Letter.State.SENT
    body = next(
        sent.body for sent in reversed(mail.outbox) if letter.person.email in sent.to and letter.subject == sent.subject
    )
    return re.search(r"https?://[^/\s]+(/\S+)", body).group(1)


def entries_are_assigned(office: Walker, walk) -> None:
    open_now(office, "Expert round")
    press_verb(go(office, "Rounds", "Expert round"), "Draft the assignment").reads("The plan is being worked out")
    office.open(office.address).reads("15 of 15", "A draft").follow("Release").reads("15 assignments")
    office.press("Release").reads("15 assignments are released")
    go(office, "Rounds", "Expert round").follow("Coverage board").reads("0 / 3")


def sheets_are_cast(office: Walker, walk) -> None:
    for shift, name in enumerate(("Eve", "Frank", "Gita"), -1):
        judge = walk(name).open("/judging/")
        for work, mark in MARKS.items():
            judge.open("/judging/").follow(work).reads(f"{work} for everybody")
            judge.press("Cast this sheet", **{"mark-idea": str(mark + shift), "mark-outcomes": str(mark)})
            judge.reads("Your sheet is cast.")
    go(office, "Rounds", "Expert round").follow("Coverage board").reads("3 / 3").does_not_read("0 / 3", "2 / 3")


def round_closes(office: Walker, walk) -> None:
    go(office, "Rounds", "Expert round")
    press_verb(office, "Close the round").reads("Closing it early needs a second person")
    press_verb(office, "Ask to close early or with gaps", reason="All sheets are in.")
    approve(walk, "Expert round closes before its time.")
    go(office, "Tallies", "Works").reads("computed").follow("Look at it").reads(*MARKS)


def shortlist_is_decided(office: Walker, walk) -> None:
    press_verb(go(office, "Rounds", "Expert round"), "Propose the shortlist", chosen="", reason="The first three.")
    office.reads("The shortlist is before the committee.")
    vote(walk, office, "Shortlist of 3 entries", "Hana", "Ines", "Ivo")
    press_verb(go(office, "Rounds", "Expert round"), "Ask to announce the result").reads("Asked.")
    approve(walk, "3 entries are told that they go on.", "2 entries are told that they do not.")


def partner_nominates(office: Walker, walk) -> None:
    open_now(office, "Final selection")
    jo = walk("Jo").open("/partner/").reads("Kerbs", "Quays", "Lamps").does_not_read("Bells", "Ropes", "Gulls")
    jo.follow("Lamps").press("Put it to the committee", reason="Light for everybody.")
    title = re.search(r"Nominate entry \w+ for Lighthouse award", jo.open("/committee/").text).group(0)
    vote(walk, office, title, "Jo")


def laureates_are_conferred(office: Walker, walk) -> None:
    go(office, "Who receives what").reads(
        "3 of 3 places filled", "City of Port Kerbs", "City of Port Quays", "Light for everybody."
    )
    office.press("Put to the committee", reason="As the jury ranked them.").reads("The list is before the committee")
    vote(walk, office, "Laureates of Harbour Prize 2031", "Hana", "Ines", "Ivo")
    go(office, "Laureates").reads("City of Port Kerbs", "City of Port Quays", "City of Port Lamps")
    walk().open("/laureates/").does_not_read("Kerbs", "Quays", "Lamps")


def certificate_is_made(office: Walker, walk) -> None:
    go(office, "Laureates", "Gold")
    press_verb(office, "Write the citation", text_en="For kerbs that everybody can climb.").reads(
        "The citation is kept."
    )
    press_verb(office, "Make the certificate").reads("Certificate")
    go(office, "Certificates").follow("PDF")
    assert office.content.startswith(b"%PDF")
    assert len(office.content) > 5_000


def guest_is_invited(office: Walker, walk) -> None:
    go(office, "Guests").follow("Add guest")
    occasion = chosen(office, "occasion", "Award evening")
    office.press("Save", occasion=occasion, name="Nora", email="nora@example.org", language="en").reads("was added")
    press_verb(go(office, "Occasions", "Award evening"), "Send the invitations").reads("1 letter is queued")
    body = next(sent.body for sent in reversed(mail.outbox) if "nora@example.org" in sent.to)
    guest = walk().open(re.search(r"(/rsvp/[^/\s]+/)", body).group(1))
    guest.press("Send the answer", answer="yes", needs="A seat near the door").reads("Thank you")
    go(office, "Guests", "Nora").reads("A seat near the door")


def laureates_are_announced(office: Walker, walk) -> None:
    go(office, "Announcements", "Harbour Prize 2031")
    press_verb(office, "Ask for the release", reason="The evening has begun.")
    office.reads("A second person of the secretariat has to approve this exact list.")
    approve(walk, "Announces 3 laureates")
    walk().open("/laureates/").reads("City of Port Kerbs", "City of Port Quays", "City of Port Lamps", "Gold")
    walk().follow("City of Port Kerbs").reads("For kerbs that everybody can climb.")


def offer_is_accepted(office: Walker, walk) -> None:
    go(office, "Benefits", "A talk").follow("Offer it to laureates")
    winner = str(Laureate.objects.get(name="City of Port Kerbs").pk)
    office.press("Offer it to laureates", laureates=winner).reads("Offered to 1 laureate, by letter.")
    amina = walk("Amina").open("/desk/").follow("A talk").reads("Thirty minutes at an international event.")
    amina.press("Accept").reads("Accepted")
    go(office, "Offers", "A talk").reads("accepted", "Event agreed")

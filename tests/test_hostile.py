"""The hostile user: everybody tries every address with objects that are not theirs, and nothing opens and nothing changes.

The table below names every route. A new one fails here until it is written down who may open it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from factories import prize as make
from factories.everything import make_everything
from gate import routes

from prize.models import Edition, Prize

ALL, SIGNED = "everybody", "whoever is signed in"
OFFICERS = {"karim", "lena", "mio", "rosa", "sven"}
JURORS, GOVERNING, PARTNERS = {"eve", "frank", "gita"}, {"hana", "ines", "jo", "olga"}, {"jo"}
COMMITTEE = {"hana", "ines"}
# The cast of the two prizes. Rosa is the secretariat of the other, Sven screens there, Olga presides over its committee.
CAST = (
    "amina",
    "bruno",
    "carla",
    "nora",
    *sorted(JURORS),
    "hana",
    "ines",
    "jo",
    "karim",
    "lena",
    "mio",
    "rosa",
    "sven",
    "olga",
)

# Route: the names that fill it, and who may look at it by GET (None: it answers POST only). allauth guards its own.
TABLE: dict[str, tuple[dict[str, str], Any]] = {
    "/": ({}, ALL),
    "call/": ({}, ALL),
    "method/": ({}, ALL),
    "archive/": ({}, ALL),
    "archive/<int:year>/": ({"year": "no_year"}, set()),
    "guide/": ({}, set()),  # the demonstration's
    "guide/<slug:account>/entrance/": ({"account": "judge_account"}, None),
    "healthz": ({}, ALL),
    "readyz": ({}, ALL),
    "language/": ({}, ALL),
    "prizes/<slug:slug>/colours.css": ({"slug": "prize_slug"}, set()),
    "prizes/<slug:slug>/logo.svg": ({"slug": "prize_slug"}, set()),
    "privacy/": ({}, ALL),
    "laureates/": ({}, ALL),
    "laureates/<str:code>/": ({"code": "laureate"}, set()),
    "certificates/<str:number>/": ({"number": "certificate"}, set()),
    "certificates/<str:number>/file/": ({"number": "certificate"}, {"karim", "lena"}),
    "rsvp/<str:token>/": ({"token": "token"}, ALL),  # whoever has the letter is the guest
    "rsvp/<str:token>/calendar/": ({"token": "token"}, ALL),
    "desk/": ({}, SIGNED),
    "patterns/": ({}, OFFICERS),
    "committee/": ({}, GOVERNING),
    "committee/motions/<str:code>/": ({"code": "open_motion"}, COMMITTEE),
    "committee/motions/<str:code>/vote/": ({"code": "open_motion"}, None),
    "committee/motions/<str:code>/resolution/": ({"code": "open_motion"}, None),
    "committee/meetings/<str:code>/": ({"code": "meeting"}, COMMITTEE),
    "committee/meetings/<str:code>/calendar/": ({"code": "meeting"}, COMMITTEE),
    "committee/meetings/<str:code>/reply/": ({"code": "meeting"}, None),
    "committee/entries/<str:code>/": ({"code": "entry"}, set()),  # only while a list that names it is undecided
    "committee/entries/<str:code>/recusal/": ({"code": "entry"}, None),
    "judging/<int:year>/<slug:slug>/reminders/": ({"year": "year", "slug": "round_slug"}, None),
    "entries/new/": ({}, set()),  # the call is over
    "entries/<str:code>/": ({"code": "entry"}, {"amina"}),
    "entries/<str:code>/about/": ({"code": "entry"}, {"amina"}),
    "entries/<str:code>/sections/<slug:key>/": ({"code": "entry", "key": "section"}, {"amina"}),
    "entries/<str:code>/check/": ({"code": "entry"}, {"amina"}),
    "entries/<str:code>/submission/": ({"code": "entry"}, None),
    "entries/<str:code>/receipts/<str:receipt>/": ({"code": "entry", "receipt": "receipt"}, {"amina"}),
    "entries/<str:code>/withdrawal/": ({"code": "entry"}, {"amina"}),
    "entries/<str:code>/reopening/": ({"code": "entry"}, {"amina"}),
    "entries/<str:code>/collaborators/": ({"code": "entry"}, {"amina"}),
    "entries/<str:code>/collaborators/<str:collaborator>/removal/": (
        {"code": "entry", "collaborator": "invited"},
        None,
    ),
    "collaborations/<str:code>/": ({"code": "invited"}, SIGNED),  # it says whom the letter was for; joining is refused
    "files/<str:code>/": ({"code": "file"}, {"amina", "eve", "jo", "karim", "lena", "mio"}),
    "clarifications/<str:code>/": ({"code": "question"}, {"amina"}),
    "clarifications/<str:code>/answer/": ({"code": "question"}, None),
    "judging/": ({}, JURORS),
    "judging/pledge/": ({}, JURORS),
    "judging/declaration/": ({}, JURORS),
    "judging/invitations/<str:code>/": ({"code": "judge_invitation"}, {"eve"}),
    "judging/invitations/<str:code>/answer/": ({"code": "judge_invitation"}, None),
    "judging/briefings/<str:code>/": ({"code": "briefing"}, JURORS),
    "judging/briefings/<str:code>/attendance/": ({"code": "briefing"}, None),
    "judging/sheets/<str:code>/": ({"code": "sheet"}, {"eve"}),
    "judging/sheets/<str:code>/casting/": ({"code": "sheet"}, None),
    "judging/sheets/<str:code>/recusal/": ({"code": "sheet"}, {"eve"}),
    "judging/<int:year>/<slug:slug>/": ({"year": "year", "slug": "round_slug"}, {"gita", "karim", "lena"}),
    "judging/<int:year>/<slug:slug>/<slug:category>/": (
        {"year": "year", "slug": "round_slug", "category": "category"},
        {"gita", "karim", "lena"},
    ),
    "partner/": ({}, PARTNERS),
    "partner/<str:code>/": ({"code": "entry"}, PARTNERS),
    "partner/<str:code>/nomination/": ({"code": "entry"}, None),
    "offers/<str:code>/": ({"code": "offer"}, set()),  # nobody before the release, the laureate neither
    "offers/<str:code>/answer/": ({"code": "offer"}, None),
}
# Whose POSTs are theirs to send: what these do to their own is the matter of other tests.
OWN = {
    "committee/motions": COMMITTEE, "entries": {"amina"}, "clarifications": {"amina"}, "judging/invitations": {"eve"},
    "judging": JURORS, "partner": PARTNERS, "collaborations": {"carla"}, "language": set(CAST) | {"visitor"},
    "rsvp": set(CAST) | {"visitor"}, "files": {"amina"},
}  # fmt: skip

# The office's own pages beside the tables: arguments, and who may look. Strangers to the prize see theirs or nothing.
OFFICE: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "screening_check_board": ((), {"karim", "lena", "mio", "rosa", "sven"}),  # each the board of the own edition
    "screening_check_entry": (("entry",), {"karim", "lena", "mio"}),
    "screening_check_question": (("entry",), set()),
    "screening_check_exception": (("entry",), set()),
    "screening_check_correction": (("entry",), set()),
    "screening_check_comparison": ((), set()),
    "screening_check_closing": ((), {"karim", "lena", "mio", "rosa", "sven"}),
    "screening_check_announcement": ((), {"karim", "lena", "mio", "rosa", "sven"}),
    "screening_reading_import": ((), {"karim", "lena", "mio", "rosa", "sven"}),
    "screening_reading_process_import": ((), set()),
    "screening_reading_export": ((), {"karim", "lena", "mio", "rosa", "sven"}),
    "applications_application_export": ((), {"karim", "lena", "mio", "rosa", "sven"}),
    "judges_judge_recommend": ((), {"karim", "lena", "rosa"}),
    "judges_round_coverage": (("round_id",), {"karim", "lena"}),
    "judges_assignmentrun_preview": (("run_id",), {"karim", "lena"}),
    "ceremony_award_workbench": (("edition_id",), {"karim", "lena"}),
    "ceremony_award_proposal": (("edition_id",), {"karim", "lena"}),
    "ceremony_award_fix": (("edition_id", "place_id"), {"karim", "lena"}),
    "ceremony_award_unfix": (("edition_id", "place_id"), {"karim", "lena"}),
    "ceremony_occasion_run_of_show": (("occasion_id",), {"karim", "lena"}),
    "ceremony_guest_import": ((), {"karim", "lena", "rosa"}),
    "ceremony_guest_process_import": ((), set()),
}
# Who tries the pages, beside those whose they are: nobody's, another applicant's, an aside judge's, another prize's people.
STRANGERS = {"visitor", "bruno", "frank", "gita", "mio", "rosa", "olga"}
# Who tries the doors of the office: one who has none, and every kind of office here and there.
TRYING = ("visitor", "amina", "mio", "rosa", "sven", "karim")
# Tables that all prizes of the house share; who has no part in one's own prize is not among the people.
SHARED = {"organisation", "city"}
SCREENED = {
    "edition", "stage", "category", "applicanttype", "region", "organisation", "city", "application", "submission",
    "outcome", "entryform", "section", "question",
}  # fmt: skip


@pytest.fixture
def cast(db):
    return {name: make.make_person(name.title()) for name in CAST}


@pytest.fixture
def world(cast, at):
    """The harbour's prize with a row of everything; the mountain's with its own people and nothing decided."""
    mountain = make.make_edition(at, open_stage="final", year=2031)
    Prize.objects.filter(pk=mountain.prize_id).update(slug="mountain", name={"en": "Mountain Prize"})
    Edition.objects.filter(pk=mountain.pk).update(name={"en": "Mountain Prize 2031"}, is_public=False)
    make.make_office(mountain, cast["rosa"])
    make.make_office(mountain, cast["sven"], "screening")
    make.make_seat(make.make_committee(mountain, "promotion"), cast["olga"], "co-chair")
    harbour = make.make_edition(at, open_stage="final")
    for name, role in (("karim", "secretariat"), ("lena", "secretariat"), ("mio", "screening")):
        make.make_office(harbour, cast[name], role)
    return make_everything(harbour, cast, at)


@pytest.fixture
def browsers(world, cast):
    found = {"visitor": Client()}
    for name, person in cast.items():
        found[name] = Client()
        make.sign_in(found[name], person)
    return found


@pytest.fixture
def names(world) -> dict[str, Any]:
    edition = world.edition
    return {
        "no_year": 1990, "judge_account": "judge", "prize_slug": edition.prize.slug, "laureate": world.laureate.code,
        "certificate": world.laureate.certificate.number, "token": world.guest.token, "open_motion": world.open_motion.code,
        "meeting": world.meeting.code, "entry": world.entry.code, "section": "project", "receipt": world.receipt,
        "invited": world.invited.code, "file": world.file.code, "question": world.question.code,
        "judge_invitation": world.judges["eve"].invitation.code, "briefing": world.briefing.code,
        "sheet": world.sheets["eve"].code, "year": edition.year, "round_slug": "second", "category": "people",
        "offer": world.offer.code, "edition_id": edition.pk, "place_id": world.place.pk, "round_id": world.round.pk,
        "run_id": world.run.pk, "occasion_id": world.occasion.pk,
    }  # fmt: skip


def address_of(route: str, names: dict[str, Any]) -> str:
    given, _who = TABLE[route]
    path = "/" if route == "/" else f"/{route}"
    for part in [part for part in path.split("/") if part.startswith("<")]:
        path = path.replace(part, str(names[given[part.strip("<>").partition(":")[2]]]), 1)
    return path


def may(name: str, who: Any) -> bool:
    return who == ALL or (who == SIGNED and name != "visitor") or (isinstance(who, set) and name in who)


def is_shut(answer: Any, name: str) -> bool:
    """A visitor is sent to sign in; anybody else learns nothing, or in the admin is sent home."""
    if answer.status_code in (403, 404, 405, 409):
        return True
    where = answer.headers.get("Location", "")
    return answer.status_code == 302 and (
        where.startswith("/accounts/login/") if name == "visitor" else where == "/admin/"
    )


# What requests leave behind by themselves.
BYPRODUCTS = {"Session", "LogEntry", "Letter"}


def everything_stored() -> dict[str, list[tuple]]:
    tables = [model for model in apps.get_models() if model.__name__ not in BYPRODUCTS and model._meta.managed]
    return {model._meta.label: sorted(map(repr, model.objects.values_list())) for model in tables}


def test_every_route_is_in_the_table():
    known = set(TABLE)
    ours = {route for route in routes.routes() if not route.startswith(("admin/", "accounts/"))}
    assert ours == known, "Say in tests/test_hostile.py who may open each new route, and by which object."


def test_every_page_of_the_office_is_in_the_table():
    registered = {model._meta.model_name for model in admin.site._registry}
    own = {
        pattern.name
        for model_admin in admin.site._registry.values()
        for pattern in model_admin.get_urls()
        if pattern.name and not is_of_every_table(pattern.name, model_admin)
    }
    assert own == set(OFFICE), "Say in tests/test_hostile.py who may open each new page of the office."
    assert registered >= SCREENED | SHARED


def is_of_every_table(name: str, model_admin: Any) -> bool:
    base = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_"
    usual = {"changelist", "add", "history", "delete", "change", *getattr(model_admin, "verbs", dict)()}
    return name.startswith(base) and name.removeprefix(base) in usual


def test_nobody_opens_what_is_not_theirs(browsers, names):
    wrong = []
    for route, (_given, who) in TABLE.items():
        path = address_of(route, names)
        for name in sorted(STRANGERS | (who if isinstance(who, set) else set())):
            answer = browsers[name].get(path)
            if route == "language/":
                continue
            if who is None:
                good = answer.status_code in (302, 403, 404, 405) and is_shut(answer, name)
            elif may(name, who):
                good = answer.status_code == 200
            else:
                good = is_shut(answer, name)
            wrong += [] if good else [f"{name} {path}: {answer.status_code}"]
    assert wrong == []


def test_nobody_changes_what_is_not_theirs(browsers, names):
    before, wrong = everything_stored(), []
    values = {
        "choice": "yes", "answer": "accepted", "reason": "Mine now.", "email": "thief@example.org", "signed_as": "Nora",
        "key": "x", "version": "1", "mark-idea": "10", "special": "1", "title": "Stolen", "digest": "0", "ground": "personal",
    }  # fmt: skip
    for route in TABLE:
        path = address_of(route, names)
        for name in sorted(STRANGERS):
            if any(path.startswith(f"/{start}/") and name in own for start, own in OWN.items()):
                continue
            answer = browsers[name].post(path, values)
            if answer.status_code >= 500:
                wrong.append(f"{name} POST {path}: {answer.status_code}")
    after = everything_stored()
    assert wrong == []
    assert {label: set(after[label]) ^ set(before[label]) for label in before if after[label] != before[label]} == {}


# --- The office -----------------------------------------------------------------------------------


def rows_of_the_harbour(world) -> Iterator[tuple[Any, Any]]:
    """One row of every table of the office; whatever the mountain's office has of its own is left out."""
    for model, model_admin in admin.site._registry.items():
        rows = model.objects.all()
        if getattr(model_admin, "edition_path", "") and model is not Edition:
            rows = rows.filter(**{model_admin.edition_path: world.edition})
        if model in (Prize, Edition):
            rows = rows.filter(pk=world.edition.pk if model is Edition else world.edition.prize_id)
        elif model._meta.model_name == "person":
            rows = rows.filter(email="amina@example.org")
        if model._meta.model_name == "outcome":
            rows = rows.filter(stage__kind="screening")  # the later ones are not the screening officer's either
        yield model_admin, rows.first()


def test_every_table_of_the_office_has_a_row_to_try(world):
    assert [str(model_admin) for model_admin, row in rows_of_the_harbour(world) if row is None] == []


def test_in_the_office_nobody_opens_rows_of_another_prize_or_another_office(browsers, world):
    wrong = []
    for _model_admin, row in rows_of_the_harbour(world):
        info = f"{row._meta.app_label}_{row._meta.model_name}"
        for name in TRYING:
            browser = browsers[name]
            shared = row._meta.model_name in SHARED
            mine = name in {"karim", "lena"} or (
                name == "mio" and (row._meta.app_label == "screening" or row._meta.model_name in SCREENED)
            )
            seen = mine or (shared and name in OFFICERS)
            answer = browser.get(reverse(f"admin:{info}_change", args=[row.pk]))
            good = answer.status_code == 200 if seen else is_shut(answer, name) or is_log_in(answer)
            wrong += [] if good else [f"{name} {info}: {answer.status_code}"]
            listed = browser.get(reverse(f"admin:{info}_changelist"))
            rows = list(listed.context["cl"].queryset) if listed.status_code == 200 and "cl" in listed.context else []
            wrong += [] if seen or row not in rows else [f"{name} lists {info}"]
    assert wrong == []


def is_log_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(("/admin/login/", "/accounts/login/"))


def test_in_the_office_nobody_presses_buttons_of_another_prize_or_another_office(browsers, world):
    before, wrong = everything_stored(), []
    strangers = set(TRYING) - {"karim"}
    for model_admin, row in rows_of_the_harbour(world):
        info = f"{row._meta.app_label}_{row._meta.model_name}"
        ends = ["change", "delete", *getattr(model_admin, "verbs", dict)()]
        for name in sorted(strangers):
            if row._meta.model_name in SHARED and name == "rosa":
                continue  # the lists of cities and organisations belong to every secretariat
            if row._meta.app_label == "screening" and name == "mio":
                continue  # Mio's own work
            for end in ends:
                values = {
                    "reason": "Mine.",
                    "post": "yes",
                    "digest": getattr(row, "digest", ""),
                    "name": "Stolen",
                    "key": "x",
                }
                answer = browsers[name].post(reverse(f"admin:{info}_{end}", args=[row.pk]), values)
                good = is_shut(answer, name) or is_log_in(answer)
                wrong += [] if good else [f"{name} {end} {info}: {answer.status_code}"]
    after = everything_stored()
    assert wrong == []
    assert {label for label in before if after[label] != before[label]} == set()


def test_the_offices_own_pages_are_shut_to_strangers(browsers, world, names):
    before, wrong = everything_stored(), []
    for page, (given, who) in OFFICE.items():
        path = reverse(f"admin:{page}", args=[names[name] for name in given])
        for name in TRYING:
            browser = browsers[name]
            answer = browser.get(path)
            shut = is_shut(answer, name) or is_log_in(answer)
            good = answer.status_code in (200, 302) if name in who else shut
            wrong += [] if good else [f"{name} {page}: {answer.status_code}"]
            if name in who and given == ():
                wrong += (
                    []
                    if "Hostile harbour" not in answer.text or name in {"karim", "lena", "mio"}
                    else [f"{name} reads {page}"]
                )
            if given and name not in who | {"karim", "lena", "mio"}:
                answer = browser.post(
                    path, {"reason": "Mine.", "application": names["entry"], "question": "?", "due_on": ""}
                )
                shut = is_shut(answer, name) or is_log_in(answer)
                wrong += [] if shut else [f"{name} POST {page}: {answer.status_code}"]
    after = everything_stored()
    assert wrong == []
    assert {label for label in before if after[label] != before[label]} == set()


def test_the_edition_named_in_an_address_of_the_board_is_ones_own(browsers, world):
    answer = browsers["rosa"].get(reverse("admin:screening_check_board"), {"edition": world.edition.pk})
    assert answer.status_code == 404
    assert browsers["sven"].get(reverse("admin:screening_check_board")).context["edition"] != world.edition


def test_a_link_that_was_used_or_withdrawn_gives_nothing_to_its_next_reader(browsers, world, cast):
    from applications import collaborating
    from prize import clock

    collaborating.remove(world.invited, by=cast["amina"], at=clock.now())
    page = reverse("applications:invitation", args=[world.invited.code])
    for name in ("carla", "nora"):
        browsers[name].post(page)
        assert browsers[name].get(reverse("applications:entry", args=[world.entry.code])).status_code == 404


def test_whoever_loses_an_office_in_the_middle_of_it_is_out_at_once(browsers, world, cast):
    page = reverse("admin:prize_approval_change", args=[world.approval.pk])
    assert browsers["lena"].get(page).status_code == 200
    cast["lena"].offices.all().delete()
    assert browsers["lena"].get(page).status_code != 200
    answer = browsers["lena"].post(
        reverse("admin:prize_approval_approve", args=[world.approval.pk]), {"digest": world.approval.digest}
    )
    assert is_shut(answer, "lena") or is_log_in(answer)
    world.approval.refresh_from_db()
    assert world.approval.approved_at is None


def test_whoever_loses_a_seat_reads_no_motion(browsers, world, cast):
    page = reverse("motion", args=[world.open_motion.code])
    assert browsers["ines"].get(page).status_code == 200
    cast["ines"].seats.update(left_at=world.open_motion.proposed_at)
    assert browsers["ines"].get(page).status_code == 403


def test_words_of_the_guest_reach_nobody_elses_row(browsers, world):
    other = type(world.guest).objects.create(occasion=world.occasion, name="Xenia", email="xenia@example.org")
    browsers["visitor"].post(
        reverse("ceremony:rsvp", args=[world.guest.token]),
        {"answer": "yes", "language": "en", "needs": "A chair", "name": "Stolen"},
    )
    other.refresh_from_db()
    world.guest.refresh_from_db()
    assert (world.guest.answer, world.guest.name, other.answer) == ("yes", "Wanda", "")
    assert str(world.guest.token) != str(other.token)
    assert len(str(world.guest.token)) >= 20

"""Every page of judging, opened by everybody: who sees what, in which state, and in both languages."""

import pytest
from django.urls import reverse
from factories import judges as judging
from factories import prize as make

from applications import recusing
from judges import declaring, tallying

# An open round, Eve's page of each kind. 403: judging is not open to you; 404: there is no such page for you.
PAGES = ("entries", "invitation", "pledge", "briefing", "declaration", "sheet", "recusal", "round")
STATUS = {
    "eve": (200, 200, 200, 200, 200, 200, 200, 404),
    "frank": (200, 404, 200, 200, 200, 404, 404, 404),
    "gita": (200, 404, 200, 200, 200, 404, 404, 200),
    "karim": (403, 404, 403, 403, 403, 403, 403, 200),
    "mio": (403, 404, 403, 403, 403, 403, 403, 404),
    "hana": (403, 404, 403, 403, 403, 403, 403, 404),
    "jo": (403, 404, 403, 403, 403, 403, 403, 404),
    "nora": (403, 404, 403, 403, 403, 403, 403, 404),
}
OPEN = {name: dict(zip(PAGES, statuses, strict=True)) for name, statuses in STATUS.items()}

# A sentence that each page must hold, and that only this page has.
WORDS = {
    "entries": ("A bank of hours", "untouched"),
    "invitation": ("Would you judge with us?", "You have accepted this invitation."),
    "pledge": (judging.PLEDGE, "Signed"),
    "briefing": ("Add it to your calendar", "I have been briefed"),
    "declaration": ("You declared no conflict.", "step aside on the page of that entry"),
    "sheet": ("A bank of hours for neighbours", "Cast this sheet"),
    "recusal": ("The entry leaves your list at once", "professional relation"),
    "round": ("Judges, slowest first", "0 / 1"),
}


@pytest.fixture
def addresses(edition, round, eves, judge_frank, judge_gita, karim, at):
    sheet = judging.sheet_of(eves).code
    meeting = judging.make_briefing(edition, by=karim, at=at)
    return {
        "entries": reverse("judges:entries"),
        "invitation": reverse("judges:invitation", args=[eves.judge.invitation.code]),
        "pledge": reverse("judges:pledge"),
        "briefing": reverse("judges:briefing", args=[meeting.code]),
        "declaration": reverse("judges:declaration"),
        "sheet": reverse("judges:sheet", args=[sheet]),
        "recusal": reverse("judges:recusal", args=[sheet]),
        "round": reverse("judges:round", args=[edition.year, "second"]),
    }


@pytest.mark.parametrize("name", OPEN)
def test_each_page_of_an_open_round_is_open_to_whom_it_is_for(request, sign_in, addresses, name):
    browser = sign_in(request.getfixturevalue(name))
    assert {page: browser.get(address).status_code for page, address in addresses.items()} == OPEN[name]


def test_a_visitor_is_sent_to_sign_in_from_every_page(client, addresses):
    answers = [client.get(address) for address in addresses.values()]
    assert {(answer.status_code, answer.url.partition("?")[0]) for answer in answers} == {(302, "/accounts/login/")}


@pytest.mark.parametrize("page", WORDS)
def test_each_page_says_what_it_is_for(sign_in, eve, karim, addresses, page):
    text = sign_in(karim if page == "round" else eve).get(addresses[page]).content.decode()
    assert [words for words in WORDS[page] if words not in text] == []


@pytest.mark.parametrize("page", WORDS)
def test_each_page_is_there_in_korean(sign_in, eve, karim, addresses, page):
    browser = sign_in(karim if page == "round" else eve)
    answer = browser.get(addresses[page], headers={"accept-language": "ko"})
    assert answer.status_code == 200
    assert '<html lang="ko"' in answer.content.decode()


def test_a_recused_judge_keeps_every_page_but_those_of_the_entry(sign_in, eve, eves, addresses, at):
    declaring.step_aside(eves, "personal", by=eve, at=at)
    browser = sign_in(eve)
    found = {page: browser.get(address).status_code for page, address in addresses.items()}
    assert found == OPEN["eve"] | {"sheet": 404, "recusal": 404}


def test_a_judge_who_has_not_pledged_reaches_the_way_in_and_no_entry(sign_in, edition, nora, karim, at):
    judge = judging.make_judge(edition, nora, by=karim, at=at, until="accepted")
    browser = sign_in(nora)
    assert "A few steps first" in browser.get(reverse("judges:entries")).content.decode()
    assert "Sign the pledge first" in browser.get(reverse("judges:declaration")).content.decode()
    assert browser.get(reverse("judges:invitation", args=[judge.invitation.code])).status_code == 200


def test_a_judge_who_has_declined_finds_a_desk_and_no_dead_end(sign_in, edition, nora, karim, at):
    judge = judging.make_judge(edition, nora, by=karim, at=at, until="invited")
    browser = sign_in(nora)
    answer = browser.post(reverse("judges:answer", args=[judge.invitation.code]), {"answer": "declined"}, follow=True)
    assert answer.status_code == 200
    assert "Thank you for answering" in answer.content.decode()
    page = browser.get(reverse("judges:invitation", args=[judge.invitation.code]))
    assert "You have declined this invitation." in page.content.decode()


# --- A closed round -------------------------------------------------------------------------------------


@pytest.fixture
def tallied(edition, round, entry, judge_eve, judge_frank, judge_gita, karim, at):
    """Both judges have cast their sheets of the entry, the round is closed, its tally is pending."""
    round.method = "raw-mean/1"
    round.save()
    for judge, idea in [(judge_eve, 8), (judge_frank, 4)]:
        judging.cast(judging.make_assignment(round, entry, judge, by=karim, at=at), at=at, idea=idea, impact=idea)
    return tallying.close_round(round, by=karim, at=round.stage.closes_at + make.DAY / 24)[0]


@pytest.mark.parametrize(
    ("name", "status"),
    {"eve": 404, "frank": 404, "gita": 200, "karim": 200, "mio": 404, "hana": 404, "jo": 404, "nora": 404}.items(),
)
def test_a_tally_is_open_to_the_chair_and_the_secretariat(request, sign_in, edition, tallied, name, status):
    browser = sign_in(request.getfixturevalue(name))
    address = reverse("judges:tally", args=[edition.year, "second", "people"])
    assert browser.get(address).status_code == status
    tallying.sweep(at=tallied.asked_at)
    assert browser.get(address).status_code == status
    assert browser.get(reverse("judges:round", args=[edition.year, "second"])).status_code == status


def test_a_judge_still_reads_the_own_cast_sheet_after_the_round(sign_in, eve, entry, tallied):
    sheet = entry.assignments.get(judge__person=eve).sheets.get()
    page = sign_in(eve).get(reverse("judges:sheet", args=[sheet.code])).content.decode()
    assert f"Receipt {sheet.digest[:4]}" in page
    assert "Cast this sheet" not in page
    assert "Step aside" not in page


def test_the_tally_names_the_entries_on_which_judges_differ(sign_in, gita, edition, entry, tallied):
    tallying.sweep(at=tallied.asked_at)
    address = reverse("judges:tally", args=[edition.year, "second", "people"])
    apart = sign_in(gita).get(address).context["apart"]
    assert [(one.line.application, one.low, one.high) for one in apart] == [(entry, 4, 8)]


def test_a_mark_that_nobody_would_have_expected_is_named_to_the_chair_and_counts(
    sign_in, gita, edition, round, entry, judge_eve, judge_frank, judge_gita, karim, at
):
    others = [judging.make_entry(edition, by=karim, at=at, title=f"Project {n}", country="VN") for n in range(7)]
    for one in (entry, *others):
        for judge in (judge_eve, judge_frank, judge_gita):
            mark = 9 if (one, judge) == (entry, judge_eve) else 5
            judging.cast(judging.make_assignment(round, one, judge, by=karim, at=at), at=at, idea=mark, impact=mark)
    (tally,) = tallying.close_round(round, by=karim, at=round.stage.closes_at + make.DAY / 24)
    tallying.sweep(at=tally.asked_at)
    tally.refresh_from_db()
    (odd,) = tally.summary["unusual"]
    assert (odd["entry"], odd["judge"], odd["total"]) == (entry.code, judge_eve.code, "9.0")
    assert 5 < float(odd["expected"]) < 7
    assert f"{tally.lines.get(application=entry).raw:.2f}" == "6.33"  # (9 + 5 + 5) / 3

    address = reverse("judges:tally", args=[edition.year, "second", "people"])
    assert f"Eve gave 9.0 to “{entry.title}”" in sign_in(gita).get(address).text
    recusing.stand_aside(entry, gita, "personal", by=gita, at=tally.asked_at)
    assert "Eve gave" not in sign_in(gita).get(address).text


def test_the_tally_says_who_would_stay_and_what_to_bear_in_mind(sign_in, gita, edition, tallied):
    """One entry, two judges, one place: it stays whatever is changed, and two judges are too few for a correction."""
    tallied.round.method = "default/1"
    tallied.round.save()
    tallying.sweep(at=tallied.asked_at)
    page = sign_in(gita).get(reverse("judges:tally", args=[edition.year, "second", "people"]))
    kinds = {one["change"]: one["stay"] for one in page.context["stay"]}
    assert kinds["left out any one criterion"] == kinds["used another method"] == 1
    assert "Too few reviews or judges for a correction" in page.content.decode()


def test_a_failed_tally_says_why(sign_in, gita, edition, tallied):
    type(tallied).objects.update(state="failed", problem="The rules name a method that is not there.")
    for address in ("judges:round", "judges:tally"):
        arguments = [edition.year, "second"] + (["people"] if address.endswith("tally") else [])
        assert (
            "The rules name a method that is not there."
            in sign_in(gita).get(reverse(address, args=arguments)).content.decode()
        )


# --- What waits is said, and said once ------------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def test_a_pending_tally_is_looked_at_again_and_nothing_is_said_twice(sign_in, karim, edition, tallied):
    browser = sign_in(karim)
    tally = reverse("judges:tally", args=[edition.year, "second", "people"])
    round_page = reverse("judges:round", args=[edition.year, "second"])
    assert 'id="tallies" aria-live="polite"' in browser.get(round_page).content.decode()
    assert browser.get(tally, headers=HTMX).status_code == 204
    assert browser.get(f"{round_page}?waiting=1", headers=HTMX).status_code == 204
    tallying.sweep(at=tallied.asked_at)
    done = browser.get(tally, headers=HTMX).content.decode()
    assert "The tally is computed and stands below." in done
    assert "hx-trigger" not in done
    states = browser.get(f"{round_page}?waiting=1", headers=HTMX).content.decode()
    assert "being computed" not in states
    assert "hx-trigger" not in states

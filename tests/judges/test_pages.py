"""The judges' pages as a browser without scripts sees them, and what must never leak between them."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import judges as judging
from stories.visitor import Forms

from applications import recusing
from judges import declaring, marking, recruiting, tallying
from judges.models import ScoreSheet, Tally
from prize import clock
from prize.governing import Refused
from prize.models import LedgerEntry

CANARY = "kingfisher over the canal"


def sheet_url(assignment):
    return reverse("judges:sheet", args=[judging.sheet_of(assignment).code])


def test_a_judge_reads_the_entry_and_finds_the_criteria(sign_in, eve, eves, entry):
    page = sign_in(eve).get(sheet_url(eves)).content.decode()
    assert entry.title in page
    assert "A bank of hours for neighbours who help each other" in page
    assert page.count('type="radio"') == 20
    assert "Cast this sheet" in page


def test_marks_are_saved_by_the_plain_form_and_the_page_shows_them(sign_in, eve, eves):
    browser = sign_in(eve)
    answer = browser.post(sheet_url(eves), {"version": 1, "mark-idea": "8", "comment": "So far so good."})
    assert (answer.status_code, answer.url) == (302, sheet_url(eves))
    page = browser.get(sheet_url(eves)).content.decode()
    assert "So far so good." in page
    assert 'value="8" data-level="" checked' in page


def test_a_save_in_the_background_answers_with_time_total_and_version(sign_in, eve, eves):
    answer = sign_in(eve).post(
        sheet_url(eves), {"version": 1, "mark-idea": "8"}, headers={"accept": "application/json"}
    )
    found = answer.json()
    assert (found["version"], found["total"], found["marked"]) == (2, "8.0", "1 of 2")
    assert found["saved"].startswith("Saved ")


def test_a_stale_save_gets_409_with_both_versions_and_loses_nothing(sign_in, eve, eves, at):
    judging.mark(eves, at=at, idea=8, comment="From the first window.")
    answer = sign_in(eve).post(sheet_url(eves), {"version": 1, "mark-idea": "3", "comment": "From the second window."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the first window." in page
    assert "From the second window." in page
    assert marking.marks_of(judging.sheet_of(eves)) == {"idea": 8}
    background = sign_in(eve).post(sheet_url(eves), {"version": 1}, headers={"accept": "application/json"})
    assert (background.status_code, list(background.json())) == (409, ["stale"])


def test_casting_saves_the_page_and_shows_the_receipt(sign_in, eve, eves):
    browser = sign_in(eve)
    code = judging.sheet_of(eves).code
    data = {"version": 1, "mark-idea": "8", "mark-impact": "7", "comment": "Clear."}
    page = browser.post(reverse("judges:casting", args=[code]), data, follow=True).content.decode()
    sheet = ScoreSheet.objects.get(code=code)
    assert sheet.cast_at
    assert f"Receipt {sheet.digest[:8]}" in page
    assert "Cast this sheet" not in page


def test_an_incomplete_sheet_is_saved_and_told_what_it_lacks(sign_in, eve, eves):
    code = judging.sheet_of(eves).code
    answer = sign_in(eve).post(reverse("judges:casting", args=[code]), {"version": 1, "mark-idea": "8"})
    assert answer.status_code == 422
    assert "Impact has no mark yet." in answer.content.decode()
    assert marking.marks_of(judging.sheet_of(eves)) == {"idea": 8}


def test_what_was_marked_after_the_session_ended_stands_in_the_sheet_again(client, sign_in, eve, eves, at):
    """Without scripts: the cast button was pressed when nobody was signed in any more."""
    code = judging.sheet_of(eves).code
    address = reverse("judges:sheet", args=[code])
    from_the_sheet = {"referer": f"http://testserver{address}"}
    sent = {"version": 1, "mark-idea": "8", "comment": "Written for an hour."}
    answer = client.post(reverse("judges:casting", args=[code]), sent, headers=from_the_sheet)
    assert answer.url == f"/accounts/login/?next={address}"
    page = sign_in(eve).get(address).content.decode()
    assert "what you typed before you were signed out" in page
    assert "Written for an hour." in page
    assert 'value="8" data-level="" checked' in page
    assert marking.marks_of(judging.sheet_of(eves)) == {}
    client.post(address, sent, headers=from_the_sheet)
    assert "before you were signed out" not in client.get(address).content.decode()


def test_what_was_marked_meanwhile_elsewhere_stands_beside_it(client, sign_in, eve, eves, at):
    address = reverse("judges:sheet", args=[judging.sheet_of(eves).code])
    sent = {"version": 1, "mark-idea": "8", "comment": "From the old window."}
    client.post(address, sent, headers={"referer": f"http://testserver{address}"})
    judging.mark(eves, at=at, idea=3, comment="From the new window.")
    page = sign_in(eve).get(address).content.decode()
    assert "From the old window." in page
    assert "From the new window." in page
    assert "Keep what stood on this page" in page


def test_a_mark_off_the_scale_is_refused_at_its_criterion_and_nothing_typed_is_lost(sign_in, eve, eves):
    browser, sent = sign_in(eve), {"version": 1, "mark-idea": "99", "mark-impact": "7", "comment": "Long thoughts."}
    answer = browser.post(sheet_url(eves), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "99 is not a mark. Marks go from 1 to 10 in steps of 1." in page
    assert 'value="7" data-level="" checked' in page
    assert "Long thoughts." in page
    assert "signed out" not in page.partition("<form")[0]
    background = browser.post(sheet_url(eves), sent, headers={"accept": "application/json"})
    assert (background.status_code, "is not a mark" in background.json()["stale"]) == (422, True)
    assert marking.marks_of(judging.sheet_of(eves)) == {}


def test_a_long_scale_is_marked_by_a_number(sign_in, eve, eves, round):
    round.scale_low, round.scale_high, round.scale_step = 0, 100, "0.5"
    round.save()
    round.criteria.filter(key="idea").update(anchors={"100": {"en": "Exemplary."}})
    browser = sign_in(eve)
    page = browser.get(sheet_url(eves)).content.decode()
    assert page.count('type="number"') == 2
    assert "100: Exemplary." in page
    wrong = browser.post(sheet_url(eves), {"version": 1, "mark-idea": "77.3", "mark-impact": "12.5"}).content.decode()
    assert "77.3 is not a mark" in wrong
    assert 'value="77.3"' in wrong
    assert 'value="12.5"' in wrong
    browser.post(sheet_url(eves), {"version": 1, "mark-idea": "77.5", "mark-impact": "12.5"})
    assert {key: float(value) for key, value in marking.marks_of(judging.sheet_of(eves)).items()} == {
        "idea": 77.5,
        "impact": 12.5,
    }


def test_next_leads_to_the_next_entry_that_is_not_cast(sign_in, eve, eves, round, other_entry, judge_eve, karim, at):
    second = judging.make_assignment(round, other_entry, judge_eve, by=karim, at=at)
    answer = sign_in(eve).post(sheet_url(eves), {"version": 1, "mark-idea": "8", "next": "1"})
    assert answer.url == sheet_url(second)


def test_a_list_begins_with_what_is_left_and_numbers_stay(sign_in, eve, eves, round, other_entry, judge_eve, karim, at):
    second = judging.make_assignment(round, other_entry, judge_eve, by=karim, at=at)

    def rows():
        page = sign_in(eve).get(reverse("judges:entries")).content.decode()
        return re.findall(r'No\.">(\d+)</td>\s*<th scope="row"><a[^>]*>([^<]+)', page)

    before = rows()
    first = {row.application.title: row for row in (eves, second)}[before[0][1]]
    judging.cast(first, at=at, idea=8, impact=7)
    assert [number for number, _title in before] == ["1", "2"]
    assert rows() == before[::-1]


def test_marking_after_the_end_gets_a_clear_page_and_nothing_is_saved(sign_in, eve, eves, round, at):
    round.stage.closes_at = at
    round.stage.save()
    answer = sign_in(eve).post(sheet_url(eves), {"version": 1, "mark-idea": "8"})
    assert answer.status_code == 409
    assert "closed" in answer.content.decode()
    assert marking.marks_of(judging.sheet_of(eves)) == {}


# --- Nothing of another judge --------------------------------------------------------------------------


def test_two_judges_on_one_entry_never_see_each_others_comment_mark_or_progress(
    sign_in, eve, frank, eves, franks, entry, at, monkeypatch
):
    """Frank's pages are the same, byte for byte, before and after Eve has cast a sheet with a canary in it."""
    monkeypatch.setattr(clock, "now", lambda: at)
    addresses = [reverse("desk"), reverse("judges:entries"), sheet_url(franks), reverse("judges:declaration")]

    def everything():
        browser = sign_in(frank)
        pages = [browser.get(address).content.decode() for address in addresses]
        return [without_nonces(page) for page in pages]

    before = everything()
    judging.cast(eves, at=at, idea=9, impact=2, comment=f"I saw a {CANARY}.")
    after = everything()
    assert not any(CANARY in page for page in after)
    assert [a == b for a, b in zip(before, after, strict=True)] == [True] * len(addresses)


def without_nonces(page: str) -> str:
    """What every page has of its own: the form tokens."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"', "", page)


def test_the_chair_sees_no_result_while_a_sheet_of_her_own_is_uncast(
    sign_in, round, entry, other_entry, judge_gita, gita, eves, karim, lena, edition, at
):
    from prize import governing

    judging.cast(eves, at=at, idea=9, impact=2)
    judging.make_assignment(round, entry, judge_gita, by=karim, at=at)
    content = tallying.early_or_gaps(round, at=at)
    approval = governing.ask(edition, "judges.close_with_gaps", content, title="Close", by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    tallying.sweep(at=at)
    tally = reverse("judges:tally", args=[edition.year, "second", "people"])
    assert sign_in(gita).get(tally).status_code == 404
    declaring.step_aside(entry.assignments.get(judge=judge_gita), "personal", by=gita, at=at)
    tallying.sweep(at=at)
    assert sign_in(gita).get(tally).status_code == 200
    assert sign_in(karim).get(tally).status_code == 200


def test_a_judge_gives_an_entry_back_with_a_reason_and_is_not_asked_again(
    sign_in, eve, eves, franks, round, karim, entry, judge_eve, at
):
    judging.mark(eves, at=at, idea=1, impact=1)
    page = reverse("judges:recusal", args=[judging.sheet_of(eves).code])
    browser = sign_in(eve)
    assert browser.post(page, {"ground": "abstained", "note": " "}).status_code == 422
    browser.post(page, {"ground": "abstained", "note": "I know nothing of harbours."})
    eves.refresh_from_db()
    assert eves.withdrawn_reason == "abstained: I know nothing of harbours."
    assert browser.get(page).status_code == 404
    assert not entry.recusals.exists()
    assert tallying.gaps(round) == {entry.code: 2}
    with pytest.raises(Refused, match="abstains from it"):
        judging.make_assignment(round, entry, judge_eve, by=karim, at=at)
    told = LedgerEntry.objects.get(act="assignment.abstained")
    assert (told.subject, told.facts) == (entry.code, {"judge": judge_eve.code})


def test_a_cast_sheet_is_not_given_back(eve, eves, karim, frank, at):
    judging.cast(eves, at=at, idea=9, impact=9)
    with pytest.raises(Refused, match="sheet is cast"):
        declaring.abstain(eves, reason="Second thoughts.", by=eve, at=at)
    for person in (karim, frank):
        with pytest.raises(Refused, match="Only the judge"):
            declaring.abstain(eves, reason="Away with it.", by=person, at=at)


def test_who_stands_aside_from_an_entry_does_not_find_it_in_the_tally(
    sign_in, gita, judge_gita, karim, edition, tally, closed, entry, other_entry, at
):
    tallying.compute(tally, at=closed)
    page = reverse("judges:tally", args=[edition.year, "second", "people"])
    assert entry.title in sign_in(gita).get(page).text
    for person in (gita, karim):
        recusing.stand_aside(entry, person, "personal", by=person, at=at)
        shown = sign_in(person).get(page).text
        assert entry.title not in shown
        assert entry.code not in shown
        assert other_entry.title in shown
        assert "1 entry from which you stand aside is not shown." in shown


@pytest.mark.parametrize("name", ["frank", "nora", "mio", "jo", "hana"])
def test_nobody_but_chair_and_secretariat_opens_a_tally(
    sign_in, request, round, entry, eves, franks, edition, at, name
):
    person = request.getfixturevalue(name)
    Tally.objects.create(round=round, category=entry.category, asked_at=at)
    for address in (
        reverse("judges:round", args=[edition.year, "second"]),
        reverse("judges:tally", args=[edition.year, "second", "people"]),
    ):
        assert sign_in(person).get(address).status_code == 404


@pytest.mark.parametrize("name", ["frank", "nora", "amina", "gita"])
def test_a_sheet_is_nobody_elses(sign_in, request, eves, judge_frank, judge_gita, name):
    answer = sign_in(request.getfixturevalue(name)).get(sheet_url(eves))
    assert answer.status_code == (404 if name in ("frank", "gita") else 403)


def test_a_recused_judge_cannot_open_the_dossier_or_its_files(sign_in, eve, eves, entry, at):
    browser = sign_in(eve)
    assert browser.get(sheet_url(eves)).status_code == 200
    browser.post(reverse("judges:recusal", args=[judging.sheet_of(eves).code]), {"ground": "personal"})
    assert browser.get(sheet_url(eves)).status_code == 404
    assert browser.post(sheet_url(eves), {"version": 1, "mark-idea": "8"}).status_code == 404
    assert entry.title not in browser.get(reverse("judges:entries")).content.decode()


def test_files_of_an_entry_are_served_to_its_judge_alone(
    sign_in, eve, frank, nora, edition, round, karim, at, judge_eve, judge_frank
):
    from factories import applications as making

    from applications import concluding, submitting

    sent = edition.stages.get(slug="call").opens_at
    entry = making.make_application(edition, at=sent, country="NO")
    file = making.make_attached(entry, at=sent)
    submitting.submit(entry, by=entry.owner, at=sent)
    concluding.conclude(entry, edition.stages.get(slug="screening"), "advanced", by=karim, at=at)
    assignment = judging.make_assignment(round, entry, judge_eve, by=karim, at=at)
    address = reverse("applications:file", args=[file.code])
    assert [sign_in(person).get(address).status_code for person in (eve, frank, nora)] == [200, 404, 404]
    declaring.step_aside(assignment, "personal", by=eve, at=at)
    assert sign_in(eve).get(address).status_code == 404


def test_a_blind_round_shows_neither_names_nor_index(sign_in, eve, eves, round, entry):
    round.blindness = "blind"
    round.save()
    page = sign_in(eve).get(sheet_url(eves)).content.decode()
    assert "names are hidden" in page
    assert "Bergen" not in page
    assert "Harbour city, department of neighbours" not in page


# --- The way in ----------------------------------------------------------------------------------------


def test_the_whole_way_in_works_without_scripts(sign_in, edition, nora, karim, at):
    judge = judging.make_judge(edition, nora, by=karim, at=at, until="invited")
    browser = sign_in(nora)
    invitation = reverse("judges:invitation", args=[judge.invitation.code])
    assert "Would you judge with us?" in browser.get(invitation).content.decode()
    onward = browser.post(reverse("judges:answer", args=[judge.invitation.code]), {"answer": "accepted"})
    assert onward.url == reverse("judges:pledge")
    assert judging.PLEDGE in browser.get(onward.url).content.decode()
    assert browser.post(onward.url, {"signed_as": "Somebody"}).status_code == 422
    onward = browser.post(onward.url, {"signed_as": "Nora"})
    assert onward.url == reverse("judges:declaration")
    assert browser.post(onward.url, {}).status_code == 422
    onward = browser.post(onward.url, {"complete": "on"})
    assert onward.url == reverse("judges:entries")
    assert "No entry is assigned to you yet" in browser.get(onward.url).content.decode()


def test_an_invitation_is_nobody_elses(sign_in, edition, nora, eve, karim, at):
    judge = judging.make_judge(edition, nora, by=karim, at=at, until="invited")
    address = reverse("judges:invitation", args=[judge.invitation.code])
    assert sign_in(eve).get(address).status_code == 404


def test_the_declaration_lists_names_and_no_entries(sign_in, edition, nora, karim, at):
    from factories import prize as make

    harbour = make.make_organisation("Harbour Works")
    entry = judging.make_entry(edition, by=karim, at=at, organisation=harbour, title="A secret title")
    judging.make_judge(edition, nora, by=karim, at=at, until="pledged")
    page = sign_in(nora).get(reverse("judges:declaration")).content.decode()
    assert "Harbour Works" in page
    assert entry.title not in page
    assert entry.code not in page


def test_the_briefing_is_confirmed_on_its_page(sign_in, edition, judge_eve, eve, karim, at):
    meeting = judging.make_briefing(edition, by=karim, at=at)
    browser = sign_in(eve)
    assert "I have been briefed" in browser.get(reverse("judges:briefing", args=[meeting.code])).content.decode()
    browser.post(reverse("judges:attendance", args=[meeting.code]))
    assert "You confirmed" in browser.get(reverse("judges:briefing", args=[meeting.code])).content.decode()


# --- Pages of a result ---------------------------------------------------------------------------------


@pytest.fixture
def tally(round, entry, other_entry, judge_eve, judge_frank, karim, at, closed):
    round.method = "raw-mean/1"
    round.save()
    for one, judge, idea in [
        (entry, judge_eve, 8),
        (entry, judge_frank, 6),
        (other_entry, judge_eve, 7),
        (other_entry, judge_frank, 9),
    ]:
        judging.cast(judging.make_assignment(round, one, judge, by=karim, at=at), at=at, idea=idea, impact=idea)
    return tallying.close_round(round, by=karim, at=closed)[0]


def test_while_a_tally_is_computed_the_page_says_so_and_asks_again(sign_in, karim, edition, tally):
    page = sign_in(karim).get(reverse("judges:tally", args=[edition.year, "second", "people"])).content.decode()
    assert "being computed" in page
    assert 'hx-trigger="every 5s"' in page


def test_a_computed_tally_shows_ranks_ranges_and_the_line(sign_in, karim, edition, tally, closed, entry, other_entry):
    tallying.compute(tally, at=closed)
    page = sign_in(karim).get(reverse("judges:tally", args=[edition.year, "second", "people"])).content.decode()
    assert page.index(other_entry.title) < page.index(entry.title)
    assert "Chance of the first 1" in page
    assert 'class="interval"' in page
    assert "hx-trigger" not in page


# --- The admin ------------------------------------------------------------------------------------------


def test_the_secretariat_runs_a_round_from_the_admin(
    sign_in, karim, edition, round, judge_eve, judge_frank, at, django_capture_on_commit_callbacks
):
    for number in range(3):
        judging.make_entry(edition, by=karim, at=at, title=f"Entry {number}", country="NO")
    browser = sign_in(karim)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("admin:judges_round_draft", args=[round.pk]))
    run = round.assignment_runs.get()
    drafted = browser.get(reverse("admin:judges_assignmentrun_preview", args=[run.pk])).text
    assert "A draft: nobody is assigned before it is released." in drafted
    browser.post(reverse("admin:judges_assignmentrun_release", args=[run.pk]))
    assert round.assignments.count() == 6
    board = browser.get(reverse("admin:judges_round_coverage", args=[round.pk])).content.decode()
    assert "Entry 0" in board
    refused = browser.post(reverse("admin:judges_round_close", args=[round.pk]), follow=True).content.decode()
    assert "needs a second person" in refused


def test_judges_are_recommended_from_a_list_in_the_admin(sign_in, karim, edition, promotion):
    judging.make_jury(edition)
    lines = "name,email,fields,languages\nMai Tran,mai@example.org,energy mobility,en ko\n"
    answer = sign_in(karim).post(
        reverse("admin:judges_judge_recommend"), {"edition": edition.pk, "people": lines}, follow=True
    )
    assert "before the committee" in answer.content.decode()
    motion = promotion.motions.get()
    (judge,) = motion.content["judges"]
    assert (judge["name"], judge["fields"], judge["languages"]) == ("Mai Tran", ["energy", "mobility"], ["en", "ko"])
    assert "mai@example.org" not in json.dumps(motion.content)


@pytest.mark.parametrize(
    "model",
    ["judge", "invitation", "declaration", "terms", "round", "assignmentrun", "assignment", "scoresheet", "tally"],
)
def test_every_list_and_record_of_the_admin_opens(sign_in, karim, eves, franks, round, entry, at, model):
    from django.apps import apps

    judging.cast(eves, at=at, idea=8, impact=7)
    Tally.objects.create(round=round, category=entry.category, asked_at=at)
    browser = sign_in(karim)
    assert browser.get(reverse(f"admin:judges_{model}_changelist")).status_code == 200
    row = apps.get_model("judges", model).objects.first()
    if row is not None:
        assert browser.get(reverse(f"admin:judges_{model}_change", args=[row.pk])).status_code == 200


def test_a_correction_is_asked_for_in_the_admin(sign_in, karim, eves, at):
    from prize.models import Approval

    sheet = judging.cast(eves, at=at, idea=8, impact=7)
    address = reverse("admin:judges_scoresheet_correct", args=[sheet.pk])
    sign_in(karim).post(address, {"mark-idea": "8", "mark-impact": "3", "comment": "As on paper.", "reason": "A slip."})
    approval = Approval.objects.get(act="judges.correct_sheet")
    assert approval.content["marks"] == {"idea": "8", "impact": "3"}


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_of_entries_runs_a_fixed_number_of_queries(
    sign_in, eve, edition, round, judge_eve, karim, at, count, django_assert_max_num_queries
):
    for number in range(count):
        made = judging.make_entry(edition, by=karim, at=at, title=f"Entry {number}", country="NO")
        judging.make_assignment(round, made, judge_eve, by=karim, at=at)
    browser = sign_in(eve)
    browser.get(reverse("judges:entries"))
    with django_assert_max_num_queries(22):
        browser.get(reverse("judges:entries"))


def test_recruiting_letters_name_their_pages(edition, nora, karim, at):
    from prize import post
    from prize.models import Letter

    judging.make_judge(edition, nora, by=karim, at=at, until="pledged")
    judging.make_briefing(edition, by=karim, at=at)
    subject, body, _files = post.render(Letter.objects.get(kind="judges.briefing"))
    assert "Briefing" in subject
    assert "/judging/briefings/" in body
    assert recruiting.terms_of(edition).pledge


def test_the_form_of_a_round_takes_the_same_queries_for_one_judge_and_for_three(
    sign_in, request, round, judge_eve, karim
):
    address, browser = reverse("admin:judges_round_change", args=[round.pk]), sign_in(karim)
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        assert "Eve" in browser.get(address).content.decode()
    request.getfixturevalue("judge_frank"), request.getfixturevalue("judge_gita")
    with CaptureQueriesContext(connection) as three:
        assert {"Eve", "Frank", "Gita"} <= set(re.findall(r"Eve|Frank|Gita", browser.get(address).content.decode()))
    assert len(three) == len(one)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"method": "severity/9"}, "Select a valid choice."),
        ({"method_settings": '{"trim": [9]}'}, "give how many of the lowest and of the highest scores are dropped"),
        ({"method_settings": '{"tirm": [1, 1]}'}, "Setting tirm of the rules"),
    ],
)
def test_a_mistake_in_the_method_is_found_when_the_round_is_saved(sign_in, round, karim, typed, said):
    address, browser = reverse("admin:judges_round_change", args=[round.pk]), sign_in(karim)
    form = next(form for form in Forms(browser.get(address).text).found if "method" in form.names())
    answer = browser.post(address, form.values() | typed)
    assert answer.status_code == 200
    assert said in answer.text
    round.refresh_from_db()
    assert (round.method, round.method_settings) == ("severity-adjusted/1", {})
    assert browser.post(address, form.values() | {"method": "median/1"}).status_code == 302
    round.refresh_from_db()
    assert round.method == "median/1"

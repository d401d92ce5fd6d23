"""The applicant's pages, as Amina, Carla and strangers meet them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from factories.applications import ANSWERS, PDF, make_application, make_attached, make_city, make_form, make_submitted

from applications import collaborating, concluding, drafting, lifecycle
from applications.models import Answer, Application, Submission
from prize.models import City, Letter, Stage

DAY = timedelta(days=1)


@pytest.fixture
def entry(edition, amina, at):
    return make_application(edition, amina, at=at)


def address(entry, page="", **more):
    return f"/entries/{entry.code}/{page}"


def post_section(browser, entry, values, key="project", **more):
    return browser.post(address(entry, f"sections/{key}/"), {"version": entry.version, **values}, **more)


def text_of(entry, key):
    return Answer.objects.get(application=entry, question__key=key).value


def test_amina_starts_an_entry_for_an_allowed_pair(edition, amina, sign_in):
    make_form(edition)
    browser = sign_in(amina)
    assert browser.get("/entries/new/?category=people").status_code == 200
    values = {"form": "people.city", "title": "Bank of hours", "country": "NO", "city": "bergen", "language": "en"}
    answer = browser.post("/entries/new/", values)
    made = Application.objects.get()
    assert answer.headers["Location"] == address(made)
    assert (made.owner, made.city, made.state) == (amina, City.objects.get(), "draft")


def test_a_pair_without_a_form_is_not_offered_and_not_taken(edition, amina, sign_in):
    make_form(edition)
    values = {"form": "people.person", "title": "T", "country": "NO", "city": "Bergen", "language": "en"}
    page = sign_in(amina).post("/entries/new/", values)
    assert page.status_code == 200
    assert not Application.objects.exists()


def test_nobody_starts_an_entry_when_the_call_is_closed(edition, amina, sign_in, at):
    make_form(edition)
    Stage.objects.filter(kind="call").update(closes_at=at - DAY)
    page = sign_in(amina).get("/entries/new/")
    assert page.status_code == 409
    assert "closed" in page.content.decode()


@pytest.mark.parametrize(
    "page",
    ["", "about/", "sections/project/", "check/", "withdrawal/", "reopening/", "collaborators/"],
)
def test_a_stranger_learns_not_even_that_the_entry_exists(page, entry, bruno, amina, sign_in, client):
    assert client.get(address(entry, page)).status_code == 302
    assert sign_in(amina).get(address(entry, page)).status_code == 200
    assert sign_in(bruno).get(address(entry, page)).status_code == 404


def test_text_beyond_its_limit_is_saved_and_the_page_says_so(entry, amina, sign_in):
    browser = sign_in(amina)
    long = "word " * 40
    answer = post_section(browser, entry, {"summary": long, "domain": "mobility", "budget": "plenty"}, follow=True)
    assert text_of(entry, "summary") == long.strip()
    assert text_of(entry, "budget") == "plenty"
    page = answer.content.decode()
    assert "40 words; the limit is 30" in page
    assert 'href="#id_summary"' in page
    assert 'id="error_1_id_summary"' in page or "invalid-feedback" in page


def test_a_stale_form_gets_409_with_both_texts_and_loses_neither(entry, amina, carla, sign_in, at):
    collaborating.join(collaborating.invite(entry, carla.email, by=amina, at=at), by=carla, at=at)
    opened_at = entry.version
    drafting.save(entry, {"summary": "What Carla wrote in the meantime."}, version=opened_at, by=carla, at=at)
    browser = sign_in(amina)
    sent = {"version": opened_at, "summary": "What Amina wrote at home.", "domain": "energy", "budget": "2"}
    page = browser.post(address(entry, "sections/project/"), sent)
    body = page.content.decode()
    assert page.status_code == 409
    assert "What Carla wrote in the meantime." in body
    assert "What Amina wrote at home." in body
    assert text_of(entry, "summary") == "What Carla wrote in the meantime."
    version = re.search(r'name="version" value="(\d+)"', body)[1]
    browser.post(address(entry, "sections/project/"), {**sent, "version": version, "keep-summary": "theirs"})
    assert text_of(entry, "summary") == "What Carla wrote in the meantime."
    assert text_of(entry, "domain") == "energy"
    browser.post(address(entry, "sections/project/"), {**sent, "version": int(version) + 1, "keep-summary": "mine"})
    assert text_of(entry, "summary") == "What Amina wrote at home."


def test_who_types_over_the_deadline_gets_the_text_back_and_the_moment(entry, edition, amina, sign_in, at):
    Stage.objects.filter(kind="call").update(closes_at=at - timedelta(seconds=1))
    page = post_section(sign_in(amina), entry, {"summary": "Typed a second too late."})
    body = page.content.decode()
    assert page.status_code == 409
    assert "Typed a second too late." in body
    assert "The call closed on" in body
    assert text_of(entry, "summary") == ANSWERS["summary"]


def test_after_the_call_what_an_entry_is_about_can_be_read_and_not_typed_over(edition, amina, sign_in, at):
    entry = make_submitted(edition, amina, at=at)
    page = sign_in(amina).get(address(entry, "about/")).text
    fields = {
        re.search('id="id_(\\w+)"', tag)[1]: tag for tag in re.findall('<(?:input|select)[^>]* id="id_[^>]*>', page)
    }
    assert {"title", "country", "city"} <= set(fields)
    assert [name for name, tag in fields.items() if "disabled" not in tag] == []
    typed = sign_in(amina).post(
        address(entry, "about/"), {"title": "Another", "country": "NO", "city": "Bergen", "language": "en"}
    )
    assert typed.status_code == 409
    assert 'value="Another"' in typed.text


def test_who_types_in_an_entry_submitted_elsewhere_gets_the_text_back(edition, amina, sign_in, at):
    entry = make_submitted(edition, amina, at=at)
    page = post_section(sign_in(amina), entry, {"summary": "Typed in the other tab."})
    assert page.status_code == 409
    assert "Typed in the other tab." in page.content.decode()


def test_amina_attaches_a_file_and_removes_it_without_losing_her_text(entry, amina, sign_in):
    browser = sign_in(amina)
    upload = SimpleUploadedFile("plan.pdf", PDF, "text/html")
    post_section(browser, entry, {"summary": "A summary of five words.", "evidence_file": upload})
    file = entry.attachments.get()
    assert (file.name, file.kind) == ("plan.pdf", "application/pdf")
    entry.refresh_from_db()
    post_section(browser, entry, {"summary": "Another summary of five words.", "remove": file.code})
    assert not entry.attachments.filter(removed_at=None).exists()
    assert text_of(entry, "summary") == "Another summary of five words."


def test_a_refused_file_is_named_and_the_text_beside_it_is_saved(entry, amina, sign_in):
    upload = SimpleUploadedFile("plan.pdf", b"<html><script>alert(1)</script></html>", "application/pdf")
    page = post_section(sign_in(amina), entry, {"summary": "A summary of five words.", "evidence_file": upload})
    assert page.status_code == 422
    assert "plan.pdf is damaged" in page.content.decode()
    assert text_of(entry, "summary") == "A summary of five words."
    assert not entry.attachments.exists()


def test_amina_checks_submits_and_holds_a_receipt(entry, amina, sign_in):
    browser = sign_in(amina)
    page = browser.get(address(entry, "check/")).content.decode()
    assert ANSWERS["summary"] in page
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    first = browser.post(address(entry, "submission/"), {"key": key})
    again = browser.post(address(entry, "submission/"), {"key": key})
    sealed = Submission.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == address(entry, f"receipts/{sealed.receipt}/")
    receipt = browser.get(first.headers["Location"]).content.decode()
    assert sealed.digest in receipt
    assert "UTC" in receipt
    assert "Asia/Seoul" in receipt


def test_an_incomplete_entry_stays_a_draft_and_every_gap_is_a_link(edition, amina, sign_in, at):
    entry = make_application(edition, amina, at=at, answers={})
    page = sign_in(amina).post(address(entry, "submission/"), {"key": "press"})
    body = page.content.decode()
    assert page.status_code == 422
    for key in ("summary", "domain"):
        assert f"sections/project/?problems#id_{key}" in body
    assert "sections/consents/?problems#id_consent_publication" in body


def test_amina_reopens_changes_her_mind_and_withdraws(edition, amina, sign_in, at):
    entry = make_submitted(edition, amina, at=at)
    browser = sign_in(amina)
    browser.post(address(entry, "reopening/"))
    assert Application.objects.get().state == "draft"
    browser.post(address(entry, "withdrawal/"), {"reason": "We merged two projects."})
    assert Application.objects.get().state == "withdrawn"
    assert "no longer takes part" in browser.get(address(entry)).content.decode()
    assert browser.post(address(entry, "withdrawal/"), {}).status_code == 409


def test_carla_joins_with_her_own_address_only(entry, amina, carla, bruno, sign_in):
    sign_in(amina).post(address(entry, "collaborators/"), {"email": carla.email.upper()})
    found = entry.collaborators.get()
    letter = Letter.objects.get()
    assert (letter.kind, letter.person) == ("applications.collaboration", carla)
    assert sign_in(bruno).post(f"/collaborations/{found.code}/").status_code == 409
    assert sign_in(bruno).get(address(entry)).status_code == 404
    assert sign_in(carla).post(f"/collaborations/{found.code}/").status_code == 302
    assert sign_in(carla).get(address(entry, "sections/project/")).status_code == 200
    assert sign_in(carla).post(address(entry, "withdrawal/"), {}).status_code == 409
    sign_in(amina).post(address(entry, f"collaborators/{found.code}/removal/"))
    assert sign_in(carla).get(address(entry)).status_code == 404


def test_files_are_served_only_to_readers_and_only_to_be_saved(edition, amina, bruno, karim, eve, sign_in, at):
    entry = make_application(edition, amina, at=at)
    file = make_attached(entry, at=at, name="계획 plan.pdf")
    url = f"/files/{file.code}/"
    answer = sign_in(amina).get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert [sign_in(who).get(url).status_code for who in (bruno, eve, karim)] == [404, 404, 404]
    from applications import submitting

    submitting.submit(entry, by=amina, at=at)
    assert [sign_in(who).get(url).status_code for who in (bruno, eve, karim)] == [404, 404, 200]


def test_the_desk_shows_each_entry_with_its_next_step(edition, amina, sign_in, at):
    make_application(edition, amina, at=at, title="A draft")
    make_submitted(edition, amina, at=at, title="A submitted one")
    page = sign_in(amina).get("/desk/").content.decode()
    assert {"A draft" in page, "A submitted one" in page, "draft, not submitted" in page} == {True}


@pytest.mark.parametrize("count", [1, 4])
def test_the_desk_runs_the_same_queries_for_one_entry_and_for_many(
    count, edition, amina, at, django_assert_num_queries
):
    from applications.desks import entries

    for number in range(count):
        make_submitted(edition, amina, at=at, title=f"Entry {number}", city=make_city())
    with django_assert_num_queries(7):
        assert len(entries(amina, at).values["items"]) == count


def test_a_reopened_entry_says_that_the_last_submission_counts(edition, amina, sign_in, at):
    entry = make_submitted(edition, amina, at=at)
    lifecycle.reopen(entry, by=amina, at=at)
    assert "counts until you submit anew" in sign_in(amina).get(address(entry)).content.decode()


def test_an_outcome_is_on_the_applicants_pages_only_once_it_is_announced(edition, amina, mio, sign_in, at):
    entry = make_submitted(edition, amina, at=at)
    screening = edition.stage("screening")
    concluding.conclude(entry, screening, "declined", by=mio, at=at, reason="No file was attached.")
    browser = sign_in(amina)
    pages = [browser.get(path).content.decode() for path in ("/desk/", address(entry))]
    assert not any("declined" in page or "No file was attached." in page for page in pages)
    concluding.announce(screening, by=mio, at=at)
    desk, page = (browser.get(path).content.decode() for path in ("/desk/", address(entry)))
    assert "Screening: declined" in desk
    assert "No file was attached." in page


def test_two_who_name_the_entry_at_once_are_told_and_lose_nothing(entry, amina, carla, sign_in, at):
    collaborating.join(collaborating.invite(entry, carla.email, by=amina, at=at), by=carla, at=at)
    page = sign_in(amina).get(address(entry, "about/")).content.decode()
    basis = re.search(r'name="basis" value="(\w+)"', page)[1]
    places = {"country": "NO", "city": "Bergen", "language": "en"}
    sign_in(carla).post(address(entry, "about/"), {**places, "basis": basis, "title": "Carla's title"})
    answer = sign_in(amina).post(address(entry, "about/"), {**places, "basis": basis, "title": "Amina's title"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Carla&#x27;s title" in body
    assert "Amina&#x27;s title" in body
    assert Application.objects.get().title == "Carla's title"
    fresh = re.search(r'name="basis" value="(\w+)"', body)[1]
    sign_in(amina).post(address(entry, "about/"), {**places, "basis": fresh, "title": "Amina's title"})
    assert Application.objects.get().title == "Amina's title"


def test_a_title_typed_over_the_deadline_stays_on_the_page(entry, amina, sign_in, at):
    Stage.objects.filter(kind="call").update(closes_at=at - timedelta(seconds=1))
    values = {"country": "NO", "city": "Bergen", "language": "en", "title": "A second too late"}
    page = sign_in(amina).post(address(entry, "about/"), values)
    assert page.status_code == 409
    assert "A second too late" in page.content.decode()
    assert Application.objects.get().title == "A bank of hours"

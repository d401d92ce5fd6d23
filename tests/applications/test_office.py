"""The office's side: the admin's pages and buttons, the export, figures, letters and what needs somebody today."""

import csv
import io
from datetime import timedelta

import pytest
from factories.applications import make_application, make_attached, make_city, make_submitted
from factories.prize import make_edition, make_organisation

from applications import calling, concluding, figures, lifecycle, recusing, submitting
from applications.models import Application, EntryForm, Extension, Question, Recusal, Section
from prize import audit, desks, post
from prize.models import Approval, Edition, LedgerEntry, Letter, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MODELS = ["application", "entryform", "section", "question", "submission", "outcome", "recusal"]


@pytest.fixture
def entry(edition, amina, at):
    body = make_organisation('=HYPERLINK("http://x")')
    found = make_application(edition, amina, at=at, title="+1+1", organisation=body)
    make_attached(found, at=at)
    submitting.submit(found, by=amina, at=at)
    return found


def admin(path):
    return f"/admin/applications/{path}"


def button(entry, name):
    return admin(f"application/{entry.pk}/{name}/")


@pytest.mark.parametrize("model", MODELS)
def test_the_secretariat_opens_every_list_and_row(model, entry, edition, karim, mio, amina, sign_in, at):
    concluding.conclude(entry, edition.stage("screening"), "advanced", by=mio, at=at)
    recusing.stand_aside(entry, mio, "personal", by=mio, at=at)
    rows = {
        "application": entry,
        "entryform": EntryForm.objects.get(),
        "section": Section.objects.first(),
        "question": Question.objects.first(),
        "submission": entry.submissions.get(),
        "outcome": entry.outcomes.get(),
        "recusal": Recusal.objects.get(),
    }
    browser = sign_in(karim)
    assert browser.get(admin(f"{model}/?q=a")).status_code == 200
    assert browser.get(admin(f"{model}/{rows[model].pk}/change/")).status_code == 200
    assert sign_in(amina).get(admin(f"{model}/")).status_code == 302


def test_entries_are_found_by_code_title_place_and_filters(entry, edition, bruno, karim, sign_in, at):
    other = make_submitted(edition, bruno, at=at, title="Night buses", city=make_city("Busan", "KR"))
    browser = sign_in(karim)
    for query in (f"q={other.code}", "q=night", "q=Busan", "region=east", "country=KR"):
        found = browser.get(admin(f"application/?{query}")).context["cl"].queryset
        assert list(found) == [other], query


def test_an_organiser_sees_entries_of_the_own_prize_only(entry, karim, sign_in, at, amina):
    from prize.models import Prize

    other = make_edition(at, year=2031)
    Edition.objects.filter(pk=other.pk).update(prize=Prize.objects.create(slug="other", name={"en": "Other"}))
    strange = make_application(Edition.objects.get(pk=other.pk), amina, at=at)
    browser = sign_in(karim)
    assert list(browser.get(admin("application/")).context["cl"].queryset) == [entry]
    assert browser.get(admin(f"application/{strange.pk}/change/")).status_code == 302


def test_the_office_disqualifies_and_reinstates_by_the_buttons_of_two(entry, karim, lena, client, sign_in):
    browser = sign_in(karim)
    assert "every judge" in browser.get(button(entry, "disqualify")).content.decode()
    browser.post(button(entry, "disqualify"), {"reason": "Forged figures."})
    asked = Approval.objects.get()
    browser.post(f"/admin/prize/approval/{asked.pk}/approve/", {"digest": asked.digest})
    assert Application.objects.get().state == "submitted"
    browser = sign_in(lena)
    assert "Forged figures." in browser.get(f"/admin/prize/approval/{asked.pk}/approve/").text
    browser.post(f"/admin/prize/approval/{asked.pk}/approve/", {"digest": asked.digest})
    assert Application.objects.get().state == "disqualified"
    browser.post(button(entry, "reinstate"), {"reason": "They were not."})
    back = Approval.objects.waiting(entry.started_at).get()
    sign_in(karim).post(f"/admin/prize/approval/{back.pk}/approve/", {"digest": back.digest})
    assert Application.objects.get().state == "submitted"
    assert list(entry.movements.values_list("after", "by__name", "reason"))[1:] == [
        ("disqualified", "Lena", "Forged figures."),
        ("submitted", "Karim", "They were not."),
    ]


def test_a_screening_officer_reads_entries_and_presses_no_buttons(entry, mio, sign_in):
    browser = sign_in(mio)
    assert browser.get(admin(f"application/{entry.pk}/change/")).status_code == 200
    for name in ("reopen", "disqualify", "reinstate", "extend"):
        assert browser.post(button(entry, name), {"reason": "because"}).status_code == 403
    assert Application.objects.get().state == "submitted"


def test_more_time_is_asked_here_and_given_by_a_second_person(entry, edition, karim, lena, sign_in):
    until = edition.stage("call").closes_at + DAY
    values = {"reason": "Flood.", "until": f"{until.astimezone(edition.tz):%Y-%m-%dT%H:%M}"}
    sign_in(karim).post(button(entry, "extend"), values)
    asked = Approval.objects.get()
    assert not Extension.objects.exists()
    sign_in(lena).post(f"/admin/prize/approval/{asked.pk}/approve/", {"digest": asked.digest})
    given = Extension.objects.get()
    assert (given.granted_by, given.until) == (lena, until.replace(second=0, microsecond=0))
    assert list(Letter.objects.filter(kind="applications.extended").values_list("person__name", flat=True)) == ["Amina"]


def test_the_export_has_these_columns_and_no_formula_and_no_person(entry, amina, karim, sign_in):
    browser = sign_in(karim)
    answer = browser.post(admin("application/export/"), {"format": "0", "resource": "0"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert list(rows[0]) == [
        "code", "title", "category", "applicant_type", "organisation", "city", "country", "region", "language", "state",
        "submitted_at", "receipt", "digest",
    ]  # fmt: skip
    assert [row["code"] for row in rows] == [entry.code]
    assert (rows[0]["region"], rows[0]["receipt"]) == ("north", entry.sealed.receipt)
    for value in rows[0].values():
        assert not value.startswith(("=", "+", "-", "@"))
    assert amina.email not in answer.content.decode()
    assert LedgerEntry.objects.get(act="entries.exported").facts == {"count": 1}


def test_a_form_is_read_only_once_the_rules_are_adopted(entry, edition, karim, sign_in, at):
    question = Question.objects.get(key="summary")
    address = admin(f"question/{question.pk}/change/")
    browser = sign_in(karim)
    assert 'name="max_words"' in browser.get(address).content.decode()
    Edition.objects.filter(pk=edition.pk).update(rules_adopted_at=at)
    assert 'name="max_words"' not in browser.get(address).content.decode()
    assert browser.post(address, {"max_words": "9"}).status_code == 403


def test_figures_count_places_over_eligible_entries_only(edition, entry, amina, bruno, mio, at):
    declined = make_submitted(edition, bruno, at=at, city=make_city("Busan", "KR"))
    eligible = make_submitted(edition, bruno, at=at, city=make_city("Hanoi", "VN"))
    make_application(edition, amina, at=at)
    screening = edition.stage("screening")
    for one, verdict in ((entry, "advanced"), (declined, "declined"), (eligible, "advanced")):
        concluding.conclude(one, screening, verdict, by=mio, at=at)
    counted = [count(edition) for count in (figures.received, figures.cities, figures.countries, figures.regions)]
    assert counted == [3, 2, 2, {"north": 1, "east": 1}]
    lifecycle.withdraw(eligible, by=bruno, at=at)
    assert figures.received(edition) == 3
    assert figures.regions(edition) == {"north": 1, "east": 0}


def test_the_public_learns_no_place_before_the_outcomes_are_announced(edition, entry, mio, karim, at):
    from prize.figures import public_report

    mine = {"received", "cities", "countries", "regions"}
    call, screening = edition.stage("call"), edition.stage("screening")
    assert not mine & set(public_report(edition))
    calling.close_call(call, by=karim, at=call.closes_at)
    concluding.conclude(entry, screening, "advanced", by=mio, at=at)
    assert mine & set(public_report(edition)) == {"received"}
    concluding.announce(screening, by=mio, at=at)
    assert mine & set(public_report(edition)) == mine


def test_the_office_is_told_of_drafts_in_the_last_days_and_of_a_call_left_open(edition, amina, karim, at):
    make_application(edition, amina, at=at)
    call = edition.stage("call")
    todo = desks.todos.get("applications.call")
    assert todo(edition, karim, at) == []
    assert "1 entry is not submitted yet" in todo(edition, karim, call.closes_at - DAY)[0].title
    assert todo(edition, karim, call.closes_at + HOUR)[0].kind == "bad"
    Stage.objects.filter(pk=call.pk).update(closed_at=call.closes_at)
    assert todo(edition, karim, call.closes_at + HOUR) == []


def test_the_receipt_letter_says_number_time_zone_and_digest(entry, mailoutbox, at):
    letter = Letter.objects.get(kind="applications.receipt")
    assert post.deliver(letter.pk, at=at)
    text = mailoutbox[0].body
    sealed = entry.sealed
    for part in (sealed.receipt, sealed.digest, "(Seoul)", entry.code, f"/entries/{entry.code}/"):
        assert part in text
    assert mailoutbox[0].to == ["amina@example.org"]


def test_an_invitation_taken_back_before_its_letter_went_is_not_sent(edition, amina, mailoutbox, at):
    from applications import collaborating

    entry = make_application(edition, amina, at=at)
    found = collaborating.invite(entry, "dora@example.org", by=amina, at=at)
    collaborating.remove(found, by=amina, at=at)
    letter = Letter.objects.get()
    assert not post.deliver(letter.pk, at=at)
    assert (Letter.objects.get().state, mailoutbox) == ("withheld", [])


def test_the_letters_are_written_in_the_readers_language_and_none_is_empty(edition, amina, karim, at):
    entry = make_application(edition, amina, at=at)
    calling.extend(entry, until=edition.stage("call").closes_at + DAY, reason="Flood.", by=karim, at=at)
    submitting.submit(entry, by=amina, at=at)
    for letter in Letter.objects.select_related("person", "edition"):
        subject, body, _files = post.render(letter)
        assert entry.code in subject
        assert "Amina" in body


def test_the_live_data_keeps_every_invariant_after_a_whole_life(entry, edition, amina, karim, mio, at):
    lifecycle.reopen(entry, by=amina, at=at)
    submitting.submit(entry, by=amina, at=at)
    concluding.conclude(entry, edition.stage("screening"), "declined", by=mio, at=at)
    concluding.conclude(entry, edition.stage("screening"), "advanced", by=karim, at=at)
    assert list(audit.breaches()) == []


def test_the_audit_finds_a_state_that_was_changed_behind_the_door(entry):
    Application.objects.filter(pk=entry.pk).update(state="withdrawn")
    assert ("an entry's movements are legal, follow one another and end at its state") in dict(audit.breaches())

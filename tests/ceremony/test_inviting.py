from datetime import timedelta
from email import message_from_bytes
from email import policy as mail_policy

import pytest
from factories import ceremony as give
from icalendar import Calendar
from tablib import Dataset

from ceremony import inviting
from ceremony.guests import GuestResource
from ceremony.models import Guest, Occasion
from prize.governing import Refused
from prize.models import Letter


@pytest.fixture
def occasion(edition, at):
    return give.make_occasion(edition, at)


@pytest.fixture
def guest(occasion):
    return occasion.guests.create(name="Ulla Uggla", email="ulla@example.org")


def test_each_guest_gets_one_letter_with_an_own_link_and_a_calendar_entry(
    occasion, guest, karim, at, django_capture_on_commit_callbacks, mailoutbox
):
    occasion.guests.create(name="Viktor", email="viktor@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        assert inviting.invite_all(occasion, by=karim, at=at) == 2
        assert inviting.invite_all(occasion, by=karim, at=at) == 0
    letters = {message.to[0]: message for message in mailoutbox}
    assert set(letters) == {"ulla@example.org", "viktor@example.org"}
    assert len(mailoutbox) == 2
    assert f"/rsvp/{guest.token}/" in letters["ulla@example.org"].body
    assert guest.token not in letters["viktor@example.org"].body
    parsed = message_from_bytes(letters["ulla@example.org"].message().as_bytes(), policy=mail_policy.default)
    attached = next(part for part in parsed.iter_attachments() if part.get_content_type() == "text/calendar")
    event = Calendar.from_ical(attached.get_content()).walk("VEVENT")[0]
    assert (str(event["summary"]), event["dtstart"].dt) == (
        "Evening at the harbour",
        occasion.starts_at.replace(microsecond=0),
    )


def test_only_the_secretariat_invites(occasion, guest, mio, at):
    with pytest.raises(Refused, match="Only the secretariat"):
        inviting.invite_all(occasion, by=mio, at=at)
    assert not Letter.objects.filter(kind="ceremony.invitation").exists()


def test_a_guest_answers_without_an_account_and_may_change_the_answer(client, guest):
    page = f"/rsvp/{guest.token}/"
    assert client.get(page).status_code == 200
    client.post(page, {"answer": "yes", "needs": "No nuts.", "language": "en"})
    guest.refresh_from_db()
    assert (guest.answer, guest.needs) == ("yes", "No nuts.")
    client.post(page, {"answer": "no", "needs": "", "language": "en"})
    guest.refresh_from_db()
    assert (guest.answer, guest.needs) == ("no", "")
    assert guest.answered_at is not None


def test_a_guest_says_who_comes_along_and_which_language_to_write_in(client, guest, occasion):
    page = f"/rsvp/{guest.token}/"
    client.post(page, {"answer": "yes", "companion": " Udo Uggla ", "language": "ko", "needs": ""})
    guest.refresh_from_db()
    assert (guest.companion, guest.language) == ("Udo Uggla", "ko")
    assert list(occasion.guests.accompanied()) == [guest]
    assert "Udo Uggla comes with you" in client.get(page, headers={"accept-language": "en"}).content.decode()
    client.post(page, {"answer": "no", "companion": "Udo Uggla", "language": "ko", "needs": ""})
    guest.refresh_from_db()
    assert guest.companion == ""
    assert not occasion.guests.accompanied().exists()


def test_a_language_we_do_not_speak_is_refused_and_nothing_is_lost(client, guest):
    answer = client.post(f"/rsvp/{guest.token}/", {"answer": "yes", "language": "xx", "needs": "A ramp"})
    assert answer.status_code == 422
    assert "A ramp" in answer.content.decode()
    guest.refresh_from_db()
    assert (guest.answer, guest.language) == ("", "en")


def test_a_choice_has_to_be_made(client, guest):
    answer = client.post(f"/rsvp/{guest.token}/", {"needs": "A seat in front", "language": "en"})
    assert "This field is required" in answer.content.decode()
    assert "A seat in front" in answer.content.decode()
    guest.refresh_from_db()
    assert guest.answer == ""


def test_the_link_works_until_the_occasion_begins_and_then_says_so(client, guest, occasion, at):
    Occasion.objects.filter(pk=occasion.pk).update(starts_at=at - timedelta(minutes=1))
    page = f"/rsvp/{guest.token}/"
    assert "Answers are closed" in client.get(page).content.decode()
    assert client.post(page, {"answer": "yes", "language": "en"}).status_code == 409
    guest.refresh_from_db()
    assert guest.answer == ""


def test_after_the_evening_the_link_leads_to_the_laureates(client, guest, occasion, at):
    Occasion.objects.filter(pk=occasion.pk).update(starts_at=at - timedelta(hours=3), ends_at=at - timedelta(hours=1))
    text = client.get(f"/rsvp/{guest.token}/").content.decode()
    assert "This evening is over" in text
    assert "If you are on your way" not in text
    assert 'href="/laureates/"' in text


def test_who_has_answered_or_is_late_is_not_asked_for_an_answer_by_a_day_gone_by(client, guest, occasion, at):
    page = f"/rsvp/{guest.token}/"
    zone = occasion.edition.zone.rpartition("/")[2]
    asked = client.get(page).text
    assert "Please answer by" in asked
    assert f"({zone})" in asked.partition("Please answer by")[2].partition("</p>")[0]
    Occasion.objects.filter(pk=occasion.pk).update(answer_by=at - timedelta(days=1))
    late = client.get(page).text
    assert "Please answer by" not in late
    assert "We are still glad of one" in late
    answered = client.post(page, {"answer": "yes", "language": "en"}, follow=True).text
    assert "We are still glad of one" not in answered
    assert "Change the answer" in answered


def test_the_office_finds_the_page_of_a_guest_who_has_lost_the_letter(client, guest, karim, sign_in):
    page = sign_in(karim).get(f"/admin/ceremony/guest/{guest.pk}/change/").text
    assert f'href="/rsvp/{guest.token}/"' in page


def test_an_unknown_link_is_not_found_and_a_known_one_is_not_indexed(client, guest):
    unknown = client.get("/rsvp/ABCDEFGHABCDEFGH/")
    assert unknown.status_code == 404
    assert "copy the whole link" in unknown.content.decode()
    assert unknown.headers["X-Robots-Tag"] == "noindex, nofollow"
    page = client.get(f"/rsvp/{guest.token}/")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert 'name="robots" content="noindex' in page.content.decode()


def test_a_guests_page_names_no_other_guest(client, guest, occasion):
    occasion.guests.create(name="Viktor Vik", email="viktor@example.org")
    assert "Viktor" not in client.get(f"/rsvp/{guest.token}/").content.decode()


# --- Lists in and out -----------------------------------------------------------------------------


def table(*rows):
    data = Dataset(headers=["occasion", "name", "email", "organisation", "language", "part", "seat"])
    data.extend(rows)
    return data


def test_a_list_of_guests_is_read_once_however_often_it_is_sent(occasion):
    row = (occasion.code, "Wendla", "Wendla@Example.org", "City hall", "en", "press", "")
    for _time in range(2):
        result = GuestResource(occasions=Occasion.objects.all()).import_data(table(row), raise_errors=True)
        assert not result.has_errors()
    assert list(occasion.guests.values_list("name", "email", "part")) == [("Wendla", "wendla@example.org", "press")]


def test_a_list_cannot_reach_into_somebody_elses_occasion_nor_answer_for_a_guest(occasion, guest):
    row = (occasion.code, "Wendla", "wendla@example.org", "", "en", "guest", "")
    assert GuestResource(occasions=Occasion.objects.none()).import_data(table(row)).has_errors()
    data = Dataset(headers=["occasion", "name", "email", "answer"])
    data.append((occasion.code, "Ulla Uggla", guest.email, "yes"))
    GuestResource(occasions=Occasion.objects.all()).import_data(data)
    guest.refresh_from_db()
    assert guest.answer == ""


def test_a_wrong_address_is_named_and_nothing_is_kept(occasion):
    row = (occasion.code, "Wendla", "not an address", "", "en", "guest", "")
    result = GuestResource(occasions=Occasion.objects.all()).import_data(table(row))
    assert result.has_validation_errors()
    assert not Guest.objects.filter(name="Wendla").exists()


def test_an_export_holds_the_named_columns_and_no_tokens(occasion, guest):
    data = GuestResource().export(Guest.objects.all())
    assert data.headers == [
        "occasion",
        "name",
        "email",
        "organisation",
        "language",
        "part",
        "answer",
        "companion",
        "needs",
        "seat",
    ]
    assert guest.token not in data.csv

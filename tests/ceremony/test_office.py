"""The office's pages: the workbench, the announcement, the evening."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from factories import ceremony as give

from ceremony import announcing, conferring, desks, running
from ceremony.models import Announcement, Certificate, Cue, Guest, Laureate, Occasion, Override, Place
from prize.models import Approval, Motion


def texts(page):
    return " ".join(page.content.decode().split())


# --- Who receives what ----------------------------------------------------------------------------


def test_the_workbench_shows_each_place_with_its_reason_to_the_secretariat_only(world, karim, mio, nora, sign_in):
    page = f"/admin/ceremony/award/workbench/{world.edition.pk}/"
    text = texts(sign_in(karim).get(page))
    assert "4 of 5 places filled" in text
    assert "Rank 5 in People, the best of its type (Company) without a higher award." in text
    assert sign_in(mio).get(page).status_code == 403
    assert sign_in(nora).get(page).status_code == 302


def test_a_korean_officer_reads_the_reasons_in_korean_and_proposes_the_same_list(world, karim, sign_in):
    page, browser = f"/admin/ceremony/award/workbench/{world.edition.pk}/", sign_in(karim)
    browser.cookies["django_language"] = "ko"
    text = texts(browser.get(page))
    assert "비워 둡니다. 협력 기관이 응모작을 추천하지 않았습니다." in text
    assert "Stays empty" not in text
    browser.post(f"{page}proposal/", {"reason": ""})
    reasons = [line["reason"] for line in Motion.objects.get(act="ceremony.confer").content["places"]]
    assert reasons[-1] == "Stays empty: the partner has not nominated an entry."


def test_the_button_puts_exactly_this_list_to_the_committee(world, karim, sign_in):
    answer = sign_in(karim).post(f"/admin/ceremony/award/workbench/{world.edition.pk}/proposal/", {"reason": "Please."})
    motion = Motion.objects.get(act="ceremony.confer")
    assert answer.url == f"/admin/prize/motion/{motion.pk}/change/"
    assert [line["application"] for line in motion.content["places"]] == [
        world.entries[0].code, world.entries[1].code, world.entries[2].code, world.entries[4].code, "",
    ]  # fmt: skip


def test_a_place_is_fixed_by_hand_and_freed_again(world, karim, sign_in):
    place = Place.objects.get(award__key="gold")
    page = f"/admin/ceremony/award/workbench/{world.edition.pk}/places/{place.pk}/"
    browser = sign_in(karim)
    assert "This field is required" in texts(browser.post(page, {"application": world.entries[1].pk}))
    browser.post(page, {"application": world.entries[1].pk, "reason": "The committee asked."})
    assert Override.objects.get().application == world.entries[1]
    browser.post(f"{page}release/")
    assert not Override.objects.exists()


def test_only_entries_the_award_admits_can_be_chosen(world, karim, sign_in):
    place = Place.objects.get(award__key="best-company")
    page = f"/admin/ceremony/award/workbench/{world.edition.pk}/places/{place.pk}/"
    text = texts(sign_in(karim).get(page))
    assert "Project 5" in text
    assert "Project 1" not in text


def test_the_workbench_asks_the_database_as_often_for_five_entries_as_for_ten(
    world, edition, karim, at, sign_in, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = f"/admin/ceremony/award/workbench/{edition.pk}/"
    browser = sign_in(karim)
    browser.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(page)
    owners = [give.make.make_person(f"Extra {number}") for number in range(5)]
    give.make_finalists(edition, owners, by=karim, at=at)
    with django_assert_num_queries(len(few)):
        browser.get(page)


# --- The announcement -----------------------------------------------------------------------------


def test_the_release_is_asked_and_approved_in_the_office_by_two(conferred, karim, lena, sign_in, at):
    announcement = Announcement.objects.get()
    page = f"/admin/ceremony/announcement/{announcement.pk}"
    browser = sign_in(karim)
    assert "Announces 4 laureates" in texts(browser.get(f"{page}/ask_release/"))
    browser.post(f"{page}/ask_release/", {"reason": "It is four."})
    approval = Approval.objects.get(act="ceremony.release")
    decide = f"/admin/prize/approval/{approval.pk}/approve/"
    browser.post(decide, {"digest": approval.digest})
    assert not Laureate.objects.announced(at + timedelta(days=1)).exists()
    sign_in(lena).post(decide, {"digest": approval.digest})
    assert Laureate.objects.announced(at + timedelta(days=1)).count() == 4


def test_the_planned_time_is_asked_for_in_the_editions_zone(conferred, karim, sign_in):
    announcement = Announcement.objects.get()
    page = f"/admin/ceremony/announcement/{announcement.pk}/ask_reschedule/"
    shown = sign_in(karim).get(page).content.decode()
    planned = announcement.due_at.astimezone(conferred.edition.tz)
    assert f'value="{planned:%Y-%m-%d}"' in shown
    assert f'value="{planned:%H:%M}' in shown
    assert [shown.count(f'aria-label="{name}"') for name in ("Planned day", "Planned time")] == [1, 1]
    sign_in(karim).post(page, {"due_at_0": "2099-09-25", "due_at_1": "16:30", "reason": "The hall is late."})
    assert Approval.objects.get().content["to"] == "2099-09-25T16:30:00+09:00"


def test_certificates_are_made_with_one_button(conferred, karim, sign_in):
    sign_in(karim).post(f"/admin/ceremony/announcement/{Announcement.objects.get().pk}/certify/")
    assert Certificate.objects.count() == 4


def test_the_office_is_told_what_waits(world, karim, carried, at):
    todos = desks.laureates_todo(world.edition, karim, at)
    assert [todo.title for todo in todos] == ["Put the laureates to the committee"]
    assert desks.release_todo(world.edition, karim, at) == []
    motion = conferring.propose(world.edition, by=karim, at=at)
    assert desks.laureates_todo(world.edition, karim, at) == []
    carried(motion, at)
    assert [todo.kind for todo in desks.release_todo(world.edition, karim, at - timedelta(hours=1))] == ["neutral"]
    assert [todo.kind for todo in desks.release_todo(world.edition, karim, at + timedelta(hours=2))] == ["bad"]
    assert announcing.announcement_of(world.edition).released_at is None


# --- The evening ----------------------------------------------------------------------------------


@pytest.fixture
def occasion(world, at):
    found = give.make_occasion(world.edition, at)
    found.cues.create(order=1, minutes=10, title={"en": "Music"})
    found.cues.create(order=2, minutes=15, title={"en": "Awards for people"}, award=world.tree["gold"].parent)
    found.cues.create(order=3, minutes=5, title={"en": "Photograph"})
    return found


def test_cues_begin_when_those_before_them_end(occasion):
    timed = running.order_of(occasion, sealed=False)
    assert [cue.starts_at - occasion.starts_at for cue in timed] == [
        timedelta(0), timedelta(minutes=10), timedelta(minutes=25),
    ]  # fmt: skip
    assert running.minutes_over(occasion) == 30 - 180


def test_a_cue_for_a_track_names_all_its_laureates_gold_last_and_nobody_for_the_unsealed(occasion, conferred):
    track = running.order_of(occasion, sealed=True)[1]
    assert [laureate.title for laureate in track.laureates] == ["Project 5", "Project 3", "Project 2", "Project 1"]
    assert running.order_of(occasion, sealed=False)[1].laureates == []


def test_the_run_of_show_is_printed_for_the_secretariat_with_the_embargo(occasion, conferred, karim, mio, sign_in):
    page = f"/admin/ceremony/occasion/{occasion.pk}/run-of-show/"
    text = texts(sign_in(karim).get(page))
    assert "Under embargo" in text
    assert "City of Amina" in text
    assert sign_in(mio).get(page).status_code == 403


def test_two_cues_change_places(occasion, karim, sign_in):
    cues = list(occasion.cues.all())
    rows = {f"cues-{n}-{name}": value for n, cue in enumerate(cues) for name, value in {
        "id": cue.pk, "occasion": occasion.pk, "position": {0: 2, 1: 1, 2: 3}[n], "minutes": cue.minutes,
        "title_en": cue.title["en"], "title_ko": "", "speaker": "", "award": cue.award_id or "", "note": "",
    }.items()}  # fmt: skip
    local = occasion.starts_at.astimezone(occasion.edition.tz)
    form = {
        "edition": occasion.edition_id, "name_en": "Evening", "name_ko": "", "venue_en": "Boat house", "venue_ko": "",
        "starts_at_0": f"{local:%Y-%m-%d}", "starts_at_1": f"{local:%H:%M}", "ends_at_0": f"{local + timedelta(days=1):%Y-%m-%d}",
        "ends_at_1": "17:00", "answer_by_0": f"{local:%Y-%m-%d}", "answer_by_1": "10:00", "places": 10,
        "cues-TOTAL_FORMS": 3, "cues-INITIAL_FORMS": 3, "cues-MIN_NUM_FORMS": 0, "cues-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    answer = sign_in(karim).post(f"/admin/ceremony/occasion/{occasion.pk}/change/", form | rows)
    assert answer.status_code == 302
    occasion.refresh_from_db()
    assert occasion.starts_at == local.replace(second=0, microsecond=0)
    assert [(cue.order, str(cue.title)) for cue in Cue.objects.all()] == [
        (1, "Awards for people"), (2, "Music"), (3, "Photograph"),
    ]  # fmt: skip


def test_the_times_of_the_evening_are_typed_and_read_in_the_editions_zone(occasion, karim, sign_in):
    local = occasion.starts_at.astimezone(occasion.edition.tz)
    text = texts(sign_in(karim).get(f"/admin/ceremony/occasion/{occasion.pk}/change/"))
    assert f'name="starts_at_1" value="{local:%H:%M}' in text


def test_invitations_go_out_by_one_button(occasion, karim, sign_in):
    occasion.guests.create(name="Ulla", email="ulla@example.org")
    browser = sign_in(karim)
    page = f"/admin/ceremony/occasion/{occasion.pk}/invite/"
    assert "each of the 1 guests" in texts(browser.get(page))
    browser.post(page)
    assert Guest.objects.get().invited_at is not None


def test_a_guest_list_is_imported_by_the_secretariat_and_by_nobody_else(occasion, karim, mio, sign_in):
    file = f"occasion,name,email\n{occasion.code},Wendla,wendla@example.org\n".encode()
    page = "/admin/ceremony/guest/import/"
    upload = {"import_file": SimpleUploadedFile("guests.csv", file, "text/csv"), "format": 0}
    assert sign_in(mio).post(page, upload).status_code == 403
    upload["import_file"] = SimpleUploadedFile("guests.csv", file, "text/csv")
    shown = sign_in(karim).post(page, upload)
    confirm = shown.context["confirm_form"].initial
    sign_in(karim).post("/admin/ceremony/guest/process_import/", confirm)
    assert [guest.name for guest in Occasion.objects.get().guests.all()] == ["Wendla"]


@pytest.mark.parametrize(
    "name",
    ["award", "laureate", "announcement", "certificate", "partner", "specialaward", "occasion", "guest", "benefit",
     "offer", "followup"],
)  # fmt: skip
def test_every_list_of_this_app_opens_for_the_secretariat_only(released, occasion, karim, mio, sign_in, name):
    page = f"/admin/ceremony/{name}/"
    assert sign_in(karim).get(page).status_code == 200
    assert sign_in(mio).get(page).status_code == 403


def test_every_row_of_this_app_opens(released, occasion, karim, sign_in):
    browser = sign_in(karim)
    for row in (
        released.tree["gold"],
        released.special,
        Laureate.objects.first(),
        Announcement.objects.get(),
        occasion,
    ):
        page = f"/admin/ceremony/{row._meta.model_name}/{row.pk}/change/"
        assert browser.get(page).status_code == 200, page

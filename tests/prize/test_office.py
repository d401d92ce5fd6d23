"""What the office reads when something cannot be: each refusal says what to do, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.utils.html import escape
from factories import applications as entries
from stories.walker import Walker

from applications import lifecycle
from judges.models import Judge
from prize import governing, rulebook
from prize.models import Meeting, Stage


@pytest.fixture
def walk(django_capture_on_commit_callbacks):
    return lambda person: Walker(person, django_capture_on_commit_callbacks)


@pytest.fixture
def call(edition):
    return edition.stages.get(slug="call")


def page_of(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_of_two_officers_at_one_stage_the_second_is_told_and_loses_nothing(call, karim, lena, walk):
    first, second = walk(karim).open(page_of(call)), walk(lena).open(page_of(call))
    second.press("Save", summary_en="Enter by post").reads("was changed successfully")
    first.press("Save", summary_en="Enter online")
    first.reads("Lena has changed this since you opened it.", "Nothing of yours is saved", "Enter by post")
    assert 'value="Enter online"' in first.content.decode()
    assert str(Stage.objects.get(pk=call.pk).summary) == "Enter by post"
    first.press("Save").reads("was changed successfully")
    assert str(Stage.objects.get(pk=call.pk).summary) == "Enter online"


def test_an_officer_alone_saves_twice_in_a_row(call, karim, walk):
    office = walk(karim).open(page_of(call)).press("Save and continue editing", summary_en="One")
    office.press("Save and continue editing", summary_en="Two").reads("was changed successfully")
    assert str(Stage.objects.get(pk=call.pk).summary) == "Two"


def test_a_button_of_a_page_left_open_says_that_the_move_is_no_longer_possible(edition, amina, karim, at, walk):
    entry = entries.make_submitted(edition, amina, at=at)
    office = walk(karim).open(page_of(entry)).follow("Reopen")
    lifecycle.withdraw(entry, by=amina, at=at, reason="We merged it with another.")
    office.press("Reopen", reason="A file is missing.")
    assert office.status == 200
    office.does_not_read("The entry is open again.").reads("withdrawn")


def test_a_stage_that_is_not_over_is_not_closed_by_one_person(call, karim, walk):
    office = walk(karim).open(page_of(call))
    with pytest.raises(AssertionError, match="finds no link"):
        office.follow("Close this stage")
    office.open(page_of(call).replace("change", "close")).press("Close this stage")
    office.reads("Closing it early needs a second person")
    assert Stage.objects.get(pk=call.pk).closed_at is None


def test_a_screening_officer_finds_no_button_that_is_not_hers(call, mio, walk):
    officer = walk(mio).open(page_of(call))
    officer.does_not_read("Ask to close early")
    assert officer.open(page_of(call).replace("change", "ask_to_close")).status == 403
    officer.reads("This page is not open to you")


def test_times_are_typed_and_read_in_the_editions_zone_and_the_zone_is_named(edition, karim, walk):
    coming = edition.stages.get(slug="second")  # one that has begun is moved by two people
    office = walk(karim).open(page_of(coming)).reads("Time in Seoul", "in Seoul. All times here are in this zone.")
    closes = coming.closes_at.astimezone(coming.edition.tz) + timedelta(days=1)
    office.press("Save", closes_at_0=f"{closes:%Y-%m-%d}", closes_at_1=f"{closes:%H:%M:%S}")
    office.reads(f"{closes:%H:%M}")
    assert abs(Stage.objects.get(pk=coming.pk).closes_at - closes) < timedelta(seconds=1)


def test_lists_show_names_in_the_readers_language_and_never_as_they_are_stored(call, karim, walk):
    karim.language = "ko"
    karim.save()
    for address in ("/admin/prize/stage/", "/admin/prize/prize/", "/admin/prize/category/"):
        walk(karim).open(address).does_not_read('{"en"')


def test_a_meeting_is_told_to_everybody_once_and_again_when_it_moves(
    promotion, hana, ines, karim, at, walk, mailoutbox
):
    meeting = Meeting.objects.create(
        committee=promotion, title={"en": "Session"}, starts_at=at + timedelta(days=2), ends_at=at + timedelta(days=3)
    )
    office = walk(karim).open(page_of(meeting)).follow("Write to the members").reads("time in Seoul")
    office.press("Write to the members").reads("2 letters are on their way.")
    assert {mail.to[0] for mail in mailoutbox} == {hana.email, ines.email}
    office.follow("Write to the members").press("Write to the members").reads(
        "Everybody on this committee has been written to"
    )
    assert len(mailoutbox) == 2
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=at + timedelta(days=1))
    office.follow("Write to the members").press("Write to the members").reads("2 letters are on their way.")


def test_what_a_motion_does_is_read_as_sentences_and_its_data_is_folded_away(promotion, karim, at, walk):
    content = {"digest": rulebook.export(promotion.edition).digest, "places": [{"award": "gold"}]}
    motion = governing.propose(promotion, "prize.adopt_rules", content, title="Adopt them", by=karim, at=at)
    page = walk(karim).open(page_of(motion)).content.decode()
    said = governing.acts.get(motion.act).describe(content, promotion.edition)[0]
    data = page[page.index('<details class="data">') : page.index("</details>", page.index('<details class="data">'))]
    assert escape(said) in page.replace(data, "")
    assert "&quot;award&quot;: &quot;gold&quot;" in data
    assert "&quot;gold&quot;" not in page.replace(data, "")


def test_what_needs_somebody_comes_before_the_numbers(call, amina, karim, at, walk):
    entries.make_submitted(call.edition, amina, at=at)
    page = walk(karim).open("/admin/").reads("1 entry has come in", "day 6 of 11").content.decode()
    main = page[page.index("<main") :]
    assert main.index("<h1>1 entry") < main.index("What needs you today") < main.index('class="funnel"')
    assert main.index('class="funnel"') < main.index('class="stages"') < main.index("Everything in the office")
    assert '<li aria-current="step"><span>Received</span><b>1</b>' in main


def test_the_office_home_asks_a_bounded_number_of_questions_however_much_there_is(
    edition, call, amina, bruno, karim, at, sign_in, django_assert_max_num_queries
):
    office = sign_in(karim)
    office.get("/admin/")
    with django_assert_max_num_queries(46) as empty:
        office.get("/admin/")
    for person in (amina, bruno):
        entries.make_submitted(edition, person, at=at)
    with django_assert_max_num_queries(len(empty)):
        office.get("/admin/")


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/admin/screening/check/", "Checks"),
        ("/admin/screening/check/board/", "Screening board"),
        ("/admin/prize/stage/", "Stages"),
        ("/admin/", None),
    ],
)
def test_the_sidebar_marks_the_one_line_where_one_is(edition, karim, walk, address, line):
    page = walk(karim).open(address).content.decode()
    sidebar = page[page.index('id="nav-sidebar"') : page.index("</nav>", page.index('id="nav-sidebar"'))]
    marked = re.findall(r'aria-current="page">([^<]+)</a>', sidebar)
    assert marked == ([line] if line else [])
    assert sidebar.count("current-model") == len(marked)


def test_each_cell_of_a_list_names_its_column_and_the_heads_stay_to_sort_by(edition, amina, karim, at, walk):
    entries.make_submitted(edition, amina, at=at, title="<b>Tides</b>")
    page = walk(karim).open("/admin/applications/application/").content.decode()
    table = page.partition('id="result_list"')[2].partition("</table>")[0]
    heads = re.findall(r'<div class="text"><(?:a|span)[^>]*>([^<]+)</', table)
    row = table.partition("<tbody>")[2]
    assert re.findall(r'data-label="([^"]+)"', row) == heads
    assert len(heads) > 4
    assert "&lt;b&gt;Tides" in row
    assert table.count('href="?o=') >= 4


def test_the_cell_to_select_a_row_needs_no_name(edition, promotion, eve, karim, walk):
    Judge.objects.create(edition=edition, person=eve)
    page = walk(karim).open("/admin/judges/judge/").content.decode()
    row = page.partition('id="result_list"')[2].partition("<tbody>")[2]
    assert '<td class="action-checkbox"><input type="checkbox"' in row
    assert 'data-label="Select all"' in page


def test_a_list_without_rows_says_so_and_a_search_without_finds_leads_back(promotion, karim, walk):
    office = walk(karim).open("/admin/prize/meeting/").reads("Nothing here yet")
    office.open("/admin/prize/committee/").does_not_read("Nothing here yet", "Nothing fits")
    office.open("/admin/prize/committee/?q=nobody").reads("Nothing fits what you look for")
    office.follow("Show everything").reads("Promotion committee")

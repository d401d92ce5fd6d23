"""The arithmetic of the shared parts, the parts themselves, and the palette they are drawn in."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from django_countries import countries

from prize import atlas
from prize.templatetags import components

ROOT = Path(__file__).resolve().parents[2]
PARTS = sorted(path.name for path in (ROOT / "templates/components").glob("[!_]*.html"))
CLOSES = datetime(2023, 6, 30, 9, 0, tzinfo=UTC)


def part(name: str, **context: object) -> str:
    return re.sub(r"\s+", " ", render_to_string(f"components/{name}.html", context))


# --- Time ------------------------------------------------------------------------------------------


def test_an_instant_is_told_in_the_zone_of_the_prize():
    assert components.moment(CLOSES, "Asia/Seoul") == "30 June 2023, 18:00"
    assert components.day(CLOSES - timedelta(hours=10), "Asia/Seoul") == "30 June 2023"
    assert components.day(CLOSES - timedelta(hours=10), "UTC") == "29 June 2023"
    assert components.clock(CLOSES, "Europe/Paris") == "11:00"


def test_a_date_keeps_the_order_of_its_language():
    with translation.override("ko"):
        assert components.moment(CLOSES, "Asia/Seoul") == "2023년 6월 30일 18:00"
        assert components.brief(CLOSES, "Asia/Seoul", CLOSES) == "6월 30일 18:00"
    with translation.override("fr"):
        assert components.moment(CLOSES, "Asia/Seoul") == "30 juin 2023, 18:00"


def test_an_instant_that_is_not_set_is_said_with_nothing():
    assert (components.moment(None), components.day(None), components.clock(None), components.iso(None)) == ("",) * 4


def test_a_template_tells_an_instant_the_same_whatever_zone_is_active():
    template = Template("{% load components %}{{ at|moment:'Asia/Seoul' }} {{ at|iso }}")
    with translation.override("en"):
        assert template.render(Context({"at": CLOSES})) == "30 June 2023, 18:00 2023-06-30T09:00:00Z"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=6, hours=2, minutes=59), "6 days 2 h left"),
        (timedelta(days=1), "1 day 0 h left"),
        (timedelta(hours=5, minutes=7), "5 h 7 min left"),
        (timedelta(minutes=41, seconds=59), "41 min left"),
        (timedelta(seconds=1), "1 min left"),
        (timedelta(0), "Closed"),
        (timedelta(days=-3), "Closed"),
    ],
)
def test_what_remains_is_said_in_words(before, words):
    assert components.remaining(CLOSES, CLOSES - before) == words


def test_a_countdown_never_goes_below_zero():
    assert components.left(CLOSES, CLOSES + timedelta(days=1)) == (0, 0, 0, 0)
    assert components.left(CLOSES, CLOSES - timedelta(days=12, hours=4, minutes=31, seconds=9)) == (12, 4, 31, 9)


def test_the_year_is_left_out_only_near_the_moment_of_the_page():
    assert components.brief(CLOSES, "Asia/Seoul", CLOSES - timedelta(days=6)) == "30 June, 18:00"
    assert components.brief(CLOSES, "Asia/Seoul", CLOSES - timedelta(days=400)) == "30 June 2023, 18:00"
    assert components.brief(CLOSES, "Asia/Seoul") == "30 June 2023, 18:00"


def test_a_zone_is_named_by_its_city():
    assert [components.place(zone) for zone in ("Asia/Ho_Chi_Minh", "UTC", "")] == ["Ho Chi Minh", "UTC", "UTC"]


# --- Numbers ---------------------------------------------------------------------------------------


def test_a_hundred_percent_means_all_and_zero_means_none():
    done = [components.percent(part, 1000) for part in (0, 1, 500, 999, 1000, 1001)]
    assert done == [0, 1, 50, 99, 100, 100]
    assert components.percent(3, 0) == 0
    assert components.percent(None, 5) == 0


def test_a_width_is_written_with_a_point_in_every_language():
    with translation.override("de"):
        assert components.share(1, 3) == "33.33"
    assert [components.share(*pair) for pair in [(0, 5), (5, 5), (9, 5), (1, 8), (None, 5), (2, 0)]] == [
        "0", "100", "100", "12.5", "0", "0",
    ]  # fmt: skip


def test_a_value_stands_on_its_axis_and_never_off_it():
    assert [components.along(value, 1, 5) for value in (1, 2, 5, 0, 9)] == ["0", "25", "100", "0", "100"]
    assert components.along(7, 7, 7) == "50"


# --- Text ------------------------------------------------------------------------------------------


def test_a_digest_shows_its_first_eight_characters_in_two_groups():
    assert [components.digest(text) for text in ("7f3a91c2ee01", "7f3", "")] == ["7f3a 91c2", "7f3", ""]


def test_initials_take_the_first_and_the_last_word():
    names = ["Park Yuna", "박유나", "Isidore Vallcorba i Montserrat", ""]
    assert [components.initials(name) for name in names] == ["PY", "박", "IM", ""]


def test_another_page_of_a_list_keeps_its_filters():
    assert components.page_link(QueryDict("q=water&region=asia&page=2"), 3) == "?q=water&region=asia&page=3"
    assert components.page_link(None, 2) == "?page=2"


# --- Parts -----------------------------------------------------------------------------------------


def test_no_part_carries_what_the_content_policy_forbids():
    forbidden = re.compile(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    pages = [path for path in (ROOT / "templates").rglob("*.html") if forbidden.search(path.read_text())]
    assert pages == [ROOT / "templates/prize/letters/frame.html"], (
        "only mail programs, which read no sheet, need a style"
    )


@pytest.mark.parametrize("name", PARTS)
def test_every_part_names_its_parameters_at_the_top(name):
    text = re.sub(r"{% load [^%]*%}\s*", "", (ROOT / "templates/components" / name).read_text())
    assert text.lstrip().startswith("{% comment %}")


@pytest.mark.parametrize("name", PARTS)
def test_every_part_stands_on_the_patterns_page(name):
    pages = [ROOT / "templates/prize/patterns.html", *(ROOT / "templates/components").glob("*.html")]
    pages.append(ROOT / "templates/base.html")
    assert any(f'"components/{name}"' in page.read_text() for page in pages)


# By the part's class: whoever writes it by hand misses what the part learns later.
OWN = ("callout", "chip", "tabs", "tiles", "funnel", "stages", "todo", "person", "file", "empty", "ways", "filter-bar", "pager",
       "dialog", "messages", "interval", "countdown", "approval", "error-summary", "progress-line", "bar-list", "world-map",
       "criterion")  # fmt: skip
BY_HAND = {
    ("allauth/elements/alert.html", "callout"): "allauth hands over what stands in it, and no text",
    ("allauth/elements/badge.html", "chip"): "allauth hands over what stands in it, and no text",
    ("allauth/layouts/manage.html", "tabs"): "its pages are allauth's: no view of ours could make the list",
    ("judges/_steps.html", "stages"): "each step leads to its own page, some of them with an argument",
    ("judges/_way_in.html", "todo"): "each step leads to its own page, some of them with an argument",
    ("screening/_clarifications_panel.html", "todo"): "each question has its deadline, which is a part itself",
    ("applications/_problems.html", "error-summary"): "grouped by the section in which each thing is to be done",
    ("judges/sheet.html", "criterion"): "the comment stands among the criteria, and is no scale",
    ("judges/_number.html", "criterion"): "a mark that is typed, and no scale",
    ("admin/screening/_checks.html", "criterion"): "three results with a note, and no scale",
}


def test_no_template_writes_a_part_by_hand():
    folder = ROOT / "templates"
    pages = [path for path in folder.rglob("*.html") if path.parent.name != "components"]
    found = {
        (str(path.relative_to(folder)), name)
        for path in pages
        for classes in re.findall(r'class="([^"{]*)', path.read_text(encoding="utf-8"))
        for name in set(classes.split()) & set(OWN)
    }
    assert found == set(BY_HAND)


def test_a_button_that_cannot_be_used_says_why():
    html = part("button", label="Close the round", reason="Three entries lack a review.", href="/close/")
    assert "disabled" in html
    assert "Three entries lack a review." in html
    assert "/close/" not in html


def test_what_a_person_wrote_is_escaped_in_a_part():
    html = part("approval", title="<b>x</b>", by="Eve <script>", when=CLOSES, zone="UTC", content="<img>", digest="ab")
    assert "<script>" not in html
    assert "<img>" not in html
    assert "<b>x</b>" not in html


def test_progress_is_a_bar_a_figure_and_words_for_a_listener():
    html = part("progress", label="Judge 1", done=36, total=39)
    assert 'width="92.31%"' in html
    assert "36 / 39" in html
    assert "36 of 39" in html


def test_a_step_without_a_figure_yet_is_read_as_not_yet():
    html = part("funnel", steps=[{"label": "Received", "value": 0}, {"label": "Awards", "value": None}])
    assert "<b>0</b>" in html
    assert html.count('aria-label="not yet"') == 1


def test_an_interval_says_in_words_what_it_draws():
    html = part("interval", low=2, high=7, value=3, first=1, last=11)
    assert 'aria-label="3, likely between 2 and 7"' in html
    assert 'x1="10%" x2="60%"' in html
    assert 'cx="20%"' in html
    assert "dot-raw" not in html


def test_the_map_knows_every_country_in_which_people_live():
    unpeopled = {"AQ", "BV", "HM"}
    assert {code for code, _name in countries} - set(atlas.HOME) == unpeopled


def test_the_map_draws_what_is_counted_and_says_it():
    places = atlas.places({"KR": 4, "FI": 0, "BR": 9, "??": 2}, {"KR": "Korea", "BR": "Brazil"})
    assert [(place.label, place.value) for place in places] == [("Brazil", 9), ("Korea", 4)]
    assert places[0].radius > places[1].radius
    brazil, korea = places
    assert brazil.x < atlas.WIDTH / 2 < korea.x
    assert korea.y < brazil.y
    said = part("world_map", places=places, label="Laureates by country")
    assert 'role="img" aria-label="Laureates by country"' in said
    assert said.count("<circle") == 2
    assert "<title>Brazil: 9</title>" in said


def test_the_error_summary_leads_to_each_field_and_takes_focus():
    from prize.patterns import SampleForm

    html = part("error_summary", form=SampleForm({"title": ""}), errors=["The call is closed."])
    assert 'tabindex="-1"' in html
    assert 'href="#id_title"' in html
    assert "The call is closed." in html
    assert part("error_summary", form=SampleForm()).strip() == ""


def test_the_pager_is_silent_where_one_page_is_all():
    from django.core.paginator import Paginator

    assert part("pager", page=Paginator(range(5), 10).page(1)).strip() == ""
    html = part("pager", page=Paginator(range(25), 10).page(2), query=QueryDict("q=a"))
    assert "11 to 20 of 25" in html
    assert 'href="?q=a&amp;page=3"' in html


def test_errors_interrupt_and_good_news_waits():
    class Message(str):
        level_tag = "success"

    class Problem(str):
        level_tag = "error"

    html = part("messages", messages=[Message("Saved."), Problem("Not saved.")])
    assert re.findall(r'role="(\w+)"', html) == ["status", "alert"]


# --- The palette -----------------------------------------------------------------------------------

PALETTE = (ROOT / "static/css/tokens.css").read_text().split("@media")[0]
TOKENS = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\);", PALETTE))

TEXT_ON = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "brand", "brand-2", "accent") for ground in ("paper", "wash")],
    *[("ink", wash) for wash in ("brand-wash", "gold-wash", "ok-wash", "warn-wash", "bad-wash", "chip")],
    *[(name, f"{name}-wash") for name in ("gold", "ok", "warn", "bad")],
    *[(name, "paper") for name in ("gold", "ok", "warn", "bad")],
    ("ink-2", "chip"), ("ink-3", "chip"), ("ink-2", "brand-wash"), ("ink-3", "gold-wash"), ("brand-2", "brand-wash"),
    ("brand", "brand-wash"), ("on-brand", "brand"), ("on-brand", "brand-hover"), ("on-bad", "bad"), ("on-bad", "bad-hover"),
]  # fmt: skip
SHAPE_ON = [("control", "paper"), ("control", "wash"), ("range", "paper"), ("brand-2", "paper"), ("brand-2", "wash")]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, scheme: int) -> float:
    light, dark = sorted((luminance(TOKENS[name].split(", ")[scheme]) for name in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(scheme):
    faint = {f"{a} on {b}": round(contrast(a, b, scheme), 2) for a, b in TEXT_ON if contrast(a, b, scheme) < 4.5}
    assert faint == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_borders_of_fields_and_drawn_ranges_can_be_seen(scheme):
    faint = {f"{a} on {b}": round(contrast(a, b, scheme), 2) for a, b in SHAPE_ON if contrast(a, b, scheme) < 3}
    assert faint == {}


def test_the_vendored_stylesheets_are_the_ones_we_checked():
    import hashlib

    folder = ROOT / "static/vendor/bootstrap"
    recorded = dict(reversed(line.split()) for line in (folder / "CHECKSUMS").read_text().splitlines())
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in recorded}
    assert found == recorded
    assert "sourceMappingURL" not in (folder / "bootstrap.min.css").read_text()

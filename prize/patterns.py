"""What the patterns page shows: every shared part in every state, with invented content."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator

from prize import atlas


class SampleForm(forms.Form):
    """One field of each kind an entry form uses."""

    title = forms.CharField(label="Title of the project", max_length=80, help_text="As it will be announced.")
    kind = forms.ChoiceField(
        label="Who applies", choices=[("", "Choose"), ("city", "City government"), ("firm", "Company")]
    )
    story = forms.CharField(label="What was done", widget=forms.Textarea(attrs={"rows": 4}))
    report = forms.FileField(label="Evaluation report", required=False)
    agreed = forms.BooleanField(label="We may show this entry to the judges")


class SampleFilter(forms.Form):
    q = forms.CharField(label="Words", required=False, widget=forms.TextInput(attrs={"class": "form-control"}))
    region = forms.ChoiceField(
        label="Region",
        required=False,
        choices=[("", "All regions"), ("asia", "Asia"), ("europe", "Europe")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class Ranked(NamedTuple):
    rank: int
    name: str
    raw: str
    adjusted: str
    low: int
    high: int
    chance: int
    mark: str = ""


MAPPED = {"KR": "South Korea", "IN": "India", "BR": "Brazil", "KE": "Kenya", "FI": "Finland"}
RANKED = [
    Ranked(1, "A bank of hours for digital helpers", "8.66", "8.96", 1, 4, 99),
    Ranked(2, "Sign-language kiosks in every clinic", "8.98", "8.88", 1, 5, 98),
    Ranked(3, "골목길 음성 안내 표지판", "8.61", "8.71", 2, 7, 96),
    Ranked(19, "Open data desk for small shops", "7.54", "7.44", 13, 25, 56, "near"),
    Ranked(20, "Remote care for islands", "7.15", "7.35", 14, 27, 52, "near cut-below"),
    Ranked(21, "Street lights that listen to residents", "7.57", "7.27", 15, 28, 48, "near"),
]

LEVELS = {
    1: "1: absent. Nothing in the entry answers the question.",
    4: "4: partial. Results are named, not measured.",
    8: "8: strong. Results are measured against a baseline and reach the groups that were left out.",
    10: "10: exemplary. An outside evaluation confirms it.",
}


def numbers() -> dict[str, Any]:
    return {
        "tiles": [
            {"figure": 104, "caption": "entries, each with 3 reviews"},
            {"figure": "± 0.41", "caption": "typical uncertainty of a score"},
            {"figure": 388, "of": 627, "caption": "reviews are in", "href": "#figures"},
            {"figure": 3, "caption": "entries without a second reader", "kind": "bad"},
        ],
        "open_tiles": [
            {"figure": 240, "caption": "entries"},
            {"figure": 93, "caption": "cities"},
            {"figure": 47, "caption": "countries"},
        ],
        "regions": [
            {"label": "Asia", "value": "44 %", "share": 44},
            {"label": "Europe", "value": "24 %", "share": 24},
            {"label": "Middle East", "value": "17 %", "share": 17},
            {"label": "Oceania", "value": "2 %", "share": 2, "kind": "gold"},
        ],
        "funnel": [
            {"label": "Received", "value": 240, "note": "93 cities, 47 countries"},
            {"label": "Eligible", "value": 209, "note": "31 declined, all told why"},
            {"label": "Reviewed", "value": 388, "of": 627, "note": "on pace for 18 July", "current": True},
            {"label": "Shortlist", "value": None, "note": "40 planned"},
            {"label": "Awards", "value": None, "note": "21 planned"},
        ],
        "stages": [
            {"when": "March – June", "name": "Call for entries", "word": "Closed", "state": "past"},
            {"when": "June", "name": "Eligibility", "word": "Every entry checked", "state": "past"},
            {"when": "5 – 19 July", "name": "Expert round", "word": "Open now", "state": "now"},
            {"when": "September", "name": "Final selection", "word": "By the committee", "state": "next"},
            {"when": "25 September", "name": "Ceremony", "word": "Art Hall", "state": "next"},
        ],
        "ranked": RANKED,
        "places": atlas.places({"KR": 6, "IN": 4, "BR": 3, "KE": 2, "FI": 1}, MAPPED),
        "mapped": [
            {"label": name, "value": count, "share": count}
            for name, count in zip(MAPPED.values(), (6, 4, 3, 2, 1), strict=True)
        ],
        "said": [
            Message(constants.SUCCESS, "Saved. The entry is complete and can be submitted."),
            Message(constants.INFO, "The round opens on 5 July; you can read now."),
            Message(constants.WARNING, "You were signed out. What you typed is kept."),
            Message(constants.ERROR, "A colleague has changed this since you opened it. Nothing of yours is saved."),
        ],
    }


def words() -> dict[str, Any]:
    return {
        "todo": [
            {
                "title": "Two entries have only two eligible judges left",
                "kind": "bad",
                "word": "urgent",
                "text": "Judge 4 stepped aside yesterday. A replacement plan is ready.",
                "href": "#todo",
                "action": "Review plan",
            },
            {
                "title": "Three judges are behind pace",
                "kind": "warn",
                "word": "soon",
                "text": "A reminder goes out tonight at 20:00 in their own time zone unless you hold it.",
                "href": "#todo",
                "action": "Preview",
            },
            {
                "title": "Waiting for a second person: extension for entry K7WQ3M9T",
                "kind": "ok",
                "word": "ready",
                "text": "Proposed at 08:50.",
                "href": "#todo",
                "action": "Read and approve",
                "primary": True,
            },
        ],
        "ways": [
            {
                "name": "Inclusion",
                "text": "Projects that serve those most often left out.",
                "note": "8 awards",
                "tone": "brand",
            },
            {
                "name": "Invention",
                "text": "Policy and technology joined to solve a city's problem.",
                "note": "8 awards",
                "tone": "accent",
            },
            {
                "name": "Leadership",
                "text": "People whose use of data changed lives.",
                "note": "2 awards",
                "tone": "gold",
                "href": "#ways",
            },
            {"name": "Special mentions", "text": "Chosen with our partners.", "note": "3 awards", "tone": "neutral"},
        ],
        "tabs": [
            {"label": "Entry", "href": "#tabs", "current": True},
            {"label": "Files", "href": "#tabs", "count": 4},
            {"label": "City indicators", "href": "#tabs"},
            {"label": "My notes", "href": "#tabs", "count": 0},
        ],
        "definitions": [
            {"term": "Category", "text": "Inclusion"},
            {"term": "Applicant", "text": "City government"},
            {"term": "Website", "text": "Project page", "href": "#definitions"},
            {"term": "Budget", "text": ""},
        ],
        "pairs": [
            {"term": "left out any one judge", "text": "18 of 20 stay"},
            {"term": "varied weights by a quarter", "text": "19 of 20 stay"},
        ],
        "content": "The call closes for this entry on 2 July at 18:00 in Seoul.\nReason: flood in the city hall.",
        "marks": [{"value": mark, "level": LEVELS.get(mark, "")} for mark in range(1, 11)],
        "level": LEVELS[8],
    }


def refused_form() -> SampleForm:
    form = SampleForm({"title": "", "kind": "city", "story": "Since March", "agreed": ""})
    form.is_valid()
    return form


# The moments are those of the first edition, so that the page looks the same on every day.
PATTERNS: dict[str, Any] = {
    "at": datetime(2023, 6, 18, 4, 29, tzinfo=UTC),
    "zone": "Asia/Seoul",
    "soon": datetime(2023, 6, 30, 9, 0, tzinfo=UTC),
    "past": datetime(2023, 6, 15, 8, 50, tzinfo=UTC),
    "blank_form": SampleForm(prefix="blank"),
    "refused_form": refused_form(),
    "filter_form": SampleFilter(),
    "page": Paginator(range(57), 20).page(2),
    **numbers(),
    **words(),
}

"""The catalogue of every language is whole, and no page says anything that it cannot say in another language."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.template.base import Lexer, TokenType
from django.utils.functional import Promise

ROOT = Path(__file__).parent.parent
MESSAGES = ROOT / "locale" / "ko" / "LC_MESSAGES"
UNSEEN = {"claimed_until", "salt", "idempotency_key", "token"}  # of the machinery
REFRESH = "Run makemessages and compilemessages, and translate what is new."


# --- Reading a catalogue ---------------------------------------------------------------------------


@dataclass
class Entry:
    context: str | None = None
    singular: str = ""
    plural: str | None = None
    translations: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """As a compiled catalogue names it."""
        return self.singular if self.context is None else f"{self.context}\x04{self.singular}"


LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d+\])?\s+)?(".*")')


def read(path: Path) -> list[Entry]:
    """The header is the first entry, with an empty msgid. Obsolete entries are comments, so they do not appear."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    return [entry(block) for block in blocks if re.search(r"^msgid ", block, re.MULTILINE)]


def entry(block: str) -> Entry:
    found = Entry()
    texts: dict[str, list[str]] = {"msgctxt": [], "msgid": [], "msgid_plural": []}
    target: list[str] = []
    for line in block.splitlines():
        if line.startswith("#,"):
            found.flags |= {flag.strip() for flag in line[2:].split(",")}
        match = None if line.startswith("#") else LINE.fullmatch(line.strip())
        if match is None:
            continue
        word, text = match.groups()
        if word == "msgstr":
            found.translations.append("")
        elif word:
            target = texts[word]
        if word == "msgstr" or (not word and found.translations):
            found.translations[-1] += ast.literal_eval(text)
        else:
            target.append(ast.literal_eval(text))
    found.singular = "".join(texts["msgid"])
    found.context = "".join(texts["msgctxt"]) if texts["msgctxt"] else None
    found.plural = "".join(texts["msgid_plural"]) if texts["msgid_plural"] else None
    return found


PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\[\w+\]|</?[a-z][^>]*>")


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


# --- The catalogue ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> list[Entry]:
    return read(MESSAGES / "django.po")


def test_the_reader_understands_contexts_plurals_and_long_texts(tmp_path: Path) -> None:
    written = tmp_path / "some.po"
    written.write_text(
        'msgid ""\nmsgstr "Language: ko\\n"\n\n#, fuzzy, python-format\nmsgctxt "day"\nmsgid ""\n"%(n)s "\n"day"\n'
        'msgid_plural "%(n)s days"\nmsgstr[0] "%(n)s\\"일"\n\n#~ msgid "gone"\n#~ msgstr "없음"\n',
        encoding="utf-8",
    )
    header, day = read(written)
    assert header.key == ""
    assert header.translations == ["Language: ko\n"]
    assert day.key == "day\x04%(n)s day"
    assert day.plural == "%(n)s days"
    assert day.translations == ['%(n)s"일']
    assert day.flags == {"fuzzy", "python-format"}


def test_every_text_is_translated_and_none_is_a_guess(catalogue: list[Entry]) -> None:
    assert len(catalogue) > 1000
    empty = [one.singular for one in catalogue if not one.translations or not all(one.translations)]
    guessed = [one.singular for one in catalogue if "fuzzy" in one.flags]
    assert not empty, f"Without Korean: {empty}. {REFRESH}"
    assert not guessed, f"Marked as a guess: {guessed}"


def test_korean_has_one_plural_form(catalogue: list[Entry]) -> None:
    assert "nplurals=1;" in catalogue[0].translations[0]
    assert [one.singular for one in catalogue if len(one.translations) != 1] == []


def test_a_translation_keeps_the_placeholders(catalogue: list[Entry]) -> None:
    """With one form for all numbers the plural is what has to be matched: a singular may leave the number out."""
    differing = [
        (one.singular, one.translations)
        for one in catalogue[1:]
        if any(placeholders(one.plural or one.singular) != placeholders(text) for text in one.translations)
    ]
    assert differing == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: list[Entry]) -> None:
    with (MESSAGES / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    written = {(one.key, 0) if one.plural else one.key: one.translations[0] for one in catalogue[1:]}
    assert {key: text for key, text in compiled.items() if key} == written, f"Not compiled since. {REFRESH}"


# --- What the code and the templates say -----------------------------------------------------------

LEFT_OUT = {"tests", "docs", "var", "node_modules", "site", "staticfiles", "locale"}


def sources() -> Iterator[Path]:
    for top in sorted(ROOT.iterdir()):
        if top.is_dir() and top.name not in LEFT_OUT and not top.name.startswith("."):
            yield from (path for path in top.rglob("*") if path.suffix in {".py", ".html", ".txt"})


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext's xgettext to collect the texts")
def test_the_catalogue_holds_exactly_what_is_said(catalogue: list[Entry], tmp_path: Path) -> None:
    """The texts are collected from a copy, so that nothing in the project is written."""
    for path in sources():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "ko", "--no-location", "--no-wrap"]
    environment = {key: text for key, text in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=60)
    said = {one.key for one in read(tmp_path / "locale" / "ko" / "LC_MESSAGES" / "django.po")}
    kept = {one.key for one in catalogue}
    assert said - kept == set(), f"Said, but not in the catalogue. {REFRESH}"
    assert kept - said == set(), f"In the catalogue, but said nowhere. {REFRESH}"


# --- Literal text in templates ---------------------------------------------------------------------

WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"aria-label", "aria-description", "aria-roledescription", "alt", "title", "placeholder", "label"}
SILENT = {"script", "style", "code", "template"}
UNSPOKEN_BLOCKS = {"block body_class", "block body_attributes"}
LITERAL_ARGUMENT = re.compile(r'\b(?:title|text|label|word|action|note|lead|heading|caption|help)="([^"]*)"')
ALLOWED = {
    "Tab": "a key's name stands so on every keyboard",
    "UTC": "the same in every language",
    "English": "a language's name in itself",
    "한국어": "a language's name in itself",
}


class Spoken(HTMLParser):
    """What a reader or a screen reader meets: text outside silent elements, and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.inside.append(tag)
        self.said += [text for name, text in attrs if name in SPOKEN and text]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.said.append(data)


def outside_tags(source: str) -> tuple[str, list[str]]:
    """The text of a template without what its tags print, and literal words that are handed to an included part."""
    text, handed, until = [], [], ""
    for token in Lexer(source).tokenize():
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if until:
            until = "" if word == until else until
        elif word in {"blocktranslate", "blocktrans", "comment"}:
            until = f"end{word}"
        elif token.contents in UNSPOKEN_BLOCKS:
            until = "endblock"
        elif word == "include":
            handed += LITERAL_ARGUMENT.findall(token.contents)
        elif token.token_type == TokenType.TEXT:
            text.append(token.contents)
    return "".join(text), handed


def literals(source: str, *, html: bool = True) -> list[str]:
    """Words in a template that no translation can reach."""
    text, said = outside_tags(source)
    if html:
        parser = Spoken()
        parser.feed(text)
        parser.close()
        said += parser.said
    else:
        said.append(text)
    return [" ".join(one.split()) for one in said if set(WORD.findall(one)) - set(ALLOWED)]


EXEMPT = {"prize/patterns.html": "a sampler for those who build pages: its words are material, not the prize's"}
FOLDER = ROOT / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt"})


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - set(EXEMPT)))
def test_a_template_leaves_every_word_to_the_catalogue(name: str) -> None:
    assert literals((FOLDER / name).read_text(encoding="utf-8"), html=name.endswith(".html")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Good day</p>", ["Good day"]),
        ('<a aria-label="Main menu" class="wide">{{ name }}</a>', ["Main menu"]),
        ('<p{% if x %} class="near"{% endif %}>{% translate "Good day" %} · 3 %</p>', []),
        ("{% blocktranslate %}Good day{% endblocktranslate %}<!-- for us --><script>let word</script>", []),
        ('{% include "a.html" with label="Go on" kind="primary" only %}', ["Go on"]),
        ('{% include "a.html" with label=_("Go on") %}<span class="key">C</span>', []),
        ("{% block body_class %}desk{% endblock %}<{% if x %}a href='/'{% else %}button{% endif %}>{{ x }}", []),
        ("{% comment %} why {% endcomment %}{# and so #}<b>{{ value }}</b>", []),
    ],
)
def test_the_scanner_tells_words_from_markup(source: str, found: list[str]) -> None:
    assert literals(source) == found


# --- Names of what is stored ---------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["prize", "applications", "screening", "judges", "ceremony"])
def test_every_stored_thing_that_people_may_see_has_a_name_in_each_language(app: str) -> None:
    fields = [field for model in apps.get_app_config(app).get_models() for field in model._meta.get_fields()]
    shown = [field for field in fields if field.concrete and not field.auto_created and field.name not in UNSEEN]
    unnamed = [str(field) for field in shown if not isinstance(field.verbose_name, Promise)]
    assert len(shown) > 20
    assert unnamed == []

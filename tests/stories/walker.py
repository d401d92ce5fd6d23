"""Somebody at a browser: reads a page, follows a link by its words, fills in a form and presses a button by its words.

Nothing is posted to an address that the page just read does not offer, so a button that is missing stops the story.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories import prize as make
from stories.visitor import PDF, Field, Form, Forms

QUIET = ("script", "style", "head", "svg")


class Reading(Forms):
    """A page's words, links and buttons, beside its forms."""

    def __init__(self, text: str):
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, Form, dict[str, str]]] = []
        self.open: tuple[str, dict[str, str], int] | None = None
        self.quiet = 0
        self.in_main, self.of_main = False, 0  # links of the page itself come before those of its frame
        super().__init__(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, pairs)
        attributes = {name: value or "" for name, value in pairs}
        if tag in QUIET:
            self.quiet += 1
        self.in_main = self.in_main or tag == "main"
        if tag in ("a", "button"):
            self.open = (tag, attributes, len(self.words))
        if tag == "input" and attributes.get("type") == "submit" and self.inside:
            self.buttons.append((attributes.get("value", ""), self.found[-1], attributes))
        if tag in ("select", "option") and self.inside and self.found[-1].fields:
            self.several(tag, attributes)

    def several(self, tag: str, attributes: dict[str, str]) -> None:
        """A list of which several may be chosen sends each."""
        last = self.found[-1].fields[-1]
        if tag == "option" and "selected" in attributes and "multiple" in last.attributes:
            self.found[-1].fields.append(Field(last.name, "chosen", attributes.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in QUIET:
            self.quiet -= 1
        if self.open and tag == self.open[0]:
            kind, attributes, since = self.open
            label = squeezed(" ".join(self.words[since:])) or attributes.get("aria-label", "")
            if kind == "a" and "href" in attributes:
                self.links.insert(self.of_main if self.in_main else len(self.links), (label, attributes["href"]))
                self.of_main += self.in_main
            if kind == "button" and self.inside:
                self.buttons.append((label, self.found[-1], attributes))
            self.open = None
        self.in_main = self.in_main and tag != "main"
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if not self.quiet:
            self.words.append(data)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def offered(name: str, names: set[str]) -> bool:
    """A field of the form, or one of a row that "Add another" makes of the empty one."""
    return name in names or re.sub(r"-\d+-", "-__prefix__-", name) in names


def first_options(form: Form) -> dict[str, str]:
    """A browser sends the first line of a list in which none is chosen."""
    lists = [part for part in form.fields if part.kind == "select" and "multiple" not in part.attributes]
    return {part.name: part.options[0] for part in lists if part.options and not part.value}


class Walker:
    """One person's browser. ``settled`` runs what waits for the end of a request's transaction, as the workers would."""

    def __init__(self, person: Any, settled: Callable[..., AbstractContextManager]):
        self.name = str(person or "a visitor")
        self.client = Client()
        self.settled = settled
        self.address, self.status, self.text = "", 0, ""
        if person:
            make.sign_in(self.client, person)

    def open(self, address: str) -> "Walker":
        return self.take("get", address)

    def take(self, method: str, address: str, data: Any = None) -> "Walker":
        with self.settled(execute=True):
            answer = getattr(self.client, method)(urljoin(self.address, address), data or {}, follow=True)
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        self.address, self.status = urljoin(self.address, last), answer.status_code
        kind = answer.get("Content-Type", "")
        self.content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.page = Reading(self.content.decode() if kind.startswith("text/html") else "")
        self.text = squeezed(" ".join(self.page.words))
        return self

    def reads(self, *sentences: str) -> "Walker":
        for sentence in sentences:
            assert sentence in self.text, f"{self.name} at {self.address} ({self.status}) reads: {self.text[:3000]}"
        return self

    def does_not_read(self, *sentences: str) -> "Walker":
        for sentence in sentences:
            assert sentence not in self.text, f"{self.name} at {self.address} reads “{sentence}”"
        return self

    def follow(self, label: str) -> "Walker":
        """The first link with these words, or beginning with them."""
        for exact in (True, False):
            for words, address in self.page.links:
                if words == label or (not exact and words.startswith(label)):
                    return self.take("get", address)
        raise AssertionError(
            f"{self.name} at {self.address} ({self.status}) finds no link “{label}”: {self.page.links}"
        )

    def press(self, button: str, files: tuple[str, ...] = (), **values: Any) -> "Walker":
        """Press the button with these words; ``values`` are written into its form's fields first."""
        for words, form, attributes in self.page.buttons:
            if words != button:
                continue
            unknown = {name for name in values if not offered(name, form.names())}
            assert not unknown, f"{self.name} at {self.address}: no fields {unknown} among {sorted(form.names())}"
            sent: dict[str, Any] = {**form.values(), **first_options(form), **values}
            if attributes.get("name"):
                sent[attributes["name"]] = attributes.get("value", "")
            for name in files:
                sent[name] = SimpleUploadedFile(f"{name}.pdf", PDF, "application/pdf")
            sent = {name: value for name, value in sent.items() if value is not None}
            return self.take("post", attributes.get("formaction") or form.action or self.address, sent)
        labels = [label for label, _form, _more in self.page.buttons]
        raise AssertionError(
            f"{self.name} at {self.address} ({self.status}) finds no button “{button}”: {labels} {self.text[:1500]}"
        )

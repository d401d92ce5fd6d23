"""A visitor without a browser: pages, cookies and forms over HTTP, as the server gives them."""

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import Cookie, CookieJar
from typing import Any

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
SENTENCE = "We asked neighbours what they needed and built it with them in two districts of the city"


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    chosen: bool = True


@dataclass
class Form:
    action: str
    fields: list[Field] = field(default_factory=list)

    def names(self) -> set[str]:
        return {part.name for part in self.fields}

    def values(self) -> dict[str, list[str]]:
        """What a browser would send of what stands in the form; files and buttons go their own way."""
        sent: dict[str, list[str]] = {}
        for part in self.fields:
            if part.kind not in ("file", "submit") and part.chosen:
                sent.setdefault(part.name, []).append(part.value)
        return sent


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[Form] = []
        self.area: Field | None = None
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        if tag == "form":
            self.found.append(Form(attributes.get("action", "")))
            self.inside = True
        if not self.inside:
            return
        fields = self.found[-1].fields
        name = attributes.get("name", "")
        if tag == "option" and fields:
            fields[-1].options.append(attributes.get("value", ""))
            if "selected" in attributes:
                fields[-1].value = attributes.get("value", "")
        if not name:
            return
        if tag == "textarea":
            self.area = Field(name, "textarea", attributes=attributes)
            fields.append(self.area)
        elif tag == "select":
            fields.append(Field(name, "select", attributes=attributes))
        elif tag in ("input", "button"):
            kind = attributes.get("type", "submit" if tag == "button" else "text")
            chosen = kind not in ("radio", "checkbox") or "checked" in attributes
            value = attributes.get("value", "on" if kind == "checkbox" else "")
            fields.append(Field(name, kind, value, attributes, chosen=chosen))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data


@dataclass
class Page:
    status: int
    address: str
    text: str

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.address).path

    def form(self, having: str) -> Form:
        """The form that has a field of this name."""
        for form in Forms(self.text).found:
            if having in form.names():
                return form
        raise AssertionError(f"{self.address} ({self.status}) has no form with a field {having}")


class Visitor:
    def __init__(self, site: str, *, timeout: float = 30):
        self.site, self.timeout = site, timeout
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def carry(self, name: str, value: str) -> None:
        """A cookie the visitor was handed rather than sent."""
        host = urllib.parse.urlsplit(self.site).hostname or ""
        self.jar.set_cookie(
            Cookie(0, name, value, None, False, host, False, False, "/", True, False, None, True, None, None, {})
        )

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> Page:
        address = urllib.parse.urljoin(self.site, path)
        headers = {"Referer": address, **({"Content-Type": kind} if kind else {})}
        question = urllib.request.Request(address, data=body, headers=headers)
        try:
            with self.opener.open(question, timeout=self.timeout) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.url or address, error.read().decode())

    def get(self, path: str) -> Page:
        return self.ask(path)

    def send(self, page: Page, having: str, /, *, files: dict[str, bytes] | None = None, **values: Any) -> Page:
        """Fill in and send the form of a page that has this field."""
        return self.press(page, page.form(having), files=files, **values)

    def press(self, page: Page, form: Form, /, *, files: dict[str, bytes] | None = None, **values: Any) -> Page:
        given = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        sent = {**form.values(), **given}
        action = urllib.parse.urljoin(page.address, form.action or page.address)
        if files is None:
            return self.ask(
                action, urllib.parse.urlencode(sent, doseq=True).encode(), "application/x-www-form-urlencoded"
            )
        return self.ask(action, multipart(sent, files), f"multipart/form-data; boundary={BOUNDARY}")


BOUNDARY = "a-boundary-that-nobody-writes-7f3c"


def multipart(values: dict[str, list[str]], files: dict[str, bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, several in values.items()
        for value in several
    ]
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{name}.pdf"\r\nContent-Type: application/pdf'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def plausible(form: Form) -> dict[str, Any]:
    """An answer to every question of a form that somebody in good faith could give."""
    answers: dict[str, Any] = {}
    for part in form.fields:
        if part.kind in ("textarea", "text"):
            answers[part.name] = text_for(part)
        elif part.kind == "select":
            answers[part.name] = next(option for option in part.options if option)
        elif part.kind in ("radio", "checkbox"):
            answers.setdefault(part.name, part.value)
    return answers


def text_for(part: Field) -> str:
    mode = part.attributes.get("inputmode", "")
    if mode:
        return {"decimal": "12", "numeric": "2021", "url": "https://www.example.org/project"}[mode]
    if part.kind == "text":
        return "A short answer"
    least = int(part.attributes.get("data-least", 10))
    most = int(part.attributes.get("data-most", least + 20))
    words = SENTENCE.split()
    return " ".join(words[count % len(words)] for count in range((least + most) // 2))

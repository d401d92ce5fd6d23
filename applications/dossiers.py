"""An application as a given reader may see it: read from its last sealed submission, never from what is being written."""

from dataclasses import dataclass
from typing import Any

from applications.models import Application, Submission
from applications.models.entries import extension_of
from prize.wording import both, wording

WRITTEN = {"short", "long"}  # answers in the applicant's own words


@dataclass(frozen=True)
class DossierFile:
    code: str
    name: str
    kind: str
    size: int

    @property
    def extension(self) -> str:
        return extension_of(self.name)

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/")


@dataclass(frozen=True)
class DossierAnswer:
    key: str
    label: str
    value: str
    kind: str
    unit: str = ""
    files: tuple[DossierFile, ...] = ()
    language: str = ""  # of words that the applicant wrote; what the form offers is in the reader's


@dataclass(frozen=True)
class DossierSection:
    key: str
    title: str
    answers: tuple[DossierAnswer, ...]


@dataclass(frozen=True)
class Dossier:
    """What templates of readers get. A blind one has neither organisation, city nor country."""

    code: str
    title: str
    category: str
    applicant_type: str
    language: str
    blind: bool
    sections: tuple[DossierSection, ...]
    organisation: str = ""
    city: str = ""
    country: str = ""

    def answer(self, key: str) -> str:
        """The value of one answer, or nothing."""
        found = (answer.value for section in self.sections for answer in section.answers if answer.key == key)
        return next(found, "")


class NotSealed(LookupError):
    """There is no sealed submission to read from."""


def dossier_for(application: Application, *, blind: bool, submission: Submission | None = None) -> Dossier:
    """The entry for a reader, in the reader's language where the form has it. Consents are not part of it."""
    sealed = submission or application.sealed
    if sealed is None:
        raise NotSealed(application.code)
    snapshot = sealed.snapshot
    open_part = {} if blind else {name: place(snapshot[name]) for name in ("organisation", "city")}
    return Dossier(
        code=application.code,
        title=snapshot["title"],
        category=str(wording(snapshot["category"]["name"])),
        applicant_type=str(wording(snapshot["applicant_type"]["name"])),
        language=snapshot["language"],
        blind=blind,
        sections=tuple(
            section
            for part in snapshot["sections"]
            if (section := section_of(part, blind, snapshot["language"])).answers
        ),
        country="" if blind else snapshot["country"],
        **open_part,
    )


def place(found: dict[str, str] | None) -> str:
    return both(found["name"], found["native_name"]) if found else ""


def section_of(part: dict[str, Any], blind: bool, language: str) -> DossierSection:
    answers = (
        answer_of(sealed, blind, language)
        for sealed in part["answers"]
        if sealed["kind"] != "consent" and not (blind and sealed["identifies"])
    )
    return DossierSection(part["key"], str(wording(part["title"])), tuple(answers))


def answer_of(sealed: dict[str, Any], blind: bool, language: str) -> DossierAnswer:
    files = tuple(file_of(file, blind) for file in sealed.get("files", ()))
    label = str(wording(sealed["label"]))
    written = language if sealed["kind"] in WRITTEN else ""
    return DossierAnswer(sealed["key"], label, value_of(sealed), sealed["kind"], sealed["unit"], files, written)


def value_of(sealed: dict[str, Any]) -> str:
    if sealed["kind"] in ("choice", "multiple"):
        return ", ".join(str(wording(name)) for name in sealed["shown"])
    return str(sealed["value"] or "")


def file_of(file: dict[str, Any], blind: bool) -> DossierFile:
    """For a blind reader a file has its code for a name, because names of files name people."""
    name = blind_name(file["code"], file["name"]) if blind else file["name"]
    return DossierFile(file["code"], name, file["kind"], file["size"])


def blind_name(code: str, name: str) -> str:
    return f"{code.lower()}.{name.rpartition('.')[2]}"

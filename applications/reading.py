"""Who may read an entry's files. Higher apps add their readers in their own ``reading.py``; a lower app never imports them.

A reader is a function ``(person, application, at) -> Reading | None``: how far this person may read this entry now.
"""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from applications import policy
from applications.models import Application, Attachment, Recusal
from prize.models import Person
from prize.policy import has_office
from prize.registry import Registry


class Reading(IntEnum):
    """How far: a blind reader gets sealed files under a number, a full one under their names, a writer also the draft's."""

    BLIND = 1
    FULL = 2
    WRITING = 3


Reader = Callable[[Person, Application, datetime], Reading | None]
readers: Registry[Reader] = Registry("reading")


def reader(name: str) -> Callable[[Reader], Reader]:
    """Register who else may read: ``@reader("judges.assigned")``."""
    return readers.add(name)


def reading_of(person: Person, application: Application, at: datetime) -> Reading | None:
    """The farthest reading anybody grants this person. Who stands aside from an entry reads it only as its writer."""
    granted = [found for ask in readers.all().values() if (found := ask(person, application, at))]
    farthest = max(granted, default=None)
    aside = Recusal.objects.of(person).filter(application=application).exists()
    return None if aside and farthest != Reading.WRITING else farthest


def may_read(person: Person, attachment: Attachment, at: datetime) -> Reading | None:
    """Whether, and how far, this person may read this file: those who do not write it read only what is sealed."""
    found = reading_of(person, attachment.application, at)
    if found is None or found == Reading.WRITING:
        return found
    return found if is_sealed(attachment) else None


def is_sealed(attachment: Attachment) -> bool:
    """Whether the last sealed submission names this file."""
    sealed = attachment.application.sealed
    parts = sealed.snapshot["sections"] if sealed else ()
    return any(
        file["code"] == attachment.code
        for part in parts
        for answer in part["answers"]
        for file in answer.get("files", ())
    )


@reader("applications.writers")
def writers(person: Person, application: Application, at: datetime) -> Reading | None:
    return Reading.WRITING if policy.is_writer(person, application) else None


@reader("applications.organisers")
def organisers(person: Person, application: Application, at: datetime) -> Reading | None:
    allowed = has_office(person, application.edition, "secretariat", "screening")
    return Reading.FULL if allowed else None

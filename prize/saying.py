"""How a moment is said in a sentence: in the edition's zone, in the reader's language."""

from datetime import datetime

from prize.models import Edition
from prize.templatetags.components import moment, place


def said(instant: datetime, edition: Edition) -> str:
    return f"{moment(instant, edition.zone)} ({place(edition.zone)})"

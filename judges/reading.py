"""Judges among the readers of an entry's files: each of what is on the own desk, and no further than the round shows."""

from datetime import datetime

from applications.models import Application
from applications.reading import Reading, reader
from judges import policy
from prize.models import Person


@reader("judges.assigned")
def assigned(person: Person, application: Application, at: datetime) -> Reading | None:
    sheets = policy.visible_to_judge(person).filter(assignment__application=application)
    rounds = {sheet.assignment.round for sheet in sheets}
    if not rounds:
        return None
    return Reading.BLIND if any(round.is_blind for round in rounds) else Reading.FULL

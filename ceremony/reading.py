"""Who reads entries' files in this app: the promotion committee, a partner's jurors; each those that are before them."""

from datetime import datetime

from applications.models import Application
from applications.reading import Reading, reader
from ceremony import policy
from prize.models import Person


@reader("ceremony.committee")
def committee(person: Person, application: Application, at: datetime) -> Reading | None:
    named = policy.entries_before_committee(person).filter(pk=application.pk).exists()
    return Reading.FULL if named else None


@reader("ceremony.partners")
def partners(person: Person, application: Application, at: datetime) -> Reading | None:
    for special in policy.special_awards_of(person).filter(award__edition=application.edition_id):
        if policy.entries_before(special, person).filter(pk=application.pk).exists():
            return Reading.FULL
    return None

"""A person stands aside from an application: by own word, or because the office found out."""

from datetime import datetime

from django.db import transaction

from applications.lifecycle import hold
from applications.models import Application, Recusal
from prize import ledger
from prize.models import Person


@transaction.atomic
def stand_aside(
    application: Application, person: Person, ground: str, *, by: Person, at: datetime, note: str = ""
) -> Recusal:
    """Record that a person stands aside. Said twice, the first record stands."""
    hold(application)
    standing = Recusal.objects.of(person).filter(application=application).first()
    if standing:
        return standing
    recusal = Recusal.objects.create(
        application=application, person=person, ground=ground, note=note, declared_by=by, declared_at=at
    )
    personal = {"person": {"code": person.code, "name": person.name}, "note": note}
    ledger.record(
        application.edition, "recusal.declared", subject=application.code, facts={"ground": str(ground)}, by=by, at=at,
        personal=personal, concerns=[person],
    )  # fmt: skip
    return recusal


@transaction.atomic
def lift(recusal: Recusal, *, by: Person, at: datetime) -> bool:
    """The ground has gone. Only the first of two who lift it at once does."""
    if not Recusal.objects.filter(pk=recusal.pk, lifted_at=None).update(lifted_at=at):
        return False
    recusal.lifted_at = at
    application, person = recusal.application, recusal.person
    personal = {"person": {"code": person.code, "name": person.name}}
    ledger.record(
        application.edition,
        "recusal.lifted",
        subject=application.code,
        by=by,
        at=at,
        personal=personal,
        concerns=[person],
    )
    return True

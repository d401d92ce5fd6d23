"""Cities and organisations are rows that entries share: the same name in the same country is the same row."""

from typing import TypeVar

from django.db import IntegrityError, transaction

from prize.models import City, Organisation

Row = TypeVar("Row", City, Organisation)


def city_named(name: str, country: str) -> City | None:
    return named(City, name, country)


def organisation_named(name: str, country: str) -> Organisation | None:
    return named(Organisation, name, country)


def named(model: type[Row], name: str, country: str) -> Row | None:
    """The row of this name and country, made if there is none; nothing for no name."""
    name = " ".join(name.split())
    if not name or not country:
        return None
    found = model.objects.filter(name__iexact=name, country=country).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return model.objects.create(name=name, country=country)
    except IntegrityError:  # another applicant has just named the same city
        return model.objects.get(name__iexact=name, country=country)

"""The numbers this app adds to an edition's report."""

from ceremony.models import Announcement, Laureate, Place
from prize.figures import figure
from prize.models import Edition


def announced(edition: Edition) -> bool:
    return Announcement.objects.filter(edition=edition, released_at__isnull=False).exists()


@figure("awards_planned")
def awards_planned(edition: Edition) -> int:
    return Place.objects.filter(award__edition=edition).count()


@figure("awards", public=announced)
def awards(edition: Edition) -> int:
    """Even how many were given is part of the outcome."""
    return Laureate.objects.standing().filter(edition=edition).count()

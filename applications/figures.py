"""The call in numbers. Places are counted over eligible entries: those that the screening stage let go on."""

from collections import Counter

from django.db.models import QuerySet

from applications.models import Application
from prize.figures import figure
from prize.models import Edition, Stage


def call_is_over(edition: Edition) -> bool:
    return edition.stages.filter(kind=Stage.Kind.CALL).exclude(closed_at=None).exists()


def screening_is_announced(edition: Edition) -> bool:
    """Nothing outside tells what screening concluded before its outcomes are announced."""
    outcomes = Application.objects.filter(edition=edition, outcomes__stage__kind=Stage.Kind.SCREENING)
    announced = outcomes.filter(outcomes__announced_at__isnull=False, outcomes__superseded_at=None)
    return (
        announced.exists() and not outcomes.filter(outcomes__announced_at=None, outcomes__superseded_at=None).exists()
    )


def eligible(edition: Edition) -> QuerySet[Application]:
    stage = edition.first_stage(Stage.Kind.SCREENING)
    return Application.objects.filter(edition=edition).advanced(stage) if stage else Application.objects.none()


@figure("received", public=call_is_over)
def received(edition: Edition) -> int:
    return Application.objects.received().filter(edition=edition).count()


@figure("cities", public=screening_is_announced)
def cities(edition: Edition) -> int:
    return eligible(edition).exclude(city=None).values("city").distinct().count()


@figure("countries", public=screening_is_announced)
def countries(edition: Edition) -> int:
    return eligible(edition).exclude(country="").values("country").distinct().count()


@figure("regions", public=screening_is_announced)
def regions(edition: Edition) -> dict[str, int]:
    """How many eligible entries come from each of the prize's own regions, in its order; every region is named."""
    counts = Counter(eligible(edition).values_list("country", flat=True))
    return {region.key: sum(counts[country] for country in region.countries) for region in edition.regions.all()}

"""The numbers of screening."""

from applications.models import Application, Outcome
from prize.figures import figure
from prize.models import Edition, Stage


def announced(edition: Edition) -> bool:
    """Known to all once outcomes are announced and none is still silent."""
    outcomes = Outcome.objects.standing().filter(stage__edition=edition, stage__kind=Stage.Kind.SCREENING)
    return outcomes.exists() and not outcomes.filter(announced_at=None).exists()


@figure("eligible", public=announced)
def eligible(edition: Edition) -> int:
    """Entries that screening let go on."""
    stage = edition.first_stage(Stage.Kind.SCREENING)
    return Application.objects.filter(edition=edition).advanced(stage).count() if stage else 0

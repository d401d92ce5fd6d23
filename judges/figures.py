"""What the edition report counts of judging."""

from applications.models import Application, Outcome
from judges.models import Judge, ScoreSheet
from prize.figures import figure
from prize.models import Edition


@figure("judges")
def judges(edition: Edition) -> int:
    return Judge.objects.filter(edition=edition).active().count()


@figure("reviews")
def reviews(edition: Edition) -> int:
    return ScoreSheet.objects.counting().filter(assignment__round__stage__edition=edition).count()


@figure("finalists")
def finalists(edition: Edition) -> int:
    """Those let through by the last round whose result is announced; nothing before that."""
    rounds = edition.stages.filter(kind="round", outcomes__announced_at__isnull=False)
    last = rounds.order_by("order").last()
    if last is None:
        return 0
    announced = Outcome.objects.announced().filter(stage=last, verdict=Outcome.Verdict.ADVANCED)
    return Application.objects.submitted().filter(pk__in=announced.values("application")).count()

"""What the edition report counts of judging."""

from applications.models import Application, Outcome
from judges.models import Assignment, Judge, Round, ScoreSheet
from judges.tallying import competing
from prize.figures import figure
from prize.models import Edition


@figure("judges")
def judges(edition: Edition) -> int:
    return Judge.objects.filter(edition=edition).active().count()


@figure("reviews")
def reviews(edition: Edition) -> int:
    return ScoreSheet.objects.counting().filter(assignment__round__stage__edition=edition).count()


@figure("reviews_wanted")
def reviews_wanted(edition: Edition) -> int:
    """Of the rounds whose entries are with judges."""
    begun = Round.objects.filter(stage__edition=edition, pk__in=Assignment.objects.values("round"))
    rounds = begun.select_related("stage__edition", "source")
    return sum(round.reviews_per_entry * competing(round).count() for round in rounds)


@figure("finalists_planned")
def finalists_planned(edition: Edition) -> int:
    """As many as the last round sends on."""
    last = Round.objects.filter(stage__edition=edition).order_by("stage__order").last()
    return last.shortlist_size if last else 0


@figure("finalists")
def finalists(edition: Edition) -> int:
    """Those let through by the last round whose result is announced; nothing before that."""
    rounds = edition.stages.filter(kind="round", outcomes__announced_at__isnull=False)
    last = rounds.order_by("order").last()
    if last is None:
        return 0
    announced = Outcome.objects.announced().filter(stage=last, verdict=Outcome.Verdict.ADVANCED)
    return Application.objects.submitted().filter(pk__in=announced.values("application")).count()

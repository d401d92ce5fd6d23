"""What a stage concludes about an application. Deciding is silent; announcing lifts the embargo of a whole stage."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.lifecycle import hold
from applications.models import Application, Outcome
from prize import ledger, post
from prize.governing import Refused
from prize.models import Person, Stage


@transaction.atomic
def conclude(
    application: Application,
    stage: Stage,
    verdict: str,
    *,
    by: Person,
    at: datetime,
    reason_code: str = "",
    reason: str = "",
) -> Outcome:
    """Record a verdict. A correction supersedes the one before; nothing is overwritten."""
    hold(application)  # two officers queue up here
    competing = application.state in (Application.State.SUBMITTED, Application.State.DRAFT)
    if not competing or not application.submissions.exists():
        raise Refused(
            _("Entry %(code)s does not compete, so no stage concludes about it.") % {"code": application.code}
        )
    before = Outcome.objects.standing().filter(application=application, stage=stage)
    corrects = bool(before.update(superseded_at=at))
    facts = {"stage": stage.slug, "verdict": str(verdict), "reason_code": reason_code, "corrects": corrects}
    ledger.record(application.edition, "outcome.decided", subject=application.code, facts=facts, by=by, at=at)
    return Outcome.objects.create(
        application=application,
        stage=stage,
        verdict=verdict,
        reason_code=reason_code,
        reason=reason,
        by=by,
        decided_at=at,
    )


@transaction.atomic
def announce(stage: Stage, *, by: Person, at: datetime, letter: str = "") -> int:
    """Lift the embargo on every standing outcome of the stage, and write to each owner once per outcome.

    ``letter`` is the kind of letter that the stage's own app writes; its ``about`` holds the codes of the entry and the
    stage and the key of the outcome, so that the letter can look again before it goes.
    """
    silent = Outcome.objects.standing().filter(stage=stage, announced_at=None)
    held = silent.select_for_update(of=("self",), no_key=True).order_by("pk")
    outcomes = list(held.select_related("application__owner"))
    if not outcomes:
        return 0
    Outcome.objects.filter(pk__in=[outcome.pk for outcome in outcomes]).update(announced_at=at)
    counts = Counter(str(outcome.verdict) for outcome in outcomes)
    facts = {"count": len(outcomes), **counts}
    ledger.record(stage.edition, "outcomes.announced", subject=stage.slug, facts=facts, by=by, at=at)
    for outcome in outcomes if letter else ():
        application = outcome.application
        key = f"{letter}:{application.code}:{stage.slug}:{outcome.pk}"
        about = {"application": application.code, "stage": stage.slug, "outcome": outcome.pk}
        post.queue(letter, key=key, to=application.owner, at=at, edition=stage.edition, about=about)
    return len(outcomes)

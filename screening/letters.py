"""Letters of screening. Each looks again, at the moment of sending, whether what it says is still so."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from applications.models import Outcome
from prize.models import Letter
from prize.post import Withheld, Words, letter
from screening import checking
from screening.models import Clarification


@letter("screening.clarification", _("question about an entry"))
def clarification(letter: Letter) -> Words:
    asked = Clarification.objects.select_related("application__edition").get(code=letter.about["clarification"])
    if not asked.is_open:
        raise Withheld(gettext_noop("the question was answered or withdrawn"))
    values = {"clarification": asked, "address": reverse("screening:clarification", args=[asked.code])}
    return Words("screening/letters/clarification.txt", values)


@letter("screening.advanced", _("passed the eligibility check"))
def advanced(letter: Letter) -> Words:
    outcome = standing_outcome(letter, Outcome.Verdict.ADVANCED)
    rest = outcome.stage.edition.stages.filter(order__gt=outcome.stage.order).order_by("order")
    values = {"application": outcome.application, "next": rest.first()}
    return Words("screening/letters/advanced.txt", values)


@letter("screening.declined", _("did not pass the eligibility check"))
def declined(letter: Letter) -> Words:
    outcome = standing_outcome(letter, Outcome.Verdict.DECLINED)
    reasons = [problem.reason(letter.language) for problem in checking.problems_at(outcome)]
    return Words("screening/letters/declined.txt", {"application": outcome.application, "reasons": reasons})


def standing_outcome(letter: Letter, verdict: str) -> Outcome:
    """The outcome the letter is about, if it still stands, still says the same, and is announced."""
    rows = Outcome.objects.select_related("application", "stage__edition__prize")
    outcome = rows.get(pk=letter.about["outcome"])
    if outcome.superseded_at or outcome.verdict != verdict:
        raise Withheld(gettext_noop("the outcome has changed since"))
    if outcome.announced_at is None:
        raise Withheld(gettext_noop("the outcome is not announced"))
    return outcome

"""A partner's own award: its jurors nominate one entry by motion; the promotion committee confers it with all others."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Recusal
from ceremony import conferring, policy
from ceremony.models import Laureate, Nomination, SpecialAward
from prize import governing, ledger
from prize.governing import Paper, Refused
from prize.models import Edition, Motion, Person

ACT = "ceremony.nominate_special"


@transaction.atomic
def propose_nomination(
    special: SpecialAward, application: Application, *, reason: str, by: Person, at: datetime
) -> Motion:
    """Put an entry forward to one's own committee."""
    problems = policy.nominating_problems(special, application, by, at)
    if problems:
        raise Refused(problems[0])
    if not reason.strip():
        raise Refused(_("Say why: your colleagues and the promotion committee read it."))
    committee = special.partner.committee
    if committee is None:
        raise Refused(_("This partner has no jurors yet."))
    content = {"award": special.award.key, "application": application.code, "reason": reason.strip()}
    title = heading(content, special.award.edition)
    return governing.propose(committee, ACT, content, title=title, by=by, at=at)


def heading(content: dict[str, Any], edition: Edition) -> str:
    award = edition.awards.get(key=content["award"])
    return _("Nominate entry %(code)s for %(award)s") % {"code": content["application"], "award": award.name}


def pending(special: SpecialAward):
    motions = Motion.objects.pending().filter(committee=special.partner.committee, act=ACT)
    return motions.filter(content__award=special.award.key)


def describe(content: dict[str, Any], edition: Edition) -> list[str]:
    special = SpecialAward.objects.get(award__edition=edition, award__key=content["award"])
    entry = Application.objects.get(edition=edition, code=content["application"])
    sealed = entry.sealed
    values = {"award": special.award.full_name, "title": sealed.snapshot["title"] if sealed else entry.code}
    return [
        _("%(award)s: nominates “%(title)s”.") % values,
        content["reason"],
        _("The promotion committee confers it together with the other awards."),
    ]


def papers(content: dict[str, Any], edition: Edition, person: Person) -> list[Paper]:
    """The one entry, with the way to it for a juror of this partner."""
    special = SpecialAward.objects.get(award__edition=edition, award__key=content["award"])
    entry = Application.objects.get(edition=edition, code=content["application"])
    sealed = entry.sealed
    title = sealed.snapshot["title"] if sealed else entry.code
    readable = policy.entries_before(special, person).filter(pk=entry.pk).exists()
    href = reverse("ceremony:partner_entry", args=[entry.code]) if readable else ""
    return [Paper(str(special.award.full_name), str(entry.organisation or ""), title, content["reason"], href)]


def recused(content: dict[str, Any], edition: Edition) -> set[int]:
    standing = Recusal.objects.standing().filter(application__edition=edition, application__code=content["application"])
    return set(standing.values_list("person_id", flat=True))


def cautions(motion: Motion) -> list[str]:
    return cautions_in(motion.committee.edition)


def cautions_in(edition: Edition) -> list[str]:
    """A list of laureates is made from the nominations that stood; what is chosen anew overtakes it."""
    if not conferring.pending(edition).exists():
        return []
    text = _(
        "A list of laureates is before the promotion committee. If a nomination carries now, that list can no longer be "
        "decided and has to be proposed again. Tell the secretariat."
    )
    return [text]


@transaction.atomic
def nominate(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> Nomination:
    """Keep the partner's choice until the laureates are conferred. A later choice takes the place of an earlier one."""
    special = SpecialAward.objects.select_for_update(no_key=True).get(
        award__edition=edition, award__key=content["award"]
    )
    if Laureate.objects.standing().filter(edition=edition).exists():
        raise Refused(_("The laureates are decided. Nothing can be nominated any more."))
    agreed = Application.objects.advanced(special.sees_advanced_by)
    entry = agreed.filter(edition=edition, code=content["application"]).first()
    if entry is None:
        raise Refused(_("This entry no longer competes. Nominate another."))
    special.nominations.standing().update(superseded_at=at)
    carried = Motion.objects.filter(committee=special.partner.committee, act=ACT, content=content)
    nomination = Nomination.objects.create(
        special=special,
        application=entry,
        motion=carried.filter(resolved_at=at).first(),
        reason=content["reason"],
        nominated_by=by,
        nominated_at=at,
    )
    facts = {"award": special.award.key}
    ledger.record(edition, "special.nominated", subject=entry.code, facts=facts, by=by, at=at)
    return nomination

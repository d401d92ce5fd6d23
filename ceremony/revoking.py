"""Taking an award back: by motion of the committee and the approval of a second person. What was conferred stays on record."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Recusal
from ceremony.models import Announcement, Laureate
from prize import governing, ledger, post
from prize.governing import Refused
from prize.models import Approval, Committee, Edition, Motion, Person
from prize.policy import is_secretariat

ACT = "ceremony.revoke"
STRIKE = "ceremony.strike"


@transaction.atomic
def propose(laureate: Laureate, *, reason: str, by: Person, at: datetime) -> Motion:
    """Put it to the promotion committee. The reason is what the public will read."""
    problems = proposing_problems(laureate, reason, by, at)
    if problems:
        raise Refused(problems[0])
    committee = Committee.objects.get(edition=laureate.edition_id, kind=Committee.Kind.PROMOTION)
    content = {"laureate": laureate.code, "reason": reason.strip()}
    # The title goes into letters and lists, so it names nobody.
    title = _("Take an award back (%(code)s)") % {"code": laureate.code}
    return governing.propose(committee, ACT, content, title=title, by=by, at=at)


def proposing_problems(laureate: Laureate, reason: str, by: Person, at: datetime) -> list[str]:
    if not is_secretariat(by, laureate.edition):
        return [_("Only the secretariat may propose to take an award back.")]
    if laureate.revoked_at:
        return [_("This award was revoked.")]
    if not reason.strip():
        return [_("Say why: the committee and the public read it.")]
    if Motion.objects.pending().filter(act=ACT, content__laureate=laureate.code).exists():
        return [_("A motion to take this award back is before the committee already.")]
    if Approval.objects.waiting(at).filter(act=STRIKE, content__laureate=laureate.code).exists():
        return [_("The committee has decided. It waits for a second person of the secretariat.")]
    return []


def described(content: dict[str, Any], edition: Edition) -> list[str]:
    laureate = Laureate.objects.select_related("place__award__parent").get(edition=edition, code=content["laureate"])
    return [
        _("%(name)s loses the award “%(place)s”.") % {"name": laureate.name, "place": laureate.place},
        _("Reason, as the public reads it: %(reason)s") % {"reason": content["reason"]},
        _("The page of laureates says so from then on, the certificate no longer counts, and open offers end."),
        _("Whoever entered the work gets a letter with the reason, if the award is announced."),
    ]


def recused(content: dict[str, Any], edition: Edition) -> set[int]:
    laureate = Laureate.objects.get(edition=edition, code=content["laureate"])
    return set(
        Recusal.objects.standing().filter(application=laureate.application_id).values_list("person_id", flat=True)
    )


@transaction.atomic
def decide(content: dict[str, Any], *, edition: Edition, at: datetime) -> Approval:
    """What the carried motion does: it asks a second person, in the name of the officer who put it to the committee."""
    carried = Motion.objects.filter(committee__edition=edition, act=ACT, content=content, resolved_at__isnull=False)
    motion = carried.order_by("-resolved_at", "-pk")[0]
    title = _("Take an award back (%(code)s)") % {"code": content["laureate"]}
    return governing.ask(
        edition, STRIKE, {**content, "motion": motion.code}, title=title, by=motion.proposed_by, at=at,
        reason=content["reason"],
    )  # fmt: skip


@transaction.atomic
def strike(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    """The award is taken back. Of two who do it at once, one does."""
    rows = Laureate.objects.standing().filter(edition=edition, code=content["laureate"])
    if not rows.update(revoked_at=at, revoked_reason=content["reason"]):
        raise Refused(_("This award was revoked."))
    facts = {"motion": content["motion"]}
    ledger.record(edition, "laureate.revoked", subject=content["laureate"], facts=facts, by=by, at=at)
    announcement = Announcement.objects.filter(edition=edition, released_at__isnull=False)
    laureate = Laureate.objects.select_related("application__owner").get(edition=edition, code=content["laureate"])
    if announcement.exists():
        post.queue(
            "ceremony.revoked", key=f"ceremony:revoked:{laureate.code}", to=laureate.application.owner, at=at,
            edition=edition, about={"laureate": laureate.code},
        )  # fmt: skip

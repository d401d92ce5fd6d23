"""The lifting of the embargo: one instant for page, letter and certificate. It takes two people, and happens once."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications import concluding
from applications.models import Outcome
from ceremony.models import Announcement, Laureate
from prize import canonical, governing, ledger, post
from prize.governing import Refused
from prize.models import Approval, Edition, Person, Stage
from prize.saying import said

RELEASE = "ceremony.release"
RESCHEDULE = "ceremony.reschedule"


def sealed_list(edition: Edition) -> list[dict[str, Any]]:
    """What will be announced, in order: the standing laureates as their rows were sealed."""
    return [
        {
            "award": laureate.place.award.key,
            "number": laureate.place.number,
            "entry": laureate.application.code,
            "name": laureate.name,
            "native_name": laureate.native_name,
            "title": laureate.title,
            "city": laureate.city,
            "country": str(laureate.country),
        }
        for laureate in Laureate.objects.standing().filter(edition=edition).in_order().select_related("application")
    ]


def sealed_digest(edition: Edition) -> str:
    return canonical.digest(sealed_list(edition))


def announcement_of(edition: Edition) -> Announcement | None:
    return Announcement.objects.filter(edition=edition).first()


def require_unreleased(edition: Edition) -> Announcement:
    announcement = announcement_of(edition)
    if announcement is None:
        raise Refused(_("No announcement is planned. Give the edition one, with its planned time."))
    if announcement.released_at:
        raise Refused(_("The laureates are announced. That cannot be done twice, nor taken back."))
    return announcement


def pending(edition: Edition, act: str, at: datetime):
    return Approval.objects.waiting(at).filter(edition=edition, act=act)


# --- Asking ---------------------------------------------------------------------------------------


def ask_release(edition: Edition, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Ask a second person to release this exact list."""
    require_unreleased(edition)
    if pending(edition, RELEASE, at).exists():
        raise Refused(_("The release waits for a second person already."))
    count = Laureate.objects.standing().filter(edition=edition).count()
    if not count:
        raise Refused(_("There is nobody to announce: the laureates are not conferred yet."))
    content = {"digest": sealed_digest(edition), "laureates": count}
    title = _("Release the laureates of %(edition)s") % {"edition": edition.name}
    return governing.ask(edition, RELEASE, content, title=title, by=by, at=at, reason=reason)


def ask_reschedule(edition: Edition, due_at: datetime, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Ask a second person to change the planned time, which is public."""
    announcement = require_unreleased(edition)
    if due_at <= at:
        raise Refused(_("The planned time has to be in the future."))
    content = {"from": announcement.due_at.isoformat(), "to": due_at.isoformat()}
    title = _("Announce at another time: %(time)s") % {"time": said(due_at, edition)}
    return governing.ask(edition, RESCHEDULE, content, title=title, by=by, at=at, reason=reason)


def describe_release(content: dict[str, Any], edition: Edition) -> list[str]:
    announcement = announcement_of(edition)
    planned = said(announcement.due_at, edition) if announcement else "–"
    return [
        _("Announces %(count)s laureates, at the moment of approval. Planned: %(time)s.")
        % {"count": content["laureates"], "time": planned},
        _("The public page names them, every finalist is written to, and laureates can fetch their certificates."),
        _("The list's digest is %(digest)s. Any change of the list voids this request.")
        % {"digest": content["digest"]},
        _("It cannot be taken back."),
    ]


def describe_reschedule(content: dict[str, Any], edition: Edition) -> list[str]:
    before, after = (said(datetime.fromisoformat(content[name]), edition) for name in ("from", "to"))
    return [
        _("The planned time of the announcement changes from %(before)s to %(after)s.")
        % {"before": before, "after": after}
    ]


# --- Carrying it out ------------------------------------------------------------------------------


@transaction.atomic
def release(edition: Edition, *, digest: str, by: Person, at: datetime) -> Announcement:
    """Lift the embargo, if the sealed list is still the one with this digest. Of two who do it at once, one does."""
    announcement = require_unreleased(edition)
    if sealed_digest(edition) != digest:
        raise Refused(_("The list of laureates has changed since this was asked. Ask again, and read it again."))
    won = Announcement.objects.filter(pk=announcement.pk, released_at=None).update(released_at=at, digest=digest)
    if not won:
        raise Refused(_("The laureates are announced. That cannot be done twice, nor taken back."))
    announcement.refresh_from_db()
    laureates = list(Laureate.objects.standing().filter(edition=edition).select_related("application__owner"))
    facts = {"digest": digest, "laureates": len(laureates), "planned": announcement.due_at.isoformat()}
    concluding.announce(edition.stage(Stage.Kind.FINAL), by=by, at=at)
    ledger.record(edition, "laureates.announced", facts=facts, by=by, at=at)
    write_to_finalists(edition, laureates, at)
    return announcement


def write_to_finalists(edition: Edition, laureates: list[Laureate], at: datetime) -> None:
    """One letter to each: to laureates what they received, to the others that it was not given to them this time."""
    declined = (
        Outcome.objects.announced()
        .filter(stage__edition=edition, stage__kind=Stage.Kind.FINAL)
        .exclude(verdict=Outcome.Verdict.ADVANCED)
        .select_related("application__owner")
    )
    letters: list[tuple[str, str, Person, dict[str, Any]]] = [
        ("ceremony.laureate", row.code, row.application.owner, {"laureate": row.code}) for row in laureates
    ]
    letters += [
        ("ceremony.finalist", row.application.code, row.application.owner, {"outcome": row.pk}) for row in declined
    ]
    for kind, name, owner, about in letters:
        post.queue(kind, key=f"{kind}:{name}", to=owner, at=at, edition=edition, about=about)


@transaction.atomic
def reschedule(edition: Edition, due_at: datetime, *, by: Person, at: datetime) -> Announcement:
    announcement = require_unreleased(edition)
    Announcement.objects.filter(pk=announcement.pk, released_at=None).update(due_at=due_at)
    ledger.record(edition, "announcement.rescheduled", facts={"due": due_at.isoformat()}, by=by, at=at)
    announcement.refresh_from_db()
    return announcement


def is_overdue(announcement: Announcement, at: datetime) -> bool:
    """Planned and not done: somebody on stage is waiting."""
    return announcement.released_at is None and at >= announcement.due_at - timedelta(hours=1)

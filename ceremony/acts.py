"""What carried motions and second approvals of this app carry out."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from ceremony import announcing, conferring, listing, partnering, revoking
from prize.governing import act
from prize.models import Edition, Person


@act(
    conferring.ACT,
    describe=conferring.describe,
    recused=conferring.recused,
    papers=conferring.papers,
    heading=conferring.heading,
    cautions=conferring.overtaken,
    matter=gettext_lazy("the laureates"),
)
def confer(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    conferring.confer(content, edition=edition, by=by, at=at)


@act(
    partnering.ACT,
    describe=partnering.describe,
    recused=partnering.recused,
    papers=partnering.papers,
    heading=partnering.heading,
    cautions=partnering.cautions,
    matter=gettext_lazy("a special award"),
)
def nominate_special(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    partnering.nominate(content, edition=edition, by=by, at=at)


@act(announcing.RELEASE, describe=announcing.describe_release)
def release(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    announcing.release(edition, digest=content["digest"], by=by, at=at)


@act(announcing.RESCHEDULE, describe=announcing.describe_reschedule)
def reschedule(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    announcing.reschedule(edition, datetime.fromisoformat(content["to"]), by=by, at=at)


@act(revoking.ACT, describe=revoking.described, recused=revoking.recused, matter=gettext_lazy("an award taken back"))
def revoke(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    revoking.decide(content, edition=edition, at=at)


@act(revoking.STRIKE, describe=revoking.described)
def strike(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    revoking.strike(content, edition=edition, by=by, at=at)


@act(listing.ACT, describe=listing.describe)
def export_guests(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    """Whoever asked takes the file afterwards; here is only seen that it would still be the one that was approved."""
    listing.unchanged(content, edition)

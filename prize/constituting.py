"""Who sits on a committee, how many must vote, and what carries: set by one officer before the work begins, by two from then on.

Whoever could change the seats while a motion is open, or the quorum of a committee that is about to decide, could decide alone.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prize import governing, ledger
from prize.governing import Refused
from prize.models import Approval, Committee, Edition, Motion, Person, Seat

ACT = "prize.change_committee"
Composition = dict[str, Any]  # quorum, majority, and the seats by the code of who sits on them


def composition(committee: Committee) -> Composition:
    seats = committee.seats.filter(left_at=None).values_list("person__code", "role", "may_vote")
    return composed(committee.quorum_percent, committee.majority, seats)


def composed(quorum: int, majority: str, seats: Any) -> Composition:
    listed = {code: [str(role), bool(votes)] for code, role, votes in seats}
    return {"quorum": quorum, "majority": str(majority), "seats": dict(sorted(listed.items()))}


def needs_two(committee: Committee, at: datetime) -> bool:
    """From the first stage's beginning, from the rules' adoption, or while the committee has a motion before it."""
    edition = committee.edition
    begun = edition.stages.filter(opens_at__lte=at).exists() or edition.rules_adopted_at is not None
    return begun or Motion.objects.pending().filter(committee=committee).exists()


@transaction.atomic
def note(committee: Committee, before: Composition | None, *, by: Person, at: datetime) -> bool:
    """Enter into the ledger what one officer set. Nothing changed, nothing said."""
    after = composition(committee)
    if before == after:
        return False
    act = "committee.changed" if before else "committee.formed"
    ledger.record(
        committee.edition, act, subject=committee.code, facts={"before": before, "after": after}, by=by, at=at
    )
    return True


@transaction.atomic
def ask(committee: Committee, wanted: Composition, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Ask a second person of the secretariat to change the committee to exactly this."""
    before = composition(committee)
    if wanted == before:
        raise Refused(_("The committee is so already."))
    content = {"committee": committee.code, "before": before, "after": wanted}
    title = _("Change the committee “%(committee)s”") % {"committee": committee}
    return governing.ask(committee.edition, ACT, content, title=title, by=by, at=at, reason=reason)


@transaction.atomic
def change(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    """What the approval does. A seat is never deleted: whoever leaves has left, and what was voted on it stays."""
    committee = edition.committees.select_for_update(no_key=True).get(code=content["committee"])
    if composition(committee) != content["before"]:
        raise Refused(_("The committee was changed since this was asked. Ask again."))
    after = content["after"]
    committee.quorum_percent, committee.majority = after["quorum"], after["majority"]
    committee.save(update_fields=["quorum_percent", "majority"])
    kept = {seat.person.code: seat for seat in committee.seats.filter(left_at=None).select_related("person")}
    gone = [seat.pk for code, seat in kept.items() if code not in after["seats"]]
    Seat.objects.filter(pk__in=gone).update(left_at=at)
    for code, (role, votes) in after["seats"].items():
        if code in kept:
            Seat.objects.filter(pk=kept[code].pk).update(role=role, may_vote=votes)
        else:
            Seat.objects.create(committee=committee, person=Person.objects.get(code=code), role=role, may_vote=votes)
    facts = {"before": content["before"], "after": after}
    ledger.record(edition, "committee.changed", subject=committee.code, facts=facts, by=by, at=at)


def describe(content: dict[str, Any], edition: Edition) -> list[str]:
    """What is different afterwards, one sentence each, and which open motions it touches."""
    committee, before, after = edition.committees.get(code=content["committee"]), content["before"], content["after"]
    said = [*rules_changed(before, after), *seats_changed(before["seats"], after["seats"])]
    open_ones = Motion.objects.pending().filter(committee=committee)
    said += [
        _("It is counted so from then on: “%(motion)s”.") % {"motion": governing.heading(one)} for one in open_ones
    ]
    return [_("Changes the committee “%(committee)s”.") % {"committee": committee}, *said]


def rules_changed(before: Composition, after: Composition) -> list[str]:
    said = []
    if before["quorum"] != after["quorum"]:
        values = {"before": before["quorum"], "after": after["quorum"]}
        said.append(_("Quorum: %(before)s %% before, %(after)s %% from now on.") % values)
    if before["majority"] != after["majority"]:
        words = dict(Committee.Majority.choices)
        values = {"before": words[before["majority"]], "after": words[after["majority"]]}
        said.append(_("Majority: %(before)s before, %(after)s from now on.") % values)
    return said


def seats_changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    names = {person.code: str(person) for person in Person.objects.filter(code__in=[*before, *after])}
    said = [
        _("%(name)s joins: %(seat)s.") % {"name": names[code], "seat": seat_in_words(seat)}
        for code, seat in after.items()
        if code not in before
    ]
    said += [
        _("%(name)s: %(before)s before, %(after)s from now on.")
        % {"name": names[code], "before": seat_in_words(before[code]), "after": seat_in_words(seat)}
        for code, seat in after.items()
        if code in before and before[code] != seat
    ]
    return said + [_("%(name)s leaves.") % {"name": names[code]} for code in before if code not in after]


def seat_in_words(seat: list[Any]) -> str:
    role, votes = seat
    name = dict(Seat.Role.choices)[role]
    return str(name) if votes else _("%(role)s without a vote") % {"role": name}

"""How a body decides, and how two people do what cannot be undone.

A motion or a request for approval names an *act* and its exact content. Acts are found by name in each app's ``acts.py``; what
carries is carried out in the same transaction, by the act and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from django.db import IntegrityError, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import canonical, ledger, policy, post
from prize.models import Approval, Committee, Edition, Meeting, Motion, Person, Vote
from prize.registry import Registry

LAPSE = timedelta(days=7)
TITLE = 250  # letters: names of what it is about may be long, and stand in full in the content


class Refused(Exception):
    """A proposal, vote or approval that the rules do not allow. The message says why, to the person who tried."""


class CarryOut(Protocol):
    def __call__(self, content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None: ...


class Paper(NamedTuple):
    """One line of what a motion decides, for its page: which place, who, what, why, and where this reader may read it."""

    where: str
    name: str
    title: str
    why: str
    href: str = ""


@dataclass(frozen=True)
class Act:
    """What a decision does. ``describe`` says it in sentences; ``recused`` names who must not vote on it.

    ``matter`` names it for a letter: letters lie in mailboxes long before an embargo ends, so it tells nothing but the kind.
    ``papers`` shows the same content line by line to one reader; ``heading`` names the motion in the reader's language.
    ``cautions`` says of a pending motion what has happened around it that those who vote should know.
    """

    carry_out: CarryOut
    describe: Callable[[dict[str, Any], Edition], list[str]]
    recused: Callable[[dict[str, Any], Edition], set[int]] = lambda content, edition: set()
    matter: Any = gettext_lazy("a decision of the committee")
    papers: Callable[[dict[str, Any], Edition, Person], list[Paper]] = lambda content, edition, person: []
    heading: Callable[[dict[str, Any], Edition], str] | None = None
    cautions: Callable[[Motion], list[str]] = lambda motion: []


acts: Registry[Act] = Registry("acts")


def act(name: str, *, describe, **more: Any) -> Callable[[CarryOut], CarryOut]:
    """Register what carries out the act of this name."""

    def keep(carry_out: CarryOut) -> CarryOut:
        acts.add(name)(Act(carry_out, describe, **more))
        return carry_out

    return keep


def heading(motion: Motion) -> str:
    """What the motion is called, in the reader's language where its act knows; else as its proposer wrote it."""
    named = acts.get(motion.act).heading
    return named(motion.content, motion.committee.edition) if named else motion.title


# --- Motions ------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    committee: Committee,
    act_name: str,
    content: dict[str, Any],
    *,
    title: str,
    by: Person,
    at: datetime,
    reason: str = "",
    meeting: Meeting | None = None,
) -> Motion:
    """Put a motion to a committee. Its members, and the secretariat on their behalf, may."""
    acts.get(act_name)
    if not (policy.sits_on(by, committee) or policy.is_secretariat(by, committee.edition)):
        raise Refused(_("Only members of the committee and the secretariat may propose a motion."))
    motion = Motion.objects.create(
        committee=committee,
        meeting=meeting,
        act=act_name,
        title=Truncator(title).chars(TITLE),
        reason=reason,
        content=content,
        digest=canonical.digest(content),
        proposed_by=by,
        proposed_at=at,
    )
    facts = {"act": act_name, "content": motion.digest, "committee": committee.key}
    ledger.record(committee.edition, "motion.proposed", subject=motion.code, facts=facts, by=by, at=at)
    write_to_members(motion, at)
    return motion


def write_to_members(motion: Motion, at: datetime) -> None:
    """One letter to each voting member, the proposer and those who stand aside excepted."""
    edition = motion.committee.edition
    aside = {motion.proposed_by_id, *acts.get(motion.act).recused(motion.content, edition)}
    for seat in motion.committee.seats.voting().exclude(person__in=aside).select_related("person"):
        key = f"prize:motion:{motion.code}:{seat.person.code}"
        post.queue("prize.motion", key=key, to=seat.person, edition=edition, about={"motion": motion.code}, at=at)


@transaction.atomic
def vote(motion: Motion, choice: str, *, by: Person, at: datetime) -> Vote:
    """Cast one vote. A member who stands aside from the matter cannot."""
    motion = Motion.objects.select_for_update(no_key=True).select_related("committee__edition").get(pk=motion.pk)
    problems = voting_problems(motion, by)
    if problems:
        raise Refused(problems[0])
    if choice not in Vote.Choice.values:
        raise Refused(_("Vote yes, no or abstain."))
    seat = motion.committee.seats.voting().get(person=by)
    try:
        with transaction.atomic():
            return Vote.objects.create(motion=motion, seat=seat, choice=choice, voted_at=at)
    except IntegrityError:
        raise Refused(_("You have voted on this motion already.")) from None


def voting_problems(motion: Motion, person: Person) -> list[str]:
    """Why this person cannot vote on this motion; empty if all is well."""
    seat = motion.committee.seats.voting().filter(person=person).first()
    if seat is None:
        return [_("You have no voting seat on this committee.")]
    if motion.resolved_at:
        return [_("This motion is resolved.")]
    if stands_aside(motion, person):
        return [_("You stand aside from this matter, so you cannot vote on it.")]
    if motion.votes.filter(seat=seat).exists():
        return [_("You have voted on this motion already.")]
    return []


@dataclass(frozen=True)
class Count:
    yes: int
    no: int
    abstain: int
    seats: int  # voting seats that do not stand aside
    needed: int  # votes for a quorum

    @property
    def voted(self) -> int:
        return self.yes + self.no + self.abstain

    @property
    def quorate(self) -> bool:
        return self.voted >= self.needed


def stands_aside(motion: Motion, person: Person) -> bool:
    """Whether this person has no part in the matter: neither reads, votes on nor closes it."""
    return person.pk in acts.get(motion.act).recused(motion.content, motion.committee.edition)


def count(motion: Motion) -> Count:
    aside = acts.get(motion.act).recused(motion.content, motion.committee.edition)
    seats = motion.committee.seats.voting().exclude(person__in=aside)
    choices = list(motion.votes.filter(seat__in=seats).values_list("choice", flat=True))
    total = seats.count()
    needed = max(1, -(-total * motion.committee.quorum_percent // 100))
    return Count(choices.count("yes"), choices.count("no"), choices.count("abstain"), total, needed)


def verdict(votes: Count, majority: str) -> str:
    """Carried, rejected or no quorum, by the committee's rule. Abstentions count for the quorum only."""
    if not votes.quorate:
        return Motion.Result.NO_QUORUM
    carried = {
        Committee.Majority.SIMPLE: votes.yes > votes.no,
        Committee.Majority.TWO_THIRDS: votes.yes > 0 and votes.yes >= 2 * votes.no,
        Committee.Majority.UNANIMOUS: votes.yes > 0 and votes.no == 0,
    }[Committee.Majority(majority)]
    return Motion.Result.CARRIED if carried else Motion.Result.REJECTED


@transaction.atomic
def resolve(motion: Motion, *, by: Person, at: datetime) -> Motion:
    """Count the votes and, if the motion carries, carry out its act: all of it or nothing."""
    motion = Motion.objects.select_for_update(no_key=True).select_related("committee__edition").get(pk=motion.pk)
    edition = motion.committee.edition
    if motion.resolved_at:
        raise Refused(_("This motion is resolved."))
    if not (policy.presides(by, motion.committee) or policy.is_secretariat(by, edition)):
        raise Refused(_("Only the chair or the secretariat may close the vote."))
    if stands_aside(motion, by):
        raise Refused(_("You stand aside from this matter. Another chair or the secretariat closes the vote."))
    votes = count(motion)
    if not votes.quorate:
        raise Refused(
            _("No quorum yet: %(voted)s of %(needed)s votes needed.") % {"voted": votes.voted, "needed": votes.needed}
        )
    motion.result = verdict(votes, motion.committee.majority)
    motion.count = {"yes": votes.yes, "no": votes.no, "abstain": votes.abstain, "seats": votes.seats}
    motion.resolved_at, motion.resolved_by = at, by
    motion.save(update_fields=["result", "count", "resolved_at", "resolved_by"])
    facts = {"act": motion.act, "content": motion.digest, "result": str(motion.result), "count": motion.count}
    if motion.result == Motion.Result.CARRIED:
        require_same(motion.content, motion.digest)
        acts.get(motion.act).carry_out(motion.content, edition=edition, by=by, at=at)
    ledger.record(edition, "motion.resolved", subject=motion.code, facts=facts, by=by, at=at)
    return motion


# --- Second approval ----------------------------------------------------------------------------


@transaction.atomic
def ask(
    edition: Edition, act_name: str, content: dict[str, Any], *, title: str, by: Person, at: datetime, reason: str = ""
) -> Approval:
    """Ask for a second person's approval of an act of the secretariat."""
    acts.get(act_name)
    if not policy.is_secretariat(by, edition):
        raise Refused(_("Only the secretariat may ask for this."))
    approval = Approval.objects.create(
        edition=edition,
        act=act_name,
        title=Truncator(title).chars(TITLE),
        reason=reason,
        content=content,
        digest=canonical.digest(content),
        asked_by=by,
        asked_at=at,
        expires_at=at + LAPSE,
    )
    facts = {"act": act_name, "content": approval.digest}
    ledger.record(edition, "approval.asked", subject=approval.code, facts=facts, by=by, at=at)
    return approval


def approval_problems(approval: Approval, person: Person, at: datetime) -> list[str]:
    """Why this person cannot approve this now; empty if all is well."""
    if not policy.is_secretariat(person, approval.edition):
        return [_("Only the secretariat may approve this.")]
    if person.pk == approval.asked_by_id:
        return [_("You asked for this yourself. A second person has to approve it.")]
    if not approval.is_waiting(at):
        return [_("This request is decided or has lapsed.")]
    return []


@transaction.atomic
def approve(approval: Approval, digest: str, *, by: Person, at: datetime) -> Approval:
    """Approve exactly the content with this digest, and carry it out."""
    approval = Approval.objects.select_for_update(no_key=True).select_related("edition").get(pk=approval.pk)
    problems = approval_problems(approval, by, at)
    if problems:
        raise Refused(problems[0])
    require_same(approval.content, digest)
    approval.approved_by, approval.approved_at = by, at
    approval.save(update_fields=["approved_by", "approved_at"])
    facts = {"act": approval.act, "content": approval.digest}
    # The deed before its entry: every verb holds its rows first and the ledger's chain last, so that no two wait for each other.
    acts.get(approval.act).carry_out(approval.content, edition=approval.edition, by=by, at=at)
    ledger.record(approval.edition, "approval.given", subject=approval.code, facts=facts, by=by, at=at)
    return approval


@transaction.atomic
def refuse(approval: Approval, *, by: Person, at: datetime) -> Approval:
    """Turn a request down; its asker may too, which withdraws it."""
    approval = Approval.objects.select_for_update(no_key=True).select_related("edition").get(pk=approval.pk)
    if not policy.is_secretariat(by, approval.edition) or not approval.is_waiting(at):
        raise Refused(_("This request is decided or has lapsed."))
    approval.refused_by, approval.refused_at = by, at
    approval.save(update_fields=["refused_by", "refused_at"])
    ledger.record(approval.edition, "approval.refused", subject=approval.code, by=by, at=at)
    return approval


def require_same(content: dict[str, Any], digest: str) -> None:
    if canonical.digest(content) != digest:
        raise Refused(_("The content is not the one that was shown. Read it again before you approve."))

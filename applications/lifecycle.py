"""The one door between an application's states."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications import calling, policy
from applications.models import Application, Movement
from prize import governing, ledger
from prize.governing import Refused
from prize.models import Approval, Person

DISQUALIFY, REINSTATE = "applications.disqualify", "applications.reinstate"
State = Application.State
MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN, State.DISQUALIFIED}),
    State.SUBMITTED: frozenset({State.DRAFT, State.WITHDRAWN, State.DISQUALIFIED}),
    State.DISQUALIFIED: frozenset({State.SUBMITTED}),
    State.WITHDRAWN: frozenset(),
}


class IllegalMove(Refused):
    """A move that the table does not have, or that somebody else has just made impossible."""


def hold(application: Application) -> Application:
    """Keep the row until the transaction ends, and read again what another hand may have changed.

    Like every lock of the house it leaves the key alone: rows that point here may be written meanwhile.
    """
    fields = ("state", "version", "changed_at")
    values = Application.objects.select_for_update(no_key=True).values_list(*fields).get(pk=application.pk)
    for name, value in zip(fields, values, strict=True):
        setattr(application, name, value)
    return application


def hold_all(rows: QuerySet[Application]) -> list[Application]:
    """Keep all these rows before the first of them is entered into the ledger, and read what still belongs to them then.

    Whoever moves one entry holds its row and waits for the chain. A verb that held the chain and waited for that row would
    wait for ever; so one that is about many takes them all beforehand, in the one order that all verbs keep.
    """
    keys = list(rows.values_list("pk", flat=True))
    list(Application.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    return list(rows.filter(pk__in=keys))


@transaction.atomic
def move(
    application: Application,
    to: str,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    act: str = "entry.moved",
    facts: dict[str, Any] | None = None,
) -> Movement:
    """Move an application to a state and keep a record of it. Of two who move it at once, one wins.

    A verb that does more than move names its own ``act`` and ``facts`` for the ledger.
    """
    before = State(application.state)
    if to not in MOVES[before]:
        raise IllegalMove(
            _("An entry that is %(before)s cannot become %(after)s.")
            % {"before": before.label, "after": State(to).label}
        )
    if not Application.objects.filter(pk=application.pk, state=before).update(state=to, changed_at=at):
        raise IllegalMove(_("Somebody else has just changed the state of this entry. Look at it again."))
    application.state, application.changed_at = to, at
    ledger.record(
        application.edition,
        act,
        subject=application.code,
        facts={"before": str(before), "after": str(to), **(facts or {})},
        by=by,
        at=at,
        personal={"reason": reason} if reason else None,
    )
    return Movement.objects.create(application=application, before=before, after=to, reason=reason, by=by, at=at)


def require_editable(application: Application, by: Person, at: datetime) -> None:
    """The same reasons as the policy, but to a writer a closed call is told as such, with its moment."""
    found = policy.editing_problems(by, application, at)
    if not found:
        return
    if application.state == State.DRAFT and policy.is_writer(by, application):
        raise calling.CallClosed(application, at)
    raise Refused(found[0])


def refuse_if(problems: list[str]) -> None:
    if problems:
        raise Refused(problems[0])


def withdraw(application: Application, *, by: Person, at: datetime, reason: str = "") -> Movement:
    """The owner takes the entry out of the competition. There is no way back."""
    refuse_if(policy.withdrawing_problems(by, application, at))
    return move(application, State.WITHDRAWN, by=by, at=at, reason=reason)


def reopen(application: Application, *, by: Person, at: datetime, reason: str = "") -> Movement:
    """Back to a draft. The last sealed submission stands until another takes its place."""
    refuse_if(policy.reopening_problems(by, application, at))
    return move(application, State.DRAFT, by=by, at=at, reason=reason)


def ask_to_disqualify(application: Application, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Ask a second person of the secretariat to take the entry out of the competition."""
    refuse_if(policy.disqualifying_problems(by, application, at))
    if not reason.strip():
        raise Refused(_("Say why this entry is disqualified."))
    title = _("Disqualify entry %(code)s") % {"code": application.code}
    return ask(application, DISQUALIFY, title, reason, by=by, at=at)


def ask_to_reinstate(application: Application, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Ask a second person of the secretariat to lift a disqualification."""
    refuse_if(policy.reinstating_problems(by, application, at))
    title = _("Lift the disqualification of entry %(code)s") % {"code": application.code}
    return ask(application, REINSTATE, title, reason, by=by, at=at)


def ask(application: Application, act: str, title: str, reason: str, *, by: Person, at: datetime) -> Approval:
    """The content names the entry as it is: if it moves or is submitted anew, the approval is void."""
    waiting = Approval.objects.waiting(at).filter(edition=application.edition, act=act)
    if waiting.filter(content__application=application.code).exists():
        raise Refused(_("This waits for a second person already."))
    content = {**as_it_is(application), "reason": reason.strip()}
    return governing.ask(application.edition, act, content, title=title, by=by, at=at, reason=reason.strip())


def as_it_is(application: Application) -> dict[str, str]:
    sealed = application.sealed
    return {
        "application": application.code,
        "state": str(application.state),
        "submission": sealed.receipt if sealed else "",
    }


@transaction.atomic
def disqualify(application: Application, *, by: Person, at: datetime, reason: str) -> Movement:
    """What an approved disqualification does."""
    hold(application)
    refuse_if(policy.disqualifying_problems(by, application, at))
    return move(application, State.DISQUALIFIED, by=by, at=at, reason=reason)


@transaction.atomic
def reinstate(application: Application, *, by: Person, at: datetime, reason: str) -> Movement:
    """A disqualification is lifted: the last sealed submission competes again."""
    hold(application)
    refuse_if(policy.reinstating_problems(by, application, at))
    return move(application, State.SUBMITTED, by=by, at=at, reason=reason)

"""Acts of the prize app itself."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import appointing, calendar, constituting, forgetting, ledger, rulebook
from prize.governing import Refused, act
from prize.models import Edition, Person
from prize.saying import said


def describe_adoption(content: dict[str, Any], edition: Edition) -> list[str]:
    return [
        _("Adopts the rules of %(edition)s: criteria, weights, method, forms, quotas and awards.")
        % {"edition": edition},
        _("The rules' digest is %(digest)s. Later changes need a motion of their own.") % {"digest": content["digest"]},
    ]


@act("prize.adopt_rules", describe=describe_adoption, matter=gettext_lazy("the rules of the edition"))
def adopt_rules(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    """Adopt the rules that stand in the rows now, if they are still those that were voted on."""
    book = rulebook.export(edition)
    if book.digest != content["digest"]:
        raise Refused(_("The rules have changed since this motion was proposed. Propose the rules as they are now."))
    Edition.objects.filter(pk=edition.pk).update(
        rules=rulebook.strings(book.as_data()), rules_digest=book.digest, rules_adopted_at=at
    )
    ledger.record(edition, "rulebook.adopted", facts={"digest": book.digest}, by=by, at=at)


def describe_closing(content: dict[str, Any], edition: Edition) -> list[str]:
    stage = edition.stages.get(slug=content["stage"])
    return [_("Closes “%(stage)s” now, before its time.") % {"stage": stage}]


@act("prize.close_stage", describe=describe_closing)
def close_stage(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    if not calendar.close(edition.stages.get(slug=content["stage"]), by=by, at=at):
        raise Refused(_("This stage is closed already."))


def describe_rescheduling(content: dict[str, Any], edition: Edition) -> list[str]:
    stage = edition.stages.get(slug=content["stage"])
    before, after = ([local(moment, edition) for moment in content[name]] for name in ("before", "after"))
    return [
        _("“%(stage)s” ran from %(opens)s to %(closes)s.") % {"stage": stage, "opens": before[0], "closes": before[1]},
        _("It will run from %(opens)s to %(closes)s.") % {"opens": after[0], "closes": after[1]},
    ]


def local(moment: str, edition: Edition) -> str:
    return said(datetime.fromisoformat(moment), edition)


@act(calendar.RESCHEDULE, describe=describe_rescheduling)
def reschedule_stage(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    stage = edition.stages.select_for_update(no_key=True).get(slug=content["stage"])
    if [stage.opens_at.isoformat(), stage.closes_at.isoformat()] != content["before"]:
        raise Refused(_("The stage was moved since this was asked. Ask again."))
    opens_at, closes_at = (datetime.fromisoformat(moment) for moment in content["after"])
    if not calendar.reschedule(stage, opens_at=opens_at, closes_at=closes_at, by=by, at=at):
        raise Refused(_("This stage is closed already."))


def describe_forgetting(content: dict[str, Any], edition: Edition) -> list[str]:
    return [
        _("Forgets the person with the code %(code)s: name, address and what letters and the ledger say of them.")
        % {"code": content["person"]},
        _("What the person decided or entered stays, without a name. This cannot be undone."),
    ]


@act("prize.forget", describe=describe_forgetting)
def forget(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    forgetting.forget(Person.objects.get(code=content["person"]), edition=edition, by=by, at=at)


@act(appointing.ACT, describe=appointing.describe)
def appoint(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    appointing.appoint(edition, Person.objects.get(code=content["person"]), content["role"], by=by, at=at)


@act(constituting.ACT, describe=constituting.describe)
def change_committee(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    constituting.change(content, edition=edition, by=by, at=at)

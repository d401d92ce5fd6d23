"""Acts of the prize app itself."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import calendar, forgetting, ledger, rulebook
from prize.governing import Refused, act
from prize.models import Edition, Person


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


def describe_forgetting(content: dict[str, Any], edition: Edition) -> list[str]:
    return [
        _("Forgets the person with the code %(code)s: name, address and what letters and the ledger say of them.")
        % {"code": content["person"]},
        _("What the person decided or entered stays, without a name. This cannot be undone."),
    ]


@act("prize.forget", describe=describe_forgetting)
def forget(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    forgetting.forget(Person.objects.get(code=content["person"]), edition=edition, by=by, at=at)

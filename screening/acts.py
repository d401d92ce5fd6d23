"""What a second approval, or a motion, carries out in screening."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Outcome
from prize.governing import act
from prize.models import Edition, Person
from screening import closing, correcting, indexing
from screening.models import CheckItem, Formula


def describe_announcement(content: dict[str, Any], edition: Edition) -> list[str]:
    names = dict(Outcome.Verdict.choices)
    counted = [f"{names.get(verdict, verdict)}: {count}" for verdict, count in content["counts"].items()]
    total = sum(content["counts"].values())
    letters = ngettext("One letter goes out.", "%(count)s letters go out, one to each applicant.", total)
    return [
        _("The outcomes of “%(stage)s” are announced.") % {"stage": edition.stages.get(slug=content["stage"])},
        "; ".join(counted) + ".",
        letters % {"count": total},
        _("Digest of the exact list of entries and verdicts: %(digest)s") % {"digest": content["list"]},
    ]


@act("screening.announce", describe=describe_announcement)
def announce(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    closing.announce(closing.stage_of(edition, content["stage"]), content, by=by, at=at)


def describe_closing(content: dict[str, Any], edition: Edition) -> list[str]:
    stage = edition.stages.get(slug=content["stage"])
    return [
        _("“%(stage)s” closes now and does not open again.") % {"stage": stage},
        *(closing.gap_sentence(content["gaps"]) or [_("Every entry has its outcome.")]),
    ]


@act("screening.close", describe=describe_closing)
def close(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    closing.close_with_gaps(closing.stage_of(edition, content["stage"]), content["gaps"], by=by, at=at)


def describe_correction(content: dict[str, Any], edition: Edition) -> list[str]:
    entry = Application.objects.get(edition=edition, code=content["entry"])
    item = CheckItem.objects.get(edition=edition, key=content["item"])
    results = dict(correcting.RESULTS)
    return [
        _("Entry %(code)s, %(title)s.") % {"code": entry.code, "title": entry},
        _("“%(item)s” becomes: %(result)s.") % {"item": item, "result": results[content["result"]]},
        _("Reason: %(note)s") % {"note": content["note"]},
        _("The outcome follows the checks. A changed outcome stays silent until it is announced."),
    ]


@act("screening.correct", describe=describe_correction)
def correct(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    entry = Application.objects.select_related("edition").get(edition=edition, code=content["entry"])
    item = CheckItem.objects.get(edition=edition, key=content["item"])
    correcting.correct(entry, item, content["result"], note=content["note"], by=by, at=at)


def describe_run(content: dict[str, Any], edition: Edition) -> list[str]:
    formula = Formula.objects.get(edition=edition, key=content["formula"], version=content["version"])
    return [
        _("“%(formula)s” is computed for %(year)s and becomes the index that stands.")
        % {"formula": formula, "year": content["year"]},
        _("Digest of its inputs: %(digest)s") % {"digest": content["inputs"]},
    ]


@act("screening.run_index", describe=describe_run)
def run_index(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> None:
    formula = Formula.objects.select_related("edition").get(
        edition=edition, key=content["formula"], version=content["version"]
    )
    indexing.run_approved(formula, content, by=by, at=at)

"""Test by test, then the verdict: what each check found, which exceptions were granted, and what follows for the entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from applications import concluding
from applications.lifecycle import hold
from applications.models import Application, Outcome
from prize import ledger
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import Edition, Person
from prize.saying import said
from screening import policy
from screening.models import Check, CheckItem, Waiver


class Answer(NamedTuple):
    """What an officer says to one check item."""

    result: str
    note: str = ""


class Problem(NamedTuple):
    """What a failed check found."""

    item: CheckItem
    note: str = ""

    def reason(self, language: str) -> str:
        """In the words that the applicant will read."""
        return (self.item.reason or self.item.text).in_language(language)


@dataclass(frozen=True)
class Verdict:
    """What the checks say of an entry. ``word`` is an Outcome's verdict, or empty while it cannot be said yet."""

    word: str = ""
    problems: tuple[Problem, ...] = ()
    waived: tuple[CheckItem, ...] = ()
    open: tuple[CheckItem, ...] = ()  # not answered yet, or answered "unsure"


class Stale(Exception):
    """Somebody has checked this entry since the page was opened."""

    def __init__(self, since: list[Check]):
        self.since = since
        super().__init__(_("A colleague has checked this entry since you opened it."))


# --- Recording ------------------------------------------------------------------------------------


def record(
    application: Application, item: CheckItem, result: str, *, by: Person, at: datetime, note: str = ""
) -> Check:
    """Record what one check found. It supersedes the earlier answer; both are kept."""
    record_all(application, {item: Answer(result, note)}, by=by, at=at)
    return Check.objects.standing().get(application=application, item=item)


@transaction.atomic
def record_all(
    application: Application,
    answers: Mapping[CheckItem, Answer],
    *,
    by: Person,
    at: datetime,
    seen: int | None = None,
) -> list[Check]:
    """Record an entry's checks at once. An answer that stands already in the same words is not written again.

    ``seen`` is the latest check that the officer had before his or her eyes; where a later one has come, Stale is raised.
    """
    require_running(application.edition, at)
    refuse_first(policy.screening_problems(by, application))
    return write_checks(application, answers, by=by, at=at, seen=seen)


def write_checks(
    application: Application, answers: Mapping[CheckItem, Answer], *, by: Person, at: datetime, seen: int | None = None
) -> list[Check]:
    for item, answer in answers.items():
        if item.edition_id != application.edition_id or answer.result not in Check.Result.values:
            raise Refused(_("This is not an answer to a check item of this edition."))
    hold(application)  # two officers queue up here
    standing = {check.item_id: check for check in Check.objects.standing().filter(application=application)}
    refuse_stale(standing.values(), seen)
    fresh = {item: answer for item, answer in answers.items() if differs(standing.get(item.pk), answer)}
    if not fresh:
        return []
    replaced = [standing[item.pk].pk for item in fresh if item.pk in standing]
    if replaced:
        Check.objects.filter(pk__in=replaced).update(superseded_at=at)
    rows = [
        Check(application=application, item=item, result=answer.result, note=answer.note, by=by, at=at)
        for item, answer in fresh.items()
    ]
    Check.objects.bulk_create(rows)
    facts = {"results": {item.key: str(answer.result) for item, answer in fresh.items()}}
    ledger.record(application.edition, "entry.checked", subject=application.code, facts=facts, by=by, at=at)
    return rows


def refuse_stale(standing: Iterable[Check], seen: int | None) -> None:
    since = [check for check in standing if seen is not None and check.pk > seen]
    if since:
        raise Stale(since)


def differs(standing: Check | None, answer: Answer) -> bool:
    return standing is None or (standing.result, standing.note) != (answer.result, answer.note)


@transaction.atomic
def waive(application: Application, item: CheckItem, *, reason: str, by: Person, at: datetime) -> Waiver:
    """Excuse a failed check. It is recorded with its reason, and stays."""
    require_running(application.edition, at)
    refuse_first(policy.waiving_problems(by, application, item))
    if not reason.strip():
        raise Refused(_("Say why an exception is made."))
    hold(application)
    failed = Check.objects.standing().filter(application=application, item=item, result=Check.Result.FAILED)
    if not failed.exists():
        raise Refused(_("There is nothing to excuse: this check has not failed."))
    waiver, made = Waiver.objects.get_or_create(
        application=application, item=item, defaults={"reason": reason.strip(), "granted_by": by, "granted_at": at}
    )
    if made:
        facts = {"item": item.key}
        personal = {"reason": waiver.reason}
        ledger.record(
            application.edition, "entry.waived", subject=application.code, facts=facts, personal=personal, by=by, at=at
        )
    return waiver


# --- The verdict ----------------------------------------------------------------------------------


def verdict_of(application: Application) -> Verdict:
    return verdicts_of([application], application.edition)[application.pk]


def verdicts_of(applications: Iterable[Application], edition: Edition) -> dict[int, Verdict]:
    """The verdict on each, in three queries however many there are."""
    keys = [application.pk for application in applications]
    items = list(edition.check_items.all())
    checks: dict[int, dict[int, Check]] = {key: {} for key in keys}
    for check in Check.objects.standing().filter(application__in=keys):
        checks[check.application_id][check.item_id] = check
    waived: dict[int, set[int]] = {key: set() for key in keys}
    for key, item in Waiver.objects.filter(application__in=keys).values_list("application", "item"):
        waived[key].add(item)
    return {key: weigh_up(items, checks[key], waived[key]) for key in keys}


def weigh_up(items: Iterable[CheckItem], checks: Mapping[int, Check], waived: set[int]) -> Verdict:
    """All passed or waived: advanced. One failed: declined, for every reason found. Else not yet."""
    problems, excused, unanswered = [], [], []
    for item in items:
        check = checks.get(item.pk)
        if check is None or check.result == Check.Result.UNSURE:
            unanswered.append(item)
        elif check.result == Check.Result.FAILED and item.pk in waived:
            excused.append(item)
        elif check.result == Check.Result.FAILED:
            problems.append(Problem(item, check.note))
    word = Outcome.Verdict.DECLINED if problems else "" if unanswered else Outcome.Verdict.ADVANCED
    return Verdict(str(word), tuple(problems), tuple(excused), tuple(unanswered))


# --- Deciding -------------------------------------------------------------------------------------


@transaction.atomic
def decide(application: Application, *, by: Person, at: datetime) -> Outcome:
    """Conclude what the checks say. Pressed twice, or by two officers at once, it leaves one standing outcome."""
    require_running(application.edition, at)
    refuse_first(policy.screening_problems(by, application))
    waiting = application.clarifications.waiting(at).first()
    if waiting:
        raise Refused(
            _("The applicant was asked a question and has until %(moment)s to answer. Withdraw it to decide now.")
            % {"moment": said(waiting.last_minute, application.edition)}
        )
    return conclude(application, by=by, at=at)


def conclude(application: Application, *, by: Person, at: datetime, announced_too: bool = False) -> Outcome:
    """Write the outcome that the checks call for; one that is announced changes only with a second person (``correcting``)."""
    hold(application)
    verdict = verdict_of(application)
    if not verdict.word:
        names = "; ".join(str(item) for item in verdict.open)
        raise Refused(_("Not yet: still to be answered: %(items)s") % {"items": names})
    stage = policy.screening_stage(application.edition)
    code, reason = first_reason(verdict)
    standing = Outcome.objects.standing().filter(application=application, stage=stage).first()
    if standing and (standing.verdict, standing.reason_code, standing.reason) == (verdict.word, code, reason):
        return standing
    if standing and standing.announced_at and not announced_too:
        raise Refused(_("This outcome is announced. It can be corrected only with a second person's approval."))
    return concluding.conclude(application, stage, verdict.word, by=by, at=at, reason_code=code, reason=reason)


def first_reason(verdict: Verdict) -> tuple[str, str]:
    """The first problem gives the code; all of them give the words, kept in the site's own language."""
    if not verdict.problems:
        return "", ""
    words = [problem.reason(settings.LANGUAGE_CODE) for problem in verdict.problems]
    return verdict.problems[0].item.key, "\n".join(words)


def problems_at(outcome: Outcome) -> list[Problem]:
    """What had failed, and was not excused, when this outcome was decided."""
    moment = outcome.decided_at
    stood = Q(superseded_at=None) | Q(superseded_at__gt=moment)
    failed = Check.objects.filter(stood, application=outcome.application_id, result=Check.Result.FAILED, at__lte=moment)
    excused = Waiver.objects.filter(application=outcome.application_id, granted_at__lte=moment).values("item")
    rows = failed.exclude(item__in=excused).select_related("item").order_by("item__order", "item")
    return [Problem(check.item, check.note) for check in rows]


def require_running(edition: Edition, at: datetime) -> None:
    stage = policy.screening_stage(edition)
    if not policy.is_running(stage, at):
        raise StageClosed(stage, at)


def refuse_first(problems: list[str]) -> None:
    if problems:
        raise Refused(problems[0])

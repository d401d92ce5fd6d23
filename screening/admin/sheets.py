"""What the board and an entry's page show, gathered in a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications.dossiers import dossier_for
from applications.models import Application, Outcome, Recusal
from prize.models import Edition, Person
from prize.policy import is_secretariat
from screening import checking, indexing, policy, proposing
from screening.forms import ChecksForm, ClarificationForm, CorrectionForm, WaiverForm
from screening.models import Check, CheckItem, Clarification, Similarity, Waiver
from screening.rules import Proposal

SIGNS = {"passed": "✓", "failed": "✗", "unsure": "?", "waived": "~", "": "·"}
KINDS = {"passed": "ok", "failed": "bad", "unsure": "warn", "waived": "gold", "": "neutral"}


def rows_for(entries: list[Application], edition: Edition, at: datetime) -> list[dict[str, Any]]:
    """One row for each entry: every item's state, the outcome, the questions."""
    stage = policy.screening_stage(edition)
    items = list(edition.check_items.all())
    keys = [entry.pk for entry in entries]
    checks = {(row.application_id, row.item_id): row for row in Check.objects.standing().filter(application__in=keys)}
    waived = set(Waiver.objects.filter(application__in=keys).values_list("application", "item"))
    outcomes = {row.application_id: row for row in Outcome.objects.standing().filter(stage=stage, application__in=keys)}
    questions: dict[int, Clarification] = {}
    for asked in Clarification.objects.filter(application__in=keys, withdrawn_at=None).order_by("asked_at"):
        questions[asked.application_id] = asked
    proposals = proposing.proposals_for([entry for entry in entries if entry.pk not in outcomes], edition)
    verdicts = checking.verdicts_of(entries, edition)
    return [
        {
            "entry": entry,
            "cells": [cell(entry, item, checks, waived, proposals.get(entry.pk, {})) for item in items],
            "outcome": outcomes.get(entry.pk),
            "verdict": verdicts[entry.pk],
            "question": question_words(questions.get(entry.pk), at),
        }
        for entry in entries
    ]


def cell(
    entry: Application, item: CheckItem, checks: dict, waived: set, proposals: dict[int, Proposal]
) -> dict[str, Any]:
    check = checks.get((entry.pk, item.pk))
    proposal = proposals.get(item.pk)
    if check is None and proposal:
        words = _("%(item)s A rule proposes: %(result)s") % {
            "item": item,
            "result": Check.Result(proposal.result).label,
        }
        return {"sign": SIGNS[proposal.result], "kind": "proposed", "title": words}
    state = check.result if check else ""
    if state == "failed" and (entry.pk, item.pk) in waived:
        state = "waived"
    labels = {**dict(Check.Result.choices), "waived": _("failed, excused"), "": _("not answered")}
    return {"sign": SIGNS[state], "kind": KINDS[state], "title": f"{item} {labels[state]}"}


def question_words(asked: Clarification | None, at: datetime) -> dict[str, str] | None:
    if asked is None:
        return None
    if asked.answered_at:
        return {"word": _("answered"), "kind": "ok"}
    overdue = asked.due_at <= at
    return {"word": _("overdue") if overdue else _("asked"), "kind": "bad" if overdue else "warn"}


# --- An entry's page ------------------------------------------------------------------------------


def sheet_for(
    entry: Application,
    person: Person,
    at: datetime,
    *,
    form: ChecksForm | None = None,
    since: list[Check] | None = None,
    question_form: ClarificationForm | None = None,
    waiver_form: WaiverForm | None = None,
    correction_form: CorrectionForm | None = None,
) -> dict[str, Any]:
    edition = entry.edition
    stage = policy.screening_stage(edition)
    items = list(edition.check_items.all())
    history = list(Check.objects.filter(application=entry).select_related("by", "item").order_by("-at", "-pk"))
    outcomes = list(entry.outcomes.filter(stage=stage).select_related("by"))
    failed = [check.item_id for check in history if not check.superseded_at and check.result == Check.Result.FAILED]
    return {
        "entry": entry,
        "edition": edition,
        "stage": stage,
        "running": policy.is_running(stage, at),
        "dossier": dossier_for(entry, blind=False),
        "index": indexing.panel_for(entry),
        "items": item_rows(entry, items, history, form),
        "seen": max((check.pk for check in history), default=0),
        "since": [in_words(check) for check in since or []],
        "verdict": checking.verdict_of(entry),
        "outcome": next((row for row in outcomes if row.superseded_at is None), None),
        "earlier": [row for row in outcomes if row.superseded_at],
        "questions": entry.clarifications.select_related("asked_by", "answered_by").order_by("-asked_at"),
        "alike": alike_with(entry, person),
        "is_secretary": is_secretariat(person, edition),
        "question_form": question_form or ClarificationForm(edition=edition),
        "waiver_form": waiver_form or WaiverForm(items=edition.check_items.filter(may_be_waived=True, pk__in=failed)),
        "may_waive": edition.check_items.filter(may_be_waived=True, pk__in=failed)
        .exclude(waivers__application=entry)
        .exists(),
        "correction_form": correction_form or CorrectionForm(items=edition.check_items.all()),
    }


def alike_with(entry: Application, person: Person) -> QuerySet[Similarity]:
    """Pairs that the entry is part of, without those whose other half this officer stands aside from: its title tells of it."""
    aside = Recusal.objects.of(person).values("application")
    pairs = Similarity.objects.filter(Q(one=entry) | Q(other=entry)).exclude(Q(one__in=aside) | Q(other__in=aside))
    return pairs.select_related("one", "other")


def item_rows(entry: Application, items: list[CheckItem], history: list[Check], form: ChecksForm | None) -> list[dict]:
    """For each item: what stands, what a rule proposes, what was said before, and what the sheet shows as chosen."""
    proposals = proposing.proposals_for([entry], entry.edition).get(entry.pk, {})
    waivers = {row.item_id: row for row in entry.waivers.select_related("granted_by")}
    rows = []
    for item in items:
        own = [check for check in history if check.item_id == item.pk]
        standing = next((check for check in own if check.superseded_at is None), None)
        proposal = proposals.get(item.pk)
        chosen, note = chosen_in(item, standing, proposal, form)
        rows.append(
            {
                "item": item,
                "standing": standing,
                "earlier": [check for check in own if check.superseded_at],
                "proposal": proposal,
                "proposed": Check.Result(proposal.result).label if proposal else "",
                "waiver": waivers.get(item.pk),
                "chosen": chosen,
                "note": note,
            }
        )
    return rows


def chosen_in(
    item: CheckItem, standing: Check | None, proposal: Proposal | None, form: ChecksForm | None
) -> tuple[str, str]:
    if form is not None:
        return form.data.get(f"result_{item.key}", ""), form.data.get(f"note_{item.key}", "")
    if standing:
        return standing.result, standing.note
    return (proposal.result if proposal else ""), ""


def in_words(check: Check) -> str:
    """What a colleague found."""
    said = _("%(item)s %(name)s: %(result)s") % {
        "item": check.item,
        "name": check.by.called,
        "result": check.get_result_display(),
    }
    return f"{said} ({check.note})" if check.note else said

"""The officer's place of work: the board of entries, and a page per entry with the dossier left and the checks right."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications.models import Application, Outcome
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import Edition, Person, Stage
from prize.policy import is_screening_officer, is_secretariat
from prize.requests import Request
from screening import checking, clarifying, comparing, correcting, policy
from screening.admin import sheets
from screening.forms import BoardFilter, ChecksForm, ClarificationForm, CorrectionForm, WaiverForm
from screening.models import Clarification

PER_PAGE = 40


# --- Whose edition --------------------------------------------------------------------------------


def is_secretary(person: Any) -> bool:
    """Secretariat of any prize; which rows are whose is the queryset's matter."""
    return person.is_superuser or "secretariat" in person.office_roles


def edition_of(request: Request) -> Edition:
    """The edition named in the address, else the latest one being run that has a screening stage."""
    editions = Edition.objects.organised_by(request.user).filter(stages__kind=Stage.Kind.SCREENING)
    named = request.GET.get("edition", "")
    if named.isdigit():
        editions = editions.filter(pk=named)
    found = editions.select_related("prize").order_by("-year", "-pk").first()
    if found is None:
        raise Http404
    if not is_screening_officer(request.user, found):
        raise PermissionDenied
    return found


def entry_or_404(request: Request, code: str) -> Application:
    """An entry this officer may screen; one from which he or she stands aside does not exist."""
    organised = Edition.objects.organised_by(request.user)
    entry = get_object_or_404(Application.objects.filter(edition__in=organised).select_related("edition"), code=code)
    rows = policy.entries_for(request.user, entry.edition)
    return get_object_or_404(rows.select_related("edition__prize", "category", "applicant_type", "city"), code=code)


# --- The board ------------------------------------------------------------------------------------


def board(request: Request) -> HttpResponse:
    edition = edition_of(request)
    at = request.at
    stage = policy.screening_stage(edition)
    form = BoardFilter(request.GET or None, edition=edition)
    mine = policy.entries_for(request.user, edition)
    found = filtered(mine, form, stage, at)
    page = Paginator(found.select_related("category", "applicant_type", "city"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    words = ngettext("%(count)s entry", "%(count)s entries", page.paginator.count) % {"count": page.paginator.count}
    values = {
        **admin.site.each_context(request),
        "title": _("Screening board"),
        "edition": edition,
        "stage": stage,
        "at": at,
        "form": form,
        "found": words,
        "clear": reverse("admin:screening_check_board") if form.has_changed() else "",
        "items": list(edition.check_items.all()),
        "rows": sheets.rows_for(list(page), edition, at),
        "page": page,
        "query": query_of(request),
        "tiles": tiles(mine, stage, at),
        "is_secretary": is_secretariat(request.user, edition),
        "silent": Outcome.objects.standing().filter(stage=stage, announced_at=None).count(),
    }
    return render(request, "admin/screening/board.html", values)


def filtered(rows: QuerySet, form: BoardFilter, stage: Stage, at: Any) -> QuerySet:
    """The board's entries in the order in which they were started, which changes for nobody while he works."""
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("q"):
        text = wanted["q"].strip()
        rows = rows.filter(
            Q(title__icontains=text)
            | Q(code__iexact=text)
            | Q(city__name__icontains=text)
            | Q(organisation__name__icontains=text)
        )
    for name in ("category", "applicant_type"):
        if wanted.get(name):
            rows = rows.filter(**{f"{name}__key": wanted[name]})
    return in_state(rows, wanted.get("state", ""), stage, at).order_by("pk")


def in_state(rows: QuerySet, state: str, stage: Stage, at: Any) -> QuerySet:
    outcomes = Outcome.objects.standing().filter(stage=stage)
    questions = Clarification.objects.filter(application__edition=stage.edition_id)
    undecided = rows.exclude(pk__in=outcomes.values("application"))
    if state == "todo":
        return undecided
    if state == "answered":
        return undecided.filter(pk__in=questions.filter(answered_at__isnull=False).values("application"))
    if state in ("asked", "overdue"):
        found = questions.open() if state == "asked" else questions.overdue(at)
        return rows.filter(pk__in=found.values("application"))
    if state == "waived":
        return rows.filter(waivers__isnull=False).distinct()
    if state == "decided":
        return rows.filter(pk__in=outcomes.filter(announced_at=None).values("application"))
    if state in ("advanced", "declined"):
        return rows.filter(pk__in=outcomes.filter(verdict=state).values("application"))
    return rows


def tiles(rows: QuerySet, stage: Stage, at: Any) -> list[dict[str, Any]]:
    captions = {
        "todo": _("to be decided"), "asked": _("with an open question"), "advanced": _("advanced"), "declined": _("declined"),
    }  # fmt: skip
    return [
        {"figure": in_state(rows, state, stage, at).count(), "caption": caption, "href": f"?state={state}"}
        for state, caption in captions.items()
    ]


def query_of(request: Request) -> str:
    """The filters as they stand, so that previous and next stay inside them."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


@require_POST
def comparison(request: Request) -> HttpResponse:
    edition = edition_of(request)
    found = comparing.compare(edition, by=request.user, at=request.at)
    words = ngettext("%(count)s new pair is alike.", "%(count)s new pairs are alike.", len(found)) % {
        "count": len(found)
    }
    messages.success(request, words)
    return redirect(reverse("admin:screening_similarity_changelist") + "?ruling__exact=open")


# --- One entry ------------------------------------------------------------------------------------


def entry(request: Request, code: str) -> HttpResponse:
    found = entry_or_404(request, code)
    if request.method != "POST":
        return entry_page(request, found)
    form = ChecksForm(request.POST, items=list(found.edition.check_items.all()))
    if not form.is_valid():
        return entry_page(request, found, form=form, status=422)
    return save_checks(request, found, form)


def save_checks(request: Request, found: Application, form: ChecksForm) -> HttpResponse:
    """Record what was answered; then decide and go on, or stay. Whatever is refused leaves the sheet as it was filled in."""
    person, at = request.user, request.at
    try:
        checking.record_all(found, form.answers(), by=person, at=at, seen=form.cleaned_data["seen"])
        if request.POST.get("then") != "decide":
            messages.success(request, _("Saved."))
            return redirect(entry_address(request, found.code))
        outcome = checking.decide(found, by=person, at=at)
    except checking.Stale as stale:
        return entry_page(request, found, form=form, since=stale.since, status=409)
    except (Refused, StageClosed) as refusal:
        messages.error(request, str(refusal))
        return entry_page(request, found, form=form, status=409)
    messages.success(
        request, _("%(code)s: %(verdict)s.") % {"code": found.code, "verdict": outcome.get_verdict_display()}
    )
    following = neighbours(request, found)["next"]
    return redirect(entry_address(request, following) if following else reverse("admin:screening_check_board"))


def entry_page(request: Request, found: Application, *, status: int = 200, **more: Any) -> HttpResponse:
    at = request.at
    values = sheets.sheet_for(found, request.user, at, **more)
    values |= {"query": query_of(request), "at": at, **neighbours(request, found)}
    return render(request, "admin/screening/entry.html", values, status=status)


def neighbours(request: Request, found: Application) -> dict[str, Any]:
    """The entries before and after this one in the list the officer came from, and how many there are."""
    form = BoardFilter(request.GET or None, edition=found.edition)
    stage = policy.screening_stage(found.edition)
    mine = policy.entries_for(request.user, found.edition)
    codes = filtered(mine, form, stage, request.at)
    before, after = codes.filter(pk__lt=found.pk), codes.filter(pk__gt=found.pk)
    return {
        "previous": before.order_by("-pk").values_list("code", flat=True).first(),
        "next": after.values_list("code", flat=True).first(),
        "number": before.count() + 1,
        "total": before.count() + after.count() + 1,
    }


def entry_address(request: Request, code: str) -> str:
    query = query_of(request)
    return reverse("admin:screening_check_entry", args=[code]) + (f"?{query}" if query else "")


# --- What else an officer does with an entry --------------------------------------------------------


@require_POST
def question(request: Request, code: str) -> HttpResponse:
    found = entry_or_404(request, code)
    form = ClarificationForm(request.POST, edition=found.edition)

    def ask(person: Person, at: Any) -> str:
        clarifying.ask(found, form.cleaned_data["question"], due_at=form.due_at(), by=person, at=at)
        return _("Asked. The applicant gets a letter.")

    return carried_out(request, found, form, ask, "question_form")


@require_POST
def exception(request: Request, code: str) -> HttpResponse:
    found = entry_or_404(request, code)
    form = WaiverForm(request.POST, items=found.edition.check_items.all())

    def waive(person: Person, at: Any) -> str:
        checking.waive(found, form.cleaned_data["item"], reason=form.cleaned_data["reason"], by=person, at=at)
        return _("The exception is recorded.")

    return carried_out(request, found, form, waive, "waiver_form")


@require_POST
def correction(request: Request, code: str) -> HttpResponse:
    found = entry_or_404(request, code)
    form = CorrectionForm(request.POST, items=found.edition.check_items.all())

    def ask(person: Person, at: Any) -> str:
        wanted = form.cleaned_data
        correcting.ask_to_correct(found, wanted["item"], wanted["result"], note=wanted["note"], by=person, at=at)
        return _("Asked. A second person of the secretariat has to approve it.")

    return carried_out(request, found, form, ask, "correction_form")


def carried_out(request: Request, found: Application, form: Any, deed: Any, name: str) -> HttpResponse:
    """Do it if the form will do; else the page again, with what was written."""
    if not form.is_valid():
        return entry_page(request, found, **{name: form}, status=422)
    try:
        messages.success(request, deed(request.user, request.at))
    except (Refused, StageClosed) as refusal:
        form.add_error(None, str(refusal))
        return entry_page(request, found, **{name: form}, status=409)
    return redirect(entry_address(request, found.code))

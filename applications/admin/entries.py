"""Entries in the office: found, read, exported, and moved by the same verbs as on the pages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm

from applications import answering, calling, drafting, lifecycle, policy
from applications.admin.export import EntryResource
from applications.answering import Kind, names_of
from applications.models import (
    Answer,
    Application,
    Attachment,
    Collaborator,
    Extension,
    Movement,
    Outcome,
    Recusal,
    Submission,
)
from prize.admin import ReadOnlyAdmin, ReadOnlyInline, verb
from prize.exporting import Recorded
from prize.models import Region
from prize.policy import is_secretariat
from prize.requests import HookRequest, Request
from prize.saying import said
from prize.templatetags.components import moment

State = Application.State


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class ExtensionForm(ReasonForm):
    """Until when, as the clock shows it in the edition's zone."""

    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("until", "reason")

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["until"].help_text = _("Time in %(zone)s. The first instant that is too late.") % {"zone": zone.key}

    def clean_until(self) -> datetime:
        return self.cleaned_data["until"].replace(tzinfo=self.zone)


class RegionFilter(admin.SimpleListFilter):
    title = gettext_lazy("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = {region.key: str(region.name) for region in Region.objects.all()}
        return sorted(names.items(), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        chosen = Region.objects.filter(key=self.value())
        return queryset.filter(country__in={code for region in chosen for code in region.countries})


class CountryFilter(admin.SimpleListFilter):
    """Only the countries that entries come from."""

    title = gettext_lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        present = model_admin.get_queryset(request).exclude(country="").values_list("country", flat=True).distinct()
        return sorted(((code, str(countries.name(code))) for code in present.order_by()), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(country=self.value()) if self.value() else queryset


class Rows(ReadOnlyInline):
    """Rows that are only read, every column as text."""

    template = "applications/_admin_rows.html"


class AnswerInline(Rows):
    model = Answer
    fields = readonly_fields = ("question", "text", "changed_by", "changed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("question__section", "changed_by")
        return rows.order_by("question__section__order", "question__order")

    @admin.display(description=gettext_lazy("answer"))
    def text(self, answer: Answer) -> str:
        if answer.question.kind in (Kind.CHOICE, Kind.MULTIPLE):
            return ", ".join(names_of(answer.question, answer.value))
        if answer.question.kind == Kind.CONSENT:
            return _("Yes") if answer.value else _("No")
        return str(answer.value or "–")


class AttachmentInline(Rows):
    model = Attachment
    fields = readonly_fields = ("link", "question", "kind", "size", "added_by", "added_at", "removed_at")

    @admin.display(description=gettext_lazy("file"))
    def link(self, attachment: Attachment) -> str:
        return format_html('<a href="{}">{}</a>', reverse("applications:file", args=[attachment.code]), attachment.name)


class CollaboratorInline(Rows):
    model = Collaborator
    fields = readonly_fields = ("email", "person", "invited_at", "joined_at", "removed_at")


class MovementInline(Rows):
    model = Movement
    fields = readonly_fields = ("before", "after", "reason", "by", "at")


class SubmissionInline(Rows):
    model = Submission
    fields = readonly_fields = ("number", "receipt", "digest", "submitted_by", "submitted_at")


class OutcomeInline(Rows):
    model = Outcome
    fields = readonly_fields = ("stage", "verdict", "reason", "by", "decided_at", "announced_at", "superseded_at")

    def get_queryset(self, request: HookRequest) -> QuerySet:
        return policy.outcomes_visible_to(request.user, super().get_queryset(request))


class RecusalInline(Rows):
    model = Recusal
    fields = readonly_fields = ("person", "ground", "declared_by", "declared_at", "lifted_at")


class ExtensionInline(Rows):
    model = Extension
    fields = readonly_fields = ("stage", "until", "reason", "granted_by", "granted_at")


@admin.register(Application)
class ApplicationAdmin(Recorded, ExportMixin, ReadOnlyAdmin):
    export_act = "entries.exported"
    resource_classes = (EntryResource,)
    export_form_class = ExportForm
    formats = (CSV, XLSX)
    list_display = ("code", "title", "category", "applicant_type", "place", "state", "submitted")
    list_display_links = ("code", "title")
    list_filter = ("edition", "state", "category", "applicant_type", RegionFilter, CountryFilter)
    list_select_related = ("edition", "category", "applicant_type", "organisation", "city")
    search_fields = (
        "code",
        "title",
        "organisation__name",
        "organisation__native_name",
        "city__name",
        "city__native_name",
    )
    ordering = ("-started_at",)
    readonly_fields = ("what_is_missing",)
    inlines = (
        AnswerInline, AttachmentInline, CollaboratorInline, SubmissionInline, OutcomeInline, RecusalInline, MovementInline,
        ExtensionInline,
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Less those from which the officer stands aside."""
        rows = super().get_queryset(request).not_recused(request.user)  # type: ignore[attr-defined]
        return rows.annotate(last_submitted_at=Max("submissions__submitted_at"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = ["code", "edition", "category", "applicant_type", "title", "organisation", "city", "country"]
        return [*names, "language", "owner", "state", "what_is_missing", "started_at", "changed_at"]

    @admin.display(description=gettext_lazy("City or region"), ordering="country")
    def place(self, entry: Application) -> str:
        return ", ".join(str(part) for part in (entry.city, countries.name(entry.country)) if part)

    @admin.display(description=gettext_lazy("submitted"), ordering="last_submitted_at")
    def submitted(self, entry: Any) -> str:
        """In the edition's zone, as every page says it."""
        last = entry.last_submitted_at
        return moment(last, entry.edition.zone)

    @admin.display(description=gettext_lazy("what is missing"))
    def what_is_missing(self, entry: Application) -> str:
        if entry.state != State.DRAFT:
            return "–"
        parts = answering.parts_of(entry)
        asked = {answered.question.key: answered.question.label for part in parts for answered in part.answers}
        found = drafting.problems(entry, entry.changed_at, parts)
        lines = [f"{asked[one.question]}: {one.message}" if one.question in asked else one.message for one in found]
        return "\n".join(lines) or _("Nothing: it is complete.")

    # --- Buttons ----------------------------------------------------------------------------------

    def may_act(self, request: Request, row: Application) -> bool:
        return is_secretariat(request.user, row.edition)

    @staticmethod
    def may_be_reopened(entry: Application, request: Any) -> bool:
        return not policy.reopening_problems(request.user, entry, request.at)

    @staticmethod
    def may_be_disqualified(entry: Application, request: Any) -> bool:
        return not policy.disqualifying_problems(request.user, entry, request.at)

    @staticmethod
    def may_be_reinstated(entry: Application, request: Any) -> bool:
        return not policy.reinstating_problems(request.user, entry, request.at)

    @staticmethod
    def may_get_more_time(entry: Application, request: Any) -> bool:
        return entry.state in (State.DRAFT, State.SUBMITTED) and is_secretariat(request.user, entry.edition)

    @verb(
        gettext_lazy("Reopen"),
        confirm=gettext_lazy(
            "The entry becomes a draft again. What was submitted last counts until it is submitted anew."
        ),
        shown=may_be_reopened,
        form=ReasonForm,
    )
    def reopen(self, request: Any, entry: Application, form: ReasonForm) -> str:
        lifecycle.reopen(entry, by=request.user, at=request.at, reason=form.cleaned_data["reason"])
        return _("The entry is open again.")

    @verb(
        gettext_lazy("Ask to disqualify"),
        confirm=gettext_lazy(
            "Once a second person has approved it, the entry leaves the competition and every judge's list at once."
        ),
        shown=may_be_disqualified,
        danger=True,
        form=ReasonForm,
    )
    def disqualify(self, request: Any, entry: Application, form: ReasonForm) -> str:
        lifecycle.ask_to_disqualify(entry, by=request.user, at=request.at, reason=form.cleaned_data["reason"])
        return _("Asked. It waits under “Second approvals” for another person.")

    @verb(
        gettext_lazy("Ask to lift the disqualification"),
        confirm=gettext_lazy("Once a second person has approved it, what was submitted last competes again."),
        shown=may_be_reinstated,
        form=ReasonForm,
    )
    def reinstate(self, request: Any, entry: Application, form: ReasonForm) -> str:
        lifecycle.ask_to_reinstate(entry, by=request.user, at=request.at, reason=form.cleaned_data["reason"])
        return _("Asked. It waits under “Second approvals” for another person.")

    @verb(
        gettext_lazy("Ask for more time"),
        confirm=gettext_lazy("A second person of the secretariat has to approve it. Until then nothing changes."),
        shown=may_get_more_time,
        form=ExtensionForm,
    )
    def extend(self, request: Any, entry: Application, form: ExtensionForm) -> str:
        given = form.cleaned_data
        calling.ask_extension(entry, until=given["until"], reason=given["reason"], by=request.user, at=request.at)
        return _("Asked. It waits under “Second approvals” for another person.")

    def verb_form_arguments(self, name: str, row: Application) -> dict[str, Any]:
        return {"zone": row.edition.tz} if name == "extend" else {}

    def verb_sentences(self, name: str, row: Application, request: Request) -> list[str]:
        sentences = super().verb_sentences(name, row, request)
        if name == "extend":
            sentences.append(
                _("It may be written now until %(until)s.") % {"until": said(row.last_minute(), row.edition)}
            )
        return sentences

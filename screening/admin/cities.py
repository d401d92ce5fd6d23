"""Indicators, readings, formulas and runs of the index in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm

from prize.admin import EditionAdmin, ReadOnlyAdmin, ReadOnlyInline, verb
from prize.exporting import Recorded
from prize.models import City
from prize.requests import HookRequest, Request
from prize.rulebook import plain
from prize.scoring.formula import FUNCTIONS
from screening import collecting, computing, indexing
from screening.admin import board
from screening.admin.importing import ReadingResource
from screening.admin.tables import RulesAdmin
from screening.collecting import Value
from screening.models import Formula, IndexLine, IndexRun, Indicator, Reading


@admin.register(Indicator)
class IndicatorAdmin(RulesAdmin):
    list_display = ("name", "key", "unit", "direction", "low", "high", "edition")
    list_filter = ("edition",)
    search_fields = ("key",)


class ReadingForm(forms.ModelForm):
    """A reading as it is entered; who and when are the verb's."""

    request: Request  # set on the class that the admin makes for one request

    class Meta:
        model = Reading
        fields = ("indicator", "city", "year", "value", "source")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            value = Value(given["indicator"], given["city"], given["year"], given["value"], given["source"])
            found = collecting.problems(value, given["indicator"].edition, self.request.at)
            for problem in found:
                self.add_error(None, problem)
        return given

    def _get_validation_exclusions(self) -> set[str]:
        # A second reading of the same city and year is a correction, not a mistake.
        return super()._get_validation_exclusions() | {"indicator", "city", "year"}  # type: ignore[misc]


class CorrectedForm(forms.Form):
    value = forms.DecimalField(label=gettext_lazy("Value"), max_digits=20, decimal_places=6)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=250)


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("superseded")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [first | {"display": _("standing")}, *rest]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return {"no": rows.exclude(superseded_at=None), "all": rows}.get(
            self.value() or "", rows.filter(superseded_at=None)
        )


@admin.register(Reading)
class ReadingAdmin(Recorded, ImportExportMixin, EditionAdmin):
    """Entered by hand or from a file. A reading is corrected by a new one; the earlier is kept."""

    export_act = "readings.exported"
    export_form_class = ExportForm  # the other one asks field by field, with inline styles and scripts
    edition_path = "indicator__edition"
    resource_classes = (ReadingResource,)
    import_formats = export_formats = (CSV, XLSX)
    import_error_display = ("message", "row")
    skip_admin_log = True  # the ledger keeps who recorded what
    import_template_name = "admin/screening/reading/import.html"
    form = ReadingForm
    list_display = ("city", "indicator", "year", "figure", "source", "entered_by", "entered_at")
    list_filter = (StandingFilter, "indicator", "year", "city__income")
    search_fields = ("city__name", "city__native_name", "source")
    list_select_related = ("city", "indicator", "entered_by")
    autocomplete_fields = ("city",)

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def figure(self, reading: Reading) -> str:
        return plain(reading.value)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_import_permission(self, request: Request) -> bool:
        return self.has_add_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HookRequest, **kwargs: Any) -> Any:
        if db_field.name == "indicator":
            kwargs["queryset"] = Indicator.objects.filter(edition=board.edition_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HookRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.request = request
        return form

    def save_model(self, request: HookRequest, obj: Reading, form: Any, change: bool) -> None:
        kept = collecting.record_reading(
            obj.indicator, obj.city, obj.year, obj.value, source=obj.source, by=request.user, at=request.at
        )  # fmt: skip
        obj.pk = kept.pk

    def get_import_resource_kwargs(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        return {"edition": board.edition_of(request), "by": request.user, "at": request.at}

    def get_export_resource_kwargs(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        return self.get_import_resource_kwargs(request)

    @verb(
        gettext_lazy("Correct"), form=CorrectedForm, shown=lambda reading, request: reading.superseded_at is None,
        confirm=gettext_lazy("The new value supersedes this one. Both are kept, each with its source."),
    )  # fmt: skip
    def correct(self, request: Request, reading: Reading, form: CorrectedForm) -> HttpResponse:
        wanted = form.cleaned_data
        kept = collecting.record_reading(
            reading.indicator, reading.city, reading.year, wanted["value"], source=wanted["source"],
            by=request.user, at=request.at,
        )  # fmt: skip
        self.message_user(request, _("Recorded."))
        return redirect(reverse("admin:screening_reading_change", args=[kept.pk]))

    def verb_form_arguments(self, name: str, row: Reading) -> dict[str, Any]:
        return {"initial": {"value": plain(row.value), "source": row.source}}


SAID = gettext_lazy("Indicators by their keys, numbers, + - * / and functions: {names}.")


class FormulaForm(forms.ModelForm):
    class Meta:
        model = Formula
        fields = ("edition", "key", "version", "name", "explanation", "expression", "places")
        help_texts: ClassVar = {"expression": format_lazy(SAID, names=", ".join(FUNCTIONS))}

    def clean(self) -> dict[str, Any]:
        """A formula that cannot be read is said where it is written, not when it is run."""
        given = super().clean() or {}
        edition, expression = given.get("edition"), given.get("expression")
        if edition and expression:
            for problem in computing.problems(expression, edition.indicators.values_list("key", flat=True)):
                self.add_error("expression", problem)
        return given


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1900, max_value=2200)


@admin.register(Formula)
class FormulaAdmin(RulesAdmin):
    form = FormulaForm
    list_display = ("name", "key", "version", "places", "edition")
    list_filter = ("edition",)
    search_fields = ("key",)

    def get_readonly_fields(self, request: HttpRequest, obj: Formula | None = None) -> tuple[str, ...]:
        """What was run stays as it was; a change of the sum is a new version."""
        return ("edition", "key", "version", "expression", "places") if obj and obj.runs.exists() else ()

    @verb(
        gettext_lazy("Run the index"), form=YearForm, shown=lambda formula, request: board.is_secretary(request.user),
        confirm=gettext_lazy("The index is computed for a year. A second person has to approve it before it stands."),
    )  # fmt: skip
    def run(self, request: Request, formula: Formula, form: YearForm) -> HttpResponse:
        approval = indexing.ask_to_run(formula, year=form.cleaned_data["year"], by=request.user, at=request.at)
        self.message_user(request, _("Asked. A second person of the secretariat has to approve this exact content."))
        return redirect(reverse("admin:prize_approval_change", args=[approval.pk]))


class IndexLineInline(ReadOnlyInline):
    model = IndexLine
    template = "admin/screening/_lines.html"
    fields = ("rank", "city", "value", "peer_group", "peer_rank")
    ordering = ("rank", "city__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("city", "run__formula")


@admin.register(IndexRun)
class IndexRunAdmin(ReadOnlyAdmin):
    edition_path = "formula__edition"
    list_display = ("formula", "year", "cities", "left_out", "run_by", "run_at", "short_digest")
    list_filter = ("formula", "year")
    list_select_related = ("formula", "run_by")
    fields = ("code", "formula", "year", "method", "run_by", "run_at", "inputs_digest", "digest", "warning_words")
    readonly_fields = ("warning_words",)
    inlines = (IndexLineInline,)

    @admin.display(description=gettext_lazy("cities"))
    def cities(self, run: IndexRun) -> int:
        return len(run.inputs["cities"]) - len(run.warnings)

    @admin.display(description=gettext_lazy("left out"))
    def left_out(self, run: IndexRun) -> int:
        return len(run.warnings)

    @admin.display(description=gettext_lazy("digest"))
    def short_digest(self, run: IndexRun) -> str:
        return run.digest[:12]

    @admin.display(description=gettext_lazy("cities left out"))
    def warning_words(self, run: IndexRun) -> str:
        names = dict(City.objects.filter(code__in=[row["city"] for row in run.warnings]).values_list("code", "name"))
        rows = [f"{names.get(row['city'], row['city'])}: {', '.join(row['indicators'])}" for row in run.warnings]
        return "\n".join(rows) or _("None.")

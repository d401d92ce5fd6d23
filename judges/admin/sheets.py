"""Score sheets in the admin: to be read; a correction asks a second person."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from judges import declaring, marking
from judges.forms import CorrectionForm, RecusalForm
from judges.models import Assignment, Mark, ScoreSheet
from prize import governing
from prize.admin import ReadOnlyAdmin, ReadOnlyInline, verb
from prize.admin.filters import whether
from prize.requests import Request


class MarkInline(ReadOnlyInline):
    model = Mark
    fields = ("criterion", "value")


@admin.register(ScoreSheet)
class ScoreSheetAdmin(ReadOnlyAdmin):
    edition_path = "assignment__round__stage__edition"
    list_display = ("code", "judge", "entry", "cast_at", "total", "superseded_at")
    list_filter = (
        "assignment__round",
        "assignment__application__category",
        whether("cast_at", gettext_lazy("cast"), gettext_lazy("not cast yet")),
    )
    search_fields = (
        "code",
        "assignment__judge__person__name",
        "assignment__application__title",
        "assignment__application__code",
    )
    list_select_related = ("assignment__judge__person", "assignment__application")
    inlines = (MarkInline,)

    @admin.display(description=gettext_lazy("judge"))
    def judge(self, sheet: ScoreSheet) -> str:
        return str(sheet.assignment.judge)

    @admin.display(description=gettext_lazy("entry"))
    def entry(self, sheet: ScoreSheet) -> str:
        return f"{sheet.assignment.application} ({sheet.assignment.application.code})"

    @verb(
        gettext_lazy("Ask for a correction"),
        shown=lambda sheet, request: bool(sheet.cast_at and not sheet.superseded_at),
        form=CorrectionForm,
    )
    def correct(self, request: Request, sheet: ScoreSheet, form: CorrectionForm) -> str:
        data = form.cleaned_data
        content = marking.correction(sheet, form.marks, comment=data["comment"], reason=data["reason"])
        edition = sheet.assignment.round.stage.edition
        title = _("Correct sheet %(code)s of %(judge)s") % {"code": sheet.code, "judge": sheet.assignment.judge}
        governing.ask(edition, "judges.correct_sheet", content, title=title, by=request.user, at=request.at)
        return _("Asked. The correction takes effect when a second person approves it.")

    def verb_form_arguments(self, name: str, row: ScoreSheet) -> dict[str, Any]:
        return {"sheet": row, "leaves": marking.leaves_of(row), "marks": marking.marks_of(row)}

    def verb_sentences(self, name: str, row: ScoreSheet, request: Request) -> list[str]:
        return [
            _(
                "The cast sheet is kept. A new one takes its place once a second person has approved exactly these marks."
            ),
        ]


class SheetInline(ReadOnlyInline):
    model = ScoreSheet
    fields = readonly_fields = ("code", "cast_at", "total", "superseded_at")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    edition_path = "round__stage__edition"
    list_display = ("application", "judge", "round", "assigned_at", "withdrawn_at", "withdrawn_reason")
    list_filter = ("round", whether("withdrawn_at", gettext_lazy("withdrawn"), gettext_lazy("standing")), "judge")
    search_fields = ("judge__person__name", "application__title", "application__code")
    list_select_related = ("application", "judge__person", "round__stage")
    inlines = (SheetInline,)

    @verb(
        gettext_lazy("The judge stands aside"),
        shown=lambda row, request: row.withdrawn_at is None,
        form=RecusalForm,
        danger=True,
        confirm=gettext_lazy(
            "The judge's access to this entry ends at once. What was cast is kept and no longer counts."
        ),
    )
    def stand_aside(self, request: Request, row: Assignment, form: RecusalForm) -> str:
        if declaring.needs_a_second_person(row, request.user):
            declaring.ask_to_set_aside(row, by=request.user, at=request.at, **form.cleaned_data)
            return _("Asked. It waits under “Second approvals” for another person.")
        declaring.step_aside(row, by=request.user, at=request.at, **form.cleaned_data)
        return _("Recorded. Draft a repair to give the entry to another judge.")

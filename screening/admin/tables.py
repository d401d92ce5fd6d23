"""Check items, checks, exceptions, questions and likenesses in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Recusal
from prize.admin import EditionAdmin, ReadOnlyAdmin, verb
from prize.models import Edition, Stage
from prize.policy import is_staff_of_any
from prize.requests import HookRequest, Request
from screening import clarifying, comparing, rules
from screening.admin import board, pairs, stage
from screening.models import Check, CheckItem, Clarification, Similarity, Waiver


class RulesAdmin(EditionAdmin):
    """Rules are the secretariat's to edit; officers read them."""

    def has_change_permission(self, request: HookRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and board.is_secretary(request.user)

    def has_add_permission(self, request: HookRequest) -> bool:
        return super().has_add_permission(request) and board.is_secretary(request.user)


class UnrecusedAdmin(ReadOnlyAdmin):
    """Rows about entries, without those from which the officer stands aside."""

    entries: tuple[str, ...] = ("application",)
    edition_path = "application__edition"

    def get_queryset(self, request: HookRequest) -> QuerySet:
        rows = super().get_queryset(request)
        aside = Recusal.objects.of(request.user).values("application")
        for name in self.entries:
            rows = rows.exclude(**{f"{name}__in": aside})
        return rows


class CheckItemForm(forms.ModelForm):
    class Meta:
        model = CheckItem
        fields = ("edition", "key", "text", "guidance", "reason", "rule", "may_be_waived", "order")

    def clean_rule(self) -> Any:
        rule = self.cleaned_data["rule"] or {}
        for problem in rules.problems(rule):
            raise ValidationError(problem)
        return rule


@admin.register(CheckItem)
class CheckItemAdmin(RulesAdmin):
    form = CheckItemForm
    list_display = ("text", "key", "edition", "may_be_waived", "order")
    list_filter = ("edition", "may_be_waived")
    search_fields = ("key",)


def board_of(request: Request, edition: Edition) -> str:
    """The address of the board, where the edition screens its entries."""
    found = edition.stages.filter(kind=Stage.Kind.SCREENING).exists()
    return reverse("admin:screening_check_board") if found else ""


@admin.register(Check)
class CheckAdmin(UnrecusedAdmin):
    """The log of checks. Officers do their work on the board."""

    change_list_template = "admin/screening/check/change_list.html"
    own_pages = (("board", gettext_lazy("Screening board"), board_of),)
    list_display = ("application", "item", "result", "note", "by", "at", "superseded_at")
    list_filter = ("application__edition", "item", "result", ("by", admin.RelatedOnlyFieldListFilter))
    search_fields = ("application__code", "application__title", "note")
    list_select_related = ("application", "item", "by")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        own = [
            path("board/", view(board.board), name="screening_check_board"),
            path("board/comparison/", view(board.comparison), name="screening_check_comparison"),
            path("board/closing/", view(stage.closing_page), name="screening_check_closing"),
            path("board/announcement/", view(stage.announcement), name="screening_check_announcement"),
            path("board/<str:code>/", view(board.entry), name="screening_check_entry"),
            path("board/<str:code>/question/", view(board.question), name="screening_check_question"),
            path("board/<str:code>/exception/", view(board.exception), name="screening_check_exception"),
            path("board/<str:code>/correction/", view(board.correction), name="screening_check_correction"),
        ]
        return own + super().get_urls()


@admin.register(Waiver)
class WaiverAdmin(UnrecusedAdmin):
    list_display = ("application", "item", "reason", "granted_by", "granted_at")
    list_filter = ("application__edition", "item")
    search_fields = ("application__code", "application__title", "reason")
    list_select_related = ("application", "item", "granted_by")


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", _("waiting for an answer")), ("overdue", _("overdue")), ("answered", _("answered")),
            ("withdrawn", _("withdrawn")),
        ]  # fmt: skip

    def queryset(self, request: HookRequest, rows: QuerySet) -> QuerySet:
        at = request.at
        if self.value() == "waiting":
            return rows.filter(answered_at=None, withdrawn_at=None, due_at__gt=at)
        if self.value() == "overdue":
            return rows.filter(answered_at=None, withdrawn_at=None, due_at__lte=at)
        moments = {"answered": "answered_at", "withdrawn": "withdrawn_at"}
        found = moments.get(self.value() or "")
        return rows.filter(**{f"{found}__isnull": False}) if found else rows


@admin.register(Clarification)
class ClarificationAdmin(UnrecusedAdmin):
    list_display = ("application", "question", "asked_by", "due_at", "answered_at", "withdrawn_at")
    list_filter = ("application__edition", StateFilter)
    search_fields = ("application__code", "application__title", "question", "answer")
    list_select_related = ("application", "asked_by")

    @verb(gettext_lazy("Withdraw the question"), shown=lambda asked, request: asked.is_open, danger=True)
    def withdraw(self, request: Request, asked: Clarification) -> str:
        clarifying.withdraw(asked, by=request.user, at=request.at)
        return _("Withdrawn. The applicant need not answer.")


def may_rule(similarity: Similarity, request: Request) -> bool:
    return is_staff_of_any(request.user)


@admin.register(Similarity)
class SimilarityAdmin(UnrecusedAdmin):
    entries = ("one", "other")
    edition_path = "one__edition"
    change_list_template = "admin/screening/similarity/change_list.html"
    list_display = ("one", "other", "percent", "ruling", "ruled_by", "ruled_at")
    list_filter = ("one__edition", "ruling")
    search_fields = ("one__code", "one__title", "other__code", "other__title")
    list_select_related = ("one", "other", "ruled_by")
    change_form_template = "admin/screening/similarity/change_form.html"
    readonly_fields = ("percent",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The entries stand beside each other below; nobody has ruled on what is open."""
        ruled = ("ruled_by", "ruled_at") if obj and obj.ruled_at else ()
        return ("percent", "ruling", *ruled, "found_at")

    def render_change_form(self, request: HookRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        context["pair"] = pairs.pair_for(kwargs["obj"], request.user)
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description=gettext_lazy("text in common"), ordering="share")
    def percent(self, similarity: Similarity) -> str:
        return f"{similarity.share * 100:.0f} %"

    @verb(gettext_lazy("They are different projects"), shown=may_rule)
    def different(self, request: Request, similarity: Similarity) -> str:
        comparing.rule(similarity, Similarity.Ruling.DIFFERENT, by=request.user, at=request.at)
        return _("Recorded: different projects.")

    @verb(gettext_lazy("They are the same project"), shown=may_rule)
    def same(self, request: Request, similarity: Similarity) -> str:
        comparing.rule(similarity, Similarity.Ruling.SAME, by=request.user, at=request.at)
        return _("Recorded: the same project. Answer the check item of each entry accordingly.")

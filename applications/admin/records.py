"""Sealed and standing records of entries: to be read, with the few verbs that touch them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import policy, recusing
from applications.models import Outcome, Recusal, Submission
from prize.admin import ReadOnlyAdmin, verb
from prize.admin.filters import whether
from prize.policy import is_secretariat
from prize.requests import HookRequest, Request


class EntryRecordAdmin(ReadOnlyAdmin):
    """Rows about entries, less those of entries from which the officer stands aside."""

    edition_path = "application__edition"

    def get_queryset(self, request: HookRequest) -> QuerySet:
        aside = Recusal.objects.of(request.user).values("application")
        return super().get_queryset(request).exclude(application__in=aside)

    @admin.display(description=gettext_lazy("entry"), ordering="application__code")
    def entry(self, row: Any) -> str:
        address = reverse("admin:applications_application_change", args=[row.application_id])
        return format_html('<a href="{}">{}</a>', address, row.application.code)


@admin.register(Submission)
class SubmissionAdmin(EntryRecordAdmin):
    list_display = ("receipt", "entry", "number", "submitted_at", "digest")
    list_filter = ("application__edition", "application__category")
    list_select_related = ("application",)
    search_fields = ("receipt", "digest", "application__code", "application__title")
    date_hierarchy = "submitted_at"


@admin.register(Outcome)
class OutcomeAdmin(EntryRecordAdmin):
    list_display = (
        "__str__",
        "entry",
        "stage",
        "verdict",
        "reason_code",
        "by",
        "decided_at",
        "announced_at",
        "superseded_at",
    )
    list_filter = (
        "application__edition",
        "stage",
        "verdict",
        whether("reason_code", gettext_lazy("with a reason"), gettext_lazy("without a reason")),
    )
    list_select_related = ("application", "stage", "by")
    search_fields = ("application__code", "application__title")

    def get_queryset(self, request: HookRequest) -> QuerySet:
        return policy.outcomes_visible_to(request.user, super().get_queryset(request))


@admin.register(Recusal)
class RecusalAdmin(EntryRecordAdmin):
    list_display = ("person", "entry", "ground", "declared_by", "declared_at", "lifted_at")
    list_filter = ("application__edition", "ground")
    list_select_related = ("application", "person", "declared_by")
    search_fields = ("person__name", "application__code", "application__title")

    def may_act(self, request: Request, row: Recusal) -> bool:
        return is_secretariat(request.user, row.application.edition)

    @verb(
        gettext_lazy("Lift this recusal"),
        confirm=gettext_lazy("The person may see and judge this entry again."),
        shown=lambda recusal, request: recusal.lifted_at is None,
    )
    def lift(self, request: Any, recusal: Recusal) -> str:
        recusing.lift(recusal, by=request.user, at=request.at)
        return _("The recusal is lifted.")

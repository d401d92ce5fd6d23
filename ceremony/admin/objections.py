"""Objections in the admin: taken down by the office, ruled on once."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ceremony import verifying
from ceremony.forms import RulingForm
from ceremony.models import Objection
from prize.admin import EditionAdmin
from prize.admin.base import verb
from prize.requests import HookRequest, Request

TAKEN_DOWN = ("application", "name", "email", "facts")


@admin.register(Objection)
class ObjectionAdmin(EditionAdmin):
    edition_path = "application__edition"
    list_display = ("code", "application", "name", "received_at", "ruling", "ruled_at")
    list_filter = ("ruling",)
    search_fields = ("code", "name", "email", "application__code", "application__title")
    list_select_related = ("application",)
    autocomplete_fields = ("application",)

    def get_fields(self, request: HookRequest, obj: Any = None) -> Any:
        return (*TAKEN_DOWN, "received_at", "ruling", "ruling_reason", "ruled_by", "ruled_at") if obj else TAKEN_DOWN

    def has_change_permission(self, request: HookRequest, obj: Any = None) -> bool:
        """What was taken down stays as it came."""
        return False

    def save_model(self, request: HookRequest, obj: Objection, form: Any, change: bool) -> None:
        verifying.receive(obj, by=request.user, at=request.at)

    @verb(
        gettext_lazy("Rule on it"),
        form=RulingForm,
        shown=lambda objection, request: objection.ruling == Objection.Ruling.OPEN,
        confirm=gettext_lazy(
            "A ruling is made once. Where it is upheld, disqualify the entry or take the award back as a next step."
        ),
    )
    def rule(self, request: Request, objection: Objection, form: RulingForm) -> str:
        given = form.cleaned_data
        ruled = verifying.rule(objection, given["ruling"], reason=given["reason"], by=request.user, at=request.at)
        return _("The objection is %(ruling)s.") % {"ruling": ruled.get_ruling_display()}

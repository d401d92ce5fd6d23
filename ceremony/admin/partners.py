"""Partners, their awards and what they nominated, in the admin."""

from typing import ClassVar

from django.contrib import admin

from ceremony.models import Nomination, Partner, SpecialAward
from prize.admin import EditionAdmin
from prize.admin.base import ReadOnlyInline


@admin.register(Partner)
class PartnerAdmin(EditionAdmin):
    list_display = ("organisation", "key", "committee", "edition")
    list_filter = ("edition",)
    list_select_related = ("organisation", "committee", "edition")
    autocomplete_fields = ("organisation",)


class NominationInline(ReadOnlyInline):
    model = Nomination
    fields = ("application", "reason", "nominated_by", "nominated_at", "motion", "superseded_at")

    class Media:
        css: ClassVar = {"all": ("css/ceremony.css",)}


@admin.register(SpecialAward)
class SpecialAwardAdmin(EditionAdmin):
    edition_path = "award__edition"
    list_display = ("award", "partner", "sees_advanced_by", "consent_question")
    list_filter = ("award__edition",)
    list_select_related = ("award", "partner__organisation", "sees_advanced_by")
    inlines = (NominationInline,)

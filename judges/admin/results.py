"""Tallies in the admin: to be read; the page with the intervals is one link away."""

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from judges import tallying
from judges.admin.links import link
from judges.models import Tally, TallyLine
from prize.admin import ReadOnlyAdmin, ReadOnlyInline, verb
from prize.requests import Request


class LineInline(ReadOnlyInline):
    model = TallyLine
    fields = ("rank", "application", "reviews", "raw", "adjusted", "error", "rank_low", "rank_high", "chance")


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    edition_path = "round__stage__edition"
    list_display = ("category", "round", "state", "method", "asked_at", "computed_at", "superseded_at", "short_digest")
    list_filter = ("round", "state", "category")
    search_fields = ("code", "digest")
    list_select_related = ("category", "round__stage__edition")
    fields = (
        "code", "round", "category", "state", "problem", "method", "method_settings", "inputs_digest", "digest",
        "asked_at", "computed_at", "superseded_at", "summary",
    )  # fmt: skip
    inlines = (LineInline,)

    @admin.display(description=gettext_lazy("digest"))
    def short_digest(self, tally: Tally) -> str:
        return tally.digest[:12]

    @verb(gettext_lazy("Look at it"), shown=lambda tally, request: tally.superseded_at is None)
    def look(self, request: Request, tally: Tally) -> HttpResponse:
        stage = tally.round.stage
        return redirect("judges:tally", stage.edition.year, stage.slug, tally.category.key)

    @verb(
        gettext_lazy("Compute again"),
        confirm=gettext_lazy("The tally is computed anew from the sheets that count now. The one before is kept."),
        shown=lambda tally, request: tally.superseded_at is None,
    )
    def compute_again(self, request: Request, tally: Tally) -> str:
        tallying.require_office(tally.round, request.user)
        tallying.ask_again(tally.round, tally.category, by=request.user, at=request.at)
        return _("Asked for. It will stand here in a moment.")

    def get_urls(self) -> list:
        return [link(self, "look"), *super().get_urls()]

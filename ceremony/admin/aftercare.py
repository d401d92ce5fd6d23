"""Benefits, offers and the cases they become, in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from ceremony import offering
from ceremony.forms import NoteForm, OfferForm, ResultForm
from ceremony.models import Benefit, FollowUp, Laureate, Offer
from prize.admin import EditionAdmin, ReadOnlyAdmin
from prize.admin.base import ReadOnlyInline, verb
from prize.admin.filters import whether
from prize.requests import Request


@admin.register(Benefit)
class BenefitAdmin(EditionAdmin):
    list_display = ("name", "key", "answer_days", "edition")
    list_filter = ("edition",)
    search_fields = ("key",)

    @verb(gettext_lazy("Offer it to laureates"), form=OfferForm)
    def offer(self, request: Request, benefit: Benefit, form: OfferForm) -> str:
        chosen = form.cleaned_data["laureates"]
        for laureate in chosen:
            offering.offer(benefit, laureate, by=request.user, at=request.at)
        text = ngettext(
            "Offered to %(count)s laureate, by letter.", "Offered to %(count)s laureates, by letter.", len(chosen)
        )
        return text % {"count": len(chosen)}

    def verb_form_arguments(self, name: str, row: Benefit) -> dict[str, Any]:
        """Those who are announced and have not been offered it."""
        free = Laureate.objects.standing().filter(
            edition=row.edition_id, edition__announcement__released_at__isnull=False
        )
        return {"benefit": row, "laureates": free.exclude(offers__benefit=row).in_order()}


class FollowUpInline(ReadOnlyInline):
    model = FollowUp
    fields = ("what", "due_on", "done_at", "done_by", "note")
    readonly_fields = ("what",)

    class Media:
        css: ClassVar = {"all": ("css/ceremony.css",)}

    @admin.display(description=gettext_lazy("what"))
    def what(self, step: FollowUp) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:ceremony_followup_change", args=[step.pk]), step.title)


@admin.register(Offer)
class OfferAdmin(EditionAdmin):
    edition_path = "benefit__edition"
    list_display = ("benefit", "laureate", "answer", "answer_by", "owner", "closed_at")
    list_filter = (
        "benefit",
        "answer",
        whether("closed_at", pgettext_lazy("of a case", "closed"), pgettext_lazy("of a case", "open")),
    )
    search_fields = ("code", "laureate__name")
    list_select_related = ("benefit", "laureate__place__award__parent", "owner")
    fields = (
        "benefit", "laureate", "offered_by", "offered_at", "answer_by", "answer", "answered_by", "answered_at", "owner",
        "closed_at", "result",
    )  # fmt: skip
    autocomplete_fields = ("owner",)
    inlines = (FollowUpInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Offer | None = None) -> tuple[str, ...]:
        """Only who follows it is set by hand; everything else is a verb."""
        return tuple(name for name in self.fields if name != "owner")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @verb(
        gettext_lazy("Close the case"),
        form=ResultForm,
        shown=lambda offer, request: offer.answer == Offer.Answer.ACCEPTED and offer.closed_at is None,
    )
    def close(self, request: Request, offer: Offer, form: ResultForm) -> str:
        offering.close(offer, result=form.cleaned_data["result"], by=request.user, at=request.at)
        return _("The case is closed.")


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    edition_path = "offer__benefit__edition"
    list_display = ("title", "offer", "due_on", "done_at", "done_by")
    list_filter = (whether("done_at", gettext_lazy("done"), gettext_lazy("not done yet")), "offer__benefit")
    list_select_related = ("offer__benefit", "offer__laureate__place__award__parent", "done_by")
    date_hierarchy = "due_on"

    @verb(gettext_lazy("Mark as done"), form=NoteForm, shown=lambda step, request: step.done_at is None)
    def complete(self, request: Request, step: FollowUp, form: NoteForm) -> str:
        offering.complete_step(step, note=form.cleaned_data["note"], by=request.user, at=request.at)
        return _("Done, with your note.")

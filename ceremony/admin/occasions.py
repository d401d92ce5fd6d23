"""The evening in the admin: occasions with their running order, guests with import and counts, the run of show."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.admin import ImportMixin
from import_export.formats import base_formats

from ceremony import inviting, listing, running
from ceremony.guests import GuestResource
from ceremony.models import Announcement, Award, Cue, Guest, Occasion
from prize.admin import EditionAdmin
from prize.admin.base import ReasonForm, WithinReach, verb
from prize.admin.filters import whether
from prize.admin.naming import NamedRows
from prize.models import Edition
from prize.requests import HookRequest, Request


class CueForm(forms.ModelForm):
    """The position is a wish: rows are numbered anew when saved, so that two may change places."""

    position = forms.IntegerField(
        label=gettext_lazy("position"), min_value=1, widget=forms.NumberInput(attrs={"size": 3})
    )

    class Meta:
        model = Cue
        fields = ("position", "minutes", "title", "speaker", "award", "note")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["position"] = self.instance.order


class CueInline(WithinReach, admin.TabularInline):
    model = Cue
    formset = NamedRows
    form = CueForm
    extra = 0
    formfield_overrides: ClassVar = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 22})}}
    fields = ("position", "minutes", "title", "speaker", "award", "note")

    class Media:
        css: ClassVar = {"all": ("css/ceremony.css",)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "award":
            # The awards are the rulebook's: they are chosen here, not made in passing.
            for right in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, right, False)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HookRequest, **kwargs: Any) -> Any:
        if db_field.name == "award":
            found = self.reachable(db_field, request)
            kwargs["queryset"] = found.select_related("parent") if found is not None else Award.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def run_of_show_of(request: Request, edition: Edition) -> str:
    """The running order of the next occasion, else of the last."""
    occasions = Occasion.objects.filter(edition=edition).order_by("starts_at")
    found = occasions.filter(ends_at__gt=request.at).first() or occasions.last()
    return reverse("admin:ceremony_occasion_run_of_show", args=[found.pk]) if found else ""


@admin.register(Occasion)
class OccasionAdmin(EditionAdmin):
    may_be_deleted = True
    own_pages = (("run-of-show", gettext_lazy("Running order"), run_of_show_of),)
    list_display = ("name", "edition", "starts_at", "venue", "guests_coming")
    list_filter = ("edition",)
    fields = ("edition", "name", "venue", "starts_at", "ends_at", "answer_by", "places", "guests_coming", "order_of_it")
    readonly_fields = ("guests_coming", "order_of_it")
    inlines = (CueInline,)

    @admin.display(description=gettext_lazy("guests"))
    def guests_coming(self, occasion: Occasion) -> str:
        guests = occasion.guests.all()
        counts = {
            "all": guests.count(),
            "invited": guests.filter(invited_at__isnull=False).count(),
            "coming": guests.coming().count(),
            "with": guests.accompanied().count(),
            "no": guests.filter(answer=Guest.Answer.NO).count(),
        }
        said = _("%(coming)s come, %(no)s do not, of %(invited)s invited; %(all)s on the list.") % counts
        if counts["with"]:
            brought = ngettext(
                "%(with)s of them brings a companion.", "%(with)s of them bring a companion.", counts["with"]
            )
            said = f"{said} {brought % counts}"
        url = reverse("admin:ceremony_guest_changelist") + f"?occasion__id__exact={occasion.pk}"
        return format_html('<a href="{}">{}</a>', url, said)

    @admin.display(description=gettext_lazy("run of show"))
    def order_of_it(self, occasion: Occasion) -> str:
        if occasion.pk is None:
            return "–"
        url = reverse("admin:ceremony_occasion_run_of_show", args=[occasion.pk])
        return format_html('<a href="{}">{}</a>', url, _("Open and print"))

    @verb(
        gettext_lazy("Send the invitations"),
        shown=inviting.waits,
    )
    def invite(self, request: Request, occasion: Occasion) -> str:
        count = inviting.invite_all(occasion, by=request.user, at=request.at)
        text = ngettext("%(count)s letter is queued.", "%(count)s letters are queued, one to each guest.", count)
        return text % {"count": count}

    @verb(gettext_lazy("Ask for the guest list"), form=ReasonForm, shown=lambda row, request: row.guests.exists())
    def ask_guest_list(self, request: Request, occasion: Occasion, form: forms.Form) -> str:
        listing.ask(occasion, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        return _("Asked. A second person of the secretariat has to approve it.")

    @verb(
        gettext_lazy("Take the guest list"),
        confirmed=True,
        shown=lambda row, request: listing.approved(row, request.user, request.at) is not None,
    )
    def take_guest_list(self, request: Request, occasion: Occasion) -> HttpResponse:
        table = listing.take(occasion, by=request.user, at=request.at)
        headers = {"Content-Disposition": f'attachment; filename="guests-{occasion.code}.csv"'}
        return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)

    def verb_sentences(self, name: str, row: Occasion, request: Request) -> list[str]:
        if name == "ask_guest_list":
            return [
                _(
                    "The list holds names, addresses, companions and what guests need. Outside, nobody can call it back."
                ),
                _("A second person reads what would go out and approves it. Then you may take the file, for a day."),
            ]
        if name == "take_guest_list":
            return [_("The file goes to you alone. The ledger says that you took it, when, and by whose approval.")]
        waiting = row.guests.filter(invited_at=None).count()
        return [
            _("Writes one letter to each of the %(count)s guests who have not been written to.") % {"count": waiting},
            _("Each letter has the guest's own link to answer, and a calendar entry."),
        ]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Cue:
            number_anew(form.instance, formset)
        else:
            super().save_formset(request, form, formset, change)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.run_of_show)
        return [path("<int:pk>/run-of-show/", view, name="ceremony_occasion_run_of_show"), *super().get_urls()]

    def run_of_show(self, request: Request, pk: int) -> HttpResponse:
        """What happens when, to print. Names stand in it for those who may know them, and after the release."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        occasion = get_object_or_404(self.get_queryset(request).select_related("edition"), pk=pk)
        announcement = Announcement.objects.filter(edition=occasion.edition).first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Run of show"),
            "occasion": occasion,
            "edition": occasion.edition,
            "cues": running.order_of(occasion, sealed=True),
            "embargoed": announcement is None or announcement.released_at is None,
            "announcement": announcement,
            "over": running.minutes_over(occasion),
        }
        return render(request, "admin/ceremony/occasion/run_of_show.html", context)


def number_anew(occasion: Occasion, formset: Any) -> None:
    """Save the rows of the running order and number them 1, 2, 3 … in the order that was asked for."""
    formset.save(commit=False)
    for cue in formset.deleted_objects:
        cue.delete()
    kept = [form for form in formset.forms if form not in formset.deleted_forms and form.cleaned_data.get("position")]
    occasion.cues.update(order=F("order") + 10_000)  # out of the way: two rows may change places
    for order, form in enumerate(sorted(kept, key=lambda form: form.cleaned_data["position"]), 1):
        form.instance.occasion, form.instance.order = occasion, order
        form.instance.save()


@admin.register(Guest)
class GuestAdmin(ImportMixin, EditionAdmin):
    """A list comes in here. It goes out by two people only, from the page of its occasion."""

    import_template_name = "admin/ceremony/guest/import.html"
    import_error_display = ("message", "row")
    may_be_deleted = True
    edition_path = "occasion__edition"
    resource_classes = (GuestResource,)
    formats = (base_formats.CSV,)
    change_form_template = EditionAdmin.change_form_template
    list_display = ("name", "organisation", "part", "email", "invited_at", "answer", "companion", "seat")
    list_filter = (
        "occasion",
        "answer",
        "part",
        whether("invited_at", gettext_lazy("invited"), gettext_lazy("not invited yet")),
    )
    search_fields = ("name", "email", "organisation")
    fields = (
        "occasion", "name", "email", "organisation", "language", "part", "person", "invited_at", "answer", "answered_at",
        "companion", "needs", "seat", "invitation",
    )  # fmt: skip
    readonly_fields = ("invited_at", "answered_at", "invitation")
    autocomplete_fields = ("person",)

    @admin.display(description=gettext_lazy("page of the invitation"))
    def invitation(self, guest: Guest) -> str:
        """For a guest who has lost the letter: the office may send the address, or see what the guest sees."""
        if not guest.pk:
            return "–"
        page = reverse("ceremony:rsvp", args=[guest.token])
        return format_html('<a href="{}">{}{}</a>', page, settings.SITE_ADDRESS, page)

    def has_import_permission(self, request: HookRequest) -> bool:
        """Left to itself the import asks for no right at all."""
        return self.has_add_permission(request)

    def get_import_resource_kwargs(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        given = super().get_import_resource_kwargs(request, **kwargs)
        return {**given, "occasions": Occasion.objects.filter(edition__in=self.editions(request))}

"""Prizes, editions and their calendar in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import adopting, appointing, calendar
from prize.admin.base import EditionAdmin, ReadOnlyInline, ReasonForm, verb
from prize.admin.naming import NamedRows
from prize.models import ApplicantType, Category, Edition, HostEvent, Organiser, Person, Prize, Region, Stage
from prize.requests import HookRequest, Request


class OrganiserInline(admin.TabularInline):
    """Read here, and changed by two people; a superuser, who sets the house up, gives the first offices by hand."""

    model = Organiser
    formset = NamedRows
    extra = 0
    autocomplete_fields = ("person",)

    def has_add_permission(self, request: HookRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HookRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HookRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


class AppointmentForm(ReasonForm):
    """Whom, by the whole address, and as what."""

    email = forms.EmailField(label=gettext_lazy("Address of the account"))
    role = forms.ChoiceField(
        label=gettext_lazy("Office"),
        required=False,
        choices=[*Organiser.Role.choices, ("", gettext_lazy("none: leaves the office"))],
    )
    field_order = ("email", "role", "reason")

    def clean_email(self) -> Person:
        person = Person.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("There is no account with this address. Let the person sign up first."))
        return person


@admin.register(Prize)
class PrizeModelAdmin(EditionAdmin):
    edition_path = ""  # a prize has editions, and belongs to none
    list_display = ("name", "slug", "founded")
    inlines = (OrganiserInline,)

    def get_queryset(self, request: HookRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(editions__in=self.editions(request)).distinct()

    def has_add_permission(self, request: HookRequest) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HookRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    @verb(gettext_lazy("Ask to appoint or to dismiss"), form=AppointmentForm)
    def appoint(self, request: Request, prize: Prize, form: AppointmentForm) -> str:
        given = form.cleaned_data
        appointing.ask(prize, given["email"], given["role"], reason=given["reason"], by=request.user, at=request.at)
        return _("Asked. It waits under “Second approvals” for another person.")


class HostEventInline(admin.StackedInline):
    model = HostEvent
    extra = 0


class StageInline(ReadOnlyInline):
    model = Stage
    extra = 0
    fields = ("slug", "kind", "opens_at", "closes_at", "closed_at")
    show_change_link = True


@admin.register(Edition)
class EditionModelAdmin(EditionAdmin):
    edition_path = ""
    list_display = ("name", "prize", "year", "is_public", "is_demonstration", "rules_adopted_at", "letters_paused_at")
    list_filter = ("prize", "is_public")
    readonly_fields = ("rules_digest", "rules_adopted_at", "is_demonstration", "moved_by_days")
    inlines = (StageInline, HostEventInline)

    @verb(
        gettext_lazy("Put the rules to the committee"),
        form=ReasonForm,
        confirm=gettext_lazy("The committee votes on exactly the rules that stand here now."),
    )
    def propose_rules(self, request: Request, edition: Edition, form: ReasonForm) -> HttpResponse:
        motion = adopting.propose(edition, by=request.user, at=request.at, reason=form.cleaned_data["reason"])
        messages.success(request, _("The rules are before the committee."))
        return redirect("admin:prize_motion_change", motion.pk)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was published of an archived edition; one that is being run has nothing there."""
        return None if obj and obj.is_archive else ("published",)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else ()  # an edition has stages once its rulebook is loaded

    def get_queryset(self, request: HookRequest) -> QuerySet:
        return admin.ModelAdmin.get_queryset(self, request).filter(pk__in=self.editions(request))

    def edition_of(self, row: Edition) -> Edition:
        return row


@admin.register(Category)
class CategoryAdmin(EditionAdmin):
    list_display = ("name", "key", "edition", "order")
    list_filter = ("edition",)
    filter_horizontal = ("applicant_types",)


@admin.register(ApplicantType)
class ApplicantTypeAdmin(EditionAdmin):
    list_display = ("name", "key", "edition", "order")
    list_filter = ("edition",)


@admin.register(Region)
class RegionAdmin(EditionAdmin):
    list_display = ("name", "key", "edition", "order")
    list_filter = ("edition",)


@admin.register(Stage)
class StageAdmin(EditionAdmin):
    """Open and close stages: by their dates, or now."""

    list_display = ("name", "kind", "edition", "opens_at", "closes_at", "closed_at")
    list_filter = ("edition", "kind")
    readonly_fields = ("closed_at", "closed_by")

    @staticmethod
    def is_due(stage: Stage, request: Request) -> bool:
        return stage.closed_at is None and request.at >= stage.closes_at

    @staticmethod
    def is_held(stage: Stage, request: Request) -> bool:
        return stage.closed_at is None and request.at >= stage.opens_at

    @verb(
        gettext_lazy("Close this stage"),
        shown=is_due,
        confirm=gettext_lazy("Its time is up. What follows from closing is done at once."),
    )
    def close(self, request: Request, stage: Stage) -> str:
        calendar.closings.get(stage.kind).close(stage, by=request.user, at=request.at)
        return _("The stage is closed.")

    @verb(gettext_lazy("Ask to close early or with gaps"), shown=is_held, form=ReasonForm)
    def ask_to_close(self, request: Request, stage: Stage, form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        calendar.closings.get(stage.kind).ask(stage, reason=reason, by=request.user, at=request.at)
        return _("A second person of the secretariat has to approve it: it waits under “Second approvals”.")

    def save_model(self, request: HookRequest, obj: Stage, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        wanted = obj.opens_at, obj.closes_at
        kept = Stage.objects.get(pk=obj.pk)
        obj.opens_at, obj.closes_at = kept.opens_at, kept.closes_at
        super().save_model(request, obj, form, change)
        if wanted == (kept.opens_at, kept.closes_at):
            return
        move = calendar.ask_to_reschedule if request.at >= kept.opens_at else calendar.reschedule
        move(kept, opens_at=wanted[0], closes_at=wanted[1], by=request.user, at=request.at)
        if move is calendar.ask_to_reschedule:
            text = _("This stage has begun. A second person has to approve the new dates, under “Second approvals”.")
            messages.warning(request, text)

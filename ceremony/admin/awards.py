"""Awards, the conferring workbench, laureates and their announcement in the admin."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ceremony import announcing, certifying, conferring, proposing, revoking
from ceremony.forms import CitationForm, FixForm, ReasonForm, RescheduleForm, RevocationForm
from ceremony.models import Announcement, Award, Certificate, Citation, Laureate, Override, Place
from prize.admin import EditionAdmin, ReadOnlyAdmin
from prize.admin.base import ReadOnlyInline, verb
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import Edition
from prize.policy import is_secretariat
from prize.requests import HookRequest, Request


class PlaceInline(ReadOnlyInline):
    model = Place
    fields = ("number", "left_empty_reason")

    class Media:
        css: ClassVar = {"all": ("css/ceremony.css",)}


def workbench_of(request: Request, edition: Edition) -> str:
    """The address of the edition's workbench, where it gives awards and the reader may decide on them."""
    if not (is_secretariat(request.user, edition) and edition.awards.exists()):
        return ""
    return reverse("admin:ceremony_award_workbench", args=[edition.pk])


@admin.register(Award)
class AwardAdmin(EditionAdmin):
    list_display = ("full_name", "category", "quota", "precedence", "edition")
    list_filter = ("edition", "category")
    list_select_related = ("parent", "category", "edition")
    search_fields = ("key",)
    filter_horizontal = ("applicant_types",)
    inlines = (PlaceInline,)
    own_pages = (("workbench", gettext_lazy("Who receives what"), workbench_of),)

    def get_urls(self) -> list:
        pages: list[tuple[str, Any, str]] = [
            ("workbench/<int:edition_id>/", self.workbench, "workbench"),
            ("workbench/<int:edition_id>/proposal/", self.proposal, "proposal"),
            ("workbench/<int:edition_id>/places/<int:place_id>/", self.fix, "fix"),
            ("workbench/<int:edition_id>/places/<int:place_id>/release/", self.unfix, "unfix"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"ceremony_award_{name}") for route, view, name in pages
        ]
        return own + super().get_urls()

    def save_model(self, request: HttpRequest, obj: Award, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        obj.number_places()

    def changelist_view(self, request: HookRequest, extra_context: Any = None) -> HttpResponse:
        editions = self.editions(request).filter(awards__isnull=False).distinct()
        return super().changelist_view(request, {**(extra_context or {}), "workbenches": editions})

    def edition_or_refusal(self, request: Request, edition_id: int) -> Edition:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.editions(request), pk=edition_id)

    def workbench(self, request: Request, edition_id: int) -> HttpResponse:
        """The proposal as it stands, place by place, and what still hinders it."""
        edition = self.edition_or_refusal(request, edition_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Who receives what"),
            "edition": edition,
            "proposal": proposing.compute(edition, get_language() or settings.LANGUAGE_CODE),  # as its reader reads it
            "motions": conferring.pending(edition),
            "laureates": Laureate.objects.standing().filter(edition=edition).in_order(),
            "sealed": not Laureate.objects.announced(request.at).filter(edition=edition).exists(),
        }
        return render(request, "admin/ceremony/award/workbench.html", context)

    def proposal(self, request: Request, edition_id: int) -> HttpResponse:
        edition = self.edition_or_refusal(request, edition_id)
        if request.method == "POST":
            try:
                reason = request.POST.get("reason", "")
                motion = conferring.propose(edition, by=request.user, at=request.at, reason=reason)
            except (Refused, StageClosed) as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The list is before the committee, exactly as it stood here."))
                return redirect("admin:prize_motion_change", motion.pk)
        return redirect("admin:ceremony_award_workbench", edition.pk)

    def fix(self, request: Request, edition_id: int, place_id: int) -> HttpResponse:
        """Fix one place by hand."""
        edition = self.edition_or_refusal(request, edition_id)
        place = get_object_or_404(Place.objects.select_related("award__parent"), pk=place_id, award__edition=edition)
        override = Override.objects.filter(place=place).first()
        initial = {"application": override.application, "reason": override.reason} if override else {}
        form = FixForm(request.POST or None, entries=self.entries_for(place), initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                proposing.fix(place, form.cleaned_data["application"], reason=form.cleaned_data["reason"],
                              by=request.user, at=request.at)  # fmt: skip
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, _("%(place)s is fixed by hand. The others are computed around it.") % {"place": place}
                )
                return redirect("admin:ceremony_award_workbench", edition.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "title": _("Fix a place by hand"), "edition": edition, "place": place,
            "override": override, "form": form,
        }  # fmt: skip
        return render(request, "admin/ceremony/award/fix.html", context)

    @staticmethod
    def entries_for(place: Place):
        """Only what the award admits: a partner's award is the partner's."""
        award, entries = place.award, proposing.finalists(place.award.edition)
        if hasattr(award, "special"):
            return entries.none()
        if award.category_id:
            entries = entries.filter(category=award.category_id)
        types = list(award.applicant_types.all())
        return entries.filter(applicant_type__in=types) if types else entries

    def unfix(self, request: Request, edition_id: int, place_id: int) -> HttpResponse:
        edition = self.edition_or_refusal(request, edition_id)
        override = get_object_or_404(Override, place=place_id, place__award__edition=edition)
        if request.method == "POST":
            proposing.unfix(override, by=request.user, at=request.at)
            messages.success(request, _("The place is computed again."))
        return redirect("admin:ceremony_award_workbench", edition.pk)


class CitationInline(ReadOnlyInline):
    model = Citation
    fields = ("words", "approved_at")
    readonly_fields = ("words",)

    class Media:
        css: ClassVar = {"all": ("css/ceremony.css",)}

    @admin.display(description=gettext_lazy("text"))
    def words(self, citation: Citation) -> str:
        return str(citation.text)


class CertificateInline(ReadOnlyInline):
    model = Certificate
    fields = ("number", "sha256", "made_at")

    class Media:
        css: ClassVar = {"all": ("css/ceremony.css",)}


@admin.register(Laureate)
class LaureateAdmin(ReadOnlyAdmin):
    list_display = ("place", "name", "native_name", "title", "country", "conferred_at", "revoked_at")
    list_filter = ("edition", "place__award")
    search_fields = ("name", "native_name", "title", "code", "application__code")
    list_select_related = ("place__award__parent",)
    inlines = (CitationInline, CertificateInline)

    @verb(gettext_lazy("Write the citation"), form=CitationForm)
    def cite(self, request: Request, laureate: Laureate, form: CitationForm) -> str:
        conferring.cite(laureate, form.cleaned_data["text"], by=request.user, at=request.at)
        return _("The citation is kept.")

    @verb(
        gettext_lazy("Make the certificate"),
        confirm=gettext_lazy(
            "Prints the sealed names on paper size A4, with a number that anybody can check after the release."
        ),
        shown=lambda laureate, request: not hasattr(laureate, "certificate"),
    )
    def certify(self, request: Request, laureate: Laureate) -> str:
        made = certifying.make(laureate, by=request.user, at=request.at)
        return _("Certificate %(number)s is made.") % {"number": made.number}

    @verb(
        gettext_lazy("Take the award back"),
        form=RevocationForm,
        danger=True,
        shown=lambda laureate, request: laureate.revoked_at is None,
        confirm=gettext_lazy(
            "The committee votes on it; then a second person of the secretariat approves it. Until then nothing changes."
        ),
    )
    def revoke(self, request: Request, laureate: Laureate, form: RevocationForm) -> HttpResponse:
        motion = revoking.propose(laureate, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        messages.success(request, _("The motion is before the committee."))
        return redirect("admin:prize_motion_change", motion.pk)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    edition_path = "laureate__edition"
    list_display = ("number", "laureate", "made_at", "download")
    search_fields = ("number", "laureate__name")
    list_select_related = ("laureate__place__award__parent",)
    fields = ("number", "laureate", "sha256", "made_at", "download")
    readonly_fields = ("download",)

    @admin.display(description=gettext_lazy("file"))
    def download(self, certificate: Certificate) -> str:
        url = reverse("ceremony:certificate_file", args=[certificate.number])
        return format_html('<a href="{}">{}</a>', url, _("PDF"))


@admin.register(Announcement)
class AnnouncementAdmin(EditionAdmin):
    list_display = ("edition", "due_at", "released_at")
    fields = ("edition", "due_at", "released_at", "digest")
    readonly_fields = ("released_at", "digest")

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        """Once it stands, its time is public and changes only through two people."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return False

    @staticmethod
    def is_silent(announcement: Announcement, request: Any) -> bool:
        return announcement.released_at is None

    @verb(gettext_lazy("Ask for the release"), form=ReasonForm, shown=is_silent)
    def ask_release(self, request: Request, announcement: Announcement, form: ReasonForm) -> HttpResponse:
        edition, reason = announcement.edition, form.cleaned_data["reason"]
        approval = announcing.ask_release(edition, by=request.user, at=request.at, reason=reason)
        messages.success(request, _("A second person of the secretariat has to approve this exact list."))
        return redirect("admin:prize_approval_change", approval.pk)

    @verb(gettext_lazy("Ask for another time"), form=RescheduleForm, shown=is_silent)
    def ask_reschedule(self, request: Request, announcement: Announcement, form: RescheduleForm) -> HttpResponse:
        values = {"due_at": form.cleaned_data["due_at"], "reason": form.cleaned_data["reason"]}
        approval = announcing.ask_reschedule(announcement.edition, **values, by=request.user, at=request.at)
        messages.success(request, _("A second person of the secretariat has to approve the new time."))
        return redirect("admin:prize_approval_change", approval.pk)

    @verb(
        gettext_lazy("Make the certificates"),
        confirm=gettext_lazy(
            "Makes those that are missing, in the order of the awards. They stay sealed until the release."
        ),
        shown=lambda announcement, request: (
            Laureate.objects.standing().filter(edition=announcement.edition_id).exists()
        ),
    )
    def certify(self, request: Request, announcement: Announcement) -> str:
        count = certifying.make_all(announcement.edition, by=request.user, at=request.at)
        return _("%(count)s certificates are made.") % {"count": count}

    def verb_form_arguments(self, name: str, row: Announcement) -> dict[str, Any]:
        return (
            {"edition": row.edition, "initial": {"due_at": row.due_at.astimezone(row.edition.tz).replace(tzinfo=None)}}
            if name == "ask_reschedule"
            else {}
        )

    def verb_sentences(self, name: str, row: Announcement, request: Request) -> list[str]:
        if name != "ask_release":
            return super().verb_sentences(name, row, request)
        count = Laureate.objects.standing().filter(edition=row.edition_id).count()
        content = {"laureates": count, "digest": announcing.sealed_digest(row.edition)}
        return announcing.describe_release(content, row.edition)

"""Judges, their invitations, and where the office recommends and invites them."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from judges import recruiting
from judges.models import Conflict, Declaration, Invitation, Judge, Pledge, Terms
from prize.admin import EditionAdmin, ReadOnlyAdmin, ReadOnlyInline, verb
from prize.governing import Refused
from prize.models import Edition
from prize.requests import Request

LISTS = ("fields", "languages")


class RecommendationForm(forms.Form):
    """A list of judges as CSV, one line each, with the columns named in the first line."""

    edition = forms.ModelChoiceField(Edition.objects.none(), label=gettext_lazy("Edition"))
    people = forms.CharField(
        label=gettext_lazy("Judges, as CSV"),
        widget=forms.Textarea(attrs={"rows": 12, "cols": 100}),
        help_text=gettext_lazy(
            "First line: name,email,native_name,country,organisation,bio,fields,languages,seniority,gender,most_entries,role. "
            "Only name and email are needed; several fields or languages are separated by spaces."
        ),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, editions: QuerySet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = editions  # type: ignore[attr-defined]

    def clean_people(self) -> list[dict[str, Any]]:
        reader = csv.DictReader(io.StringIO(self.cleaned_data["people"].strip()))
        if not {"name", "email"} <= set(reader.fieldnames or ()):
            raise forms.ValidationError(_("The first line has to name the columns, among them name and email."))
        known = {"name", "email", "native_name", "country", *recruiting.PROFILE}
        unknown = set(reader.fieldnames or ()) - known
        if unknown:
            raise forms.ValidationError(_("Unknown columns: %(names)s.") % {"names": ", ".join(sorted(unknown))})
        return [self.profile(row, line) for line, row in enumerate(reader, 2)]

    def profile(self, row: dict[str, Any], line: int) -> dict[str, Any]:
        found = {key: (value or "").strip() for key, value in row.items() if key}
        found |= {key: found[key].split() for key in LISTS if key in found}
        most = found.get("most_entries", "")
        if most and not most.isdigit():
            raise forms.ValidationError(_("Line %(line)s: most_entries is a whole number.") % {"line": line})
        return {**found, "most_entries": int(most) if most else None}


class WayIn(admin.SimpleListFilter):
    """How far a judge has come."""

    title = gettext_lazy("how far")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("recommended", _("recommended, not invited")),
            ("invited", _("invited, not answered")),
            ("declined", pgettext("of an invitation", "declined")),
            ("unpledged", _("accepted, not pledged")),
            ("active", _("active")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found: dict[str, dict[str, Any]] = {
            "recommended": {"invitation": None, "stepped_down_at": None},
            "invited": {"invitation__answer": ""},
            "declined": {"invitation__answer": "declined"},
            "unpledged": {"invitation__answer": "accepted", "pledge": None},
            "active": {"invitation__answer": "accepted", "pledge__isnull": False, "stepped_down_at": None},
        }
        return queryset.filter(**found.get(self.value() or "", {}))


class InvitationInline(ReadOnlyInline):
    model = Invitation


class PledgeInline(ReadOnlyInline):
    model = Pledge


@admin.register(Judge)
class JudgeAdmin(EditionAdmin):
    list_display = ("person", "edition", "organisation", "shown_fields", "shown_languages", "seniority", "way_in")
    list_filter = ("edition", WayIn, "seniority")
    search_fields = ("person__name", "person__native_name", "person__email", "organisation__name", "code")
    list_select_related = ("person", "edition", "organisation", "invitation", "pledge", "declaration")
    readonly_fields = ("code", "edition", "person", "recommended_by", "stepped_down_at")
    autocomplete_fields = ("organisation",)
    inlines = (InvitationInline, PledgeInline)
    actions = ("invite_all",)
    change_list_template = "admin/judges/judge_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # judges come by recommendation of the committee

    def has_delete_permission(self, request: HttpRequest, obj: Judge | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("fields"))
    def shown_fields(self, judge: Judge) -> str:
        return ", ".join(judge.fields)

    @admin.display(description=gettext_lazy("languages"))
    def shown_languages(self, judge: Judge) -> str:
        return ", ".join(judge.languages)

    @admin.display(description=gettext_lazy("how far"))
    def way_in(self, judge: Judge) -> str:
        if judge.stepped_down_at:
            return _("stepped down")
        if not hasattr(judge, "invitation"):
            return _("recommended")
        if judge.invitation.answer != Invitation.Answer.ACCEPTED:
            return judge.invitation.get_answer_display() or _("invited")
        if not hasattr(judge, "pledge"):
            return _("accepted")
        return _("declared") if hasattr(judge, "declaration") else _("pledged")

    @verb(
        gettext_lazy("Invite"),
        shown=lambda judge, request: not hasattr(judge, "invitation") and not judge.stepped_down_at,
    )
    def invite(self, request: Request, judge: Judge) -> str:
        recruiting.invite(judge, by=request.user, at=request.at)
        return _("The invitation is on its way.")

    @verb(
        gettext_lazy("Steps down"),
        confirm=gettext_lazy("The judge loses access at once. What was cast is kept and no longer counts."),
        shown=lambda judge, request: judge.stepped_down_at is None,
        danger=True,
    )
    def step_down(self, request: Request, judge: Judge) -> str:
        if recruiting.has_cast(judge):
            recruiting.ask_to_step_down(judge, by=request.user, at=request.at)
            return _("Asked. It waits under “Second approvals” for another person.")
        recruiting.step_down(judge, by=request.user, at=request.at)
        return _("Recorded. Draft a repair where entries now have too few judges.")

    def verb_sentences(self, name: str, row: Judge, request: Request) -> list[str]:
        if name == "invite":
            return [_("%(name)s gets a letter with a link, and answers there.") % {"name": row}]
        return super().verb_sentences(name, row, request)

    @admin.action(description=gettext_lazy("Invite those who are not invited yet"))
    def invite_all(self, request: Request, judges: QuerySet) -> None:
        count = 0
        for judge in judges.filter(invitation=None, stepped_down_at=None):
            recruiting.invite(judge, by=request.user, at=request.at)
            count += 1
        text = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", count) % {"n": count}
        self.message_user(request, text)

    # --- Recommending ---------------------------------------------------------------------------------

    def get_urls(self) -> list:
        own = [path("recommend/", self.admin_site.admin_view(self.recommend), name="judges_judge_recommend")]
        return own + super().get_urls()

    def recommend(self, request: Request) -> HttpResponse:
        """A list of judges, put to the promotion committee as a motion."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = RecommendationForm(request.POST or None, editions=self.editions(request))
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                motion = recruiting.recommend(
                    data["edition"], data["people"], by=request.user, at=request.at, reason=data["reason"]
                )
            except Refused as refusal:
                form.add_error("people", str(refusal))
            else:
                messages.success(request, _("The recommendation is before the committee."))
                return redirect("admin:prize_motion_change", motion.pk)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "form": form, "title": _("Recommend judges"),
            "row": _("To the promotion committee"), "sentences": [
                _("The committee votes on exactly this list. Nobody is invited before it carries."),
            ],
            "back": reverse("admin:judges_judge_changelist"), "about": {},
        }  # fmt: skip
        return render(request, "admin/verb.html", context)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    edition_path = "judge__edition"
    list_display = ("judge", "invited_at", "answer_by", "answer", "answered_at")
    list_filter = ("judge__edition", "answer")
    search_fields = ("judge__person__name", "code")
    list_select_related = ("judge__person",)


class ConflictInline(ReadOnlyInline):
    model = Conflict


@admin.register(Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    edition_path = "judge__edition"
    list_display = ("judge", "declared_at", "listed")
    search_fields = ("judge__person__name",)
    list_select_related = ("judge__person",)
    inlines = (ConflictInline,)


@admin.register(Terms)
class TermsAdmin(EditionAdmin):
    list_display = ("edition", "bars_same_country", "days_to_answer")

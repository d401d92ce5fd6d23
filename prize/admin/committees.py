"""Committees, meetings, motions and second approvals in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prize import constituting, convening, governing
from prize.admin.base import EditionAdmin, ReadOnlyAdmin, ReadOnlyInline, verb
from prize.admin.filters import whether
from prize.admin.naming import NamedRows
from prize.models import Approval, Attendance, Committee, Edition, Meeting, Minutes, Motion, Reply, Seat, Vote
from prize.requests import HookRequest, Request
from prize.templatetags.components import clock, moment, place


class SeatInline(admin.TabularInline):
    model = Seat
    formset = NamedRows
    extra = 0
    autocomplete_fields = ("person",)


def seats_in(formset: Any) -> list[tuple[str, str, bool]]:
    """The seats as they were typed: those that are taken away or ended are left out."""
    kept = [form.cleaned_data for form in formset.forms if form not in formset.deleted_forms]
    return [
        (row["person"].code, row["role"], row["may_vote"])
        for row in kept
        if row.get("person") and not row.get("left_at")
    ]


@admin.register(Committee)
class CommitteeAdmin(EditionAdmin):
    list_display = ("name", "kind", "edition", "quorum_percent", "majority")
    list_filter = ("edition", "kind")
    search_fields = ("key",)
    inlines = (SeatInline,)

    def get_readonly_fields(self, request: HookRequest, obj: Any = None) -> Any:
        """What a committee is, is said when it is formed: acts find it by its kind."""
        return ("edition", "kind", "key") if obj else ()

    def save_model(self, request: HookRequest, obj: Committee, form: Any, change: bool) -> None:
        form.before = constituting.composition(Committee.objects.get(pk=obj.pk)) if change else None
        form.takes_two = change and constituting.needs_two(obj, request.at)
        if form.takes_two:
            obj.quorum_percent, obj.majority = form.before["quorum"], form.before["majority"]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HookRequest, form: Any, formsets: Any, change: bool) -> None:
        """Set now and entered into the ledger; or, once the committee's work has begun, put to a second person."""
        committee = form.instance
        if not form.takes_two:
            super().save_related(request, form, formsets, change)
            constituting.note(committee, form.before, by=request.user, at=request.at)
            return
        given = form.cleaned_data
        seats = [seat for formset in formsets for seat in seats_in(formset)]
        wanted = constituting.composed(given["quorum_percent"], given["majority"], seats)
        if wanted == form.before:
            return
        constituting.ask(committee, wanted, by=request.user, at=request.at)
        text = _("The committee's work has begun. A second person has to approve the change, under “Second approvals”.")
        messages.warning(request, text)

    def construct_change_message(self, request: HookRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What only was asked for is not in the row's history as changed."""
        return [] if form.takes_two else super().construct_change_message(request, form, formsets, add)


class MinutesInline(admin.StackedInline):
    model = Minutes
    extra = 0
    readonly_fields = ("adopted_at", "adopted_by")


class AttendanceInline(ReadOnlyInline):
    model = Attendance


class ReplyInline(ReadOnlyInline):
    model = Reply


class AttendanceForm(forms.Form):
    """Who was there: whoever said to come is ticked already."""

    seats = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who was there"),
        queryset=Seat.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any):
        kwargs.setdefault("initial", {"seats": [seat.pk for seat in convening.expected(meeting)]})
        super().__init__(*args, **kwargs)
        listed: Any = self.fields["seats"]
        came = Q(attendances__meeting=meeting)
        listed.queryset = meeting.committee.seats.filter(Q(left_at=None) | came).select_related("person").distinct()


def is_to_come(meeting: Meeting, request: Any) -> bool:
    return meeting.ends_at > request.at


def has_begun(meeting: Meeting, request: Any) -> bool:
    return meeting.starts_at <= request.at


@admin.register(Meeting)
class MeetingAdmin(EditionAdmin):
    may_be_deleted = True
    edition_path = "committee__edition"
    list_display = ("title", "committee", "purpose", "starts_at", "place")
    list_filter = ("committee", "purpose")
    inlines = (ReplyInline, AttendanceInline, MinutesInline)

    @verb(gettext_lazy("Write to the members"), shown=is_to_come)
    def call(self, request: Request, meeting: Meeting) -> str:
        count = convening.call(meeting, by=request.user, at=request.at)
        return ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", count) % {
            "count": count
        }

    @verb(gettext_lazy("Record who was there"), shown=has_begun, form=AttendanceForm)
    def attend(self, request: Request, meeting: Meeting, form: AttendanceForm) -> str:
        count = convening.record_attendance(meeting, form.cleaned_data["seats"], by=request.user, at=request.at)
        text = ngettext("%(count)s member was there.", "%(count)s members were there.", count)
        return text % {"count": count}

    def verb_form_arguments(self, name: str, row: Meeting) -> dict[str, Any]:
        return {"meeting": row} if name == "attend" else {}

    def verb_sentences(self, name: str, row: Meeting, request: Request) -> list[str]:
        if name == "attend":
            return [_("Exactly those who are ticked are recorded. It can be put right until the minutes are adopted.")]
        zone = row.committee.edition.zone
        when = _("%(start)s to %(end)s, time in %(place)s") % {
            "start": moment(row.starts_at, zone), "end": clock(row.ends_at, zone), "place": place(zone),
        }  # fmt: skip
        return [
            _("Every member of “%(committee)s” gets one letter with the day, the place and a calendar entry.")
            % {"committee": row.committee},
            when,
        ]


class VoteInline(ReadOnlyInline):
    model = Vote


def told(row: Motion | Approval, edition: Edition) -> str:
    """What the deed is, sentence by sentence; nothing where what it was about is there no more."""
    try:
        said = governing.acts.get(row.act).describe(row.content, edition)
    except ObjectDoesNotExist:
        return "–"
    return linebreaksbr("\n".join(map(str, said)))


@admin.register(Motion)
class MotionAdmin(ReadOnlyAdmin):
    edition_path = "committee__edition"
    list_display = ("heading", "committee", "proposed_at", "result", "resolved_at")
    list_filter = ("committee", "result")
    list_select_related = ("committee__edition",)
    search_fields = ("title", "code")
    inlines = (VoteInline,)
    fields = ("heading", "what_it_does", "reason", "committee", "meeting", "proposed_by", "proposed_at", "result", "count",
              "resolved_by", "resolved_at", "digest", "content", "code")  # fmt: skip
    readonly_fields = ("heading", "what_it_does")

    @admin.display(description=gettext_lazy("what it does"))
    def what_it_does(self, motion: Motion) -> str:
        return told(motion, motion.committee.edition)

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def heading(self, motion: Motion) -> str:
        return governing.heading(motion)

    def title_of(self, row: Motion) -> str:
        return governing.heading(row)

    @verb(gettext_lazy("Close the vote"), shown=lambda motion, request: motion.resolved_at is None, confirmed=True)
    def resolve(self, request: Request, motion: Motion) -> str:
        motion = governing.resolve(motion, by=request.user, at=request.at)
        return _("The motion is %(result)s.") % {"result": motion.get_result_display()}

    def verb_sentences(self, name: str, row: Motion, request: Request) -> list[str]:
        votes = governing.count(row)
        counted = _("Yes %(yes)s, no %(no)s, abstentions %(abstain)s; %(needed)s votes are needed for a quorum.") % {
            "yes": votes.yes, "no": votes.no, "abstain": votes.abstain, "needed": votes.needed,
        }  # fmt: skip
        return [counted, *governing.acts.get(row.act).describe(row.content, row.committee.edition)]


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ("title", "asked_by", "asked_at", "approved_by", "approved_at", "refused_at")
    list_filter = (
        "edition",
        whether("approved_at", gettext_lazy("approved"), gettext_lazy("not approved")),
        whether("refused_at", gettext_lazy("refused"), gettext_lazy("not refused")),
    )
    search_fields = ("title", "code")
    fields = ("title", "what_it_does", "reason", "edition", "asked_by", "asked_at", "approved_by", "approved_at", "refused_by",
              "refused_at", "digest", "content", "code")  # fmt: skip
    readonly_fields = ("what_it_does",)

    @admin.display(description=gettext_lazy("what it does"))
    def what_it_does(self, approval: Approval) -> str:
        return told(approval, approval.edition)

    @staticmethod
    def is_waiting(approval: Approval, request: Any) -> bool:
        return approval.is_waiting(request.at)

    @verb(gettext_lazy("Approve this exact content"), shown=is_waiting, confirmed=True)
    def approve(self, request: Request, approval: Approval) -> str:
        digest = request.POST.get("digest", "")
        governing.approve(approval, digest, by=request.user, at=request.at)
        return _("Approved, and done.")

    @verb(gettext_lazy("Turn down"), shown=is_waiting, danger=True)
    def refuse(self, request: Request, approval: Approval) -> str:
        governing.refuse(approval, by=request.user, at=request.at)
        return _("Turned down. Nothing was done.")

    def verb_sentences(self, name: str, row: Approval, request: Request) -> list[str]:
        problems = governing.approval_problems(row, request.user, request.at) if name == "approve" else []
        return problems + governing.acts.get(row.act).describe(row.content, row.edition)

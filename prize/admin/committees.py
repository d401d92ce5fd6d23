"""Committees, meetings, motions and second approvals in the admin."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prize import convening, governing
from prize.admin.base import EditionAdmin, ReadOnlyAdmin, ReadOnlyInline, verb
from prize.admin.naming import NamedRows
from prize.models import Approval, Attendance, Committee, Meeting, Minutes, Motion, Seat, Vote
from prize.requests import Request
from prize.templatetags.components import clock, moment, place


class SeatInline(admin.TabularInline):
    model = Seat
    formset = NamedRows
    extra = 0
    autocomplete_fields = ("person",)


@admin.register(Committee)
class CommitteeAdmin(EditionAdmin):
    list_display = ("name", "kind", "edition", "quorum_percent", "majority")
    list_filter = ("edition", "kind")
    search_fields = ("key",)
    inlines = (SeatInline,)


class MinutesInline(admin.StackedInline):
    model = Minutes
    extra = 0
    readonly_fields = ("adopted_at", "adopted_by")


class AttendanceInline(ReadOnlyInline):
    model = Attendance


def is_to_come(meeting: Meeting, request: Any) -> bool:
    return meeting.ends_at > request.at


@admin.register(Meeting)
class MeetingAdmin(EditionAdmin):
    may_be_deleted = True
    edition_path = "committee__edition"
    list_display = ("title", "committee", "purpose", "starts_at", "place")
    list_filter = ("committee", "purpose")
    inlines = (AttendanceInline, MinutesInline)

    @verb(gettext_lazy("Write to the members"), shown=is_to_come)
    def call(self, request: Request, meeting: Meeting) -> str:
        count = convening.call(meeting, by=request.user, at=request.at)
        return ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", count) % {
            "count": count
        }

    def verb_sentences(self, name: str, row: Meeting, request: Request) -> list[str]:
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


@admin.register(Motion)
class MotionAdmin(ReadOnlyAdmin):
    edition_path = "committee__edition"
    list_display = ("title", "committee", "proposed_at", "result", "resolved_at")
    list_filter = ("committee", "result")
    search_fields = ("title", "code")
    inlines = (VoteInline,)

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
    list_display = ("title", "edition", "asked_by", "asked_at", "approved_by", "approved_at", "refused_at")
    list_filter = ("edition", "act")
    search_fields = ("title", "code")

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

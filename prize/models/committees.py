"""Bodies that decide, and what they decide: committees, meetings, motions, votes, second approvals."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prize.codes import CodeField
from prize.lines import LineField
from prize.models.editions import Edition
from prize.models.people import Person
from prize.sealing import append_only, frozen_when
from prize.wording import WordingField


class Committee(models.Model):
    """A body of an edition: the promotion committee governs, a jury judges, a partner's committee gives its own award."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", _("promotion committee")
        JURY = "jury", _("jury")
        PARTNER = "partner", _("partner committee")

    class Majority(models.TextChoices):
        SIMPLE = "simple", _("more yes than no")
        TWO_THIRDS = "two-thirds", _("two thirds of yes and no")
        UNANIMOUS = "unanimous", _("no vote against")

    code = CodeField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="committees", verbose_name=_("edition"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    key = models.SlugField(_("key"))
    name = WordingField(_("name"))
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum in percent"),
        default=50,
        help_text=_("Share of the voting seats that must vote, abstentions included."),
    )
    majority = models.CharField(_("majority"), max_length=16, choices=Majority, default=Majority.SIMPLE)

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ("edition", "kind", "pk")
        constraints = (
            models.UniqueConstraint("edition", "key", name="one_committee_per_key"),
            models.CheckConstraint(condition=Q(quorum_percent__range=(1, 100)), name="a_quorum_is_a_share"),
        )

    def __str__(self) -> str:
        return str(self.name)


class SeatQuerySet(models.QuerySet["Seat"]):
    def held_by(self, person: Person) -> "SeatQuerySet":
        return self.filter(person=person, left_at=None)

    def voting(self) -> "SeatQuerySet":
        return self.filter(left_at=None, may_vote=True)


class Seat(models.Model):
    """A place on a committee."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        CO_CHAIR = "co-chair", _("co-chair")
        MEMBER = "member", _("member")
        SECRETARY = "secretary", _("secretary")
        OBSERVER = "observer", _("observer")

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="seats", verbose_name=_("committee"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.MEMBER)
    may_vote = models.BooleanField(_("votes"), default=True)
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)
    left_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects: ClassVar[SeatQuerySet] = SeatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("committee", "pk")
        constraints = (
            models.UniqueConstraint("committee", "person", condition=Q(left_at=None), name="one_seat_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @property
    def presides(self) -> bool:
        return self.role in {self.Role.CHAIR, self.Role.CO_CHAIR}


class Meeting(models.Model):
    """A dated meeting: a briefing of judges, a session of the committee."""

    class Purpose(models.TextChoices):
        BRIEFING = "briefing", _("briefing")
        SESSION = "session", _("session")

    code = CodeField()
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="meetings", verbose_name=_("committee"))
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose, default=Purpose.SESSION)
    title = WordingField(_("title"))
    agenda = WordingField(_("agenda"), long=True, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = LineField(_("place or link"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_starts_before_it_ends"),
        )

    def __str__(self) -> str:
        return str(self.title)


class Attendance(models.Model):
    """Who was at a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances", verbose_name=_("meeting"))
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances", verbose_name=_("seat"))
    confirmed_at = models.DateTimeField(_("confirmed"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = (models.UniqueConstraint("meeting", "seat", name="one_attendance_per_seat"),)

    def __str__(self) -> str:
        return f"{self.seat}"


class Reply(models.Model):
    """Whether a member said that he or she comes to a meeting. Who then came is an attendance."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies", verbose_name=_("meeting"))
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="replies", verbose_name=_("seat"))
    comes = models.BooleanField(_("comes"))
    answered_at = models.DateTimeField(pgettext_lazy("when", "answered"))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("meeting", "seat", name="one_reply_per_seat_and_meeting"),)

    def __str__(self) -> str:
        return f"{self.seat}"


class Minutes(models.Model):
    """What a meeting did, in words; sealed once adopted."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes", verbose_name=_("meeting"))
    text = models.TextField(_("text"))
    adopted_at = models.DateTimeField(_("adopted"), null=True, blank=True, editable=False)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("adopted by"),
    )

    seals = (frozen_when("prize_minutes", "{old}.adopted_at IS NOT NULL"),)

    class Meta:
        verbose_name = pgettext_lazy("of a meeting", "minutes")
        verbose_name_plural = pgettext_lazy("of a meeting", "minutes")

    def __str__(self) -> str:
        return f"{self.meeting}"


class MotionQuerySet(models.QuerySet["Motion"]):
    def pending(self) -> "MotionQuerySet":
        return self.filter(resolved_at=None)

    def before(self, person: Person) -> "MotionQuerySet":
        """Those of the committees this person sits on."""
        return self.filter(committee__seats__person=person, committee__seats__left_at=None).distinct()


class Motion(models.Model):
    """A proposal with exact content. When it carries, its act is carried out in the same transaction."""

    class Result(models.TextChoices):
        CARRIED = "carried", _("carried")
        REJECTED = "rejected", _("rejected")
        NO_QUORUM = "no-quorum", _("no quorum")
        WITHDRAWN = "withdrawn", _("withdrawn")

    code = CodeField()
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="motions", verbose_name=_("committee"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="motions", verbose_name=_("meeting")
    )
    act = models.CharField(_("act"), max_length=80)
    title = LineField(_("title"), max_length=250)
    reason = models.TextField(_("reason"), blank=True)
    content = models.JSONField(_("content"), default=dict)
    digest = models.CharField(_("digest of the content"), max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    proposed_at = models.DateTimeField(_("proposed"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("resolved by")
    )
    result = models.CharField(_("result"), max_length=16, choices=Result, blank=True)
    count = models.JSONField(_("count"), default=dict)

    objects: ClassVar[MotionQuerySet] = MotionQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when("prize_motion", "{old}.resolved_at IS NOT NULL", name="resolved"),
        frozen_when("prize_motion", "1=1", columns=("act", "content", "digest", "committee_id"), name="content"),
    )

    class Meta:
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(resolved_at=None, result="") | (Q(resolved_at__isnull=False) & ~Q(result="")),
                name="a_resolved_motion_has_a_result",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Vote(models.Model):
    """A seat's answer to a motion. Said once, kept for ever."""

    class Choice(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        ABSTAIN = "abstain", _("abstain")

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="votes", verbose_name=_("motion"))
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes", verbose_name=_("seat"))
    choice = models.CharField(_("vote"), max_length=8, choices=Choice)
    voted_at = models.DateTimeField(_("voted"))

    seals = (append_only("prize_vote"),)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = (models.UniqueConstraint("motion", "seat", name="one_vote_per_seat_and_motion"),)

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_choice_display()}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self, at: datetime) -> "ApprovalQuerySet":
        return self.filter(approved_at=None, refused_at=None, expires_at__gt=at)


class Approval(models.Model):
    """A deed that needs a second person. The second approves the exact content, by its digest."""

    code = CodeField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="approvals", verbose_name=_("edition"))
    act = models.CharField(_("act"), max_length=80)
    title = LineField(_("title"), max_length=250)
    reason = models.TextField(_("reason"), blank=True)
    content = models.JSONField(_("content"), default=dict)
    digest = models.CharField(_("digest of the content"), max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("lapses"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("refused by")
    )
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)

    objects: ClassVar[ApprovalQuerySet] = ApprovalQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when("prize_approval", "{old}.approved_at IS NOT NULL OR {old}.refused_at IS NOT NULL", name="decided"),
        frozen_when("prize_approval", "1=1", columns=("act", "content", "digest", "asked_by_id"), name="content"),
    )

    class Meta:
        verbose_name = _("second approval")
        verbose_name_plural = _("second approvals")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="nobody_approves_his_own_request"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(refused_at=None), name="an_approval_is_given_or_refused"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def is_waiting(self, at: datetime) -> bool:
        return self.approved_at is None and self.refused_at is None and at < self.expires_at

"""Eligibility: what is tested, what was found, what was asked, and what was excused."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from prize.codes import CodeField
from prize.models import Edition
from prize.sealing import append_only, frozen_when
from prize.wording import WordingField


class CheckItem(models.Model):
    """One test of eligibility, for people to answer. A failed one is a ground for declining, in the words given here."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="check_items", verbose_name=_("edition"))
    key = models.SlugField(_("key"))
    text = WordingField(_("question"))
    guidance = WordingField(_("guidance"), long=True, blank=True)
    reason = WordingField(_("reason given to the applicant"), long=True, blank=True)
    rule = models.JSONField(_("machine rule"), default=dict, blank=True, help_text=_("Answers by itself where it can."))
    may_be_waived = models.BooleanField(_("may be waived"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("check item")
        verbose_name_plural = _("check items")
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint("edition", "key", name="one_check_item_per_key"),)

    def __str__(self) -> str:
        return str(self.text)


class CheckQuerySet(models.QuerySet["Check"]):
    def standing(self) -> "CheckQuerySet":
        return self.filter(superseded_at=None)


class Check(models.Model):
    """What one test found of one application; the last word stands, earlier ones are kept."""

    class Result(models.TextChoices):
        PASSED = "passed", _("passed")
        FAILED = "failed", _("failed")
        UNSURE = "unsure", _("unsure")

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks", verbose_name=_("application"))
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="checks", verbose_name=_("check item"))
    result = models.CharField(_("result"), max_length=8, choices=Result)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("at"))
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects: ClassVar[CheckQuerySet] = CheckQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "screening_check",
            "1=1",
            columns=("application_id", "item_id", "result", "note", "by_id", "at"),
            name="recorded",
        ),
    )

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ("item__order", "-at")
        constraints = (
            models.UniqueConstraint(
                "application", "item", condition=Q(superseded_at=None), name="one_standing_check_per_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}: {self.get_result_display()}"


class Waiver(models.Model):
    """A recorded exception: a failed check that is excused, by whom and why."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="waivers", verbose_name=_("application"))
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="waivers", verbose_name=_("check item"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"))

    seals = (append_only("screening_waiver"),)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = (models.UniqueConstraint("application", "item", name="one_waiver_per_item"),)

    def __str__(self) -> str:
        return f"{self.application}: {self.item}"


class ClarificationQuerySet(models.QuerySet["Clarification"]):
    def open(self) -> "ClarificationQuerySet":
        """Asked, and neither answered nor withdrawn."""
        return self.filter(answered_at=None, withdrawn_at=None)

    def overdue(self, at: datetime) -> "ClarificationQuerySet":
        return self.open().filter(due_at__lte=at)

    def waiting(self, at: datetime) -> "ClarificationQuerySet":
        """Open, and the applicant still has time."""
        return self.open().filter(due_at__gt=at)


class Clarification(models.Model):
    """A question to an applicant with a due date, and the answer."""

    code = CodeField()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="clarifications", verbose_name=_("application")
    )
    question = models.TextField(_("question"))
    due_at = models.DateTimeField(_("due"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(pgettext_lazy("when", "answered"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: ClassVar[ClarificationQuerySet] = ClarificationQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "screening_clarification",
            "1=1",
            columns=("application_id", "question", "due_at", "asked_by_id", "asked_at"),
            name="asked",
        ),
        frozen_when(
            "screening_clarification", "{old}.answered_at IS NOT NULL OR {old}.withdrawn_at IS NOT NULL", name="settled"
        ),
    )

    class Meta:
        verbose_name = _("clarification")
        verbose_name_plural = _("clarifications")
        ordering = ("due_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(withdrawn_at=None), name="a_question_is_answered_or_withdrawn"
            ),
        )

    def __str__(self) -> str:
        return self.question[:80]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def last_minute(self) -> datetime:
        """The date as people say it: what is due at midnight is due at 23:59 of the day before."""
        due = self.due_at.astimezone(self.application.edition.tz)
        return due - timedelta(minutes=1) if (due.hour, due.minute) == (0, 0) else due


class Similarity(models.Model):
    """Two applications whose texts are alike, and what an officer made of it."""

    class Ruling(models.TextChoices):
        OPEN = "open", _("not looked at")
        DIFFERENT = "different", _("different projects")
        SAME = "same", _("the same project")

    one = models.ForeignKey(
        Application, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of a pair", "one")
    )
    other = models.ForeignKey(
        Application, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of a pair", "other")
    )
    share = models.DecimalField(_("share of text in common"), max_digits=5, decimal_places=4)
    ruling = models.CharField(_("ruling"), max_length=16, choices=Ruling, default=Ruling.OPEN)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ruled by")
    )
    ruled_at = models.DateTimeField(_("ruled"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("similarity")
        verbose_name_plural = _("similarities")
        ordering = ("-share", "pk")
        constraints = (
            models.UniqueConstraint("one", "other", name="one_similarity_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="a_pair_is_kept_in_one_order"),
        )

    def __str__(self) -> str:
        return _("“%(one)s” and “%(other)s”") % {"one": self.one, "other": self.other}

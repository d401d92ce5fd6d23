"""What is kept of an application: sealed submissions, what stages concluded, who stands aside."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.entries import Application
from prize.codes import CodeField
from prize.models import Person, Stage
from prize.sealing import append_only, frozen_when


class Submission(models.Model):
    """The sealed snapshot made when an application is submitted, and its receipt."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="submissions", verbose_name=_("application")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("in a row", "number"))
    receipt = CodeField(_("receipt"))
    snapshot = models.JSONField(_("snapshot"))
    digest = models.CharField(_("digest"), max_length=64)
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    idempotency_key = models.CharField(max_length=64, blank=True, editable=False)

    seals = (append_only("applications_submission"),)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("application", "number")
        constraints = (
            models.UniqueConstraint("application", "number", name="one_submission_per_number"),
            models.UniqueConstraint(
                "application", "idempotency_key", condition=~Q(idempotency_key=""), name="one_submission_per_press"
            ),
        )

    def __str__(self) -> str:
        return self.receipt


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def standing(self) -> "OutcomeQuerySet":
        return self.filter(superseded_at=None)

    def announced(self) -> "OutcomeQuerySet":
        return self.standing().filter(announced_at__isnull=False)


class Outcome(models.Model):
    """What a stage concluded about an application: superseded, never overwritten; silent until announced."""

    class Verdict(models.TextChoices):
        ADVANCED = "advanced", _("advanced")
        HELD = "held", _("held")
        DECLINED = "declined", _("declined")

    application = models.ForeignKey(Application, models.PROTECT, related_name="outcomes", verbose_name=_("application"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="outcomes", verbose_name=_("stage"))
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict)
    reason_code = models.SlugField(_("reason code"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    decided_at = models.DateTimeField(_("decided"))
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects: ClassVar[OutcomeQuerySet] = OutcomeQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "applications_outcome",
            "1=1",
            columns=("application_id", "stage_id", "verdict", "reason_code", "reason", "by_id", "decided_at"),
            name="decided",
        ),
    )

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("-decided_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                "application", "stage", condition=Q(superseded_at=None), name="one_standing_outcome_per_stage"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application}: {self.get_verdict_display()}"


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def standing(self) -> "RecusalQuerySet":
        return self.filter(lifted_at=None)

    def of(self, person: Person) -> "RecusalQuerySet":
        return self.standing().filter(person=person)


class Recusal(models.Model):
    """A person stands aside from an application: neither sees nor judges it, nor votes on it."""

    class Ground(models.TextChoices):
        OWN = "own", _("own application")
        EMPLOYER = "employer", _("same organisation")
        COUNTRY = "country", _("same country")
        PERSONAL = "personal", _("personal relation")
        PROFESSIONAL = "professional", _("professional relation")
        OTHER = "other", _("other")

    application = models.ForeignKey(Application, models.PROTECT, related_name="recusals", verbose_name=_("application"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals", verbose_name=_("person")
    )
    ground = models.CharField(_("ground"), max_length=16, choices=Ground)
    note = models.TextField(_("note"), blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    declared_at = models.DateTimeField(_("declared"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects: ClassVar[RecusalQuerySet] = RecusalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = (
            models.UniqueConstraint(
                "application", "person", condition=Q(lifted_at=None), name="one_standing_recusal_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.application}"

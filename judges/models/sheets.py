"""A judge's marks. A draft may change; a cast sheet may not: a correction is a new sheet that supersedes it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from judges.models.rounds import Assignment, Criterion
from prize.codes import CodeField
from prize.models import Person
from prize.sealing import frozen_when


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def standing(self) -> "ScoreSheetQuerySet":
        return self.filter(superseded_at=None)

    def cast(self) -> "ScoreSheetQuerySet":
        return self.standing().filter(cast_at__isnull=False)

    def counting(self) -> "ScoreSheetQuerySet":
        """Cast, of a standing assignment, by a judge who does not stand aside from the entry."""
        aside = Q(
            assignment__application__recusals__person=models.F("assignment__judge__person"),
            assignment__application__recusals__lifted_at=None,
        )
        return (
            self.cast()
            .filter(assignment__withdrawn_at=None)
            .exclude(pk__in=self.model.objects.filter(aside).values("pk"))
        )

    def of(self, person: Person) -> "ScoreSheetQuerySet":
        return self.standing().filter(
            assignment__judge__person=person,
            assignment__judge__stepped_down_at=None,
            assignment__withdrawn_at=None,
        )


class ScoreSheet(models.Model):
    """All marks of one judge on one application; *cast* when final."""

    code = CodeField()
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="sheets", verbose_name=_("assignment"))
    comment = models.TextField(_("comment for the jury"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    started_at = models.DateTimeField(_("started"))
    saved_at = models.DateTimeField(_("saved"))
    cast_at = models.DateTimeField(_("cast"), null=True, blank=True)
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cast by")
    )
    total = models.DecimalField(_("weighted total"), max_digits=12, decimal_places=6, null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects: ClassVar[ScoreSheetQuerySet] = ScoreSheetQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "judges_scoresheet",
            "{old}.cast_at IS NOT NULL",
            columns=("assignment_id", "comment", "cast_at", "cast_by_id", "total", "digest"),
            name="cast",
        ),
    )

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ("assignment", "pk")
        constraints = (
            models.UniqueConstraint(
                "assignment", condition=Q(superseded_at=None), name="one_standing_sheet_per_assignment"
            ),
            models.CheckConstraint(
                condition=Q(cast_at=None) | Q(total__isnull=False, cast_by__isnull=False),
                name="a_cast_sheet_has_a_total",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assignment}"

    @property
    def state(self) -> str:
        if self.cast_at:
            return "cast"
        return "draft" if self.version > 1 else "untouched"


class Mark(models.Model):
    """A judge's number for one criterion."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="marks", verbose_name=_("score sheet"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="marks", verbose_name=_("criterion"))
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2)
    comment = models.TextField(_("comment"), blank=True)

    seals = (
        frozen_when(
            "judges_mark",
            "(SELECT cast_at FROM judges_scoresheet WHERE id = {old}.sheet_id) IS NOT NULL",
            name="cast",
        ),
    )

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ("criterion__order", "pk")
        constraints = (models.UniqueConstraint("sheet", "criterion", name="one_mark_per_criterion"),)

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"

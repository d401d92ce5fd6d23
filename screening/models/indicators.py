"""What is measured of a city, where each figure comes from, and the index computed from them."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prize.codes import CodeField
from prize.models import City, Edition
from prize.sealing import append_only, frozen_when
from prize.wording import WordingField


class Indicator(models.Model):
    """Something measured of cities."""

    class Direction(models.IntegerChoices):
        HIGHER_IS_BETTER = 1, _("higher is better")
        LOWER_IS_BETTER = -1, _("lower is better")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="indicators", verbose_name=_("edition"))
    key = models.SlugField(_("key"))
    name = WordingField(_("name"))
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    direction = models.SmallIntegerField(_("direction"), choices=Direction, default=Direction.HIGHER_IS_BETTER)
    low = models.DecimalField(_("low goalpost"), max_digits=18, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(_("high goalpost"), max_digits=18, decimal_places=6, null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint("edition", "key", name="one_indicator_per_key"),)

    def __str__(self) -> str:
        return str(self.name)


class ReadingQuerySet(models.QuerySet["Reading"]):
    def standing(self) -> "ReadingQuerySet":
        return self.filter(superseded_at=None)

    def as_of(self, moment: datetime) -> "ReadingQuerySet":
        """What stood at a moment in the past: what a run of that moment was computed from."""
        replaced_later = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(replaced_later, entered_at__lte=moment)


class Reading(models.Model):
    """One value of one indicator for one city and year, with its source. A correction supersedes; nothing is overwritten."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings", verbose_name=_("indicator"))
    city = models.ForeignKey(City, models.PROTECT, related_name="readings", verbose_name=_("city"))
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    source = models.CharField(_("source"), max_length=250)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"))
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True, editable=False)

    objects: ClassVar[ReadingQuerySet] = ReadingQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "screening_reading",
            "1=1",
            columns=("indicator_id", "city_id", "year", "value", "source", "entered_by_id", "entered_at"),
            name="entered",
        ),
    )

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("indicator", "city", "year", "-entered_at")
        constraints = (
            models.UniqueConstraint(
                "indicator", "city", "year", condition=Q(superseded_at=None), name="one_reading_per_city_and_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.city} {self.year}: {self.value}"


class Formula(models.Model):
    """How indicators combine into an index: written in the safe formula language, versioned, never edited once run."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="formulas", verbose_name=_("edition"))
    key = models.SlugField(_("key"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = WordingField(_("name"))
    explanation = WordingField(_("explanation"), long=True, blank=True)
    expression = models.TextField(_("formula"))
    places = models.PositiveSmallIntegerField(_("decimal places"), default=2)

    seals = (
        frozen_when(
            "screening_formula",
            "EXISTS (SELECT 1 FROM screening_indexrun r WHERE r.formula_id = {old}.id)",
            columns=("edition_id", "key", "version", "expression", "places"),
            name="run",
        ),
    )

    class Meta:
        verbose_name = _("formula")
        verbose_name_plural = _("formulas")
        ordering = ("key", "-version")
        constraints = (models.UniqueConstraint("edition", "key", "version", name="one_formula_per_version"),)

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"


class IndexRun(models.Model):
    """One stored computation of an index: inputs digest, method, working. A score without a run is not a score."""

    code = CodeField()
    formula = models.ForeignKey(Formula, models.PROTECT, related_name="runs", verbose_name=_("formula"))
    year = models.PositiveSmallIntegerField(_("year"))
    method = models.CharField(_("method"), max_length=60)
    inputs = models.JSONField(_("inputs"), help_text=_("Everything it was computed from: the rules and every reading."))
    inputs_digest = models.CharField(_("digest of the inputs"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    warnings = models.JSONField(_("warnings"), default=list)
    run_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("run by"))
    run_at = models.DateTimeField(_("run"))

    seals = (append_only("screening_indexrun"),)

    class Meta:
        verbose_name = _("index run")
        verbose_name_plural = _("index runs")
        ordering = ("-run_at", "-pk")

    def __str__(self) -> str:
        return f"{self.formula} {self.year}"


class IndexLine(models.Model):
    """A city's value in a run, with its rank overall and among its peers, and every step of the working."""

    run = models.ForeignKey(IndexRun, models.PROTECT, related_name="lines", verbose_name=_("run"))
    city = models.ForeignKey(City, models.PROTECT, related_name="index_lines", verbose_name=_("city"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    rank = models.PositiveIntegerField(_("rank"))
    peer_group = models.CharField(_("peer group"), max_length=60, blank=True)
    peer_rank = models.PositiveIntegerField(_("rank among peers"), null=True, blank=True)
    working = models.JSONField(_("working"), default=list)

    seals = (append_only("screening_indexline"),)

    class Meta:
        verbose_name = _("index line")
        verbose_name_plural = _("index lines")
        ordering = ("run", "rank", "city__name")
        constraints = (models.UniqueConstraint("run", "city", name="one_index_line_per_city"),)

    def __str__(self) -> str:
        return f"{self.city}: {self.shown}"

    @property
    def shown(self) -> str:
        """The value with the places its formula declares."""
        return f"{self.value:.{self.run.formula.places}f}"

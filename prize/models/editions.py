"""A prize, its yearly editions, and how an edition is divided in categories and time."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prize import brand, branding, canonical
from prize.models.people import Person
from prize.shapes import ShapedField
from prize.wording import WordingField
from prize.zones import ZoneField


class ReadWhenAsked(DeferredAttribute):
    def __set__(self, instance: models.Model, value: Any) -> None:
        # With a setter Python asks this descriptor, and not the instance's own dictionary, for the value.
        instance.__dict__[self.field.attname] = value

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, str):
            value = instance.__dict__[self.field.attname] = json.loads(value)
        return value


class RulesField(models.JSONField):
    """A whole rulebook, taken apart when somebody asks for it.

    The edition comes with nearly every row of every list, and reading seventy kilobytes of JSON took longer than the rest.
    """

    descriptor_class = ReadWhenAsked

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value


class Prize(models.Model):
    """What outlives its editions: the name, its people, its look."""

    slug = models.SlugField(_("short name"), unique=True)
    name = WordingField(_("name"))
    tagline = WordingField(_("tagline"), blank=True)
    about = WordingField(_("about"), long=True, blank=True)
    founded = models.CharField(_("founded"), max_length=60, blank=True)
    hosts = WordingField(_("hosts"), blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    logo = models.TextField(
        _("logo"),
        blank=True,
        help_text=_("The source of a square SVG picture made of shapes only, beginning with <svg."),
    )
    brand_colour = models.CharField(
        _("main colour"), max_length=7, blank=True, help_text=_("Such as #16285c. Buttons and links are made from it.")
    )
    accent_colour = models.CharField(
        _("accent colour"), max_length=7, blank=True, help_text=_("Such as #c8452d. For the one thing to see.")
    )

    class Meta:
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")
        constraints = (
            models.CheckConstraint(
                condition=Q(brand_colour="", accent_colour="") | ~(Q(brand_colour="") | Q(accent_colour="")),
                name="two_colours_or_none",
            ),
        )

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        if problems := branding.problems(self.brand_colour, self.accent_colour, self.logo):
            raise ValidationError(problems)

    @property
    def emblem(self) -> str:
        """The picture that stands for the prize: its logo, or our mark in its colours."""
        return self.logo or brand.mark(self.brand_colour, self.accent_colour)

    @property
    def look(self) -> str:
        """Names one state of logo and colours, so that a browser may keep both for ever; empty without either."""
        own = [self.brand_colour, self.accent_colour, self.logo]
        return canonical.digest(own)[:12] if any(own) else ""


class Organiser(models.Model):
    """A person's part in the office of a prize. It opens the admin."""

    class Role(models.TextChoices):
        SECRETARIAT = "secretariat", _("secretariat")
        SCREENING_OFFICER = "screening", _("screening officer")

    prize = models.ForeignKey(Prize, models.CASCADE, related_name="organisers", verbose_name=_("prize"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="offices", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.SECRETARIAT)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        constraints = (models.UniqueConstraint("prize", "person", name="one_office_per_person_and_prize"),)

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"


class EditionQuerySet(models.QuerySet["Edition"]):
    def public(self) -> "EditionQuerySet":
        return self.filter(is_public=True)

    def current(self) -> "Edition | None":
        """The newest public one that is being run, not one of the archive."""
        running = self.public().filter(published={}).select_related("prize")
        return running.order_by("-year", "-pk").first()

    def organised_by(self, person: Person, *roles: str) -> "EditionQuerySet":
        """Those of the prizes in whose office a person works; with ``roles``, only where in one of these."""
        if person.is_superuser:
            return self
        offices = Organiser.objects.filter(person=person, **({"role__in": roles} if roles else {}))
        return self.filter(prize__in=offices.values("prize"))


class Edition(models.Model):
    """One year's running of a prize."""

    prize = models.ForeignKey(Prize, models.PROTECT, related_name="editions", verbose_name=_("prize"))
    year = models.PositiveSmallIntegerField(_("year"))
    ordinal = models.PositiveSmallIntegerField(_("which edition"), default=1)
    name = WordingField(_("name"))
    theme = WordingField(_("theme"), blank=True)
    introduction = WordingField(_("introduction"), long=True, blank=True)
    zone = ZoneField(_("time zone"), default="UTC")
    is_public = models.BooleanField(_("shown to the public"), default=False)
    is_demonstration = models.BooleanField(_("a demonstration with invented entries"), default=False)
    moved_by_days = models.IntegerField(
        _("calendar moved by days"), default=0, help_text=_("Only demonstrations move.")
    )
    letters_paused_at = models.DateTimeField(_("letters held since"), null=True, blank=True)
    rules = RulesField(_("rulebook as loaded"), default=dict, editable=False)
    rules_digest = models.CharField(_("digest of the rules"), max_length=64, blank=True, editable=False)
    rules_adopted_at = models.DateTimeField(_("rules adopted"), null=True, blank=True, editable=False)
    published = models.JSONField(_("published facts of a past edition"), default=dict, blank=True)

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("-year", "-pk")
        constraints = (
            models.UniqueConstraint(
                "prize", "year", condition=Q(is_demonstration=False), name="one_edition_per_prize_and_year"
            ),
        )

    def __str__(self) -> str:
        return str(self.name)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_archive(self) -> bool:
        """A past edition known only by what was published of it."""
        return bool(self.published)

    def stage(self, kind: str, slug: str = "") -> "Stage":
        """The stage of this kind; where there are several, name it."""
        stages = self.stages.filter(kind=kind)
        return stages.get(slug=slug) if slug else stages.get()

    def first_stage(self, kind: str) -> "Stage | None":
        """The first of its kind; nothing is asked of the database where the stages are at hand."""
        return next((stage for stage in self.stages.all() if stage.kind == kind), None)

    def stage_now(self, at: datetime) -> "Stage | None":
        """The stage open at this moment; between two, the one that comes next."""
        stages = list(self.stages.all())
        running = [stage for stage in stages if stage.is_open(at)]
        coming = [stage for stage in stages if stage.opens_at > at]
        return next(iter(running or coming), None)

    def region_of(self, country: str) -> "Region | None":
        return next((region for region in self.regions.all() if str(country) in region.countries), None)


class HostEvent(models.Model):
    """The event the ceremony is part of."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="host_event", verbose_name=_("edition"))
    name = WordingField(_("name"))
    venue = WordingField(_("venue"), blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("host event")
        verbose_name_plural = _("host events")

    def __str__(self) -> str:
        return str(self.name)


class Keyed(models.Model):
    """A part of an edition that the rulebook names by a key."""

    key = models.SlugField(_("key"))
    name = WordingField(_("name"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return str(self.name)


class Region(Keyed):
    """Regions are the prize's own: they need not follow anybody's atlas."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="regions", verbose_name=_("edition"))
    countries = ShapedField(_("country codes"), default=list, shape=list[str])

    class Meta(Keyed.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = (models.UniqueConstraint("edition", "key", name="one_region_per_key"),)


class ApplicantType(Keyed):
    """City government, institution, corporation, individual …: it drives the form and the awards."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="applicant_types", verbose_name=_("edition"))
    description = WordingField(_("description"), long=True, blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("applicant type")
        verbose_name_plural = _("applicant types")
        constraints = (models.UniqueConstraint("edition", "key", name="one_applicant_type_per_key"),)


class Category(Keyed):
    """What one competes in. Each application enters one."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="categories", verbose_name=_("edition"))
    description = WordingField(_("description"), long=True, blank=True)
    applicant_types = models.ManyToManyField(ApplicantType, related_name="categories", verbose_name=_("open to"))

    class Meta(Keyed.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = (models.UniqueConstraint("edition", "key", name="one_category_per_key"),)


class StageQuerySet(models.QuerySet["Stage"]):
    def open(self, at: datetime) -> "StageQuerySet":
        return self.filter(opens_at__lte=at, closes_at__gt=at, closed_at=None)

    def due_to_close(self, at: datetime) -> "StageQuerySet":
        return self.filter(closes_at__lte=at, closed_at=None)


class Stage(models.Model):
    """A dated part of an edition. Whether it is open is a question about time; ``closed_at`` says its closing was done."""

    class Kind(models.TextChoices):
        CALL = "call", _("call for entries")
        SCREENING = "screening", _("eligibility screening")
        ROUND = "round", _("judging round")
        FINAL = "final", _("final selection")
        CEREMONY = "ceremony", _("ceremony")
        AFTERCARE = "aftercare", _("after-care")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="stages", verbose_name=_("edition"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    slug = models.SlugField(_("short name"))
    name = WordingField(_("name"))
    summary = WordingField(_("in one line"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(
        pgettext_lazy("of a stage", "closes"), help_text=_("The first instant that is too late.")
    )
    closed_at = models.DateTimeField(pgettext_lazy("of a stage", "closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects: ClassVar[StageQuerySet] = StageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("order", "opens_at", "pk")
        constraints = (
            models.UniqueConstraint("edition", "slug", name="one_stage_per_short_name"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="a_stage_opens_before_it_closes"),
        )

    def __str__(self) -> str:
        return str(self.name)

    def is_open(self, at: datetime) -> bool:
        return self.closed_at is None and self.opens_at <= at < self.closes_at

    def is_over(self, at: datetime) -> bool:
        return self.closed_at is not None or at >= self.closes_at

    @property
    def last_minute(self) -> datetime:
        """The close as people say it: a stage that ends at midnight ends at 23:59 of the day before."""
        closes = self.closes_at.astimezone(self.edition.tz)
        return closes - timedelta(minutes=1) if (closes.hour, closes.minute) == (0, 0) else closes

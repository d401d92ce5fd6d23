"""What is given, to whom, and when it may be known."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from applications.models import Application
from prize.codes import CodeField
from prize.models import ApplicantType, Category, Edition, Motion, Person
from prize.sealing import frozen_when
from prize.wording import Named, Wording, WordingField


class Award(models.Model):
    """What is given. Awards form a tree: a track such as a category's medals, and below it gold, silver, bronze."""

    code = CodeField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="awards", verbose_name=_("edition"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    key = models.SlugField(_("key"))
    name = WordingField(_("name"))
    description = WordingField(_("description"), long=True, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("category")
    )
    applicant_types = models.ManyToManyField(
        ApplicantType, blank=True, related_name="+", verbose_name=_("open to"), help_text=_("Empty means all.")
    )
    quota = models.PositiveSmallIntegerField(_("places"), default=0)
    precedence = models.PositiveSmallIntegerField(
        _("precedence"),
        default=0,
        help_text=_("The lowest chooses its laureates first; the ceremony has an order of its own."),
    )

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ("precedence", "pk")
        constraints = (models.UniqueConstraint("edition", "key", name="one_award_per_key"),)

    def __str__(self) -> str:
        return str(self.full_name)

    @property
    def full_name(self) -> Wording:
        """With the track it belongs to, in every language: "Human-CentriCity · Gold"."""
        if self.parent is None:
            return self.name
        return Wording({code: f"{self.parent.name.in_language(code)} · {text}" for code, text in self.name.items()})

    def number_places(self) -> None:
        """As many places as the quota says. A place that was given stays, whatever the quota."""
        for number in range(1, self.quota + 1):
            self.places.get_or_create(number=number)
        self.places.filter(number__gt=self.quota, laureates=None).delete()


class Place(models.Model):
    """One numbered place of an award. It may stay empty, with a reason."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="places", verbose_name=_("award"))
    number = models.PositiveSmallIntegerField(pgettext_lazy("in a row", "number"))
    left_empty_reason = models.TextField(_("left empty because"), blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("award__precedence", "number")
        constraints = (models.UniqueConstraint("award", "number", name="one_place_per_number"),)

    def __str__(self) -> str:
        return f"{self.award.full_name} {self.number}" if self.award.quota > 1 else str(self.award.full_name)


class Override(models.Model):
    """The secretariat's own wish for a place, where the computed proposal is not to stand: another entry, or nobody."""

    place = models.OneToOneField(Place, models.CASCADE, related_name="override", verbose_name=_("place"))
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("application"),
        help_text=_("Empty: the place is to stay empty."),
    )
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")

    def __str__(self) -> str:
        return f"{self.place}: {self.application or '–'}"


class LaureateQuerySet(models.QuerySet["Laureate"]):
    def standing(self) -> "LaureateQuerySet":
        return self.filter(revoked_at=None)

    def announced(self, at: datetime) -> "LaureateQuerySet":
        """Those who may be named: the only look-up that public pages use."""
        return self.standing().filter(edition__announcement__released_at__lte=at)

    def of(self, person: Person) -> "LaureateQuerySet":
        """Those whose entry this person owns or writes with."""
        return self.filter(application__in=Application.objects.of(person))

    def in_order(self) -> "LaureateQuerySet":
        places = ("place__award__precedence", "place__award__pk", "place__number")
        related = ("place__award__parent", "place__award__category", "citation")
        return self.select_related(*related).order_by(*places)


class Laureate(Named, models.Model):
    """Who was given a place. Sealed when conferred; named when the edition's announcement is released."""

    code = CodeField()
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="laureates", verbose_name=_("edition"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="laureates", verbose_name=_("place"))
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="laureates", verbose_name=_("application")
    )
    motion = models.ForeignKey(
        Motion,
        models.PROTECT,
        null=True,
        related_name="laureates",
        verbose_name=pgettext_lazy("a motion", "decided by"),
    )
    name = models.CharField(_("name as announced"), max_length=250)
    native_name = models.CharField(_("name in its own script"), max_length=250, blank=True)
    title = models.CharField(_("project as announced"), max_length=250)
    city = models.CharField(_("city"), max_length=150, blank=True)
    country = CountryField(_("country"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    conferred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("conferred by")
    )
    conferred_at = models.DateTimeField(_("conferred"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_reason = models.TextField(_("why revoked"), blank=True)

    objects: ClassVar[LaureateQuerySet] = LaureateQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "ceremony_laureate",
            "1=1",
            columns=(
                "edition_id",
                "place_id",
                "application_id",
                "motion_id",
                "name",
                "native_name",
                "title",
                "city",
                "country",
                "reason",
                "conferred_at",
            ),
            name="conferred",
        ),
    )

    class Meta:
        verbose_name = _("laureate")
        verbose_name_plural = _("laureates")
        ordering = ("place__award__precedence", "place__number")
        constraints = (models.UniqueConstraint("place", condition=Q(revoked_at=None), name="one_laureate_per_place"),)

    def __str__(self) -> str:
        return f"{self.place}: {self.name}"


class Citation(models.Model):
    """The sentence why, read out and printed."""

    laureate = models.OneToOneField(Laureate, models.CASCADE, related_name="citation", verbose_name=_("laureate"))
    text = WordingField(_("text"), long=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")

    def __str__(self) -> str:
        return str(self.text)


class Announcement(models.Model):
    """The lifting of an edition's embargo: one instant for page, card, certificate and letter."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="announcement", verbose_name=_("edition"))
    due_at = models.DateTimeField(_("planned for"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    digest = models.CharField(_("digest of the sealed list"), max_length=64, blank=True)

    seals = (frozen_when("ceremony_announcement", "{old}.released_at IS NOT NULL", name="released"),)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return f"{self.edition}"

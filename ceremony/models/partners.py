"""Partners with an award of their own, and objections in a public verification."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from ceremony.models.awards import Award
from prize.codes import CodeField
from prize.lines import LineField
from prize.models import Committee, Edition, Motion, Organisation, Stage
from prize.sealing import frozen_when
from prize.wording import WordingField


class Partner(models.Model):
    """An organisation that gives a special award."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="partners", verbose_name=_("edition"))
    key = models.SlugField(_("key"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="partnerships", verbose_name=_("organisation")
    )
    committee = models.OneToOneField(
        Committee, models.PROTECT, related_name="partner", verbose_name=_("its jurors"), null=True, blank=True
    )
    description = WordingField(_("description"), long=True, blank=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = (models.UniqueConstraint("edition", "key", name="one_partner_per_key"),)

    def __str__(self) -> str:
        return str(self.organisation)


class SpecialAward(models.Model):
    """A partner's award: it sees only consented entries that reached the agreed stage."""

    award = models.OneToOneField(Award, models.PROTECT, related_name="special", verbose_name=_("award"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="special_awards", verbose_name=_("partner"))
    sees_advanced_by = models.ForeignKey(
        Stage, models.PROTECT, related_name="+", verbose_name=_("sees those advanced by")
    )
    consent_question = models.SlugField(_("consent asked as"), blank=True)

    class Meta:
        verbose_name = _("special award")
        verbose_name_plural = _("special awards")

    def __str__(self) -> str:
        return str(self.award)


class NominationQuerySet(models.QuerySet["Nomination"]):
    def standing(self) -> "NominationQuerySet":
        return self.filter(superseded_at=None)


class Nomination(models.Model):
    """A partner's choice for its award, as its committee carried it. It waits here until the laureates are conferred."""

    special = models.ForeignKey(
        SpecialAward, models.PROTECT, related_name="nominations", verbose_name=_("special award")
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="nominations", verbose_name=_("application")
    )
    motion = models.ForeignKey(
        Motion,
        models.PROTECT,
        null=True,
        related_name="nominations",
        verbose_name=pgettext_lazy("a motion", "decided by"),
    )
    reason = models.TextField(_("reason"))
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    nominated_at = models.DateTimeField(_("nominated"))
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects: ClassVar[NominationQuerySet] = NominationQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "ceremony_nomination",
            "1=1",
            columns=("special_id", "application_id", "motion_id", "reason", "nominated_by_id", "nominated_at"),
            name="nominated",
        ),
    )

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        constraints = (
            models.UniqueConstraint(
                "special", condition=Q(superseded_at=None), name="one_standing_nomination_per_special_award"
            ),
        )

    def __str__(self) -> str:
        return f"{self.special}: {self.application}"


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def unruled(self) -> "ObjectionQuerySet":
        return self.filter(ruling=Objection.Ruling.OPEN)

    def in_the_way(self) -> "ObjectionQuerySet":
        """Those that keep an entry from an award: nobody has ruled yet, or the ruling is against the entry."""
        return self.exclude(ruling=Objection.Ruling.DISMISSED)


class Objection(models.Model):
    """Somebody's evidence against a candidate, in a public verification, and the ruling."""

    class Ruling(models.TextChoices):
        OPEN = "open", _("not ruled")
        DISMISSED = "dismissed", _("dismissed")
        UPHELD = "upheld", _("upheld")

    code = CodeField()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="objections", verbose_name=_("application")
    )
    name = LineField(_("name"), max_length=200)
    email = models.EmailField(_("address"))
    facts = models.TextField(_("facts and evidence"))
    received_at = models.DateTimeField(_("received"))
    ruling = models.CharField(_("ruling"), max_length=16, choices=Ruling, default=Ruling.OPEN)
    ruling_reason = models.TextField(_("reason of the ruling"), blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ruled by")
    )
    ruled_at = models.DateTimeField(_("ruled"), null=True, blank=True)

    objects: ClassVar[ObjectionQuerySet] = ObjectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self) -> str:
        return f"{self.application}: {self.name}"

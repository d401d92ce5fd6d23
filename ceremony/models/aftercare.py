"""What laureates receive after the ceremony: offers, and the small case each becomes."""

from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ceremony.models.awards import Laureate
from prize.codes import CodeField
from prize.models import Edition
from prize.shapes import ShapedField, Step
from prize.wording import WordingField


class Benefit(models.Model):
    """Something laureates may be offered: a talk, a booth, places on a course, a pre-feasibility study."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="benefits", verbose_name=_("edition"))
    key = models.SlugField(_("key"))
    name = WordingField(_("name"))
    description = WordingField(_("description"), long=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("days to answer"), default=21)
    steps = ShapedField(
        _("steps"),
        default=list,
        blank=True,
        help_text=_('Names and days after acceptance, as in [{"name": {"en": "Report"}, "days": 60}].'),
        shape=list[Step],
    )

    class Meta:
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")
        constraints = (models.UniqueConstraint("edition", "key", name="one_benefit_per_key"),)

    def __str__(self) -> str:
        return str(self.name)


class Offer(models.Model):
    """A benefit offered to a laureate, and the answer."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("of an offer", "declined")

    code = CodeField()
    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="offers", verbose_name=_("benefit"))
    laureate = models.ForeignKey(Laureate, models.PROTECT, related_name="offers", verbose_name=_("laureate"))
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("offered by")
    )
    offered_at = models.DateTimeField(_("offered"))
    answer_by = models.DateTimeField(_("answer asked by"))
    answer = models.CharField(_("answer"), max_length=16, choices=Answer, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(pgettext_lazy("when", "answered"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_offers",
        verbose_name=_("followed by"),
    )
    closed_at = models.DateTimeField(pgettext_lazy("of a case", "closed"), null=True, blank=True)
    result = models.TextField(_("what came of it"), blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = (
            models.UniqueConstraint("benefit", "laureate", name="one_offer_per_benefit_and_laureate"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_offer_answered_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.benefit}: {self.laureate}"


class FollowUp(models.Model):
    """One step of an accepted offer: due, and done or not."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="follow_ups", verbose_name=_("offer"))
    title = WordingField(_("what"))
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return str(self.title)

    @property
    def due_at(self) -> datetime:
        """The day it is due, as the edition's own."""
        return datetime.combine(self.due_on, time.min, self.offer.benefit.edition.tz)

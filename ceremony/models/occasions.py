"""The evening itself: guests, running order, certificates."""

import hashlib
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ceremony.models.awards import Award, Laureate
from prize.codes import CodeField, new_code
from prize.lines import LineField
from prize.models import Edition
from prize.sealing import append_only
from prize.wording import WordingField


class Occasion(models.Model):
    """A ceremony."""

    code = CodeField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="occasions", verbose_name=_("edition"))
    name = WordingField(_("name"))
    venue = WordingField(_("venue"), blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    answer_by = models.DateTimeField(_("answers asked by"))
    places = models.PositiveIntegerField(_("places"), default=0)

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_occasion_starts_before_it_ends"),
        )

    def __str__(self) -> str:
        return str(self.name)


class Cue(models.Model):
    """One item of the running order."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="cues", verbose_name=_("occasion"))
    order = models.PositiveSmallIntegerField(_("order"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    title = WordingField(_("title"))
    speaker = models.CharField(_("who"), max_length=200, blank=True)
    award = models.ForeignKey(
        Award, models.PROTECT, null=True, blank=True, related_name="cues", verbose_name=_("award")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("cue")
        verbose_name_plural = _("running order")
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint("occasion", "order", name="one_cue_per_position"),)

    def __str__(self) -> str:
        return str(self.title)


def new_token() -> str:
    return new_code() + new_code() + new_code()


class GuestQuerySet(models.QuerySet["Guest"]):
    def coming(self) -> "GuestQuerySet":
        return self.filter(answer=Guest.Answer.YES)

    def accompanied(self) -> "GuestQuerySet":
        """Those who bring somebody: each needs two seats."""
        return self.coming().exclude(companion="")


class Guest(models.Model):
    """Somebody invited. The link in the letter is enough to answer; no account is needed."""

    class Answer(models.TextChoices):
        YES = "yes", _("comes")
        NO = "no", _("does not come")

    class Part(models.TextChoices):
        GUEST = "guest", _("guest")
        LAUREATE = "laureate", _("laureate")
        PRESENTER = "presenter", _("presenter")
        JUDGE = "judge", _("judge")
        PRESS = "press", _("press")

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="guests", verbose_name=_("occasion"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    name = LineField(_("name"), max_length=200)
    email = models.EmailField(_("address"))
    organisation = LineField(_("organisation"), max_length=250, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    part = models.CharField(_("part"), max_length=16, choices=Part, default=Part.GUEST)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=4, choices=Answer, blank=True)
    answered_at = models.DateTimeField(pgettext_lazy("when", "answered"), null=True, blank=True)
    companion = models.CharField(_("comes with"), max_length=200, blank=True)
    needs = models.TextField(_("dietary and access needs"), blank=True)
    seat = models.CharField(_("seat"), max_length=20, blank=True)

    objects: ClassVar[GuestQuerySet] = GuestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint("occasion", "email", name="one_invitation_per_guest"),
            models.UniqueConstraint("occasion", "seat", condition=~Q(seat=""), name="one_guest_per_seat"),
        )

    def __str__(self) -> str:
        return self.name

    def may_answer(self, at: datetime) -> bool:
        return at < self.occasion.starts_at


def stored_under(certificate: "Certificate", name: str) -> str:
    """A path that tells nothing: before the release a list of files must not name anybody."""
    return f"certificates/{new_token()}.pdf"


class Certificate(models.Model):
    """A laureate's certificate: its number, and the digest of the file that was made."""

    laureate = models.OneToOneField(Laureate, models.PROTECT, related_name="certificate", verbose_name=_("laureate"))
    number = models.CharField(pgettext_lazy("in a row", "number"), max_length=40, unique=True)
    file = models.FileField(_("file"), upload_to=stored_under, max_length=200)
    sha256 = models.CharField(_("digest"), max_length=64)
    made_at = models.DateTimeField(_("made"))

    seals = (append_only("ceremony_certificate"),)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.number

    def is_intact(self) -> bool:
        """Whether the file is there and is the one that was made."""
        try:
            with self.file.open("rb") as content:
                return hashlib.sha256(content.read()).hexdigest() == self.sha256
        except OSError:
            return False

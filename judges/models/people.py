"""Who judges: profile, invitation, pledge."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prize.codes import CodeField
from prize.lines import LineField
from prize.models import Edition, Motion, Organisation, Person
from prize.sealing import append_only
from prize.shapes import ShapedField
from prize.wording import WordingField


class Terms(models.Model):
    """What every judge of an edition agrees to: the words of the pledge, and what counts as a conflict of interest."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="judging_terms", verbose_name=_("edition"))
    pledge = WordingField(_("pledge"), long=True, blank=True)
    bars_same_country = models.BooleanField(_("no entries of the judge's own country"), default=True)
    days_to_answer = models.PositiveSmallIntegerField(_("days to answer an invitation"), default=14)

    class Meta:
        verbose_name = _("terms of judging")
        verbose_name_plural = _("terms of judging")

    def __str__(self) -> str:
        return str(self.edition)


class JudgeQuerySet(models.QuerySet["Judge"]):
    def active(self) -> "JudgeQuerySet":
        """Accepted, pledged and not stepped down: those who may be assigned."""
        return self.filter(invitation__answer="accepted", pledge__isnull=False, stepped_down_at=None)

    def of(self, person: Person) -> "JudgeQuerySet":
        return self.filter(person=person, stepped_down_at=None)


class Judge(models.Model):
    """A person's part as judge of one edition, with the profile that assignment needs."""

    class Seniority(models.TextChoices):
        SENIOR = "senior", _("senior")
        MID = "mid", _("mid-career")

    code = CodeField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="judges", verbose_name=_("edition"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="judgeships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="judges", verbose_name=_("organisation")
    )
    bio = models.TextField(_("about"), blank=True)
    fields = ShapedField(_("fields"), default=list, blank=True, shape=list[str])
    languages = ShapedField(_("languages"), default=list, blank=True, shape=list[str])
    seniority = models.CharField(_("seniority"), max_length=16, choices=Seniority, blank=True)
    gender = models.CharField(_("gender, if volunteered"), max_length=16, blank=True)
    most_entries = models.PositiveSmallIntegerField(_("most entries"), null=True, blank=True)
    recommended_by = models.ForeignKey(
        Motion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommended_judges",
        verbose_name=_("recommended by"),
    )
    stepped_down_at = models.DateTimeField(_("stepped down"), null=True, blank=True)

    objects: ClassVar[JudgeQuerySet] = JudgeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        ordering = ("edition", "person__name")
        constraints = (models.UniqueConstraint("edition", "person", name="one_judge_per_person_and_edition"),)

    def __str__(self) -> str:
        return self.person.called


class Invitation(models.Model):
    """An invitation to judge, and its answer."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("of an invitation", "declined")

    judge = models.OneToOneField(Judge, models.CASCADE, related_name="invitation", verbose_name=_("judge"))
    code = CodeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    answer_by = models.DateTimeField(_("answer asked by"))
    answer = models.CharField(_("answer"), max_length=16, choices=Answer, blank=True)
    answered_at = models.DateTimeField(pgettext_lazy("when", "answered"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answer_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.judge}"


class Pledge(models.Model):
    """A judge's promise of confidence and independence, in the words that were shown."""

    judge = models.OneToOneField(Judge, models.PROTECT, related_name="pledge", verbose_name=_("judge"))
    text = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=64)
    signed_as = LineField(_("signed as"), max_length=200)
    signed_at = models.DateTimeField(_("signed"))

    seals = (append_only("judges_pledge"),)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")

    def __str__(self) -> str:
        return f"{self.judge}"


class Declaration(models.Model):
    """That a judge has gone through the list of applicants' organisations, before reading, and named every conflict."""

    judge = models.OneToOneField(Judge, models.CASCADE, related_name="declaration", verbose_name=_("judge"))
    declared_at = models.DateTimeField(_("declared"))
    listed = models.PositiveIntegerField(_("organisations on the list"))

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")

    def __str__(self) -> str:
        return f"{self.judge}"


class Conflict(models.Model):
    """A judge's declared conflict with an organisation. It makes a recusal from each of its entries."""

    declaration = models.ForeignKey(
        Declaration, models.CASCADE, related_name="conflicts", verbose_name=_("declaration")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="judge_conflicts", verbose_name=_("organisation")
    )

    class Meta:
        verbose_name = _("declared conflict")
        verbose_name_plural = _("declared conflicts")
        constraints = (
            models.UniqueConstraint("declaration", "organisation", name="one_conflict_per_judge_and_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.organisation}"

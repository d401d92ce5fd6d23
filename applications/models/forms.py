"""What an applicant is asked: one form per category and applicant type, in sections of questions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prize.models import ApplicantType, Category, Edition
from prize.shapes import Choice, ShapedField
from prize.wording import WordingField


class EntryForm(models.Model):
    """The form for one category and one applicant type."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entry_forms", verbose_name=_("edition"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="entry_forms", verbose_name=_("category"))
    applicant_type = models.ForeignKey(
        ApplicantType, models.CASCADE, related_name="entry_forms", verbose_name=_("applicant type")
    )

    class Meta:
        verbose_name = _("entry form")
        verbose_name_plural = _("entry forms")
        ordering = ("category__order", "applicant_type__order")
        constraints = (
            models.UniqueConstraint("category", "applicant_type", name="one_form_per_category_and_applicant_type"),
        )

    def __str__(self) -> str:
        return f"{self.category} · {self.applicant_type}"


class Section(models.Model):
    """A page of a form."""

    form = models.ForeignKey(EntryForm, models.CASCADE, related_name="sections", verbose_name=_("form"))
    key = models.SlugField(_("key"))
    title = WordingField(_("title"))
    guidance = WordingField(_("guidance"), long=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint("form", "key", name="one_section_per_key"),)

    def __str__(self) -> str:
        return str(self.title)


class Question(models.Model):
    """One question. Limits are data; an answer that breaks them is kept, and told why it cannot be submitted."""

    class Kind(models.TextChoices):
        SHORT = "short", _("short text")
        LONG = "long", _("long text")
        NUMBER = "number", _("number")
        CHOICE = "choice", _("one of a list")
        MULTIPLE = "multiple", _("several of a list")
        YEAR = "year", _("year")
        LINK = "link", _("web address")
        FILE = "file", _("files")
        CONSENT = "consent", _("consent")

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions", verbose_name=_("section"))
    key = models.SlugField(_("key"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    label = WordingField(_("label"))
    help = WordingField(_("help"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    required = models.BooleanField(_("required"), default=True)
    choices = ShapedField(
        _("choices"),
        default=list,
        blank=True,
        help_text=_('Keys and names, as in [{"key": "water", "name": {"en": "Water"}}].'),
        shape=list[Choice],
    )
    min_words = models.PositiveIntegerField(_("fewest words"), null=True, blank=True)
    max_words = models.PositiveIntegerField(_("most words"), null=True, blank=True)
    max_characters = models.PositiveIntegerField(_("most characters"), null=True, blank=True)
    minimum = models.DecimalField(_("smallest number"), max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("largest number"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    max_files = models.PositiveSmallIntegerField(_("most files"), default=1)
    is_public = models.BooleanField(_("may be published"), default=False)
    identifies = models.BooleanField(
        _("identifies the applicant"), default=False, help_text=_("Hidden in a blind round.")
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint("section", "key", name="one_question_per_key"),)

    def __str__(self) -> str:
        return str(self.label)

"""An application and what hangs on it while it is being made."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from applications.models.forms import EntryForm, Question
from prize.codes import CodeField, new_code
from prize.lines import LineField
from prize.models import ApplicantType, Category, City, Edition, Organisation, Person, Stage
from prize.saying import said
from prize.sealing import append_only

if TYPE_CHECKING:
    from applications.models.records import Submission


class ApplicationQuerySet(models.QuerySet["Application"]):
    def received(self) -> "ApplicationQuerySet":
        """All that were ever submitted."""
        return self.filter(Exists(sealed_of(OuterRef("pk"))))

    def submitted(self) -> "ApplicationQuerySet":
        """Those that compete: what was sealed and neither withdrawn nor disqualified, even if reopened since."""
        return self.received().filter(state__in=(Application.State.SUBMITTED, Application.State.DRAFT))

    def unsent(self) -> "ApplicationQuerySet":
        """Drafts of which nothing was ever submitted."""
        return self.filter(~Exists(sealed_of(OuterRef("pk"))), state=Application.State.DRAFT)

    def concluded(self, stage: Stage, verdict: str) -> "ApplicationQuerySet":
        """Those that compete and of which this stage's standing outcome says so, announced or not."""
        return self.submitted().filter(outcomes__stage=stage, outcomes__verdict=verdict, outcomes__superseded_at=None)

    def advanced(self, stage: Stage) -> "ApplicationQuerySet":
        """Those that this stage let go on, by its standing outcome."""
        return self.concluded(stage, "advanced")

    def of(self, person: Person) -> "ApplicationQuerySet":
        """Those a person owns or writes with."""
        joined = Collaborator.objects.filter(application=OuterRef("pk"), person=person, removed_at=None)
        return self.filter(Q(owner=person) | Exists(joined))

    def not_recused(self, person: Person) -> "ApplicationQuerySet":
        """Those from which the person does not stand aside."""
        return self.exclude(recusals__person=person, recusals__lifted_at=None)

    def consenting(self, key: str) -> "ApplicationQuerySet":
        """Those whose last sealed submission gives this consent."""
        last = sealed_of(OuterRef("pk")).order_by("-number").values("pk")[:1]
        given = apps.get_model("applications", "Submission").objects.filter(**{f"snapshot__consents__{key}": True})
        return self.alias(last_sealed=Subquery(last)).filter(last_sealed__in=given.values("pk"))


def sealed_of(application: OuterRef) -> models.QuerySet:
    """The sealed submissions of an application; their model is declared after this one."""
    return apps.get_model("applications", "Submission").objects.filter(application=application)


class Application(models.Model):
    """What an applicant enters. Its state moves only through ``applications.lifecycle.move``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DISQUALIFIED = "disqualified", _("disqualified")

    code = CodeField()
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="applications", verbose_name=_("edition"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="applications", verbose_name=_("category"))
    applicant_type = models.ForeignKey(
        ApplicantType, models.PROTECT, related_name="applications", verbose_name=_("applicant type")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name=_("owner")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("organisation")
    )
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("city")
    )
    country = CountryField(_("country"), blank=True)
    title = LineField(_("title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    started_at = models.DateTimeField(_("started"))
    changed_at = models.DateTimeField(_("last changed"))

    objects: ClassVar[ApplicationQuerySet] = ApplicationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=("edition", "state"), name="applications_by_state"),)

    def __str__(self) -> str:
        return self.title or self.code

    @property
    def form(self) -> EntryForm:
        return EntryForm.objects.get(category=self.category_id, applicant_type=self.applicant_type_id)

    @property
    def sealed(self) -> "Submission | None":
        """The last sealed submission: what competes, whatever was written since."""
        return max(self.submissions.all(), key=lambda submission: submission.number, default=None)

    @property
    def call(self) -> Stage:
        """The edition's call; free where its stages are prefetched."""
        return next(stage for stage in self.edition.stages.all() if stage.kind == Stage.Kind.CALL)

    def closes_at(self) -> datetime:
        """The call's end, earlier if it was closed before its time, or this application's own later one."""
        call = self.call
        end = min(call.closed_at, call.closes_at) if call.closed_at else call.closes_at
        own = [extension.until for extension in self.extensions.all() if extension.stage_id == call.pk]
        return max([end, *own])

    def last_minute(self) -> datetime:
        """The close as people say it, in the edition's zone: midnight is 23:59 of the day before."""
        closes = self.closes_at().astimezone(self.edition.tz)
        return closes - timedelta(minutes=1) if (closes.hour, closes.minute) == (0, 0) else closes


class Collaborator(models.Model):
    """Somebody who writes an application with its owner."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="collaborators", verbose_name=_("application")
    )
    code = CodeField()
    email = models.EmailField(_("address"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="collaborations",
        verbose_name=_("person"),
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        constraints = (
            models.UniqueConstraint(
                "application", "email", condition=Q(removed_at=None), name="one_invitation_per_address_and_application"
            ),
        )

    def __str__(self) -> str:
        return str(self.person or self.email)


class Movement(models.Model):
    """One change of an application's state."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="movements", verbose_name=_("application")
    )
    before = models.CharField(_("before"), max_length=16, choices=Application.State)
    after = models.CharField(_("after"), max_length=16, choices=Application.State)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    seals = (append_only("applications_movement"),)

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"


class Extension(models.Model):
    """More time for one application, with a reason."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="extensions", verbose_name=_("application")
    )
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="extensions", verbose_name=_("stage"))
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")

    def __str__(self) -> str:
        return f"{self.application}: {said(self.until, self.application.edition)}"


class Answer(models.Model):
    """What was answered to one question. The value's shape follows the question's kind: text, number as text, list, true."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers", verbose_name=_("application"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name=_("question"))
    value = models.JSONField(_("value"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("last changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (models.UniqueConstraint("application", "question", name="one_answer_per_question"),)

    def __str__(self) -> str:
        return str(self.value)


def stored_under(attachment: "Attachment", name: str) -> str:
    """A path that tells nothing and cannot be guessed; the name for people is in the row."""
    return f"attachments/{attachment.application.code}/{new_code()}{new_code()}"


def extension_of(name: str) -> str:
    """For people: PDF, DOCX."""
    return name.rpartition(".")[2].upper()


class Attachment(models.Model):
    """A file of an application. Its bytes are served by one route that asks who is reading."""

    code = CodeField()
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="attachments", verbose_name=_("application")
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="attachments", verbose_name=_("question"))
    file = models.FileField(_("file"), upload_to=stored_under, max_length=200)
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return extension_of(self.name)

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/")

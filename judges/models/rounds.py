"""One pass of judging: its rules, its panels, who judges what."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from judges.models.people import Judge
from judges.wishes import validate
from prize.codes import CodeField
from prize.models import Category, Committee, Person, Stage
from prize.sealing import frozen_when
from prize.shapes import Count, ShapedField, Texts
from prize.wording import WordingField, wording


class Round(models.Model):
    """A stage of kind ``round`` and its rules of judging."""

    class Blindness(models.TextChoices):
        OPEN = "open", _("judges see who applied")
        BLIND = "blind", _("names are hidden")

    stage = models.OneToOneField(Stage, models.CASCADE, related_name="round", verbose_name=_("stage"))
    jury = models.ForeignKey(Committee, models.PROTECT, related_name="rounds", verbose_name=_("jury"))
    source = models.ForeignKey(
        Stage, models.PROTECT, related_name="feeds", verbose_name=_("judges those advanced by"), null=True, blank=True
    )
    blindness = models.CharField(_("blindness"), max_length=8, choices=Blindness, default=Blindness.OPEN)
    reviews_per_entry = models.PositiveSmallIntegerField(_("reviews per entry"), default=3)
    scale_low = models.DecimalField(_("lowest mark"), max_digits=6, decimal_places=2, default=1)
    scale_high = models.DecimalField(_("highest mark"), max_digits=6, decimal_places=2, default=10)
    scale_step = models.DecimalField(_("step"), max_digits=6, decimal_places=2, default=1)
    high_is_good = models.BooleanField(_("high is good"), default=True)
    method = models.CharField(_("method"), max_length=60, default="severity-adjusted/1")
    method_settings = ShapedField(_("settings of the method"), default=dict, blank=True, shape=dict[str, Any])
    places = models.PositiveSmallIntegerField(_("published decimal places"), default=2)
    quotas = ShapedField(
        _("shortlist by category"),
        default=dict,
        blank=True,
        help_text=_("How many each category sends on: a line for each, its key, a colon and the number."),
        shape=dict[str, Count],
    )
    domain_question = models.SlugField(
        _("question that names an entry's field"),
        default="domain",
        blank=True,
        help_text=_("Judges are matched by it."),
    )
    assignment_rules = models.JSONField(
        _("rules of the assignment"),
        null=True,
        blank=True,
        validators=[validate],
        help_text=_(
            "Field, floor, loads, rules about readers, anchors, bridges, lots, as in the rulebook. Empty: the usual."
        ),
    )
    shows_index = models.BooleanField(_("shows the city index"), default=True)
    comment_min_words = models.PositiveSmallIntegerField(_("fewest words of comment"), default=0)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = (
            models.CheckConstraint(condition=Q(scale_high__gt=F("scale_low")), name="a_scale_has_a_top_and_a_bottom"),
            models.CheckConstraint(condition=Q(reviews_per_entry__gte=1), name="an_entry_is_reviewed_at_least_once"),
        )

    def __str__(self) -> str:
        return str(self.stage)

    @property
    def shortlist_size(self) -> int:
        return sum(self.quotas.values())

    @property
    def ended_at(self) -> datetime:
        """The last minute, as everybody was told, and not the second in which a worker closed it; unless it closed early."""
        stage = self.stage
        if stage.closed_at and stage.closed_at < stage.closes_at:
            return stage.closed_at
        return stage.last_minute

    @property
    def is_blind(self) -> bool:
        return self.blindness == self.Blindness.BLIND


class Criterion(models.Model):
    """What is judged. Only leaves are marked; a branch is the weighted mean of its leaves."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria", verbose_name=_("round"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only for")
    )
    key = models.SlugField(_("key"))
    name = WordingField(_("name"))
    guidance = WordingField(_("guidance"), long=True, blank=True)
    anchors = ShapedField(_("what a mark means"), default=dict, blank=True, shape=dict[str, Texts])
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=3, default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ("order", "pk")
        constraints = (
            # By Coalesce and not by nulls_distinct=False, which only PostgreSQL has.
            models.UniqueConstraint("round", Coalesce("category", 0), "key", name="one_criterion_per_key"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="a_weight_is_not_negative"),
        )

    def __str__(self) -> str:
        return str(self.name)

    def levels(self) -> dict[str, str]:
        """What the anchored marks mean, in the reader's language."""
        return {mark: str(wording(text)) for mark, text in self.anchors.items()}


class Panel(models.Model):
    """Judges for a category in a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="panels", verbose_name=_("round"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", verbose_name=_("category"))
    judges = models.ManyToManyField(Judge, related_name="panels", verbose_name=_("judges"))
    chair = models.ForeignKey(
        Judge, models.PROTECT, null=True, blank=True, related_name="chaired_panels", verbose_name=_("chair")
    )

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        constraints = (models.UniqueConstraint("round", "category", name="one_panel_per_category"),)

    def __str__(self) -> str:
        return f"{self.round}: {self.category}"


class AssignmentRunQuerySet(models.QuerySet["AssignmentRun"]):
    def waiting(self) -> "AssignmentRunQuerySet":
        """Asked for, and not worked out yet."""
        return self.filter(inputs_digest="", failure={})


class AssignmentRun(models.Model):
    """A plan of who judges what, with its proof. A draft until it is released."""

    code = CodeField()
    round = models.ForeignKey(Round, models.PROTECT, related_name="assignment_runs", verbose_name=_("round"))
    inputs_digest = models.CharField(
        _("digest of the inputs"),
        max_length=64,
        blank=True,
        help_text=_("Empty until a worker has worked the plan out."),
    )
    options = models.JSONField(_("settings"), default=dict)
    question = models.JSONField(
        _("what was asked"),
        default=dict,
        help_text=_("All the plan depends on, so that its bound can be added up again."),
    )
    plan = models.JSONField(_("plan"), default=dict, help_text=_("Pairs, loads, bound, unmet rules and duals."))
    failure = models.JSONField(
        _("why it could not be worked out"),
        default=dict,
        blank=True,
        help_text=_("A code and figures: the words are found in the reader's language."),
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))
    released_at = models.DateTimeField(pgettext_lazy("assignment plan", "released"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a plan", "released by"),
    )

    objects: ClassVar[AssignmentRunQuerySet] = AssignmentRunQuerySet.as_manager()  # type: ignore[assignment]
    seals = (frozen_when("judges_assignmentrun", "{old}.released_at IS NOT NULL", name="released"),)

    class Meta:
        verbose_name = _("assignment plan")
        verbose_name_plural = _("assignment plans")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.round}: {self.code}"

    @property
    def is_worked_out(self) -> bool:
        return bool(self.inputs_digest)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> "AssignmentQuerySet":
        return self.filter(withdrawn_at=None)

    def of(self, person: Person) -> "AssignmentQuerySet":
        return self.standing().filter(judge__person=person, judge__stepped_down_at=None)


class Assignment(models.Model):
    """One judge reads one application in one round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments", verbose_name=_("round"))
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="assignments", verbose_name=_("application")
    )
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="assignments", verbose_name=_("judge"))
    run = models.ForeignKey(
        AssignmentRun, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("plan")
    )
    assigned_at = models.DateTimeField(_("assigned"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=250, blank=True)

    objects: ClassVar[AssignmentQuerySet] = AssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("round", "judge", "pk")
        constraints = (
            models.UniqueConstraint(
                "round",
                "application",
                "judge",
                condition=Q(withdrawn_at=None),
                name="one_assignment_per_judge_and_entry",
            ),
        )

    def __str__(self) -> str:
        return f"{self.judge}: {self.application}"

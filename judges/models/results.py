"""What a round came to: ballots, and tallies with their lines."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from judges.models.people import Judge
from judges.models.rounds import Round
from prize.codes import CodeField
from prize.models import Category
from prize.sealing import append_only, frozen_when


class Ballot(models.Model):
    """A judge's ranking in a round by vote: application codes, best first, ties as lists."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="ballots", verbose_name=_("round"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="ballots", verbose_name=_("judge"))
    order = models.JSONField(_("order"), default=list)
    cast_at = models.DateTimeField(_("cast"), null=True, blank=True)

    seals = (frozen_when("judges_ballot", "{old}.cast_at IS NOT NULL", name="cast"),)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = (
            # By Coalesce and not by nulls_distinct=False, which only PostgreSQL has.
            models.UniqueConstraint("round", Coalesce("category", 0), "judge", name="one_ballot_per_judge"),
        )

    def __str__(self) -> str:
        return f"{self.judge}"


class TallyQuerySet(models.QuerySet["Tally"]):
    def pending(self, at: datetime) -> "TallyQuerySet":
        """To be computed, and not in a living worker's hands."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=at), state=Tally.State.PENDING)

    def standing(self) -> "TallyQuerySet":
        return self.filter(state=Tally.State.DONE, superseded_at=None)


class Tally(models.Model):
    """One stored computation of a round's result, per category: inputs digest, method, working."""

    class State(models.TextChoices):
        PENDING = "pending", _("being computed")
        DONE = "done", _("computed")
        FAILED = "failed", _("could not be computed")

    code = CodeField()
    round = models.ForeignKey(Round, models.PROTECT, related_name="tallies", verbose_name=_("round"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PENDING)
    method = models.CharField(_("method"), max_length=60, blank=True)
    method_settings = models.JSONField(_("settings"), default=dict)
    inputs_digest = models.CharField(_("digest of the inputs"), max_length=64, blank=True)
    digest = models.CharField(_("digest of the result"), max_length=64, blank=True)
    summary = models.JSONField(_("summary"), default=dict)  # reliability, connectivity, severities, warnings
    working = models.JSONField(_("working"), default=dict)
    problem = models.TextField(_("what went wrong"), blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects: ClassVar[TallyQuerySet] = TallyQuerySet.as_manager()  # type: ignore[assignment]
    seals = (
        frozen_when(
            "judges_tally",
            "{old}.state = 'done'",
            columns=(
                "state",
                "method",
                "method_settings",
                "inputs_digest",
                "digest",
                "summary",
                "working",
                "computed_at",
            ),
            name="done",
        ),
    )

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        ordering = ("round", "category__order", "-asked_at")
        constraints = (
            models.UniqueConstraint(
                "round", "category", condition=Q(superseded_at=None), name="one_standing_tally_per_category"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round}: {self.category}"


class TallyLine(models.Model):
    """One application's place in a tally. Decimals as the rules round them; uncertainty beside."""

    tally = models.ForeignKey(Tally, models.PROTECT, related_name="lines", verbose_name=_("tally"))
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="tally_lines", verbose_name=_("application")
    )
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    reviews = models.PositiveSmallIntegerField(_("reviews"))
    raw = models.DecimalField(_("raw"), max_digits=12, decimal_places=6, null=True, blank=True)
    adjusted = models.DecimalField(_("adjusted"), max_digits=12, decimal_places=6, null=True, blank=True)
    error = models.DecimalField(_("standard error"), max_digits=12, decimal_places=6, null=True, blank=True)
    rank_low = models.PositiveIntegerField(_("likely rank from"), null=True, blank=True)
    rank_high = models.PositiveIntegerField(_("likely rank to"), null=True, blank=True)
    chance = models.DecimalField(_("chance of the shortlist"), max_digits=6, decimal_places=4, null=True, blank=True)
    working = models.JSONField(_("working"), default=list)

    seals = (append_only("judges_tallyline"),)

    class Meta:
        verbose_name = _("tally line")
        verbose_name_plural = _("tally lines")
        ordering = ("tally", "rank", "pk")
        constraints = (models.UniqueConstraint("tally", "application", name="one_line_per_application"),)

    def __str__(self) -> str:
        return f"{self.rank}. {self.application}"

"""What we keep of what was said and done: letters and the ledger."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prize.codes import CodeField
from prize.models.editions import Edition
from prize.sealing import append_only, frozen_when


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self, at: datetime) -> "LetterQuerySet":
        """Queued, due, not held, and not in another worker's hands."""
        return self.filter(
            Q(edition=None) | Q(edition__letters_paused_at=None),
            Q(claimed_until=None) | Q(claimed_until__lte=at),
            state=Letter.State.QUEUED,
            next_try_at__lte=at,
        )


class Letter(models.Model):
    """A message to one person: a row in the transaction that caused it, delivered later, once."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        WITHHELD = "withheld", _("withheld")
        FAILED = "failed", _("could not be delivered")

    code = CodeField()
    key = models.CharField(_("key"), max_length=200, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    edition = models.ForeignKey(
        Edition, models.CASCADE, null=True, blank=True, related_name="letters", verbose_name=_("edition")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("to")
    )
    address = models.EmailField(_("address"), blank=True, help_text=_("Only for those who have no account."))
    language = models.CharField(_("language"), max_length=8, default="en")
    about = models.JSONField(pgettext_lazy("of a letter", "about"), default=dict)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text as sent"), blank=True)
    queued_at = models.DateTimeField(_("queued"))
    next_try_at = models.DateTimeField(_("next try"))
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: ClassVar[LetterQuerySet] = LetterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("-queued_at", "-pk")
        indexes = (models.Index(fields=("state", "next_try_at"), name="letters_waiting"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(address=""), name="a_letter_has_one_recipient"
            ),
        )

    def __str__(self) -> str:
        return self.subject or self.called

    @property
    def called(self) -> str:
        """What letters of its kind are called: its subject is written when it goes."""
        from prize.post import name_of  # noqa: PLC0415 - the post knows the kinds, and imports its rows from here

        return name_of(self.kind)

    @property
    def recipient(self) -> str:
        return self.person.email if self.person else self.address


class LedgerChain(models.Model):
    """One chain of entries: an edition's deeds, or the reads of its sealed data. The row is the lock and the head."""

    class Kind(models.TextChoices):
        DEEDS = "deeds", _("deeds")
        READS = "reads", _("reads of sealed data")

    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="chains", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DEEDS)
    length = models.PositiveBigIntegerField(pgettext_lazy("of a ledger", "entries"), default=0)
    head = models.CharField(_("head"), max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        constraints = (
            # An expression, because SQLite takes two missing editions for different ones.
            models.UniqueConstraint(Coalesce("edition", 0), "kind", name="one_chain_per_edition_and_kind"),
        )

    def __str__(self) -> str:
        return f"{self.edition or 'site'}: {self.get_kind_display()}"


class LedgerEntry(models.Model):
    """One deed. Facts hold no personal data; the payload digest commits to what may be forgotten."""

    chain = models.ForeignKey(LedgerChain, models.PROTECT, related_name="entries", verbose_name=_("ledger"))
    number = models.PositiveBigIntegerField(pgettext_lazy("in a row", "number"))
    at = models.DateTimeField(_("at"))
    act = models.CharField(_("act"), max_length=80)
    subject = models.CharField(pgettext_lazy("of a deed", "about"), max_length=120, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    payload_digest = models.CharField(_("digest of the payload"), max_length=64, blank=True)
    previous = models.CharField(_("previous"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    seals = (append_only("prize_ledgerentry"),)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ("chain", "number")
        constraints = (models.UniqueConstraint("chain", "number", name="one_entry_per_number"),)
        indexes = (models.Index(fields=("act", "subject"), name="ledger_by_act"),)

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.subject}"


class LedgerPayload(models.Model):
    """Who did it and whom it concerned. Forgetting a person empties it; the chain still verifies."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="payload", verbose_name=_("entry"))
    salt = models.CharField(max_length=64, blank=True)
    body = models.JSONField(_("body"), null=True, blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("people"))
    erased_at = models.DateTimeField(_("forgotten"), null=True, blank=True)

    seals = (frozen_when("prize_ledgerpayload", "{old}.erased_at IS NOT NULL", name="erased"),)

    class Meta:
        verbose_name = _("ledger payload")
        verbose_name_plural = _("ledger payloads")

    def __str__(self) -> str:
        return f"{self.entry}"

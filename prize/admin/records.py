"""Letters and the ledger in the admin: to be read, and sent again."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import post
from prize.admin.base import ReadOnlyAdmin, ReadOnlyInline, verb
from prize.admin.filters import called
from prize.models import LedgerChain, LedgerEntry, LedgerPayload, Letter
from prize.requests import Request


class KindFilter(admin.AllValuesFieldListFilter):
    """By what the office calls them."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield {**choice, "display": called(choice, post.name_of)}


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ("subject_or_kind", "to_whom", "state", "queued_at", "sent_at")
    list_filter = ("state", ("kind", KindFilter), "edition")
    search_fields = ("subject", "person__name", "person__email", "address", "code")
    list_select_related = ("person", "edition")
    fields = ("code", "called", "edition", "to_whom", "language", "state", "reason_told", "queued_at", "next_try_at",
              "attempts", "sent_at", "subject", "body", "about")  # fmt: skip
    readonly_fields = ("called", "to_whom", "reason_told")

    @admin.display(description=gettext_lazy("letter"))
    def subject_or_kind(self, letter: Letter) -> str:
        return str(letter)

    @admin.display(description=gettext_lazy("kind"))
    def called(self, letter: Letter) -> str:
        return letter.called

    @admin.display(description=gettext_lazy("to"))
    def to_whom(self, letter: Letter) -> str:
        return letter.recipient

    @admin.display(description=gettext_lazy("reason"))
    def reason_told(self, letter: Letter) -> str:
        """What withheld a letter is kept untranslated; what a mail server said is in its own words."""
        return _(letter.reason) if letter.reason else "–"

    @verb(gettext_lazy("Try again now"), shown=lambda letter, request: letter.state == Letter.State.FAILED)
    def try_again(self, request: Request, letter: Letter) -> str:
        post.retry(letter, by=request.user, at=request.at)
        return _("The letter is queued again.")


class PayloadInline(ReadOnlyInline):
    model = LedgerPayload
    fields = ("body", "erased_at")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    edition_path = "chain__edition"
    list_display = ("number", "at", "act", "subject", "short_digest")
    list_filter = ("chain", "act")
    search_fields = ("subject", "act", "digest")
    inlines = (PayloadInline,)

    @admin.display(description=gettext_lazy("digest"))
    def short_digest(self, entry: LedgerEntry) -> str:
        return entry.digest[:12]


@admin.register(LedgerChain)
class LedgerChainAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "length", "head")

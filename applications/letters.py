"""The letters of this app. Each looks again, when it is about to go, whether what it says is still so."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from applications.models import Application, Collaborator, Submission
from prize.models import Letter
from prize.post import Withheld, Words, letter


@letter("applications.receipt", _("receipt of an entry"))
def receipt(letter: Letter) -> Words:
    """Your entry is submitted: number, time and digest."""
    rows = Submission.objects.select_related("application__edition", "application__category")
    submission = rows.get(receipt=letter.about["receipt"])
    return Words("applications/letters/receipt.txt", {"submission": submission, "entry": submission.application})


@letter("applications.collaboration", _("invitation to write an entry together"))
def collaboration(letter: Letter) -> Words:
    """Somebody asks you to write an entry together."""
    rows = Collaborator.objects.select_related("application__owner", "application__category", "invited_by")
    found = rows.get(code=letter.about["collaborator"])
    if found.removed_at or found.joined_at:
        raise Withheld(gettext_noop("the invitation was taken back or taken up before this letter went"))
    return Words("applications/letters/collaboration.txt", {"collaborator": found, "entry": found.application})


@letter("applications.unsent", _("draft that was not submitted"))
def unsent(letter: Letter) -> Words:
    """The call has closed and your draft was not submitted."""
    entry = entry_of(letter)
    if entry.submissions.exists() or entry.state != Application.State.DRAFT:
        raise Withheld(gettext_noop("the entry was submitted or withdrawn before this letter went"))
    if entry.closes_at() > letter.queued_at:
        raise Withheld(gettext_noop("this entry has more time"))
    return Words("applications/letters/unsent.txt", {"entry": entry, "call": entry.edition.stage("call")})


@letter("applications.extended", _("more time for an entry"))
def extended(letter: Letter) -> Words:
    """Your entry has more time."""
    return Words("applications/letters/extended.txt", {"entry": entry_of(letter)})


def entry_of(letter: Letter) -> Application:
    return Application.objects.select_related("edition", "category").get(code=letter.about["application"])

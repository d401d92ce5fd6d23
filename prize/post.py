"""Letters. A letter is a row in the transaction that caused it; Celery carries it when that commits, a sweep when Celery could
not. The row decides, so Redis may vanish and no letter is lost; a repeat is possible only between handing the letter to the mail
server and marking it, and then it carries the same Message-ID.
"""

import contextlib
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

from prize import clock, ledger
from prize.letterhead import head_of
from prize.models import Edition, Letter, Person
from prize.registry import Registry
from prize.waking import wake

log = logging.getLogger(__name__)
CLAIM = timedelta(seconds=settings.LETTER_CLAIM_SECONDS)
ATTEMPTS = 12
SWEEP = timedelta(seconds=30)  # then the worker turns to something else; the next sweep goes on


class Withheld(Exception):
    """Said at send time by a letter that must not go out any more. Its words are kept as they are, and told in any language."""


class Lapsed(Exception):
    """The mail server took so long to answer that another worker may have the letter in hand by now."""


@dataclass(frozen=True)
class Words:
    """What a letter says: a text template whose first line is the subject, and its values."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, bytes, str], ...] = ()


Writer = Callable[[Letter], Words]
letters: Registry[Writer] = Registry("letters")
names: dict[str, str | Promise] = {}
secret: set[str] = set()


def letter(kind: str, name: str | Promise, *, is_secret: bool = False) -> Callable[[Writer], Writer]:
    """Register the function that writes letters of this kind, and checks again whether they may go. The office reads the name.

    The text of a secret one opens an account: it is written when the letter goes, and not kept with it.
    """
    names[kind] = name
    if is_secret:
        secret.add(kind)
    return letters.add(kind)


def name_of(kind: str) -> str:
    """What letters of this kind are called; a kind that is no more stands as it is."""
    letters.all()
    return str(names.get(kind, kind))


def queue(
    kind: str,
    *,
    key: str,
    to: Person | str,
    at: datetime,
    edition: Edition | None = None,
    language: str = "",
    about: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> Letter:
    """Queue one letter to one person, once for its key, in the caller's transaction; ``not_before`` lets it lie for a while."""
    letters.get(kind)  # an unknown kind is a mistake here, not in a worker at night
    person = to if isinstance(to, Person) else None
    defaults = {
        "kind": kind,
        "edition": edition,
        "person": person,
        "address": "" if person else str(to),
        "language": language or (person.language if person else settings.LANGUAGE_CODE),
        "about": about or {},
        "queued_at": at,
        "next_try_at": not_before or at,
    }
    try:
        with transaction.atomic():
            queued, made = Letter.objects.get_or_create(key=key, defaults=defaults)
    except IntegrityError:  # another worker queued it between our look and our write
        return Letter.objects.get(key=key)
    if made and not not_before:
        wake("prize.tasks.deliver_letter", queued.pk)
    return queued


def deliver(letter_id: int, *, at: datetime) -> bool:
    """Deliver one letter, if it is due and nobody else has it in hand. No transaction is open while the mail server is asked."""
    if not claim(letter_id, at):
        return False
    row = Letter.objects.select_related("person", "edition").get(pk=letter_id)
    try:
        send(row)
    except Lapsed:
        return False
    except Withheld as reason:
        in_hand(row).update(state=Letter.State.WITHHELD, reason=str(reason)[:250], claimed_until=None)
        return False
    except Exception as error:  # any mail server has its own way to fail: try again later, and say why
        log.warning("letter %s was not delivered: %s", row.code, error)
        put_back(row, error, at)
        return False
    return True


def claim(letter_id: int, at: datetime) -> bool:
    """Take the letter in hand for a while; one worker wins. A worker that dies leaves the claim to lapse."""
    waiting = Letter.objects.waiting(at).filter(pk=letter_id).values("pk")
    row = Letter.objects.filter(pk__in=waiting, state=Letter.State.QUEUED)
    row = row.filter(claimed_until=None) | row.filter(claimed_until__lte=at)
    return bool(row.update(claimed_until=at + CLAIM))


def in_hand(row: Letter) -> QuerySet[Letter]:
    """The row, if this worker still has it in hand."""
    return Letter.objects.filter(pk=row.pk, state=Letter.State.QUEUED, claimed_until=row.claimed_until)


def keep_in_hand(row: Letter) -> None:
    """Claim it anew, now that the mail server listens: what follows is short."""
    until = clock.now() + CLAIM
    if not in_hand(row).update(claimed_until=until):
        raise Lapsed
    row.claimed_until = until


def send(row: Letter) -> None:
    """Hand the letter over and mark it sent. How the mail server says goodbye afterwards is of no account."""
    server = get_connection()
    server.open()
    try:
        keep_in_hand(row)
        server.send_messages([compose(row)])
        mark_sent(row)
    finally:
        with contextlib.suppress(Exception):
            server.close()


def compose(row: Letter) -> EmailMultiAlternatives:
    subject, body, files = render(row)
    Letter.objects.filter(pk=row.pk).update(subject=subject, body="" if row.kind in secret else body)
    headers = {"Message-ID": message_id(row)}
    message = EmailMultiAlternatives(subject, body, settings.DEFAULT_FROM_EMAIL, [row.recipient], headers=headers)
    head = head_of(row)
    with translation.override(row.language):
        message.attach_alternative(head.page(row, subject, body), "text/html")
    message.attach(head.picture())
    for name, content, kind in files:
        message.attach(name, content, kind)
    if not files:
        message.mixed_subtype = "related"  # type: ignore[attr-defined] # the logo is part of the page, and no file to open
    return message


def render(row: Letter) -> tuple[str, str, tuple]:
    """Subject, text and files, in the reader's language and the prize's time zone."""
    zone = row.edition.zone if row.edition else settings.TIME_ZONE
    with translation.override(row.language), timezone.override(zone):
        words = letters.get(row.kind)(row)
        values = {"letter": row, "person": row.person, "edition": row.edition, "site": settings.SITE_ADDRESS}
        text = render_to_string(words.template, {**values, **words.values})
    subject, _newline, body = text.strip().partition("\n")
    if not subject.strip() or not body.strip():
        raise ValueError(f"{words.template} gave an empty letter")
    return " ".join(subject.split()), body.strip() + "\n", words.files


def message_id(row: Letter) -> str:
    """The same for every attempt, so that a repeat is recognised as one."""
    host = urlsplit(settings.SITE_ADDRESS).hostname or "prize.invalid"
    return f"<{hashlib.sha256(row.key.encode()).hexdigest()[:32]}@{host}>"


def mark_sent(row: Letter) -> None:
    """Whoever has it in hand by now: it has gone."""
    values = {"state": Letter.State.SENT, "sent_at": clock.now(), "claimed_until": None, "reason": ""}
    Letter.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1, **values)


def put_back(row: Letter, error: Exception, at: datetime) -> None:
    attempts = row.attempts + 1
    gone = attempts >= ATTEMPTS
    in_hand(row).update(
        state=Letter.State.FAILED if gone else Letter.State.QUEUED,
        reason=str(error)[:250],
        attempts=attempts,
        claimed_until=None,
        next_try_at=at + timedelta(seconds=min(15 * 2 ** min(attempts, 10), 4 * 3600)),
    )


@transaction.atomic
def retry(row: Letter, *, by: Person, at: datetime) -> bool:
    """Queue a letter again that could not be delivered. Only one of two who press at once does."""
    failed = Letter.objects.filter(pk=row.pk, state=Letter.State.FAILED)
    if not failed.update(state=Letter.State.QUEUED, attempts=0, next_try_at=at, reason=""):
        return False
    ledger.record(row.edition, "letter.retried", subject=row.code, by=by, at=at)
    wake("prize.tasks.deliver_letter", row.pk)
    return True


def sweep(*, at: datetime, most: int = 200) -> int:
    """Deliver what is waiting: what a lost broker or a dead worker left behind."""
    waiting = Letter.objects.waiting(at).order_by("next_try_at", "pk").values_list("pk", flat=True)[:most]
    delivered = 0
    for pk in list(waiting):
        now = clock.now()
        if now > at + SWEEP:
            break
        delivered += deliver(pk, at=now)
    return delivered

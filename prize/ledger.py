"""The record of deeds: a hash chain per edition, in which every entry commits to the one before.

Personal data never enters the chain. An entry holds facts (codes, counts, digests) and the salted digest of a payload that
says who did it; the payload can be emptied, and the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from prize import canonical
from prize.models import Edition, LedgerChain, LedgerEntry, LedgerPayload, Person

GENESIS = "0" * 64


@transaction.atomic
def record(
    edition: Edition | None,
    act: str,
    *,
    at: datetime,
    by: Person | None,
    subject: str = "",
    facts: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    concerns: Iterable[Person] = (),
    kind: str = LedgerChain.Kind.DEEDS,
) -> LedgerEntry:
    """Append one deed, in the caller's transaction: if that fails, nothing was done and nothing is recorded.

    ``facts`` go into the chain and must not hold personal data; ``personal`` and the doer go into the erasable payload.
    """
    facts = facts or {}
    refuse_addresses(facts)
    chain = locked_chain(edition, kind)
    payload = {"by": {"code": by.code, "name": by.name} if by else None, **(personal or {})}
    salt = secrets.token_hex(16)
    entry = LedgerEntry(
        chain=chain,
        number=chain.length + 1,
        at=at.astimezone(UTC),
        act=act,
        subject=subject,
        facts=facts,
        payload_digest=payload_digest(salt, payload),
        previous=chain.head,
    )
    entry.digest = entry_digest(entry)
    entry.save(force_insert=True)
    kept = LedgerPayload.objects.create(entry=entry, salt=salt, body=payload)
    named = LedgerPayload.people.through
    keys = sorted({person.pk for person in (by, *concerns) if person})
    named._default_manager.bulk_create(named(ledgerpayload_id=kept.pk, person_id=key) for key in keys)
    LedgerChain.objects.filter(pk=chain.pk).update(length=entry.number, head=entry.digest)
    return entry


def locked_chain(edition: Edition | None, kind: str) -> LedgerChain:
    """The chain, held until the transaction ends: two writers queue up here."""
    chains = LedgerChain.objects.select_for_update(no_key=True).filter(edition=edition, kind=kind)
    chain = next(iter(chains), None)
    if chain is None:  # the first deed of all
        LedgerChain.objects.get_or_create(edition=edition, kind=kind)
        chain = chains.get()
    return chain


def refuse_addresses(facts: dict[str, Any]) -> None:
    if "@" in json.dumps(facts):
        raise ValueError("The chain keeps no addresses: put what is personal into `personal`.")


def payload_digest(salt: str, body: dict[str, Any]) -> str:
    return hashlib.sha256((salt + canonical.text(body)).encode()).hexdigest()


def entry_digest(entry: LedgerEntry) -> str:
    return canonical.digest(as_written(entry))


def as_written(entry: LedgerEntry) -> dict[str, Any]:
    """What the digest covers, in the form an outside verifier reads."""
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "act": entry.act,
        "subject": entry.subject,
        "facts": entry.facts,
        "payload": entry.payload_digest,
        "previous": entry.previous,
    }


@dataclass(frozen=True)
class Fault:
    """Where a chain does not hold, and why."""

    number: int
    what: str


def verify(chain: LedgerChain) -> list[Fault]:
    """Walk the chain from its first entry. An empty list means that it holds."""
    return list(faults(chain))


def faults(chain: LedgerChain) -> Iterator[Fault]:
    chain = LedgerChain.objects.get(pk=chain.pk)  # the head first: deeds done while we walk are the next walk's
    expected, previous = 1, GENESIS
    entries = chain.entries.filter(number__lte=chain.length).select_related("payload").order_by("number")
    for entry in entries.iterator(chunk_size=2000):
        if entry.number != expected:
            yield Fault(entry.number, f"entry {expected} is missing")
        if entry.previous != previous:
            yield Fault(entry.number, "it does not follow from the entry before")
        if entry_digest(entry) != entry.digest:
            yield Fault(entry.number, "its content is not what was sealed")
        if wrong_payload(entry):
            yield Fault(entry.number, "its payload is not what was sealed")
        expected, previous = entry.number + 1, entry.digest
    if (chain.length, chain.head) != (expected - 1, previous):
        yield Fault(expected - 1, "the chain ends before its head: entries were cut off")
    length = LedgerChain.objects.values_list("length", flat=True).get(pk=chain.pk)
    if chain.entries.filter(number__gt=length).exists():
        yield Fault(length + 1, "it was added behind the head's back")


def wrong_payload(entry: LedgerEntry) -> bool:
    payload = getattr(entry, "payload", None)
    if payload is None or payload.erased_at:
        return payload is None
    return payload_digest(payload.salt, payload.body) != entry.payload_digest


def export(chain: LedgerChain) -> Iterator[str]:
    """The chain as lines of canonical JSON, for a verifier that shares no code with us."""
    for entry in chain.entries.order_by("number").iterator(chunk_size=2000):
        yield canonical.text({**as_written(entry), "digest": entry.digest})


@transaction.atomic
def forget(person: Person, *, at: datetime) -> int:
    """Empty every payload that names this person. Returns how many; the chains still verify."""
    payloads = LedgerPayload.objects.filter(people=person, erased_at=None)
    return payloads.update(salt="", body=None, erased_at=at)

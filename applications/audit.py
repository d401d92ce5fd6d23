"""What must hold of applications at any time."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q

from applications import lifecycle
from applications.lifecycle import MOVES
from applications.models import Application, Attachment, Movement, Outcome, Submission
from prize import canonical
from prize.audit import invariant
from prize.models import Approval


@invariant("every sealed submission has the digest of its content")
def digests() -> Iterator[str]:
    for submission in Submission.objects.iterator(chunk_size=200):
        if canonical.digest(submission.snapshot) != submission.digest:
            yield submission.receipt


@invariant("every submitted entry has a sealed submission")
def submitted_are_sealed() -> Iterator[str]:
    unsealed = Application.objects.filter(
        ~Exists(Submission.objects.filter(application=OuterRef("pk"))), state="submitted"
    )
    yield from unsealed.values_list("code", flat=True)


@invariant("an entry's movements are legal, follow one another and end at its state")
def movements() -> Iterator[str]:
    rows = Application.objects.prefetch_related("movements")
    for application in rows.iterator(chunk_size=500):
        state = str(Application.State.DRAFT)
        for movement in application.movements.all():
            if movement.before != state or movement.after not in MOVES[state]:
                yield f"{application.code}: {movement}"
            state = movement.after
        if state != application.state:
            yield f"{application.code}: the last movement ends at {state}"


@invariant("an entry has one standing outcome per stage at most")
def outcomes() -> Iterator[str]:
    several = (
        Outcome.objects.standing().values("application__code", "stage__slug").annotate(n=Count("pk")).filter(n__gt=1)
    )
    for row in several:
        yield f"{row['application__code']}: {row['stage__slug']}"


@invariant("every file that a sealed submission names is still there")
def files() -> Iterator[str]:
    there = {row.code: row.sha256 for row in Attachment.objects.only("code", "sha256")}
    for submission in Submission.objects.iterator(chunk_size=200):
        for part in submission.snapshot["sections"]:
            for answer in part["answers"]:
                for file in answer.get("files", ()):
                    if there.get(file["code"]) != file["sha256"]:
                        yield f"{submission.receipt}: {file['name']}"


@invariant("nobody joined an entry without being invited to it by its owner")
def collaborators() -> Iterator[str]:
    strange = Application.objects.filter(
        Q(collaborators__person__isnull=False) & Q(collaborators__joined_at=None)
    ).distinct()
    yield from strange.values_list("code", flat=True)


@invariant("an entry is disqualified or brought back by two people")
def two_people() -> Iterator[str]:
    acts = {"disqualified": lifecycle.DISQUALIFY, "submitted": lifecycle.REINSTATE}
    grave = Movement.objects.filter(Q(after="disqualified") | Q(before="disqualified", after="submitted"))
    for movement in grave.select_related("application"):
        approved = Approval.objects.filter(act=acts[movement.after], edition=movement.application.edition_id)
        approved = approved.filter(content__application=movement.application.code, approved_at=movement.at)
        if not approved.filter(approved_by=movement.by_id).exists():
            yield f"{movement.application.code}: {movement}"

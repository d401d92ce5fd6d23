"""A judge's entries: what is assigned, how far each has come, and until when."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from judges import policy
from judges.models import Invitation, Round, ScoreSheet
from judges.views.joining import my_judgeship
from prize.access import seated
from prize.models import Person
from prize.requests import Request


@dataclass(frozen=True)
class Pile:
    """A judge's sheets of one round, with the figures a page shows."""

    round: Round
    sheets: list[ScoreSheet]

    @property
    def cast(self) -> int:
        return sum(sheet.cast_at is not None for sheet in self.sheets)

    @property
    def listed(self) -> list[tuple[int, ScoreSheet]]:
        """With their numbers, which stay; what is left to do comes first."""
        return sorted(enumerate(self.sheets, start=1), key=lambda line: line[1].cast_at is not None)

    @property
    def next(self) -> ScoreSheet | None:
        """The first that is not cast; a draft before an untouched one."""
        waiting = [sheet for sheet in self.sheets if sheet.cast_at is None]
        return next((sheet for sheet in waiting if sheet.state == "draft"), waiting[0] if waiting else None)


def in_order(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """A judge's own order, the same every day: by category, then by a code that says nothing."""
    return sheets.order_by(
        "assignment__round__stage__order", "assignment__application__category__order", "assignment__application__code"
    )


def piles(person: Person) -> list[Pile]:
    found: dict[int, Pile] = {}
    for sheet in in_order(policy.visible_to_judge(person)).annotate(marked=Count("marks")):
        found.setdefault(sheet.assignment.round_id, Pile(sheet.assignment.round, [])).sheets.append(sheet)
    return list(found.values())


@seated("jury")
def entries(request: Request) -> HttpResponse:
    judge = my_judgeship(request)
    if not Invitation.objects.filter(judge=judge).exists():
        return redirect("desk")
    values = {
        "judge": judge,
        "edition": judge.edition,
        "steps": policy.steps(judge),
        "step": policy.next_step(judge),
        "piles": piles(request.user),
    }
    return render(request, "judges/entries.html", values)

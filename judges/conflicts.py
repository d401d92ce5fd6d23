"""Who must not judge what. Asked by the assignment, and once more, by itself, whenever an assignment is written."""

from collections.abc import Iterable, Iterator

from applications.models import Application, Collaborator, Recusal
from judges.models import Assignment, Judge, Panel, Round, ScoreSheet
from judges.recruiting import terms_of

OWN, EMPLOYER, COUNTRY, RECUSED, PANEL, LANGUAGE = "own", "employer", "country", "recused", "panel", "language"
ABSTAINED = "abstained"  # no conflict: the judge cannot judge this entry well
EARLIER = "earlier"  # no conflict: where a round wishes for fresh eyes, whoever has marked the entry in an earlier one


class Conflicts:
    """The rules of one round, read once for many pairs."""

    def __init__(self, round: Round, entries: Iterable[Application], judges: Iterable[Judge]):
        self.entries, self.judges = list(entries), list(judges)
        self.bars_country = terms_of(round.stage.edition).bars_same_country
        ids = [entry.pk for entry in self.entries]
        self.recused = set(
            Recusal.objects.standing().filter(application__in=ids).values_list("application_id", "person_id")
        )
        self.writers = set(
            Collaborator.objects.filter(application__in=ids, removed_at=None).values_list("application_id", "person_id")
        )
        gone = Assignment.objects.filter(round=round, withdrawn_reason__startswith=ABSTAINED)
        self.abstained = set(gone.values_list("application_id", "judge_id"))
        self.earlier = marked_before(round) if (round.assignment_rules or {}).get("earlier") == "bar" else set()
        panels = Panel.objects.filter(round=round).prefetch_related("judges")
        self.panels = {panel.category_id: {judge.pk for judge in panel.judges.all()} for panel in panels}

    def between(self, entry: Application, judge: Judge, *, crossing: bool = False) -> str:
        """Why this judge must not read this entry, as a code, the weightiest; "" if nothing stands against it."""
        return next(self.reasons(entry, judge, crossing=crossing), "")

    def reasons(self, entry: Application, judge: Judge, *, crossing: bool = False) -> Iterator[str]:
        """All that stands against it, the weightiest first.

        ``crossing``: an anchor, or a bridge between panels, is read by judges of another panel too.
        """
        if judge.person_id == entry.owner_id or (entry.pk, judge.person_id) in self.writers:
            yield OWN
        if (entry.pk, judge.person_id) in self.recused:
            yield RECUSED
        if (entry.pk, judge.pk) in self.abstained:
            yield ABSTAINED
        if judge.organisation_id and judge.organisation_id == entry.organisation_id:
            yield EMPLOYER
        if self.bars_country and entry.country and entry.country == judge.person.country:
            yield COUNTRY
        panel = self.panels.get(entry.category_id)
        if panel and judge.pk not in panel and not crossing:
            yield PANEL
        if judge.languages and entry.language not in judge.languages:
            yield LANGUAGE
        if (entry.pk, judge.pk) in self.earlier:
            yield EARLIER


def marked_before(round: Round) -> set[tuple[int, int]]:
    """Who has marked which entry in an earlier round of the edition, as keys of entry and judge."""
    stage = round.stage
    cast = ScoreSheet.objects.cast().filter(assignment__withdrawn_at=None)
    before = cast.filter(
        assignment__round__stage__edition=stage.edition_id, assignment__round__stage__order__lt=stage.order
    )
    return set(before.values_list("assignment__application_id", "assignment__judge_id"))


def conflict(round: Round, entry: Application, judge: Judge) -> str:
    """One pair, asked afresh."""
    return Conflicts(round, [entry], [judge]).between(entry, judge)

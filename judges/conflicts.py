"""Who must not judge what. Asked by the assignment, and once more, by itself, whenever an assignment is written."""

from collections.abc import Iterable

from applications.models import Application, Collaborator, Recusal
from judges.models import Assignment, Judge, Panel, Round
from judges.recruiting import terms_of

OWN, EMPLOYER, COUNTRY, RECUSED, PANEL, LANGUAGE = "own", "employer", "country", "recused", "panel", "language"
ABSTAINED = "abstained"  # no conflict: the judge cannot judge this entry well


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
        panels = Panel.objects.filter(round=round).prefetch_related("judges")
        self.panels = {panel.category_id: {judge.pk for judge in panel.judges.all()} for panel in panels}

    def between(self, entry: Application, judge: Judge, *, crossing: bool = False) -> str:
        """Why this judge must not read this entry, as a code; "" if nothing stands against it.

        ``crossing``: an anchor, or a bridge between panels, is read by judges of another panel too.
        """
        if judge.person_id == entry.owner_id or (entry.pk, judge.person_id) in self.writers:
            return OWN
        if (entry.pk, judge.person_id) in self.recused:
            return RECUSED
        if (entry.pk, judge.pk) in self.abstained:
            return ABSTAINED
        if judge.organisation_id and judge.organisation_id == entry.organisation_id:
            return EMPLOYER
        if self.bars_country and entry.country and entry.country == judge.person.country:
            return COUNTRY
        panel = self.panels.get(entry.category_id)
        if panel and judge.pk not in panel and not crossing:
            return PANEL
        if judge.languages and entry.language not in judge.languages:
            return LANGUAGE
        return ""

    def all(self) -> dict[str, list[tuple[str, str]]]:
        """Every forbidden pair of public codes, by reason."""
        found: dict[str, list[tuple[str, str]]] = {}
        for entry in self.entries:
            for judge in self.judges:
                reason = self.between(entry, judge)
                if reason:
                    found.setdefault(reason, []).append((entry.code, judge.code))
        return found


def conflict(round: Round, entry: Application, judge: Judge) -> str:
    """One pair, asked afresh."""
    return Conflicts(round, [entry], [judge]).between(entry, judge)

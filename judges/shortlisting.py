"""Who goes on: the first of each category's tally up to its quota, decided by a motion and announced by two people."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications import concluding
from applications.lifecycle import hold_all
from applications.models import Application, Outcome, Recusal
from judges.models import Round, Tally, TallyLine
from prize import canonical, governing
from prize.governing import Refused
from prize.models import Approval, Committee, Edition, Motion, Person

LETTER = "judges.decision"
REASONS = {"advanced": "within-quota", "declined": "below-the-line", "held": "not-ranked"}


class TiedAtLine(Refused):
    """More entries share the last place than fit. The committee has to choose; they are named."""

    def __init__(self, tied: dict[str, list[str]]):
        self.tied = tied
        named = "; ".join(f"{category}: {', '.join(codes)}" for category, codes in tied.items())
        super().__init__(_("Entries are tied at the line: %(named)s. Choose which of them go on.") % {"named": named})


def standing_tallies(round: Round) -> list[Tally]:
    """One computed tally for each category, or a refusal that says what is missing."""
    tallies = list(Tally.objects.filter(round=round, superseded_at=None).select_related("category"))
    if not tallies:
        raise Refused(_("The round is not closed yet, so there is no tally to propose from."))
    waiting = [str(tally.category) for tally in tallies if tally.state != Tally.State.DONE]
    if waiting:
        raise Refused(_("There is no computed tally yet for: %(names)s.") % {"names": ", ".join(waiting)})
    return tallies


def verdicts(round: Round, chosen: Iterable[str] = ()) -> dict[str, str]:
    """What the tallies and quotas say of every entry; ``chosen`` names those of a tie at the line that go on."""
    chosen, found, tied = set(chosen), {}, {}
    for tally in standing_tallies(round):
        quota = round.quotas.get(tally.category.key)
        if quota is None:
            raise Refused(_("The rules give no quota for %(category)s.") % {"category": tally.category})
        lines = list(tally.lines.select_related("application").order_by("rank", "application__code"))
        at_line = set(tally.summary.get("tied_at_line", ()))
        for line in lines:
            found[line.application.code] = verdict_of(line, quota, at_line, chosen)
        advanced = sum(found[line.application.code] == "advanced" for line in lines)
        ranked = sum(line.rank is not None for line in lines)
        if at_line and advanced != min(quota, ranked):
            tied[str(tally.category)] = sorted(at_line)
    if tied:
        raise TiedAtLine(tied)
    return found


def verdict_of(line: TallyLine, quota: int, at_line: set[str], chosen: set[str]) -> str:
    if line.rank is None:
        return "held"
    if line.application.code in at_line:
        return "advanced" if line.application.code in chosen else "declined"
    return "advanced" if line.rank <= quota else "declined"


@transaction.atomic
def propose(round: Round, *, by: Person, at: datetime, chosen: Iterable[str] = (), reason: str = "") -> Motion:
    """Put the shortlist to the promotion committee: the exact verdicts, and the digests of the tallies they follow from."""
    committee = round.stage.edition.committees.get(kind=Committee.Kind.PROMOTION)
    found = verdicts(round, chosen)
    content = {
        "round": round.stage.slug,
        "tallies": {tally.category.key: tally.digest for tally in standing_tallies(round)},
        "verdicts": found,
    }
    count = Counter(found.values())["advanced"]
    title = _("Shortlist of %(count)s entries") % {"count": count}
    return governing.propose(committee, "judges.shortlist", content, title=title, by=by, at=at, reason=reason)


def round_named(edition: Edition, slug: str) -> Round:
    return Round.objects.select_related("stage__edition__prize", "source").get(stage__edition=edition, stage__slug=slug)


def recused_from(content: dict[str, Any], edition: Edition) -> set[int]:
    """Members who stand aside from an entry on the shortlist do not vote on it; one from a declined entry does not matter."""
    listed = [code for code, verdict in content["verdicts"].items() if verdict == "advanced"]
    standing = Recusal.objects.standing().filter(application__edition=edition, application__code__in=listed)
    return set(standing.values_list("person_id", flat=True))


@transaction.atomic
def conclude(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> int:
    """What a carried shortlist does: an outcome for every entry of the round that still competes."""
    round = round_named(edition, content["round"])
    standing = {tally.category.key: tally.digest for tally in standing_tallies(round)}
    if standing != content["tallies"]:
        raise Refused(_("A tally was computed anew since this was proposed. Propose the shortlist again."))
    rows = Application.objects.submitted().filter(edition=edition, code__in=content["verdicts"]).order_by("code")
    entries = hold_all(rows)
    for entry in entries:
        verdict = content["verdicts"][entry.code]
        concluding.conclude(entry, round.stage, verdict, by=by, at=at, reason_code=REASONS[verdict])
    return len(entries)


# --- Announcement -------------------------------------------------------------------------------------


def decided(round: Round) -> dict[str, str]:
    outcomes = Outcome.objects.standing().filter(stage=round.stage, announced_at=None)
    return dict(outcomes.order_by("application__code").values_list("application__code", "verdict"))


@transaction.atomic
def ask_to_announce(round: Round, *, by: Person, at: datetime) -> Approval:
    """Ask a second person to lift the embargo on the round's outcomes and to write to every applicant."""
    found = decided(round)
    if not found:
        raise Refused(_("There is nothing to announce: no outcome of this round is decided and unannounced."))
    content = {"round": round.stage.slug, "counts": dict(Counter(found.values())), "verdicts": canonical.digest(found)}
    title = _("Announce the result of %(round)s to the applicants") % {"round": round}
    return governing.ask(round.stage.edition, "judges.announce_shortlist", content, title=title, by=by, at=at)


@transaction.atomic
def announce(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> int:
    round = round_named(edition, content["round"])
    if canonical.digest(decided(round)) != content["verdicts"]:
        raise Refused(_("The outcomes have changed since this was asked. Ask again."))
    return concluding.announce(round.stage, by=by, at=at, letter=LETTER)

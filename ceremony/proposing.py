"""The proposal of laureates: each place, who is to have it and why, from the standing tallies. Computed when asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import Application
from ceremony import allocating, explaining
from ceremony.allocating import Candidate, Given, Line
from ceremony.models import Award, Laureate, Nomination, Objection, Override, Place
from judges.models import Tally, TallyLine
from prize import ledger
from prize.governing import Refused
from prize.models import Edition, Person, Stage
from prize.policy import is_secretariat


@dataclass(frozen=True)
class Row:
    """One place of the proposal."""

    place: Place
    line: Line
    application: Application | None
    why: str
    override: Override | None

    @property
    def undecided(self) -> bool:
        return bool(self.line.tied)

    @property
    def may_be_refilled(self) -> bool:
        """A partner's award goes to its nominee or to nobody: the office may only leave it empty."""
        return not hasattr(self.place.award, "special")

    def as_content(self) -> dict[str, Any]:
        """What the committee votes on, exactly."""
        where = {"award": self.place.award.key, "number": self.place.number, "reason": self.why}
        if self.application is None:
            return {**where, "application": ""}
        return {**where, "application": self.application.code, "rank": self.line.rank, **announced_as(self.application)}


@dataclass(frozen=True)
class Proposal:
    edition: Edition
    rows: list[Row]
    tallies: list[Tally]
    problems: list[str]

    @property
    def filled(self) -> int:
        return sum(row.application is not None for row in self.rows)

    def objections(self) -> QuerySet[Objection]:
        """What keeps the list from being carried: evidence against those proposed that nobody has ruled on, or that was right."""
        proposed = [row.application for row in self.rows if row.application]
        return Objection.objects.in_the_way().filter(application__in=proposed).select_related("application")

    def content(self) -> dict[str, Any]:
        return {
            "tallies": [
                {"category": tally.category.key, "tally": tally.code, "digest": tally.digest} for tally in self.tallies
            ],
            "places": [row.as_content() for row in self.rows],
        }


def announced_as(application: Application) -> dict[str, str]:
    """The names an entry is announced under: those of its last sealed submission. The laureate's row keeps them."""
    sealed = application.sealed
    snapshot = sealed.snapshot if sealed else {}
    body, city = snapshot.get("organisation"), snapshot.get("city")
    if not body:
        body = {"name": application.owner.name, "native_name": application.owner.native_name}
    return {
        "name": body["name"],
        "native_name": body["native_name"],
        "title": snapshot.get("title", ""),
        "city": city["name"] if city else "",
        "country": snapshot.get("country", ""),
    }


# --- Where the proposal comes from --------------------------------------------------------------


def deciding_stage(edition: Edition) -> Stage | None:
    """The last judging round: its result ranks the finalists, and those it advanced are the finalists."""
    return edition.stages.filter(kind=Stage.Kind.ROUND).order_by("-order").first()


def finalists(edition: Edition):
    stage = deciding_stage(edition)
    if stage is None:
        return Application.objects.none()
    related = ("organisation", "owner", "city", "category", "applicant_type", "edition")
    return (
        Application.objects.advanced(stage)
        .filter(edition=edition)
        .select_related(*related)
        .prefetch_related("submissions")
    )


def standing_tallies(edition: Edition) -> list[Tally]:
    rows = Tally.objects.standing().filter(round__stage=deciding_stage(edition))
    return list(rows.select_related("category").order_by("category__order"))


def awards_in_order(edition: Edition) -> list[Award]:
    rows = edition.awards.filter(quota__gt=0).select_related("parent", "category", "special__partner__organisation")
    return list(rows.prefetch_related("applicant_types").order_by("precedence", "pk"))


def entrant(application: Application) -> str:
    """Who is meant by "one award per entrant": the body that applies, else the person."""
    if application.organisation_id:
        return f"organisation {application.organisation_id}"
    return f"person {application.owner_id}"


def compute(edition: Edition, language: str = settings.LANGUAGE_CODE) -> Proposal:
    """As things stand now. Content is one text for all voters, so its reasons are written in the site's own language."""
    awards, tallies = awards_in_order(edition), standing_tallies(edition)
    applications = {application.code: application for application in finalists(edition)}
    lines = TallyLine.objects.filter(tally__in=tallies).values_list("application__code", "rank")
    candidates = candidates_of(applications, dict(lines))
    nominations = {
        nomination.special.award_id: nomination
        for nomination in Nomination.objects.standing().filter(special__award__edition=edition)
        .select_related("special", "application")
    }  # fmt: skip
    places = {
        (place.award_id, place.number): place
        for place in Place.objects.filter(award__edition=edition).select_related("override__application")
    }
    overrides = {
        (award.key, number): places[award.pk, number].override
        for award in awards
        for number in range(1, award.quota + 1)
        if hasattr(places[award.pk, number], "override")
    }
    fixed = {
        place: override.application.code if override.application else ""
        for place, override in overrides.items()
        if override.application is None or override.application.code in applications
    }
    given = [as_given(award, nominations.get(award.pk)) for award in awards]
    rows = list(
        explained(
            allocating.allocate(given, candidates, fixed),
            awards,
            applications,
            places,
            nominations,
            overrides,
            language,
        )
    )
    return Proposal(edition, rows, tallies, problems(edition, rows, tallies, awards))


def candidates_of(applications: dict[str, Application], ranks: dict[str, int | None]) -> list[Candidate]:
    return [
        Candidate(code, entry.category.key, entry.applicant_type.key, entrant(entry), ranks.get(code))
        for code, entry in applications.items()
    ]


def as_given(award: Award, nomination: Nomination | None) -> Given:
    return Given(
        award.key,
        award.quota,
        award.category.key if award.category else "",
        frozenset(kind.key for kind in award.applicant_types.all()),
        is_special=hasattr(award, "special"),
        nominee=nomination.application.code if nomination else "",
    )


def explained(lines, awards, applications, places, nominations, overrides, language) -> Iterator[Row]:
    by_key = {award.key: award for award in awards}
    names = {code: f"{(entry.organisation or entry.owner).name}" for code, entry in applications.items()}
    for line in lines:
        award = by_key[line.award]
        place = places[award.pk, line.number]
        place.award = award
        override = overrides.get((line.award, line.number))
        note = override.reason if override else ""
        if line.ground == allocating.Ground.NOMINATED:
            note = nominations[award.pk].reason
        with translation.override(language):
            why = explaining.why(line, award, by_key, names, note)
        yield Row(place, line, applications.get(line.code), why, override)


def problems(edition: Edition, rows: list[Row], tallies: list[Tally], awards: list[Award]) -> list[str]:
    """Why this cannot be put to the committee yet; empty if all is well."""
    if Laureate.objects.standing().filter(edition=edition).exists():
        return [_("The laureates are conferred.")]
    ranked = {award.category for award in awards if award.category and not hasattr(award, "special")}
    missing = ranked - {tally.category for tally in tallies}
    found = [
        _("%(category)s: the round has no computed result yet.") % {"category": category}
        for category in sorted(missing, key=lambda category: category.order)
    ]
    found += [
        _("%(place)s: equal ranks. Fix the place by hand, with a reason.") % {"place": row.place}
        for row in rows
        if row.undecided
    ]
    if not any(row.application for row in rows):
        found.append(_("No place can be filled: nobody has advanced to the final."))
    return found


# --- Places fixed by hand -------------------------------------------------------------------------


@transaction.atomic
def fix(place: Place, application: Application | None, *, reason: str, by: Person, at: datetime) -> Override:
    """Fix a place by hand: this entry, or nobody. The committee reads the reason beside it."""
    found = fixing_problems(place, application, reason, by)
    if found:
        raise Refused(found[0])
    values = {"application": application, "reason": reason.strip(), "made_by": by, "made_at": at}
    override, _made = Override.objects.update_or_create(place=place, defaults=values)
    facts = {"award": place.award.key, "number": place.number, "entry": application.code if application else ""}
    ledger.record(
        place.award.edition, "place.fixed", subject=place.award.code, facts=facts, by=by, at=at,
        personal={"reason": reason.strip()},
    )  # fmt: skip
    return override


def fixing_problems(place: Place, application: Application | None, reason: str, by: Person) -> list[str]:
    award = place.award
    if not is_secretariat(by, award.edition):
        return [_("Only the secretariat may fix a place by hand.")]
    if place.laureates.standing().exists():
        return [_("This place is conferred.")]
    if not reason.strip():
        return [_("Give a reason: the committee reads it beside the place.")]
    if application is None:
        return []
    if hasattr(award, "special"):
        return [_("A partner's award goes to its nominee or stays empty. Ask the partner to nominate another entry.")]
    if not finalists(award.edition).filter(pk=application.pk).exists():
        return [_("This entry is not among the finalists.")]
    candidate = candidates_of({application.code: application}, {})[0]
    if not as_given(award, None).admits(candidate):
        return [
            _("%(award)s does not admit this entry: wrong category or applicant type.") % {"award": award.full_name}
        ]
    others = Override.objects.filter(place__award__edition=award.edition, application__isnull=False).exclude(
        place=place
    )
    if any(other.application and entrant(other.application) == candidate.entrant for other in others):
        return [_("This entrant is fixed for another place already.")]
    return []


@transaction.atomic
def unfix(override: Override, *, by: Person, at: datetime) -> None:
    """Let the place be computed again."""
    place = override.place
    if not is_secretariat(by, place.award.edition):
        raise Refused(_("Only the secretariat may fix a place by hand."))
    facts = {"award": place.award.key, "number": place.number}
    override.delete()
    ledger.record(place.award.edition, "place.freed", subject=place.award.code, facts=facts, by=by, at=at)

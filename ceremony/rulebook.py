"""The section ``ceremony`` of a rulebook: awards, partners, the occasion and its running order, and what is offered after."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field, model_validator

from ceremony.models import Announcement, Award, Benefit, Cue, Occasion, Partner, SpecialAward
from prize.models import Committee, Edition, Organisation
from prize.rulebook import KeyedPart, Part, Words, as_local, keep, local, remove, take, unknown


class PartnerPart(Part):
    key: str
    committee: str
    organisation: str
    native_name: str = ""
    country: str = ""
    description: Words = {}


class SpecialPart(Part):
    """Whose award it is, how far an entry must have come to be seen, and which consent it needs."""

    partner: str
    sees_advanced_by: str
    consent: str = ""


class AwardPart(KeyedPart):
    description: Words = {}
    category: str = ""
    applicant_types: list[str] = []
    places: int = Field(0, ge=0)
    precedence: int = Field(0, ge=0)
    special: SpecialPart | None = None
    parts: list["AwardPart"] = []


class AnnouncementPart(Part):
    due: datetime


class CuePart(Part):
    minutes: int = Field(5, ge=1)
    title: Words
    speaker: str = ""
    award: str = ""
    note: str = ""


class OccasionPart(Part):
    name: Words
    venue: Words = {}
    starts: datetime
    ends: datetime
    answer_by: datetime
    places: int = 0
    running_order: list[CuePart] = []


class StepPart(Part):
    name: Words
    days: int = Field(ge=0)


class BenefitPart(KeyedPart):
    description: Words = {}
    answer_days: int = Field(21, ge=1)
    steps: list[StepPart] = []


class Section(Part):
    partners: list[PartnerPart] = []
    awards: list[AwardPart] = []
    announcement: AnnouncementPart | None = None
    occasions: list[OccasionPart] = []
    benefits: list[BenefitPart] = []

    @model_validator(mode="after")
    def names_are_known(self) -> "Section":
        keys = [part.key for part in flat(self.awards)]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"two awards are called {', '.join(twice)}: give each its own key")
        partners = {part.key for part in self.partners}
        wanted = {part.special.partner for part in flat(self.awards) if part.special}
        cues = {cue.award for occasion in self.occasions for cue in occasion.running_order} - {""}
        for kind, wrong in (("partners", wanted - partners), ("awards", cues - set(keys))):
            if wrong:
                raise ValueError(f"unknown {kind}: {', '.join(sorted(wrong))}")
        return self


def flat(awards: Iterable[AwardPart]) -> Iterable[AwardPart]:
    for award in awards:
        yield award
        yield from flat(award.parts)


def contradictions(section: Section, sections: Mapping[str, Any]) -> list[str]:
    """Awards are for categories and applicant types that there are; a partner has a committee, its award a stage and consent."""
    prize, forms = sections["prize"], sections["applications"].forms
    categories, types = ([part.key for part in parts] for parts in (prize.categories, prize.applicant_types))
    stages = [part.slug for part in prize.calendar]
    bodies = [part.key for part in prize.committees if part.kind == "partner"]
    consents = {q.key for form in forms for part in form.sections for q in part.questions if q.kind == "consent"}
    found = []
    for partner in section.partners:
        found += unknown(f"ceremony.partners.{partner.key}: committee", [partner.committee], bodies)
    for award in flat(section.awards):
        place = f"ceremony.awards.{award.key}"
        found += unknown(f"{place}: category", [award.category], categories)
        found += unknown(f"{place}: applicant_types", award.applicant_types, types)
        if award.special:
            found += unknown(f"{place}: special.sees_advanced_by", [award.special.sees_advanced_by], stages)
            found += unknown(f"{place}: special.consent", [award.special.consent], sorted(consents))
    return found


# --- Writing --------------------------------------------------------------------------------------


def adopt(edition: Edition, section: Section) -> None:
    partners = adopt_partners(edition, section.partners)
    adopt_awards(edition, section.awards, partners)
    if section.announcement:
        adopt_announcement(edition, section.announcement)
    adopt_occasions(edition, section.occasions)
    keep(edition.benefits, section.benefits, ordered=False)


def adopt_partners(edition: Edition, parts: list[PartnerPart]) -> dict[str, Partner]:
    for part in parts:
        name = {"name": part.organisation, "country": part.country}
        body, _made = Organisation.objects.get_or_create(**name, defaults={"native_name": part.native_name})
        committee = edition.committees.filter(key=part.committee, kind=Committee.Kind.PARTNER).first()
        values = {"organisation": body, "committee": committee, "description": part.description}
        edition.partners.update_or_create(key=part.key, defaults=values)
    remove(edition.partners.exclude(key__in=[part.key for part in parts]))
    return {partner.key: partner for partner in edition.partners.all()}


def adopt_awards(edition: Edition, parts: list[AwardPart], partners: dict[str, Partner]) -> None:
    wanted = {part.key for part in flat(parts)}
    SpecialAward.objects.filter(award__edition=edition).exclude(
        award__key__in=[part.key for part in flat(parts) if part.special]
    ).delete()
    remove(edition.awards.exclude(key__in=wanted))
    for part in parts:
        adopt_award(edition, part, None, partners)


def adopt_award(edition: Edition, part: AwardPart, parent: Award | None, partners: dict[str, Partner]) -> None:
    values = {
        "parent": parent,
        "name": part.name,
        "description": part.description,
        "category": edition.categories.get(key=part.category) if part.category else None,
        "quota": part.places,
        "precedence": part.precedence,
    }
    award, _made = edition.awards.update_or_create(key=part.key, defaults=values)
    award.applicant_types.set(edition.applicant_types.filter(key__in=part.applicant_types))
    award.number_places()
    if part.special:
        special = {
            "partner": partners[part.special.partner],
            "sees_advanced_by": edition.stages.get(slug=part.special.sees_advanced_by),
            "consent_question": part.special.consent,
        }
        SpecialAward.objects.update_or_create(award=award, defaults=special)
    for child in part.parts:
        adopt_award(edition, child, award, partners)


def adopt_announcement(edition: Edition, part: AnnouncementPart) -> None:
    """The planned time; a released announcement is left as it is."""
    announcement, _made = Announcement.objects.get_or_create(
        edition=edition, defaults={"due_at": local(part.due, edition)}
    )
    if announcement.released_at is None:
        Announcement.objects.filter(pk=announcement.pk).update(due_at=local(part.due, edition))


def adopt_occasions(edition: Edition, parts: list[OccasionPart]) -> None:
    """Occasions have no key: the first of the file is the first in the rows, so that guests stay invited."""
    rows = list(edition.occasions.order_by("pk"))
    for part, row in zip(parts, [*rows, *[None] * len(parts)], strict=False):
        occasion = row or Occasion(edition=edition)
        occasion.name, occasion.venue, occasion.places = part.name, part.venue, part.places
        occasion.starts_at, occasion.ends_at = local(part.starts, edition), local(part.ends, edition)
        occasion.answer_by = local(part.answer_by, edition)
        occasion.save()
        adopt_cues(occasion, part.running_order)
    remove(edition.occasions.filter(pk__in=[row.pk for row in rows[len(parts) :]]))


def adopt_cues(occasion: Occasion, parts: list[CuePart]) -> None:
    awards = {award.key: award for award in occasion.edition.awards.all()}
    for order, part in enumerate(parts, 1):
        values: dict[str, Any] = part.model_dump(exclude={"award"}) | {"award": awards.get(part.award)}
        occasion.cues.update_or_create(order=order, defaults=values)
    occasion.cues.filter(order__gt=len(parts)).delete()


# --- Reading back ---------------------------------------------------------------------------------


def describe(edition: Edition) -> Section:
    announcement = Announcement.objects.filter(edition=edition).first()
    return Section(
        partners=[describe_partner(row) for row in Partner.objects.filter(edition=edition).order_by("pk")],
        awards=[describe_award(row) for row in in_file_order(edition, None)],
        announcement=AnnouncementPart(due=as_local(announcement.due_at, edition)) if announcement else None,
        occasions=[describe_occasion(row) for row in Occasion.objects.filter(edition=edition).order_by("pk")],
        benefits=[describe_benefit(row) for row in Benefit.objects.filter(edition=edition).order_by("pk")],
    )


def describe_partner(row: Partner) -> PartnerPart:
    body = row.organisation
    return PartnerPart(
        key=row.key,
        committee=row.committee.key if row.committee else "",
        organisation=body.name,
        native_name=body.native_name,
        country=str(body.country),
        description=row.description,
    )


def in_file_order(edition: Edition, parent: Award | None):
    rows = Award.objects.filter(edition=edition, parent=parent).select_related("category")
    return rows.prefetch_related("applicant_types").order_by("pk")


def describe_award(row: Award) -> AwardPart:
    special = SpecialAward.objects.filter(award=row).select_related("partner", "sees_advanced_by").first()
    return take(
        row,
        AwardPart,
        category=row.category.key if row.category else "",
        applicant_types=[kind.key for kind in row.applicant_types.all()],
        places=row.quota,
        special=SpecialPart(
            partner=special.partner.key,
            sees_advanced_by=special.sees_advanced_by.slug,
            consent=special.consent_question,
        )
        if special
        else None,
        parts=[describe_award(child) for child in in_file_order(row.edition, row)],
    )


def describe_occasion(row: Occasion) -> OccasionPart:
    edition = row.edition
    return OccasionPart(
        name=row.name,
        venue=row.venue,
        starts=as_local(row.starts_at, edition),
        ends=as_local(row.ends_at, edition),
        answer_by=as_local(row.answer_by, edition),
        places=row.places,
        running_order=[describe_cue(cue) for cue in row.cues.select_related("award")],
    )


def describe_cue(cue: Cue) -> CuePart:
    return take(cue, CuePart, award=cue.award.key if cue.award else "")


def describe_benefit(row: Benefit) -> BenefitPart:
    return take(row, BenefitPart, steps=[StepPart(**step) for step in row.steps])

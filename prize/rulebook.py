"""A prize's rules are one file. Each app owns its section, in its own ``rulebook.py``:

``Section`` is a pydantic model, ``contradictions(section, sections)`` says where it names what no other section has,
``adopt(edition, section)`` writes its rows, ``describe(edition)`` reads them back, so that load → export → load is the identity.
This module reads and writes the file, and owns the section ``prize``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import yaml
from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.query import QuerySet
from django_countries import countries
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from prize import branding, canonical, ledger, zones
from prize.models import (
    ApplicantType,
    Category,
    Committee,
    Edition,
    HostEvent,
    Person,
    Prize,
    Region,
    Stage,
)
from prize.registry import modules
from prize.wording import wording

Words = Annotated[dict[str, str], BeforeValidator(lambda value: dict(wording(value)))]
Figure = Annotated[
    Decimal, BeforeValidator(lambda v: Decimal(str(v))), PlainSerializer(lambda v: plain(v), return_type=str)
]


def plain(number: Decimal) -> str:
    """A decimal without trailing noughts, so that 10 and 10.00 have one digest.

    >>> plain(Decimal("10.00")), plain(Decimal("0.250"))
    ('10', '0.25')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Part(BaseModel):
    """A part of a rulebook: an unknown name is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid")


# --- The section ``prize`` ------------------------------------------------------------------------


class PrizePart(Part):
    slug: str
    name: Words
    tagline: Words = {}
    about: Words = {}
    founded: str = ""
    hosts: Words = {}
    contact_email: str = ""
    logo: str = ""
    brand_colour: str = ""
    accent_colour: str = ""

    @model_validator(mode="after")
    def can_be_read(self) -> "PrizePart":
        """Colours that nobody could read are refused here as in the office, with the nearest that would do."""
        if problems := branding.problems(self.brand_colour, self.accent_colour, self.logo):
            raise ValueError(" ".join(str(problem) for problem in problems.values()))
        return self


class EditionPart(Part):
    year: int
    ordinal: int = 1
    name: Words
    theme: Words = {}
    introduction: Words = {}
    zone: str = "UTC"
    host_event: Words = {}
    host_venue: Words = {}

    @model_validator(mode="after")
    def zone_is_known(self) -> "EditionPart":
        if self.zone not in zones.known():
            raise ValueError(f"no time zone is called {self.zone}: write it as in Asia/Seoul or Europe/Lisbon")
        return self


class KeyedPart(Part):
    key: str
    name: Words


class RegionPart(KeyedPart):
    countries: list[str]


class ApplicantTypePart(KeyedPart):
    description: Words = {}


class CategoryPart(KeyedPart):
    description: Words = {}
    applicant_types: list[str]


class StagePart(Part):
    slug: str
    kind: Literal["call", "screening", "round", "final", "ceremony", "aftercare"]
    name: Words
    summary: Words = {}
    opens: datetime
    closes: datetime

    @model_validator(mode="after")
    def opens_first(self) -> "StagePart":
        if self.opens >= self.closes:
            raise ValueError(f"stage {self.slug} closes before it opens: put `closes` after `opens`")
        return self


class CommitteePart(KeyedPart):
    kind: Literal["promotion", "jury", "partner"]
    quorum_percent: int = Field(50, ge=1, le=100)
    majority: Literal["simple", "two-thirds", "unanimous"] = "simple"


class Section(Part):
    prize: PrizePart
    edition: EditionPart
    regions: list[RegionPart]
    applicant_types: list[ApplicantTypePart]
    categories: list[CategoryPart]
    calendar: list[StagePart]
    committees: list[CommitteePart]

    @model_validator(mode="after")
    def keys_are_single(self) -> "Section":
        for name in ("regions", "applicant_types", "categories", "committees"):
            require_single(name, [part.key for part in getattr(self, name)])
        require_single("calendar", [part.slug for part in self.calendar])
        return self

    @model_validator(mode="after")
    def names_are_known(self) -> "Section":
        known = {part.key for part in self.applicant_types}
        for category in self.categories:
            unknown = set(category.applicant_types) - known
            if unknown:
                raise ValueError(f"category {category.key} names unknown applicant types: {', '.join(sorted(unknown))}")
        listed = [code for region in self.regions for code in region.countries]
        wrong = sorted({code for code in listed if code not in countries} | {c for c in listed if listed.count(c) > 1})
        if wrong:
            raise ValueError(f"countries unknown or in two regions: {', '.join(wrong)}")
        return self


def require_single(name: str, keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{name}: twice in the list: {', '.join(twice)}")


def unknown(place: str, named: Iterable[str], known: Iterable[str]) -> list[str]:
    """One sentence, where a place of the file names what another section does not have.

    >>> unknown("judges.rounds.second: jury", ["jurry"], ["promotion", "jury"])
    ['judges.rounds.second: jury: there is no jurry; the file has promotion, jury']
    """
    wrong, there = sorted({*named} - {*known, ""}), ", ".join(known)
    return [f"{place}: there is no {', '.join(wrong)}; the file has {there or 'none'}"] if wrong else []


def adopt(edition: Edition | None, section: Section) -> Edition:
    """Write the prize, the edition and its parts. ``edition`` may be None: then it is made."""
    values = section.prize.model_dump(exclude={"slug"})
    prize, _made = Prize.objects.update_or_create(slug=section.prize.slug, defaults=values)
    values = section.edition.model_dump(exclude={"year", "host_event", "host_venue"})
    if edition is None:
        edition = Edition(prize=prize, year=section.edition.year)
    for name, value in {**values, "prize": prize, "year": section.edition.year}.items():
        setattr(edition, name, value)
    edition.save()
    if section.edition.host_event:
        names = {"name": section.edition.host_event, "venue": section.edition.host_venue}
        HostEvent.objects.update_or_create(edition=edition, defaults=names)
    keep(edition.regions, section.regions)
    keep(edition.applicant_types, section.applicant_types)
    adopt_categories(edition, section.categories)
    adopt_calendar(edition, section.calendar)
    keep(edition.committees, section.committees, ordered=False)
    return edition


def keep(
    rows: Any, wanted: list[Any], *, ordered: bool = True, key: str = "key", without: set[str] | None = None
) -> dict:
    """Make the rows be the wanted parts, by key: update, add, and remove what the file no longer names."""
    kept = {}
    for order, part in enumerate(wanted):
        name = getattr(part, key)
        values = part.model_dump(exclude={key, *(without or set())}) | ({"order": order} if ordered else {})
        kept[name], _made = rows.update_or_create(**{key: name}, defaults=values)
    remove(rows.exclude(**{f"{key}__in": list(kept)}))
    return kept


def remove(rows: QuerySet) -> None:
    try:
        rows.delete()
    except ProtectedError as error:
        names = ", ".join(str(row) for row in list(rows)[:5])
        raise RulebookError([f"{names}: in use, so the rulebook cannot drop it"]) from error


def adopt_categories(edition: Edition, parts: list[CategoryPart]) -> None:
    types = {kind.key: kind for kind in edition.applicant_types.all()}
    kept = keep(edition.categories, parts, without={"applicant_types"})
    for part in parts:
        kept[part.key].applicant_types.set([types[key] for key in part.applicant_types])


def adopt_calendar(edition: Edition, parts: list[StagePart]) -> None:
    for order, part in enumerate(parts):
        values = part.model_dump(exclude={"slug", "opens", "closes"}) | {"order": order}
        times = {"opens_at": local(part.opens, edition), "closes_at": local(part.closes, edition)}
        edition.stages.update_or_create(slug=part.slug, defaults=values | times)
    remove(edition.stages.exclude(slug__in=[part.slug for part in parts]))


def local(moment: datetime, edition: Edition) -> datetime:
    """A rulebook's times are the edition's own."""
    return moment if moment.tzinfo else moment.replace(tzinfo=edition.tz)


def as_local(moment: datetime, edition: Edition) -> datetime:
    return moment.astimezone(edition.tz).replace(tzinfo=None)


def take(row: Any, part: type[Part], **more: Any) -> Any:
    """A part filled from the row's fields of the same names."""
    names = set(part.model_fields) - set(more)
    return part(**{name: getattr(row, name) for name in names}, **more)


def describe(edition: Edition) -> Section:
    event = HostEvent.objects.filter(edition=edition).first()
    place = {"host_event": event.name if event else {}, "host_venue": event.venue if event else {}}
    return Section(
        prize=take(edition.prize, PrizePart),
        edition=take(edition, EditionPart, **place),
        regions=[take(row, RegionPart) for row in Region.objects.filter(edition=edition)],
        applicant_types=[take(row, ApplicantTypePart) for row in ApplicantType.objects.filter(edition=edition)],
        categories=[
            take(row, CategoryPart, applicant_types=[kind.key for kind in row.applicant_types.all()])
            for row in Category.objects.filter(edition=edition)
        ],
        calendar=[
            take(row, StagePart, opens=as_local(row.opens_at, edition), closes=as_local(row.closes_at, edition))
            for row in Stage.objects.filter(edition=edition)
        ],
        committees=[take(row, CommitteePart) for row in Committee.objects.filter(edition=edition).order_by("pk")],
    )


# --- The whole file -------------------------------------------------------------------------------


class RulebookError(Exception):
    """What is wrong with a rulebook, line by line."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Rulebook:
    """A rulebook read and checked: one section per app."""

    sections: dict[str, Any]

    def as_data(self) -> dict[str, Any]:
        return {name: section.model_dump(mode="json", exclude_defaults=True) for name, section in self.sections.items()}

    @property
    def digest(self) -> str:
        return canonical.digest(strings(self.as_data()))

    def as_yaml(self) -> str:
        return yaml.safe_dump(self.as_data(), allow_unicode=True, sort_keys=False, width=110)


def strings(value: Any) -> Any:
    """Floats as strings, so that the content has one canonical form."""
    if isinstance(value, dict):
        return {key: strings(part) for key, part in value.items()}
    if isinstance(value, list):
        return [strings(part) for part in value]
    return str(value) if isinstance(value, float | date) else value


def owners() -> dict[str, Any]:
    return {module.__name__.partition(".")[0]: module for module in modules("rulebook")}


def read(text: str) -> Rulebook:
    """Read and check a rulebook; every mistake is named with its place."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RulebookError([f"This is not YAML: {error}"]) from error
    if not isinstance(data, dict):
        raise RulebookError(["A rulebook is a map of sections: prize, applications, screening, judges, ceremony."])
    known = owners()
    problems = [f"{name}: no app owns this section" for name in data if name not in known]
    sections = {}
    for name, module in known.items():
        try:
            sections[name] = module.Section.model_validate(data.get(name, {}))
        except ValidationError as error:
            problems += [sentence(name, found) for found in error.errors()]
    if not problems:
        problems = contradictions(sections)
    if problems:
        raise RulebookError(problems)
    return Rulebook(sections)


def sentence(name: str, found: Any) -> str:
    """The place in the file, and what is wrong there."""
    return f"{'.'.join(map(str, (name, *found['loc'])))}: {found['msg'].removeprefix('Value error, ')}"


def contradictions(sections: Mapping[str, Any]) -> list[str]:
    """What only shows when the sections are read together: a round whose jury no committee is, a quota for no category."""
    asked = [(name, getattr(module, "contradictions", None)) for name, module in owners().items()]
    return [problem for name, ask in asked if ask and name != "prize" for problem in ask(sections[name], sections)]


@transaction.atomic
def load(rulebook: Rulebook, *, by: Person, at: datetime, edition: Edition | None = None) -> Edition:
    """Write every section, lowest app first, and record the digest of what stands there afterwards."""
    section = rulebook.sections["prize"]
    if edition is None:
        refuse_a_second(section)
    else:
        refuse_another(section, edition)
    for name, module in owners().items():
        edition = module.adopt(edition, rulebook.sections[name]) or edition
    assert edition is not None  # noqa: S101 - the prize section makes it
    written = export(edition)
    facts = {"digest": written.digest}
    if edition.rules_adopted_at and edition.rules_digest != written.digest:
        # The committee adopted others: these are rules only when it adopts them too.
        facts["adopted_before"] = edition.rules_digest
        edition.rules_adopted_at = None
    edition.rules, edition.rules_digest = strings(written.as_data()), written.digest
    edition.save(update_fields=["rules", "rules_digest", "rules_adopted_at"])
    ledger.record(edition, "rulebook.loaded", facts=facts, by=by, at=at)
    return edition


def refuse_a_second(section: Section) -> None:
    """A prize has one edition a year. The archive keeps what was published of others, and those do not stand in the way."""
    year, slug = section.edition.year, section.prize.slug
    if Edition.objects.filter(prize__slug=slug, year=year).exists():
        first = f"prize.edition.year: {slug} has an edition of {year} already. Change the year for a new one"
        raise RulebookError(
            [f"{first}; to change the rules of that one, name it: rulebook load FILE --edition {year} --prize {slug}"]
        )


def refuse_another(section: Section, edition: Edition) -> None:
    """What changes an edition's rules has to be that edition's file: a slip of the hand must not write over another prize."""
    theirs, ours = (section.prize.slug, section.edition.year), (edition.prize.slug, edition.year)
    if theirs != ours:
        sides = "the file is of {} {}, the edition that was named is {} {}".format(*theirs, *ours)
        raise RulebookError([f"prize: {sides}. Name the edition that the file is of"])


def export(edition: Edition) -> Rulebook:
    """What stands in the rows, as a rulebook."""
    return Rulebook({name: module.describe(edition) for name, module in owners().items()})

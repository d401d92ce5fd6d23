"""What officers and rules read of an entry: its last sealed submission, never what is being written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django_countries import countries

from applications.dossiers import value_of
from applications.models import Application, Submission
from prize.models import Edition
from prize.wording import wording
from screening.rules import Facts


def snapshots_of(applications: Iterable[Application]) -> dict[int, dict[str, Any]]:
    """The last sealed snapshot of each, in one query."""
    keys = [application.pk for application in applications]
    rows = Submission.objects.filter(application__in=keys).order_by("number")
    return dict(rows.values_list("application", "snapshot"))


def answers_in(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in snapshot["sections"]:
        yield from section["answers"]


def texts_of(applications: Iterable[Application]) -> dict[int, str]:
    """All that was written in an entry, as one text: what is compared between entries."""
    kinds = {"short", "long"}
    return {
        key: "\n".join(str(answer["value"] or "") for answer in answers_in(snapshot) if answer["kind"] in kinds)
        for key, snapshot in snapshots_of(applications).items()
    }


def facts_of(applications: list[Application], edition: Edition) -> dict[int, Facts]:
    """What machine rules may look at, for many entries in few queries."""
    regions = {code: region.key for region in edition.regions.all() for code in region.countries}
    siblings = siblings_in(edition)
    return {key: facts_in(snapshot, regions, siblings[key]) for key, snapshot in snapshots_of(applications).items()}


def facts_in(snapshot: dict[str, Any], regions: dict[str, str], others: set[str]) -> Facts:
    answers = list(answers_in(snapshot))
    country, kind = snapshot["country"], snapshot["applicant_type"]
    return Facts(
        answers={answer["key"]: answer["value"] for answer in answers},
        shown={answer["key"]: value_of(answer) for answer in answers},
        files={answer["key"]: len(answer["files"]) for answer in answers if answer["kind"] == "file"},
        applicant_type=kind["key"],
        type_name=str(wording(kind["name"])),
        country=country,
        country_name=countries.name(country),
        region=regions.get(country, ""),
        others=tuple(sorted(others)),
    )


def siblings_in(edition: Edition) -> defaultdict[int, set[str]]:
    """For each competing entry, the codes of others by the same owner or the same organisation in its category."""
    rows = Application.objects.submitted().filter(edition=edition)
    groups: defaultdict[tuple, list[tuple[int, str]]] = defaultdict(list)
    for key, code, category, owner, organisation in rows.values_list("pk", "code", "category", "owner", "organisation"):
        groups["owner", owner, category].append((key, code))
        if organisation:
            groups["organisation", organisation, category].append((key, code))
    found: defaultdict[int, set[str]] = defaultdict(set)
    for members in groups.values():
        for key, _code in members:
            found[key] |= {code for other, code in members if other != key}
    return found

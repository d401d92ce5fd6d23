"""Who may see and do what, in the prize app. Look-ups are querysets, permissions are predicates."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from prize.models import Committee, Edition, Meeting, Motion, Organiser, Person, Seat


def is_secretariat(person: Person, edition: Edition) -> bool:
    return has_office(person, edition, Organiser.Role.SECRETARIAT)


def is_screening_officer(person: Person, edition: Edition) -> bool:
    """The secretariat may screen too."""
    return has_office(person, edition, Organiser.Role.SECRETARIAT, Organiser.Role.SCREENING_OFFICER)


def has_office(person: Person, edition: Edition, *roles: str) -> bool:
    """The clock's system person acts for every office."""
    if not person.is_authenticated:
        return False
    if person.email == "clock@system.invalid" or (person.is_superuser and person.is_active):
        return True
    return person.is_active and Organiser.objects.filter(prize=edition.prize_id, person=person, role__in=roles).exists()


def secretaries(edition: Edition) -> QuerySet[Person]:
    """Whoever may ask, or be the second person."""
    holds = Q(offices__prize=edition.prize_id, offices__role=Organiser.Role.SECRETARIAT)
    return Person.objects.filter(holds | Q(is_superuser=True), is_active=True).distinct()


# How a person comes to have a part in an edition. The tables of higher apps are reached by the names of their relations.
PARTS = (
    "seats__committee__edition",
    "applications__edition",
    "collaborations__application__edition",
    "judgeships__edition",
)


def with_part_in(editions: QuerySet[Edition]) -> Q:
    parts = (Person.objects.filter(**{f"{part}__in": editions}) for part in PARTS)
    return reduce(or_, (Q(pk__in=people.values("pk")) for people in parts))


def people_known_to(person: Person) -> QuerySet[Person]:
    """People with a part in the prizes whose secretariat this person is, and those with no part anywhere yet."""
    if person.is_superuser:
        return Person.objects.all()
    mine = Edition.objects.organised_by(person, Organiser.Role.SECRETARIAT)
    colleagues = Organiser.objects.filter(prize__editions__in=mine).values("person")
    free = ~with_part_in(Edition.objects.all()) & Q(offices=None, is_superuser=False)
    return Person.objects.filter(with_part_in(mine) | Q(pk__in=colleagues) | free)


def may_edit_person(person: Person, whom: Person) -> bool:
    """The secretariat edits whoever has a part in its own prizes only; a superuser is edited by superusers."""
    if person.is_superuser:
        return True
    mine = person.offices.filter(role=Organiser.Role.SECRETARIAT).values("prize")
    elsewhere = Person.objects.filter(with_part_in(Edition.objects.exclude(prize__in=mine)), pk=whom.pk)
    return not (whom.is_superuser or elsewhere.exists() or whom.offices.exclude(prize__in=mine).exists())


def sits_on(person: Person, committee: Committee) -> bool:
    return Seat.objects.held_by(person).filter(committee=committee).exists()


def presides(person: Person, committee: Committee) -> bool:
    roles = (Seat.Role.CHAIR, Seat.Role.CO_CHAIR)
    return Seat.objects.held_by(person).filter(committee=committee, role__in=roles).exists()


def has_seat(person: Person, *kinds: str) -> bool:
    return Seat.objects.held_by(person).filter(committee__kind__in=kinds).exists()


def motions_for(person: Person):
    """Motions of the committees a person sits on."""
    return Motion.objects.before(person).select_related("committee__edition")


def meetings_for(person: Person):
    return Meeting.objects.filter(committee__seats__person=person, committee__seats__left_at=None).select_related(
        "committee__edition"
    )


def is_staff_of_any(person: Person) -> bool:
    return person.is_active and (person.is_superuser or bool(person.office_roles))


def needs_second_factor(person: Person) -> bool:
    """Staff and chairs hold what must not leak."""
    chairs = Seat.objects.held_by(person).filter(role__in=(Seat.Role.CHAIR, Seat.Role.CO_CHAIR))
    return is_staff_of_any(person) or chairs.exists()

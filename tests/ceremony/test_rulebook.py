import pytest
from factories import prize as make
from pydantic import ValidationError

from ceremony import rulebook
from ceremony.models import Award, Occasion, SpecialAward
from prize.rulebook import RulebookError

SECTION = {
    "partners": [{"key": "friends", "committee": "partner-one", "organisation": "Friends", "country": "KR"}],
    "awards": [
        {
            "key": "people",
            "name": {"en": "People"},
            "category": "people",
            "parts": [
                {"key": "gold", "name": {"en": "Gold"}, "category": "people", "places": 1, "precedence": 1},
                {"key": "best", "name": {"en": "Best"}, "places": 2, "precedence": 2, "applicant_types": ["company"]},
            ],
        },
        {
            "key": "friends",
            "name": {"en": "Of the friends"},
            "places": 1,
            "precedence": 9,
            "special": {"partner": "friends", "sees_advanced_by": "second", "consent": "consent_partners"},
        },
    ],
    "announcement": {"due": "2030-09-25T16:00:00"},
    "occasions": [
        {
            "name": {"en": "Evening"},
            "starts": "2030-09-25T15:00:00",
            "ends": "2030-09-25T17:00:00",
            "answer_by": "2030-09-18T18:00:00",
            "running_order": [{"minutes": 10, "title": {"en": "Music"}}, {"title": {"en": "Gold"}, "award": "gold"}],
        }
    ],
    "benefits": [{"key": "talk", "name": {"en": "A talk"}, "steps": [{"name": {"en": "Day agreed"}, "days": 30}]}],
}


@pytest.fixture
def edition(at):
    found = make.make_edition(at)
    make.make_committee(found, "partner", key="partner-one")
    return found


@pytest.fixture
def section():
    return rulebook.Section.model_validate(SECTION)


def test_what_is_read_back_is_what_was_written(edition, section):
    rulebook.adopt(edition, section)
    assert rulebook.describe(edition) == section
    rulebook.adopt(edition, rulebook.describe(edition))
    assert rulebook.describe(edition) == section


def test_awards_have_their_places_and_partners_theirs(edition, section):
    rulebook.adopt(edition, section)
    assert {award.key: award.places.count() for award in Award.objects.all()} == {
        "people": 0, "gold": 1, "best": 2, "friends": 1,
    }  # fmt: skip
    special = SpecialAward.objects.get()
    assert (special.partner.key, special.sees_advanced_by.slug) == ("friends", "second")


def test_times_are_the_editions_own(edition, section):
    rulebook.adopt(edition, section)
    assert Occasion.objects.get().starts_at.isoformat() == "2030-09-25T06:00:00+00:00"


def test_what_the_file_no_longer_names_is_gone(edition, section):
    rulebook.adopt(edition, section)
    rulebook.adopt(edition, rulebook.Section.model_validate({**SECTION, "awards": SECTION["awards"][:1]}))
    assert set(Award.objects.values_list("key", flat=True)) == {"people", "gold", "best"}
    assert not SpecialAward.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"awards": [SECTION["awards"][0], SECTION["awards"][0]]}, "two awards are called"),
        ({"partners": []}, "unknown partners: friends"),
        ({"awards": SECTION["awards"][1:]}, "unknown awards: gold"),
        ({"prizes": []}, "Extra inputs"),
    ],
)
def test_a_mistake_is_named(change, message):
    with pytest.raises(ValidationError, match=message):
        rulebook.Section.model_validate({**SECTION, **change})


def test_an_award_in_use_cannot_be_dropped(edition, section, karim, at):
    rulebook.adopt(edition, section)
    from factories import ceremony as give

    entry = give.make_finalists(edition, [make.make_person("Yves")], by=karim, at=at)[0]
    place = Award.objects.get(key="gold").places.get()
    place.laureates.create(edition=edition, application=entry, name="Y", title="T", conferred_by=karim, conferred_at=at)
    with pytest.raises(RulebookError, match="in use"):
        rulebook.adopt(edition, rulebook.Section.model_validate({**SECTION, "awards": [], "occasions": []}))

"""A rulebook is checked place by place, loaded, and read back unchanged."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from prize import rulebook
from prize.models import Edition, LedgerEntry
from prize.rulebook import RulebookError

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "prize" / "rulebooks").glob("*.yaml"))


def text(name: str) -> str:
    return next(path for path in SHIPPED if path.stem == name).read_text(encoding="utf-8")


@pytest.fixture
def loaded(at, karim):
    return rulebook.load(rulebook.read(text("seoul-2023")), by=karim, at=at)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_load_export_load_is_the_identity(path, karim, at):
    book = rulebook.read(path.read_text(encoding="utf-8"))
    edition = rulebook.load(book, by=karim, at=at)
    exported = rulebook.export(edition)
    assert exported.as_data() == book.as_data()
    again = rulebook.load(rulebook.read(exported.as_yaml()), by=karim, at=at, edition=edition)
    assert rulebook.export(again).digest == exported.digest == edition.rules_digest


def test_loading_twice_changes_nothing_and_adds_no_rows(loaded, karim, at):
    before = {model: model.objects.count() for model in (Edition,)} | {"stages": loaded.stages.count()}
    rulebook.load(rulebook.read(text("seoul-2023")), by=karim, at=at, edition=loaded)
    assert before == {model: model.objects.count() for model in (Edition,)} | {"stages": loaded.stages.count()}
    assert LedgerEntry.objects.filter(act="rulebook.loaded").count() == 2


def test_rules_that_the_committee_has_not_seen_do_not_pass_as_adopted(loaded, karim, at):
    adopted = loaded.rules_digest
    Edition.objects.filter(pk=loaded.pk).update(rules_adopted_at=at)
    loaded.refresh_from_db()
    same = rulebook.load(rulebook.read(text("seoul-2023")), by=karim, at=at, edition=loaded)
    assert same.rules_adopted_at == at, "what is the same stays adopted"
    data = yaml.safe_load(text("seoul-2023"))
    data["judges"]["rounds"][0]["reviews_per_entry"] = 2
    changed = rulebook.load(rulebook.read(yaml.safe_dump(data, allow_unicode=True)), by=karim, at=at, edition=loaded)
    changed.refresh_from_db()
    assert (changed.rules_adopted_at, changed.rules_digest == adopted) == (None, False)
    entry = LedgerEntry.objects.filter(act="rulebook.loaded").latest("number")
    assert entry.facts["adopted_before"] == adopted


def test_what_the_file_no_longer_names_is_removed(loaded, karim, at):
    data = yaml.safe_load(text("seoul-2023"))
    data["prize"]["regions"] = data["prize"]["regions"][:2]
    rulebook.load(rulebook.read(yaml.safe_dump(data, allow_unicode=True)), by=karim, at=at, edition=loaded)
    assert set(loaded.regions.values_list("key", flat=True)) == {"asia", "europe"}


def award(data, **values):
    data["ceremony"]["awards"][0]["parts"][0].update(values)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda d: d["judges"]["rounds"][0].update(jury="nobody"), "judges.rounds.second: jury: there is no nobody"),
        (lambda d: d["judges"]["rounds"][0].update(stage="call"), "judges.rounds.call: a stage of kind round"),
        (lambda d: d["judges"]["rounds"][0].update(source="final"), "judges.rounds.second: source, an earlier stage"),
        (
            lambda d: d["judges"]["rounds"][0]["quotas"].update(poems=2),
            "judges.rounds.second: quotas: there is no poems",
        ),
        (lambda d: d["judges"]["rounds"][0]["criteria"][0].update(category="poems"), "criteria: there is no poems"),
        (lambda d: d["applications"]["forms"][0].update(category="poems"), "applications.forms.0.category"),
        (
            lambda d: d["applications"]["forms"][0].update(applicant_types=["individual"]),
            "applications.forms.0.applicant",
        ),
        (lambda d: award(d, category="poems"), "ceremony.awards.human-centricity-gold: category: there is no poems"),
        (lambda d: award(d, applicant_types=["poet"]), "ceremony.awards.human-centricity-gold: applicant_types"),
        (
            lambda d: d["ceremony"]["partners"][0].update(committee="jury"),
            "ceremony.partners.inclusion-network: committee",
        ),
        (lambda d: d["prize"]["edition"].update(zone="Mars"), "prize.edition: no time zone is called Mars"),
        (
            lambda d: d["prize"]["calendar"].append(d["prize"]["calendar"][0]),
            "prize: calendar: twice in the list: call",
        ),
    ],
)
def test_sections_that_contradict_each_other_are_refused_before_a_row_is_written(spoil, place, db):
    data = yaml.safe_load(text("seoul-2023"))
    spoil(data)
    with pytest.raises(RulebookError, match=re.escape(place)):
        rulebook.read(yaml.safe_dump(data, allow_unicode=True))
    assert not Edition.objects.exists()


@pytest.mark.parametrize(("part", "name", "value"), [("prize", "slug", "harbour"), ("edition", "year", 2024)])
def test_another_prizes_file_does_not_write_over_an_edition(loaded, karim, at, part, name, value):
    data = yaml.safe_load(text("seoul-2023"))
    data["prize"][part][name] = value
    with pytest.raises(RulebookError, match="the edition that was named is seoul-smart-city-prize 2023"):
        rulebook.load(rulebook.read(yaml.safe_dump(data, allow_unicode=True)), by=karim, at=at, edition=loaded)


def test_a_second_edition_of_one_year_is_refused_and_says_how_to_change_the_first(loaded, karim, at):
    with pytest.raises(RulebookError, match=r"rulebook load FILE --edition 2023 --prize seoul-smart-city-prize"):
        rulebook.load(rulebook.read(text("seoul-2023")), by=karim, at=at)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda d: d["prize"]["calendar"][0].update(closes="2023-01-01T00:00:00"), "prize.calendar.0"),
        (lambda d: d["prize"]["categories"][0].update(applicant_types=["robot"]), "robot"),
        (lambda d: d["prize"]["regions"][0]["countries"].append("XX"), "XX"),
        (lambda d: d["prize"]["regions"][0]["countries"].append("FR"), "FR"),
        (lambda d: d["prize"].update(colour="blue"), "prize.colour"),
        (lambda d: d.update(catering={}), "catering: no app owns this section"),
        (lambda d: d["prize"]["committees"][0].update(quorum_percent=0), "prize.committees.0.quorum_percent"),
        (lambda d: d["prize"].pop("edition"), "prize.edition"),
    ],
)
def test_a_mistake_is_named_with_its_place(spoil, place):
    data = yaml.safe_load(text("seoul-2023"))
    spoil(data)
    with pytest.raises(RulebookError) as error:
        rulebook.read(yaml.safe_dump(data, allow_unicode=True))
    assert place in str(error.value)


@pytest.mark.parametrize("nonsense", ["", "just words", "[1, 2]", "prize: [unclosed"])
def test_what_is_no_rulebook_is_refused_in_words(nonsense):
    with pytest.raises(RulebookError):
        rulebook.read(nonsense)


def test_the_commands_check_load_export_and_compare(db, tmp_path, capsys):
    call_command("rulebook", "check", "seoul-2023")
    call_command("rulebook", "load", "seoul-2023")
    call_command("rulebook", "export", "--edition", "2023")
    out = capsys.readouterr().out
    exported = out[out.index("prize:") :]
    changed = tmp_path / "mine.yaml"
    changed.write_text(
        exported.replace("ordinal: 1", "ordinal: 2")
        if "ordinal: 1" in exported
        else exported.replace("Enter online", "Apply online")
    )
    call_command("rulebook", "diff", str(changed), "--edition", "2023")
    assert any(word in capsys.readouterr().out for word in ("+      en: Apply online", "ordinal: 2"))
    with pytest.raises(CommandError, match="no file"):
        call_command("rulebook", "check", "nowhere.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("prize: {}")
    with pytest.raises(CommandError, match=r"prize\.edition"):
        call_command("rulebook", "check", str(broken))


def test_an_editions_rules_are_the_same_whenever_they_are_read(edition):
    rules = {"prize": {"name": {"en": "Prize", "ko": "상"}}, "weights": ["0.25", None, True]}
    Edition.objects.filter(pk=edition.pk).update(rules=rules)
    untouched = Edition.objects.get(pk=edition.pk)
    untouched.save()
    later = Edition.objects.defer("rules").get(pk=edition.pk)
    joined = later.stages.select_related("edition").first().edition
    assert Edition.objects.get(pk=edition.pk).rules == later.rules == joined.rules == rules
    later.rules["weights"].append("0.75")
    later.save(update_fields=["rules"])
    untouched.refresh_from_db()
    assert untouched.rules["weights"] == ["0.25", None, True, "0.75"]

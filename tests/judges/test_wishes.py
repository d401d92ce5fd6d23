"""What a round's rules wish of the assignment: typed in the rulebook, kept with the round, told in words, and followed."""

import pytest
from django.core.exceptions import ValidationError as Invalid
from django.urls import reverse
from factories import judges as judging
from factories import prize as make
from pydantic import ValidationError

from judges import assigning, audit, posing, rulebook
from judges.explaining import wishes_in_words
from judges.matching import draw
from judges.models import Assignment, AssignmentRun, Panel, Round
from judges.wishes import USUAL, AssignmentPart, tighter
from prize.governing import Refused

FACES = ("eve", "frank", "gita", "nora", "carla", "bruno")
PLAIN = {"other_field": 0.2, "floor": 0.7, "load_cost": 0.05, "rules": []}


def wishes(**more) -> dict:
    return {**PLAIN, **more}


def rounds(**assignment) -> dict:
    plain = {"stage": "second", "reviews_per_entry": 3, "scale_low": 1, "scale_high": 10, "method": "raw-mean/1"}
    return {"rounds": [plain | {"assignment": assignment}]}


# --- The file, the row, the words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"floor": 0.7}, "other_field"),
        (wishes(floor=1.5), "less than or equal to 1"),
        (wishes(floor=float("nan")), "finite number"),
        (wishes(anchors=-1), "greater than or equal to 0"),
        (wishes(luck=1), "Extra inputs are not permitted"),
        (wishes(earlier="perhaps"), "prefer"),
        (wishes(lots={"cap": 0}), "greater than 0"),
        (wishes(bridges={"share": 0.1}), "per_judge"),
        (wishes(rules=[{"by": "shoe_size", "at_most": 1}]), "country"),
        (wishes(rules=[{"by": "country"}]), "rule by country: give at_most or at_least, and nothing else"),
        (wishes(rules=[{"by": "language", "at_most": 1}]), "rule by language: give like_entry, and nothing else"),
        (wishes(rules=[{"by": "gender", "at_least": {"woman": 0}}]), "at_least counts readers, 1 or more"),
        (wishes(rules=[{"by": "country", "at_most": 1}] * 2), "two rules by country: make them one"),
        (wishes(rules=[{"by": "country", "at_most": 1, "force": "shall"}]), "must"),
    ],
)
def test_a_mistake_in_the_wishes_is_named_with_its_place(given, said):
    with pytest.raises(ValidationError, match=said):
        rulebook.Section.model_validate(rounds(**given))


def test_the_admin_refuses_what_the_rulebook_would_refuse(round):
    round.assignment_rules = wishes(floor=2)
    with pytest.raises(Invalid, match="floor"):
        round.full_clean()
    round.assignment_rules = wishes()
    round.full_clean()


def test_the_wishes_of_a_round_are_exported_as_they_were_loaded(edition, round):
    asked = AssignmentPart.model_validate(
        wishes(
            anchors=2,
            bridges={"share": 0.1, "per_judge": 2},
            lots={"cap": 0.8},
            rules=[{"by": "field", "like_entry": 1}],
        )
    )
    round.assignment_rules = asked.model_dump()
    round.save()
    assert rulebook.describe(edition).rounds[0].assignment == asked
    assert posing.wishes_of(round) == asked


def test_a_round_that_says_nothing_follows_the_usual_and_its_export_says_nothing(edition, round):
    assert posing.wishes_of(round) == USUAL
    assert rulebook.describe(edition).rounds[0].assignment is None


def test_wishes_are_told_in_words():
    asked = AssignmentPart.model_validate(
        wishes(
            anchors=2,
            bridges={"share": 0.05, "per_judge": 1},
            lots={"cap": 0.9},
            rules=[
                {"by": "country", "at_most": 1, "force": "must"},
                {"by": "seniority", "at_least": {"senior": 1}},
                {"by": "gender", "at_least": {"woman": 2}, "force": "may"},
                {"by": "language", "like_entry": 1},
            ],
        )
    )
    assert wishes_in_words(asked)[3:] == [
        "Of each entry: at most 1 reader of one country (insisted on).",
        "Of each entry: at least 1 senior reader (tried).",
        "Of each entry: at least 2 readers (woman) (if it costs little).",
        "Of each entry: at least 1 reader who has named the entry's language (tried).",
        "2 entries are read by every judge who may read them, so that all judges can be compared. They are drawn by lot.",
        "Between panels: 5 % of each panel's reviews, and at least 1 of each judge's, cross to another panel, so that their "
        "scores can be compared; at most 1 on one entry.",
        "Against collusion, who reads what is drawn by lot: nobody gets an entry with a chance above 90 %. The seed of the "
        "draw is published.",
    ]


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        ("prefer", "Of each entry: at least one reader who has marked it in an earlier round (if it costs little)."),
        ("require", "Of each entry: at least one reader who has marked it in an earlier round (insisted on)."),
        ("bar", "Nobody reads an entry again that he or she has marked in an earlier round."),
    ],
)
def test_what_a_later_round_wishes_of_the_readers_before_is_told(earlier, said):
    asked = AssignmentPart.model_validate(wishes(earlier=earlier, over_rounds=True))
    assert wishes_in_words(asked)[3:] == [said, "A judge's own limit counts the entries of earlier rounds too."]


def test_tighter_adds_an_anchor_or_widens_the_bridges():
    assert tighter(USUAL, "anchors").anchors == 1
    once = tighter(USUAL, "bridges")
    twice = tighter(once, "bridges")
    assert [(one.bridges.share, one.bridges.per_judge) for one in (once, twice)] == [(0.05, 1), (0.1, 2)]


# --- What plans make of them -------------------------------------------------------------------------------


@pytest.fixture
def entries(edition, karim, at):
    return [judging.make_entry(edition, by=karim, at=at, title=f"Entry {n}", country="FI") for n in range(6)]


@pytest.fixture
def judges(edition, request, karim, at):
    faces = [request.getfixturevalue(name) for name in FACES]
    for place, face in enumerate(faces):
        face.country = ("KR", "VN", "SE")[place % 3]
        face.save()
    return [
        judging.make_judge(edition, face, by=karim, at=at, gender=("woman", "man")[place % 2])
        for place, face in enumerate(faces)
    ]


@pytest.fixture
def asked(round, karim, at):
    """A draft under these wishes."""

    def draft(**more) -> AssignmentRun:
        round.assignment_rules = AssignmentPart.model_validate(wishes(**more)).model_dump()
        round.save()
        return assigning.draft(round, by=karim, at=at)

    return draft


def readers(run: AssignmentRun) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry, judge in run.plan["pairs"]:
        found.setdefault(entry, set()).add(judge)
    return found


def test_an_anchor_is_drawn_by_lot_and_read_by_everybody(entries, judges, asked, karim, at):
    run = asked(anchors=1)
    (anchor,) = run.options["anchors"]
    everybody = {judge.code for judge in judges}
    assert readers(run)[anchor] == everybody
    assert {len(found) for code, found in readers(run).items() if code != anchor} == {2}
    assert asked(anchors=1).options["anchors"] == [anchor]
    rows = assigning.release(run, by=karim, at=at)
    assert {row.judge.code for row in rows if row.application.code == anchor} == everybody


def test_anchors_may_be_named_when_a_plan_is_drafted(
    entries, judges, round, karim, at, client, django_capture_on_commit_callbacks
):
    client.force_login(karim)
    address = reverse("admin:judges_round_draft", args=[round.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"anchors": entries[3].code})
    run = round.assignment_runs.get()
    page = client.get(reverse("admin:judges_assignmentrun_preview", args=[run.pk])).text
    assert run.options["anchors"] == [entries[3].code]
    assert "Entries that everybody reads" in page
    with pytest.raises(Refused, match="no such entry in this round: NOWHERE"):
        assigning.draft(round, by=karim, at=at, anchors=["NOWHERE"])


def test_a_repair_keeps_the_anchor_read_by_everybody(entries, judges, asked, round, karim, at):
    run = asked(anchors=1)
    assigning.release(run, by=karim, at=at)
    repair = assigning.draft_repair(round, by=karim, at=at)
    assert repair.options["anchors"] == run.options["anchors"]
    assert (repair.plan["moved"], repair.plan["added"], repair.plan["given_up"]) == ([], [], [])


def test_rules_of_the_file_shape_the_panels(entries, judges, asked):
    home = {judge.code: str(judge.person.country) for judge in judges}
    gender = {judge.code: judge.gender for judge in judges}
    mixed = asked(rules=[{"by": "country", "at_most": 1}, {"by": "gender", "at_least": {"woman": 1, "man": 1}}])
    for found in readers(mixed).values():
        assert len({home[code] for code in found}) == 2
        assert {gender[code] for code in found} == {"woman", "man"}
    assert mixed.plan["unmet"] == []


def test_a_rule_that_cannot_be_kept_is_named_with_its_cause_and_one_nobody_can_be_measured_by_is_left_out(
    entries, judges, asked, round
):
    run = asked(rules=[{"by": "region", "at_least": {"moon": 1}}, {"by": "seniority", "at_least": {"senior": 1}}])
    assert {one["rule"] for one in run.plan["unmet"]} <= {"region"}
    assert [rule["name"] for rule in run.question["rules"]] in ([], ["region"])
    run = asked(rules=[{"by": "gender", "at_least": {"other": 1}}])
    assert {(one["rule"], one["line"]) for one in run.plan["unmet"]} == {("gender", "should")}
    assert any("gender" in reason for reason in run.plan["reasons"])


def test_lots_are_drawn_by_the_published_seed_and_can_be_drawn_again(entries, judges, asked):
    run = asked(lots={"cap": 0.5})
    chance = {(entry, judge): share for entry, judge, share in run.plan["lots"]["chances"]}
    assert max(chance.values()) <= 0.5 + 1e-6
    assert {len(found) for found in readers(run).values()} == {2}
    assert [list(pair) for pair in draw(chance, seed=run.options["seed"])] == run.plan["pairs"]
    assert run.plan["status"] == "drawn by lot"
    assert run.plan["bound"] >= run.plan["quality"] - 1e-9
    assert list(audit.plans()) == []


@pytest.fixture
def divided(edition, entries, judges, round):
    """Two categories, each with a panel of three of its own."""
    people = edition.categories.get(key="people")
    other = edition.categories.create(key="other", name={"en": "Other"}, order=9)
    for entry in entries[3:]:
        entry.category = other
        entry.save()
    for category, members in ((people, judges[:3]), (other, judges[3:])):
        Panel.objects.create(round=round, category=category).judges.set(members)
    return {
        judge.code: category.key for category, part in ((people, judges[:3]), (other, judges[3:])) for judge in part
    }


@pytest.mark.parametrize("reviews", [2, 3])
def test_panels_that_share_nobody_are_told_so_and_one_press_drafts_bridges(
    divided, entries, round, karim, at, client, reviews, django_capture_on_commit_callbacks
):
    round.reviews_per_entry = reviews
    round.save()
    run = assigning.draft(round, by=karim, at=at)
    assert not run.plan["connectivity"]["comparable"]
    client.force_login(karim)
    page = client.get(reverse("admin:judges_assignmentrun_preview", args=[run.pk])).text
    assert "The judges hang together too loosely" in page
    assert "Draft again with bridges between panels" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:judges_assignmentrun_bridges", args=[run.pk]))
    bridged = round.assignment_runs.exclude(pk=run.pk).get()
    page = client.get(reverse("admin:judges_assignmentrun_preview", args=[bridged.pk])).text
    assert "The office asked for something else than the rules of the round say" in page
    assert bridged.plan["connectivity"]["comparable"]
    assert bridged.options["wishes"]["bridges"]["share"] == 0.05
    assert bridged.options["beyond_rules"]
    home = {entry.code: entry.category.key for entry in entries}
    across = [(entry, judge) for entry, judge in bridged.plan["pairs"] if home[entry] != divided[judge]]
    if reviews == 3:  # of two readers, one that ties the groups comes before one for each judge
        assert {judge for _entry, judge in across} == set(divided)
    assert max(sum(code == entry for code, _judge in across) for entry in home) == 1
    rows = assigning.release(bridged, by=karim, at=at)
    assert len(rows) == len(bridged.plan["pairs"])
    repair = assigning.draft_repair(round, by=karim, at=at)
    assert (repair.plan["moved"], repair.plan["given_up"]) == ([], [])


def test_without_bridges_a_panel_stays_among_itself_by_hand_too(divided, entries, judges, round, karim, at):
    run = assigning.draft(round, by=karim, at=at)
    home = {entry.code: entry.category.key for entry in entries}
    assert all(home[entry] == divided[judge] for entry, judge in run.plan["pairs"])
    with pytest.raises(Refused, match="not on this category's panel"):
        assigning.assign_by_hand(round, entries[5], judges[0], by=karim, at=at)


def test_an_anchor_crosses_the_panels_and_ties_them(
    divided, round, karim, at, client, django_capture_on_commit_callbacks
):
    run = assigning.draft(round, by=karim, at=at)
    client.force_login(karim)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:judges_assignmentrun_anchors", args=[run.pk]))
    tied = round.assignment_runs.exclude(pk=run.pk).get()
    assert readers(tied)[tied.options["anchors"][0]] == set(divided)
    assert tied.plan["connectivity"]["comparable"]
    assigning.release(tied, by=karim, at=at)
    assert Assignment.objects.standing().count() == len(tied.plan["pairs"])


def test_a_well_tied_plan_offers_no_other(entries, judges, round, karim, at, client):
    round.reviews_per_entry = 4
    round.save()
    run = assigning.draft(round, by=karim, at=at)
    assert run.plan["connectivity"]["precision"] > 0.5
    client.force_login(karim)
    assert "too loosely" not in client.get(reverse("admin:judges_assignmentrun_preview", args=[run.pk])).text


# --- A later round ---------------------------------------------------------------------------------------------


@pytest.fixture
def marked(edition, entries, judges, karim, at):
    """A round before, in which the first judge marked the first entry and the second judge the second."""
    opens, closes = at - make.DAY, at + make.DAY
    stage = edition.stages.create(
        slug="first", kind="round", name={"en": "First"}, order=1, opens_at=opens, closes_at=closes
    )
    before = Round.objects.create(stage=stage, jury=judging.make_jury(edition))
    for key in ("idea", "impact"):
        before.criteria.create(key=key, name={"en": key.title()})
    pairs = [(entries[0], judges[0]), (entries[1], judges[1])]
    for entry, judge in pairs:
        judging.cast(judging.make_assignment(before, entry, judge, by=karim, at=at), at=at, idea=7, impact=7)
    return {(entry.code, judge.code) for entry, judge in pairs}


@pytest.mark.parametrize(("earlier", "line"), [("prefer", "may"), ("require", "must")])
def test_who_has_marked_an_entry_before_reads_it_again_if_the_round_wishes_so(marked, asked, earlier, line):
    run = asked(earlier=earlier)
    assert marked <= {tuple(pair) for pair in run.plan["pairs"]}
    (rule,) = run.question["rules"]
    assert (rule["name"], rule["force"]) == ("earlier", line)
    assert list(audit.plans()) == []


def test_where_fresh_eyes_are_wished_for_nobody_reads_an_entry_twice_by_hand_neither(
    marked, asked, round, entries, judges, karim, at
):
    run = asked(earlier="bar")
    assert not marked & {tuple(pair) for pair in run.plan["pairs"]}
    assert {tuple(pair) for pair in run.question["forbidden"]["earlier"]} == marked
    with pytest.raises(Refused, match="has marked it in an earlier round"):
        assigning.assign_by_hand(round, entries[0], judges[0], by=karim, at=at)


def test_a_limit_over_all_rounds_counts_what_was_read_before(marked, asked, judges):
    judges[0].most_entries = 2
    judges[0].save()
    most = [asked(over_rounds=over).question["judges"][judges[0].code]["most"] for over in (False, True)]
    assert most == [2, 1]

"""A repair moves as little as it can, and nothing that is begun; it tells who loses and gains what, and looks again."""

import threading

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse
from factories import judges as judging
from factories import prize as make

from applications import recusing
from judges import assigning, audit, declaring, marking, posing, recruiting
from judges.matching import load_duals, recompute_bound
from judges.models import Assignment, AssignmentRun, ScoreSheet
from prize import post
from prize.governing import Refused
from prize.models import Letter

ENERGY, HEALTH = ({**judging.entries.ANSWERS, "domain": domain} for domain in ("energy", "health"))


@pytest.fixture
def round(edition):
    return judging.make_round(edition, reviews_per_entry=1)


@pytest.fixture
def wells(edition, karim, at):
    """Of Gita's country: only Eve and Frank may read it."""
    return judging.make_entry(edition, by=karim, at=at, title="Wells", country="VN", answers=ENERGY)


@pytest.fixture
def buses(edition, karim, at):
    """Of Eve's country: only Frank and Gita may read it."""
    return judging.make_entry(edition, by=karim, at=at, title="Night buses", country="NO", answers=HEALTH)


@pytest.fixture
def judges(edition, eve, frank, gita, karim, at):
    """Each takes one entry. Eve knows energy and is of Norway, Frank knows health, and Gita is of Vietnam."""
    eve.country, gita.country = "NO", "VN"
    eve.save()
    gita.save()
    return {
        "eve": judging.make_judge(edition, eve, by=karim, at=at, fields=["energy"], most_entries=1),
        "frank": judging.make_judge(edition, frank, by=karim, at=at, fields=["health"], most_entries=1),
        "gita": judging.make_judge(edition, gita, by=karim, at=at, most_entries=1),
    }


@pytest.fixture
def released(round, wells, buses, judges, karim, at):
    """Eve reads the wells, Frank the buses, Gita nothing."""
    run = assigning.draft(round, by=karim, at=at)
    assigning.release(run, by=karim, at=at)
    assert standing() == {("Wells", "Eve"), ("Night buses", "Frank")}
    return run


@pytest.fixture
def hole(released, wells, eve, at):
    """Eve stands aside. Only Frank may read the wells, and he is full: the buses have to go to Gita."""
    declaring.step_aside(wells.assignments.get(), "personal", by=eve, at=at + make.DAY / 24)
    return wells


@pytest.fixture
def repair(hole, round, karim, at):
    return assigning.draft_repair(round, by=karim, at=at + make.DAY / 12)


@pytest.fixture
def franks_sheet(released, buses):
    return judging.sheet_of(buses.assignments.get())


def standing() -> set[tuple[str, str]]:
    return set(Assignment.objects.standing().values_list("application__title", "judge__person__name"))


def begin(sheet: ScoreSheet, at):
    return marking.save(sheet, {"idea": 7}, version=sheet.version, by=sheet.assignment.judge.person, at=at)


def test_a_repair_says_who_loses_and_gains_what_and_changes_nothing_yet(repair, wells, buses, judges):
    frank, eve, gita = judges["frank"].code, judges["eve"].code, judges["gita"].code
    assert repair.plan["moved"] == [[buses.code, frank]]
    assert repair.plan["given_up"] == [[wells.code, eve, "recused"]]
    assert sorted(repair.plan["added"]) == sorted([[wells.code, frank, "hole"], [buses.code, gita, "swap"]])
    assert next(line for line in repair.plan["lines"] if line["code"] == "moves") == {
        "code": "moves", "unmet": 1.0, "least": 1.0,
    }  # fmt: skip
    assert standing() == {("Night buses", "Frank")}


def test_the_page_tells_it_in_plain_words_before_the_release(repair, client, karim):
    client.force_login(karim)
    page = client.get(reverse("admin:judges_assignmentrun_preview", args=[repair.pk])).text
    for words in (
        "What this repair changes",
        "the judge stands aside from it",
        "to make room elsewhere, not begun yet",
        "fills the place of a judge who is lost to it",
        "takes it over from a judge who makes room elsewhere",
    ):
        assert words in page
    asked = client.get(reverse("admin:judges_assignmentrun_release", args=[repair.pk])).text
    assert "1 assignments that nobody has begun are withdrawn." in asked
    assert "2 assignments are written with an empty sheet each" in asked


def test_a_release_withdraws_what_moves_and_writes_to_those_whose_list_changed(repair, karim, at, eve, frank, gita):
    Letter.objects.all().delete()
    assigning.release(repair, by=karim, at=at + make.DAY)
    assert standing() == {("Wells", "Frank"), ("Night buses", "Gita")}
    moved = Assignment.objects.get(application__title="Night buses", judge__person=frank)
    assert (moved.withdrawn_at, moved.withdrawn_reason) == (at + make.DAY, f"moved by repair {repair.code}")
    assert set(Letter.objects.values_list("kind", "person")) == {
        ("judges.changed", frank.pk), ("judges.assigned", gita.pk),
    }  # fmt: skip
    assert assigning.release(repair, by=karim, at=at + make.DAY) == []


def test_the_letter_tells_what_went_and_what_came_in_both_languages_and_names_no_entry(repair, karim, at, frank):
    assigning.release(repair, by=karim, at=at)
    letter = Letter.objects.get(kind="judges.changed")
    assert post.deliver(letter.pk, at=at)
    sent = mail.outbox[-1]
    assert sent.to == [frank.email]
    assert sent.subject == "1 entry is no longer on your list"
    assert "1 other entry is assigned to you." in sent.body
    assert sent.alternatives[0][1] == "text/html"
    assert "buses" not in sent.body
    assert "Wells" not in sent.body


def test_a_letter_about_what_was_given_back_does_not_go(repair, karim, at, frank, buses, round):
    assigning.release(repair, by=karim, at=at)
    assigning.assign_by_hand(round, buses, frank.judgeships.get(), by=karim, at=at)
    letter = Letter.objects.get(kind="judges.changed")
    assert not post.deliver(letter.pk, at=at)
    letter.refresh_from_db()
    assert letter.state == Letter.State.WITHHELD


def test_what_is_begun_never_moves(hole, round, franks_sheet, karim, at):
    begin(franks_sheet, at)
    repair = assigning.draft_repair(round, by=karim, at=at)
    assert (repair.plan["moved"], repair.plan["added"]) == ([], [])
    assert repair.plan["short"] == {hole.code: 1}
    assert "depends" in " ".join(repair.plan["reasons"])


@pytest.mark.parametrize("deed", ["begin", "cast"])
def test_a_sheet_begun_or_cast_since_the_draft_stops_the_release_and_nothing_is_changed(
    repair, franks_sheet, karim, at, deed
):
    letters = Letter.objects.count()
    begin(franks_sheet, at)
    if deed == "cast":
        sheet = begin(ScoreSheet.objects.get(pk=franks_sheet.pk), at)
        marking.enter(sheet, {"idea": 7, "impact": 8}, by=sheet.assignment.judge.person, at=at, comment="Good.")
    with pytest.raises(Refused, match=r"begun meanwhile .*Draft the repair again"):
        assigning.release(repair, by=karim, at=at)
    assert standing() == {("Night buses", "Frank")}
    assert AssignmentRun.objects.get(pk=repair.pk).released_at is None
    assert Letter.objects.count() == letters


def test_a_kept_assignment_that_vanished_since_the_draft_stops_the_release(repair, buses, frank, karim, at):
    declaring.step_aside(buses.assignments.get(), "personal", by=frank, at=at)
    with pytest.raises(Refused, match="Assignments have changed since"):
        assigning.release(repair, by=karim, at=at)
    assert standing() == set()


def test_a_hole_filled_by_hand_since_the_draft_is_not_filled_twice(repair, round, wells, judges, karim, at):
    assigning.assign_by_hand(round, wells, judges["frank"], by=karim, at=at)
    with pytest.raises(Refused, match="Assignments have changed since"):
        assigning.release(repair, by=karim, at=at)


def test_the_entries_of_a_judge_who_steps_down_are_given_up_and_taken_over(released, round, judges, karim, at, buses):
    recruiting.step_down(judges["frank"], by=karim, at=at + make.DAY / 24)
    repair = assigning.draft_repair(round, by=karim, at=at + make.DAY / 12)
    assert repair.plan["given_up"] == [[buses.code, judges["frank"].code, "lost"]]
    assert repair.plan["added"] == [[buses.code, judges["gita"].code, "hole"]]
    assert repair.plan["moved"] == []
    assigning.release(repair, by=karim, at=at + make.DAY)
    assert standing() == {("Wells", "Eve"), ("Night buses", "Gita")}


def test_a_pair_barred_since_is_given_up_at_the_release_and_not_before(
    released, round, buses, judges, frank, karim, at
):
    recusing.stand_aside(buses, frank, "professional", by=karim, at=at)
    repair = assigning.draft_repair(round, by=karim, at=at)
    assert repair.plan["given_up"] == [[buses.code, judges["frank"].code, "recused"]]
    assert ("Night buses", "Frank") in standing()
    assigning.release(repair, by=karim, at=at)
    assert standing() == {("Wells", "Eve"), ("Night buses", "Gita")}
    assert buses.assignments.get(judge__person=frank).withdrawn_reason == "conflict: recused"


def test_a_cast_sheet_that_has_come_to_be_barred_stays_for_two_people_to_decide(
    released, round, buses, judges, frank, karim, at, client
):
    judging.cast(buses.assignments.get(), at=at, idea=7, impact=8)
    frank.country = "NO"
    frank.save()
    repair = assigning.draft_repair(round, by=karim, at=at)
    assert repair.plan["spared"] == [[buses.code, judges["frank"].code]]
    assert (repair.plan["given_up"], repair.plan["moved"]) == ([], [])
    client.force_login(karim)
    page = client.get(reverse("admin:judges_assignmentrun_preview", args=[repair.pk])).text
    assert "only two people can take a cast sheet away" in page
    assigning.release(repair, by=karim, at=at)
    assert ("Night buses", "Frank") in standing()


def test_an_extra_reader_given_by_hand_stays(released, round, buses, judges, karim, at):
    assigning.assign_by_hand(round, buses, judges["gita"], by=karim, at=at)
    repair = assigning.draft_repair(round, by=karim, at=at)
    assert (repair.plan["moved"], repair.plan["given_up"], repair.plan["added"]) == ([], [], [])


def test_the_bound_of_a_released_repair_is_added_up_again_whatever_has_changed_since(
    repair, karim, at, edition, judges
):
    assigning.release(repair, by=karim, at=at)
    recruiting.step_down(judges["gita"], by=karim, at=at)
    judging.make_entry(edition, by=karim, at=at, title="A late one", country="NO")
    run = AssignmentRun.objects.get(pk=repair.pk)
    problem = posing.problem_of(run.question)
    assert problem.kept is not None
    assert problem.digest == run.inputs_digest
    assert recompute_bound(problem, load_duals(problem, run.plan["duals"])) == run.plan["bound"]
    assert list(audit.plans()) == []


def test_the_audit_names_a_plan_whose_question_or_bound_is_another(repair):
    AssignmentRun.objects.filter(pk=repair.pk).update(plan=repair.plan | {"bound": repair.plan["bound"] + 1})
    assert list(audit.plans()) == [f"{repair.code}: added up again, the bound is another"]
    AssignmentRun.objects.filter(pk=repair.pk).update(plan=repair.plan | {"quality": repair.plan["quality"] + 1})
    assert list(audit.plans()) == [f"{repair.code}: counted again, the quality is another"]
    moves = repair.plan["proofs"]["moves"]
    free = repair.plan | {"proofs": {"moves": moves | {"entry": {}, "judge": {}, "band": []}}}
    AssignmentRun.objects.filter(pk=repair.pk).update(plan=free)
    assert list(audit.plans()) == [f"{repair.code}: added up again, the least unmet on line moves is another"]
    AssignmentRun.objects.filter(pk=repair.pk).update(question=repair.question | {"floor": 0.1})
    assert list(audit.plans()) == [f"{repair.code}: what was asked is no longer what the plan answers"]


# --- Two at the same instant -------------------------------------------------------------------------------


def one_holds_and_the_other_waits(first, second) -> list[str]:
    """``first`` has done its part and not yet committed when ``second`` comes; what each was told."""
    done, told = threading.Event(), {}

    def hold():
        try:
            with transaction.atomic():
                first()
                done.set()
                waiting.wait(1.0)  # long enough for the other to come to the lock, and it cannot pass
            told["first"] = "done"
        finally:
            connection.close()

    def come():
        done.wait()
        try:
            second()
            told["second"] = "done"
        except Refused as refusal:
            told["second"] = str(refusal)
        finally:
            waiting.set()
            connection.close()

    waiting = threading.Event()
    threads = [threading.Thread(target=deed) for deed in (hold, come)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [told["first"], told["second"]]


@pytest.mark.django_db(transaction=True)
def test_a_judge_who_begins_while_the_repair_is_released_is_told_so(lifted_seals, repair, franks_sheet, karim, at):
    told = one_holds_and_the_other_waits(
        lambda: assigning.release(repair, by=karim, at=at), lambda: begin(franks_sheet, at)
    )
    assert told == ["done", "This entry is no longer assigned to you."]
    assert standing() == {("Wells", "Frank"), ("Night buses", "Gita")}
    franks_sheet.refresh_from_db()
    assert franks_sheet.state == "untouched"


@pytest.mark.django_db(transaction=True)
def test_a_repair_released_while_a_judge_begins_is_refused(lifted_seals, repair, franks_sheet, karim, at):
    first, second = one_holds_and_the_other_waits(
        lambda: begin(franks_sheet, at), lambda: assigning.release(repair, by=karim, at=at)
    )
    assert first == "done"
    assert "begun meanwhile" in second
    assert standing() == {("Night buses", "Frank")}
    assert AssignmentRun.objects.get(pk=repair.pk).released_at is None


@pytest.mark.django_db(transaction=True)
def test_of_a_release_and_a_judge_who_begins_at_once_one_is_told_and_no_begun_sheet_is_moved(
    lifted_seals, repair, franks_sheet, karim, at
):
    ready, told = threading.Barrier(2), []

    def do(name, deed):
        try:
            ready.wait()
            deed()
            told.append(name)
        except Refused:
            pass
        finally:
            connection.close()

    deeds = {"release": lambda: assigning.release(repair, by=karim, at=at), "begin": lambda: begin(franks_sheet, at)}
    threads = [threading.Thread(target=do, args=one) for one in deeds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    begun = ScoreSheet.objects.exclude(version=1).filter(assignment__withdrawn_at__isnull=False)
    assert not begun.exists()

"""Assignment: conflicts are respected twice, a release happens once, a repair moves nothing."""

from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from factories import judges as judging
from factories import prize as make

from applications import recusing
from judges import assigning, board, declaring, marking, posing, tasks
from judges.matching import load_duals, recompute_bound
from judges.models import Assignment, AssignmentRun, ScoreSheet
from prize.governing import Refused
from prize.models import LedgerEntry, Letter


@pytest.fixture
def entries(edition, karim, at):
    return [judging.make_entry(edition, by=karim, at=at, title=f"Entry {n}", country="NO") for n in range(6)]


@pytest.fixture
def panel(judge_eve, judge_frank, judge_gita):
    return [judge_eve, judge_frank, judge_gita]


@pytest.fixture
def run(round, entries, panel, karim, at):
    return assigning.draft(round, by=karim, at=at)


def test_a_draft_assigns_nobody_and_keeps_its_proof(run):
    assert (run.plan["filled"], run.plan["wanted"], run.plan["short"]) == (12, 12, {})
    assert sum(run.plan["loads"].values()) == 12
    assert max(run.plan["loads"].values()) - min(run.plan["loads"].values()) <= 1
    assert run.plan["share_of_best"] > 0.9999
    assert run.plan["worst_served"]
    assert {one["judge"] for one in run.plan["uncovered"]} <= set(run.plan["loads"])
    assert run.plan["connectivity"]["comparable"]
    assert not Assignment.objects.exists()


# --- A worker works it out ---------------------------------------------------------------------------------


@pytest.fixture
def asked(round, entries, panel, karim, at):
    return assigning.ask_for_draft(round, by=karim, at=at)


def test_whoever_asks_for_a_plan_waits_for_no_solver(asked, karim, at, sign_in):
    browser, address = sign_in(karim), reverse("admin:judges_assignmentrun_preview", args=[asked.pk])
    assert "The plan is being worked out" in browser.get(address).text
    assert browser.get(reverse("admin:judges_assignmentrun_changelist")).status_code == 200
    with pytest.raises(Refused, match="not worked out yet"):
        assigning.release(asked, by=karim, at=at)
    tasks.work_out_plan(asked.pk)
    assert "A draft: nobody is assigned before it is released." in browser.get(address).text
    asked.refresh_from_db()
    assert len(assigning.release(asked, by=karim, at=at)) == 12


def test_two_workers_at_one_plan_keep_it_once(asked, at):
    stale = AssignmentRun.objects.get(pk=asked.pk)
    first = assigning.work_out(asked, at=at).plan
    assert assigning.work_out(stale, at=at).plan == first
    assigning.store(stale, asked.question, first | {"filled": 0}, at=at)  # by one who began before the other ended
    asked.refresh_from_db()
    assert asked.plan == first
    assert LedgerEntry.objects.filter(act="assignment.drafted", subject=asked.code).count() == 1


def test_a_sweep_finds_the_plan_that_a_dead_worker_left(asked, at):
    assert assigning.sweep(at=at) == 0, "a worker may still be at it"
    assert assigning.sweep(at=at + 2 * assigning.PATIENCE) == 1
    asked.refresh_from_db()
    assert asked.plan["filled"] == 12
    assert assigning.sweep(at=at + 3 * assigning.PATIENCE) == 0


def test_a_plan_that_cannot_be_worked_out_says_why_and_is_not_tried_for_ever(asked, karim, at, sign_in):
    AssignmentRun.objects.filter(pk=asked.pk).update(question=asked.question | {"k": "many"})
    asked.refresh_from_db()
    assigning.work_out(asked, at=at)
    page = sign_in(karim).get(reverse("admin:judges_assignmentrun_preview", args=[asked.pk])).text
    assert "The plan could not be worked out" in page
    assert asked.problem in unescape(page)
    assert assigning.sweep(at=at + 2 * assigning.PATIENCE) == 0


def test_the_bound_of_a_stored_plan_is_added_up_again_from_its_stored_prices(run, round):
    run.refresh_from_db()
    problem = posing.problem_of(run.question)
    assert problem.digest == run.inputs_digest
    assert recompute_bound(problem, load_duals(problem, run.plan["duals"])) == run.plan["bound"]


def test_a_release_writes_assignments_empty_sheets_and_one_letter_for_each_judge(run, karim, at):
    rows = assigning.release(run, by=karim, at=at)
    assert {(row.application.code, row.judge.code) for row in rows} == {tuple(pair) for pair in run.plan["pairs"]}
    assert ScoreSheet.objects.filter(cast_at=None, assignment__in=rows).count() == 12
    letters = Letter.objects.filter(kind="judges.assigned")
    assert sorted(letter.person.name for letter in letters) == ["Eve", "Frank", "Gita"]


def test_releasing_twice_does_nothing(run, karim, at):
    assigning.release(run, by=karim, at=at)
    assert assigning.release(run, by=karim, at=at) == []
    assert (Assignment.objects.count(), Letter.objects.filter(kind="judges.assigned").count()) == (12, 3)


def test_a_released_plan_is_sealed(run, karim, at):
    assigning.release(run, by=karim, at=at)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        AssignmentRun.objects.update(plan={})


def test_nobody_gets_the_entries_of_the_own_organisation_or_country_or_what_was_declared(
    edition, round, karim, at, eve, frank, gita
):
    harbour, hill = make.make_organisation("Harbour"), make.make_organisation("Hill")
    eve.country = "VN"
    eve.save()
    of_eves_country = judging.make_entry(edition, by=karim, at=at, country="VN")
    of_franks_house = judging.make_entry(edition, by=karim, at=at, organisation=harbour, country="NO")
    gita_declared = judging.make_entry(edition, by=karim, at=at, organisation=hill, country="NO")
    eve, frank, nora = (
        judging.make_judge(edition, eve, by=karim, at=at),
        judging.make_judge(edition, frank, by=karim, at=at, organisation=harbour),
        judging.make_judge(edition, gita, by=karim, at=at, until="pledged"),
    )
    declaring.declare(nora, [hill], by=gita, at=at)
    run = assigning.draft(round, by=karim, at=at)
    barred = (of_eves_country, of_franks_house, gita_declared)
    read = {entry: {judge for code, judge in run.plan["pairs"] if code == entry.code} for entry in barred}
    assert read == {
        of_eves_country: {frank.code, nora.code},
        of_franks_house: {eve.code, nora.code},
        gita_declared: {eve.code, frank.code},
    }


def test_a_conflict_that_arose_since_the_draft_stops_the_release(run, karim, eve, entries, at):
    entry, _judge = next(pair for pair in run.plan["pairs"] if pair[1] == eve.judgeships.get().code)
    recusing.stand_aside(next(e for e in entries if e.code == entry), eve, "personal", by=karim, at=at)
    with pytest.raises(Refused, match="no longer possible"):
        assigning.release(run, by=karim, at=at)
    assert not Assignment.objects.exists()
    assert AssignmentRun.objects.get().released_at is None


def test_an_entry_withdrawn_since_the_draft_stops_the_release(run, karim, entries, at):
    from applications import lifecycle

    lifecycle.disqualify(entries[0], by=karim, at=at, reason="It was never in scope.")
    with pytest.raises(Refused, match="no longer possible"):
        assigning.release(run, by=karim, at=at)


def test_a_repair_fills_the_hole_and_moves_nothing(run, eve, karim, at):
    rows = assigning.release(run, by=karim, at=at)
    kept = judging.cast(rows[0], at=at, idea=8, impact=7)
    left = next(row for row in rows if row.judge.person == eve and row.pk != rows[0].pk)
    before = set(Assignment.objects.standing().values_list("application", "judge")) - {
        (left.application_id, left.judge_id)
    }
    declaring.step_aside(left, "personal", by=eve, at=at)
    assert [entry.code for entry in board.coverage(run.round).unassigned] == [left.application.code]
    repair = assigning.draft_repair(run.round, by=karim, at=at)
    new = assigning.release(repair, by=karim, at=at)
    after = set(Assignment.objects.standing().values_list("application", "judge"))
    assert [row.application for row in new] == [left.application]
    assert after - before == {(new[0].application_id, new[0].judge_id)}
    assert before <= after
    assert new[0].judge.person != eve
    assert marking.marks_of(kept)
    assert board.coverage(run.round).unassigned == []


def test_an_assignment_by_hand_asks_the_same_conflicts(round, entry, judge_eve, eve, karim, at):
    recusing.stand_aside(entry, eve, "personal", by=karim, at=at)
    with pytest.raises(Refused, match="stands aside"):
        assigning.assign_by_hand(round, entry, judge_eve, by=karim, at=at)


def test_only_the_secretariat_assigns(round, entries, panel, mio, gita, at):
    for person in (mio, gita):
        with pytest.raises(Refused, match="Only the secretariat"):
            assigning.draft(round, by=person, at=at)


def test_a_judge_whose_field_it_is_comes_first(edition, karim, at, eve, frank, nora):
    round = judging.make_round(edition, reviews_per_entry=1)
    made = [
        judging.make_entry(
            edition, by=karim, at=at, country="NO", answers={**judging.entries.ANSWERS, "domain": domain}
        )
        for domain in ("energy", "health")
    ]
    health = judging.make_judge(edition, eve, by=karim, at=at, fields=["health"])
    energy = judging.make_judge(edition, frank, by=karim, at=at, fields=["energy"])
    run = assigning.draft(round, by=karim, at=at)
    assert {tuple(pair) for pair in run.plan["pairs"]} == {(made[0].code, energy.code), (made[1].code, health.code)}

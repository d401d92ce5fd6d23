"""Assignment: conflicts are respected twice, a release happens once, a repair moves nothing."""

from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation
from factories import judges as judging
from factories import prize as make

from applications import recusing
from judges import assigning, board, declaring, marking, posing, tasks
from judges.explaining import failure_in_words
from judges.matching import ProblemError, load_duals, recompute_bound
from judges.models import Assignment, AssignmentRun, ScoreSheet
from prize import canonical
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


def test_a_plan_at_which_every_worker_dies_is_given_up_and_said_to_be(asked, karim, at, sign_in):
    assert assigning.sweep(at=at + assigning.GIVE_UP) == 0
    page = sign_in(karim).get(reverse("admin:judges_assignmentrun_preview", args=[asked.pk])).text
    assert "never came to its end" in page


def test_a_plan_that_cannot_be_worked_out_says_why_and_is_not_tried_for_ever(asked, karim, at, sign_in):
    AssignmentRun.objects.filter(pk=asked.pk).update(question=asked.question | {"k": "many"})
    asked.refresh_from_db()
    assigning.work_out(asked, at=at)
    page = unescape(sign_in(karim).get(reverse("admin:judges_assignmentrun_preview", args=[asked.pk])).text)
    assert "The plan could not be worked out" in page
    assert failure_in_words(asked.failure, {}) in page
    assert assigning.sweep(at=at + 2 * assigning.PATIENCE) == 0


def test_why_a_plan_could_not_be_worked_out_is_told_in_the_readers_language(asked, at, monkeypatch):
    def fails(*_question):
        raise RuntimeError("disk")

    monkeypatch.setattr(assigning, "drafted", fails)
    with translation.override("ko"):  # whatever language the worker is in
        run = assigning.work_out(asked, at=at)
    assert run.failure == {"code": "stopped", "figures": {"error": "disk"}}
    assert failure_in_words(run.failure, {}) == "The computation stopped: disk"
    with translation.override("ko"):
        assert failure_in_words(run.failure, {}) not in ("", "The computation stopped: disk")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (assigning.OutOfTime(), "Time was up before the lots could be drawn."),
        (ProblemError("lock_forbidden", entry="E1", judge="J1", why="country, own"), "Eve cannot be made to read E1"),
        (ProblemError("lock_forbidden", entry="E1", judge="J1", why="country, own"), "own country, own entry"),
        (ProblemError("lock_exceeds_k", who="E1", locks=3, limit=2), "You insist on 3 readers of E1, which gets 2"),
        (ProblemError("lock_exceeds_max_load", who="J1", locks=3, limit=2), "3 entries for Eve, who takes at most 2"),
        (ProblemError("min_above_max", judge="J1", low=3, high=2), "Eve would have to read at least 3 entries"),
        (ProblemError("too_many_codes", number=33), "could not be put to the computation: There are 33 reason codes"),
    ],
)
def test_each_failure_has_words_with_names(error, said):
    assert said in failure_in_words(assigning.failure_of(error), {"J1": "Eve"})


def test_the_bound_of_a_stored_plan_is_added_up_again_from_its_stored_prices(run, round):
    run.refresh_from_db()
    problem = posing.problem_of(run.question)
    assert problem.digest == run.inputs_digest
    assert recompute_bound(problem, load_duals(problem, run.plan["duals"])) == run.plan["bound"]


# --- What the office sees of it ----------------------------------------------------------------------------


def shown(sign_in, karim, run):
    return unescape(sign_in(karim).get(reverse("admin:judges_assignmentrun_preview", args=[run.pk])).text)


def test_the_page_says_wish_by_wish_what_is_kept_and_what_is_proven_of_the_rest(run, karim, sign_in):
    page = shown(sign_in, karim, run)
    assert "Every entry gets its reviews. <strong>Kept.</strong>" in page
    assert "Of each entry: at most 1 reader of one country (tried)." in page
    wishes = [line for line in page.split("<li>") if "<strong>" in line]
    unmet = {one["rule"] for one in run.plan["unmet"]}
    assert sum("Not kept in" in line for line in wishes) == len(unmet)
    assert sum("Proven: no plan could keep more" in line for line in wishes) == len(unmet), (
        "all is proven on so small a plan"
    )
    assert "nothing better exists: proven" in page


def test_a_wish_that_is_not_kept_is_named_with_its_entries(round, entries, panel, karim, at, sign_in):
    rules = [{"by": "seniority", "at_least": {"senior": 1}, "force": "must"}]
    round.assignment_rules = {"other_field": 0.2, "floor": 0.7, "load_cost": 0.05, "rules": rules}
    round.save()
    panel[0].seniority, panel[0].most_entries = "senior", 2
    panel[0].save()
    page = shown(sign_in, karim, assigning.draft(round, by=karim, at=at))
    assert "at least 1 senior reader (insisted on). <strong>Not kept in 4 cases: " in page
    assert "Rule “readers' seniority” (senior) cannot be kept, 4 short" in page


def test_a_second_draft_says_what_is_other_than_in_the_first(run, round, karim, at, sign_in):
    assert "Beside plan" not in shown(sign_in, karim, run)
    again = assigning.draft(round, by=karim, at=at)
    assert f"It assigns the same as plan {run.code}." in shown(sign_in, karim, again)
    free = next(
        (e, j) for e in run.question["entries"] for j in run.question["judges"] if [e, j] not in run.plan["pairs"]
    )
    other = assigning.draft(round, by=karim, at=at, locks=[free])
    assert f"Beside plan {again.code}: " in shown(sign_in, karim, other)


def test_every_reason_for_which_a_pair_is_barred_is_counted(edition, round, eve, frank, karim, at, sign_in):
    harbour = make.make_organisation("Harbour")
    eve.country = "VN"
    eve.save()
    entry = judging.make_entry(edition, by=karim, at=at, country="VN", organisation=harbour)
    judging.make_judge(edition, eve, by=karim, at=at, organisation=harbour, fields=["health"])
    judging.make_judge(edition, frank, by=karim, at=at, fields=["health"])
    run = assigning.draft(round, by=karim, at=at)
    (eves,) = run.question["forbidden"]["employer"]
    assert run.question["forbidden"]["country"] == [eves]
    assert run.plan["worst_served"][0]["barred"] == {"country": 1, "employer": 1}
    page = shown(sign_in, karim, run)
    assert entry.code in page
    assert (
        "Of the pairs of these entries and all judges are barred, the reasons overlapping: own country 1, own" in page
    )


def test_whom_the_office_insists_on_is_kept_with_its_price_and_stays_in_a_repair(
    run, round, entries, judge_eve, eve, karim, at, client, sign_in, django_capture_on_commit_callbacks
):
    entry = next(e for e in entries if [e.code, judge_eve.code] not in run.plan["pairs"])
    address = reverse("admin:judges_round_draft", args=[round.pk])
    client.force_login(karim)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"locks": f"{entry.code} eve\n\n"})
    held = round.assignment_runs.exclude(pk=run.pk).get()
    assert held.question["locks"] == [[entry.code, judge_eve.code]]
    assert held.options["beyond_rules"]
    assert LedgerEntry.objects.get(act="assignment.drafted", subject=held.code).facts["insisted"] == 1
    assert [entry.code, judge_eve.code] in held.plan["pairs"]
    (cost,) = held.plan["lock_costs"]
    assert (cost["entry"], cost["judge"]) == (entry.code, judge_eve.code)
    assert cost["cost"] == pytest.approx(run.plan["quality"] - held.plan["quality"], abs=0.2)
    assert "Pairs that the office insisted on, and what each costs" in shown(sign_in, karim, held)
    assigning.release(held, by=karim, at=at)
    assert assigning.draft_repair(round, by=karim, at=at).question["locks"] == [[entry.code, judge_eve.code]]
    declaring.step_aside(entry.assignments.get(judge=judge_eve), "personal", by=eve, at=at)
    assert assigning.draft_repair(round, by=karim, at=at).question["locks"] == []


def test_a_pair_that_cannot_be_insisted_on_is_refused_in_words(round, entries, panel, judge_eve, eve, karim, at):
    with pytest.raises(Refused, match="names no entry and judge of this round"):
        posing.locks_in("NOWHERE Eve", round)
    with pytest.raises(Refused, match="names no entry and judge of this round"):
        posing.locks_in(f"{entries[0].code} Nobody", round)
    recusing.stand_aside(entries[0], eve, "personal", by=karim, at=at)
    with pytest.raises(Refused, match=f"Eve cannot be made to read {entries[0].code}, for it is barred: stands aside"):
        assigning.ask_for_draft(round, by=karim, at=at, locks=posing.locks_in(f"{entries[0].code} Eve", round))


def test_a_release_writes_assignments_empty_sheets_and_one_letter_for_each_judge(run, karim, at):
    rows = assigning.release(run, by=karim, at=at)
    assert {(row.application.code, row.judge.code) for row in rows} == {tuple(pair) for pair in run.plan["pairs"]}
    assert ScoreSheet.objects.filter(cast_at=None, assignment__in=rows).count() == 12
    letters = Letter.objects.filter(kind="judges.assigned")
    assert sorted(letter.person.name for letter in letters) == ["Eve", "Frank", "Gita"]


def test_the_ledger_commits_to_who_reads_what_and_not_only_to_what_was_asked(run, karim, at):
    assigning.release(run, by=karim, at=at)
    rows = Assignment.objects.standing().values_list("application__code", "judge__code")
    digest = canonical.digest(sorted(list(row) for row in rows))
    for act in ("assignment.drafted", "assignment.released"):
        assert LedgerEntry.objects.get(act=act).facts["plan"] == digest
    assert digest != run.inputs_digest


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

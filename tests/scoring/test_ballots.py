from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prize.scoring import Refusal, ScoringError, aggregate_ranks, bradley_terry, plackett_luce
from prize.scoring.ballots import read_ballots
from prize.scoring.kemeny import cost, kemeny
from prize.scoring.pairwise import borda, schulze_strengths
from prize.scoring.stv import stv
from prize.scoring.worth import _ranked, _stages

DECISIVE = ["borda/1", "copeland/1", "schulze/1", "kemeny/1"]


def names(outcome) -> str:
    return " > ".join("=".join(group) for group in outcome.order())


def test_schulzes_own_example(known):
    case = known["schulze_45"]
    outcome = aggregate_ranks([tuple(pair) for pair in case["ballots"]])
    assert "".join(entry for group in outcome.order() for entry in group) == case["order"]
    assert schulze_strengths(outcome.prefers).tolist() == case["strengths_rows_ABCDE"]


def test_debian_2002(known):
    case = known["debian_2002"]
    beats = np.array(case["beats"])
    strength = schulze_strengths(beats)
    assert (beats > beats.T).sum(axis=1).tolist() == case["wins"]
    assert case["options"][int((strength > strength.T).sum(axis=1).argmax())] == case["winner"]


@pytest.mark.parametrize("report", ["report27", "report88"])
def test_the_wine_tastings_by_rank_sum(known, report):
    case = known["kendall_w_quandt"][report]
    wines = range(len(case["rank_sums"]))
    outcome = aggregate_ranks([dict(zip(wines, ranks, strict=True)) for ranks in case["ranks"]], "borda/1")
    judges = len(case["ranks"])
    assert [judges * len(wines) - points for points in outcome.score] == case["rank_sums"]
    assert list(outcome.place) == case.get("group_rank_min_ties", list(outcome.place))
    agreement = next(step for step in outcome.working.steps if step.name == "agreement")
    assert agreement.figures["W"] == pytest.approx(case["W"], abs=5e-5)


def test_the_food_election(known, rows):
    case = known["food_election_stv"]
    ballots = [
        {food: None if place == "NA" else int(place) for food, place in row.items()}
        for row in rows("food_election.tsv", "\t")
    ]
    outcome = aggregate_ranks(ballots, "stv-droop/1", seats=case["seats"])
    assert [entry for group in outcome.order() for entry in group] == case["elected_in_order"]
    assert outcome.rounds[0].votes == case["first_preferences"]
    assert outcome.rounds[1].votes == case["after_first_transfer"]
    assert outcome.place[outcome.entries.index("Pears")] is None


def test_the_journals_by_bradley_and_terry(known, rows):
    case, table = known["citations_bradley_terry"], rows("citations.csv")
    journals = [row[""] for row in table]
    wins = np.array([[float(row[name]) for name in journals] for row in table])
    fitted = bradley_terry(wins, reference=journals.index("Biometrika"))
    assert dict(zip(journals, fitted.ability, strict=True)) == pytest.approx(case["ability"], abs=1e-6)
    errors = dict(zip(journals, fitted.se, strict=True))
    assert {name: errors[name] for name in case["se"]} == pytest.approx(case["se"], abs=1e-6)


@pytest.fixture
def pudding(rows):
    wins, ties = np.zeros((6, 6)), np.zeros((6, 6))
    for row in rows("pudding.csv"):
        i, j = int(row["i"]) - 1, int(row["j"]) - 1
        wins[i, j], wins[j, i], ties[i, j] = int(row["w_ij"]), int(row["w_ji"]), int(row["t_ij"])
    return wins, ties


def test_the_puddings_with_ties_by_davidson(known, pudding):
    case = known["pudding_davidson_ties"]
    wins, ties = pudding
    fitted = bradley_terry(wins, ties + ties.T)
    assert fitted.worth == pytest.approx(case["worth_MLE"], abs=1e-6)
    assert fitted.ties[2] == pytest.approx(case["nu_MLE"], abs=1e-6)
    assert fitted.worth == pytest.approx(case["worth_published_7_iterations"], abs=case["tol"])


def test_equals_on_a_ballot_are_measured_by_the_second_bradley_terry_and_left_out_by_the_first():
    ballots = [["A", ["B", "C"]], [["A", "B"], "C"], ["C", "A", "B"], ["B", "A"], {"C": 1, "A": 1, "B": None}]
    outcome = aggregate_ranks(ballots, "bradley-terry/2")
    ties = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    fitted = bradley_terry(outcome.prefers, ties)
    assert outcome.score == pytest.approx(fitted.ability, abs=1e-9)
    assert outcome.working.steps[0].figures["tie of 2"] == pytest.approx(fitted.ties[2])
    first = aggregate_ranks(ballots, "bradley-terry/1")
    assert first.score == pytest.approx(bradley_terry(outcome.prefers).ability, abs=1e-9)
    one, two = (aggregate_ranks(["AB", "BA", "AB"], f"bradley-terry/{version}") for version in (1, 2))
    assert one.score == two.score


def test_the_gradient_of_rankings_with_ties_is_right():
    rng = np.random.Generator(np.random.Philox(2))
    groups = [[[0, 1], [2], [3]], [[3], [0, 2, 4]], [[4], [1, 3]], [[2], [1], [0]]]
    stages = [stage for each in groups for stage in _stages(each, 5, 1.5)]
    x = rng.normal(size=7)
    value, gradient = _ranked(x, stages, [2, 3], 5)
    for place in range(7):
        step = np.zeros(7)
        step[place] = 1e-6
        slope = (_ranked(x + step, stages, [2, 3], 5)[0] - _ranked(x - step, stages, [2, 3], 5)[0]) / 2e-6
        assert gradient[place] == pytest.approx(slope, abs=1e-6)


def test_the_chances_of_all_choices_of_a_stage_add_up_to_one():
    x = np.array([0.3, -0.5, 1.1, np.log(0.4)])
    left = np.arange(3)
    picks = [[0], [1], [2], [0, 1], [0, 2], [1, 2]]
    chances = [np.exp(_ranked(x, [(np.array(pick), left, 1.0)], [2], 3)[0]) for pick in picks]
    assert sum(chances) == pytest.approx(1.0)


def test_rankings_of_two_are_bradley_and_terry(pudding):
    wins, ties = pudding
    ballots, weights = [], []
    for a, b in ((a, b) for a in range(6) for b in range(6) if a != b):
        ballots.append([[a], [b]])
        weights.append(wins[a, b])
    two = plackett_luce([[[a], [b]] for a, b in ((0, 1), (1, 0))], 2, [19.0, 22.0])
    assert two.worth[0] == pytest.approx(19 / 41, abs=1e-6)


def test_a_worth_without_bound_is_refused_unless_a_ghost_plays_along():
    with pytest.raises(Refusal, match="ghost"):
        bradley_terry(np.array([[0, 3], [0, 0]]))
    with pytest.raises(Refusal, match="ghost"):
        aggregate_ranks(["AB", "AB"], "plackett-luce/1")
    fitted = bradley_terry(np.array([[0, 3], [0, 0]]), ghost=0.5)
    assert fitted.worth[0] > fitted.worth[1] > 0
    assert aggregate_ranks(["AB", "AB"], "plackett-luce/1", ghost=0.5).place == (1, 2)
    assert aggregate_ranks(["AB", "AB"], "bradley-terry/1", ghost=0.5).place == (1, 2)


def test_nothing_but_ties_has_no_worth_to_measure():
    with pytest.raises(Refusal, match="nothing but ties"):
        bradley_terry(np.zeros((2, 2)), np.array([[0, 3], [3, 0]]))


@pytest.mark.parametrize("method", [*DECISIVE, "bradley-terry/1", "bradley-terry/2", "plackett-luce/1"])
def test_a_unanimous_jury_is_obeyed(method):
    assert names(aggregate_ranks(["BCA"] * 3, method, ghost=0.5)) == "B > C > A"


@pytest.mark.parametrize("method", ["borda/1", "copeland/1", "schulze/1"])
def test_a_perfect_tie_shares_the_place(method):
    outcome = aggregate_ranks(["AB", "BA"], method)
    assert outcome.place == (1, 1)
    assert outcome.tie_groups == ((0, 1),)


def test_whoever_is_beaten_by_nobody_comes_first_by_schulze():
    assert names(aggregate_ranks([(2, "ABC"), (2, "BCA"), (1, "CAB")])) == "A=B > C"


def test_ties_and_gaps_inside_ballots_count_for_nobody():
    outcome = aggregate_ranks([{"A": 1, "B": 1, "C": 2, "D": None}], "copeland/1")
    assert outcome.prefers.tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert names(outcome) == "A=B > C > D"


def test_bordas_points_add_up_whatever_the_ties():
    points = borda("ABCD", [[["A", "B"], ["C"]], [["D"]], [["B"], ["A", "C", "D"]]])
    assert sum(points) == 3 * 6
    assert points[0] == Fraction(5, 2) + 1 + 1


def test_borda_says_how_far_the_ballots_agree_where_that_means_anything():
    def agreement(*ballots):
        steps = aggregate_ranks(ballots, "borda/1").working.steps
        return [step.figures["W"] for step in steps if step.name == "agreement"]

    assert agreement((3, "ABC")) == [1.0]
    assert agreement("ABC", "CBA") == [0.0]
    assert agreement("ABC", "ABC", "CBA") == agreement((2, "ABC"), "CBA") == [pytest.approx(1 / 9)]
    assert agreement("ABC") == agreement((Fraction(1, 2), "ABC"), "CBA") == agreement([["A", "B"]], [["A", "B"]]) == []


@pytest.mark.parametrize(
    ("ballots", "options", "words"),
    [
        ([], {}, "there are none"),
        (["ABA"], {}, "Ballot 1: A is named twice"),
        (["AX"], {"entries": "AB"}, "Entry X: it does not stand"),
        ([{"A": 1, "X": None}], {"entries": "AB"}, "Entry X: it does not stand"),
        ([(0, "AB")], {}, "0 is not above zero"),
        (["AB"], {"method": "best/1"}, "there is none"),
        (["AB"], {"method": "raw-mean/1"}, "it takes scores"),
        (["AB"], {"method": "stv-droop/1"}, "the number of seats is not given"),
        (["AB"], {"method": "stv-droop/1", "seats": 3}, "3 seats for 2 entries"),
        (["AB"], {"method": "stv-droop/1", "seats": 1, "quota": "imperiali"}, "'imperiali' is not known"),
        ([[*map(str, range(31))]], {"method": "kemeny/1"}, "31 entries"),
    ],
)
def test_bad_ballots_get_an_error_that_names_the_place_and_the_remedy(ballots, options, words):
    with pytest.raises(ScoringError, match="Remedy") as caught:
        aggregate_ranks(ballots, **options)
    assert words in str(caught.value)


def test_every_form_of_ballot_reads_alike():
    forms = [["A", ["B", "C"]], ("A", ("B", "C")), [["A"], {"B", "C"}], {"A": 1, "B": 2, "C": 2}]
    assert len({read_ballots([form]).groups for form in forms}) == 1
    assert read_ballots([(3, "AB")]).weight == (3,)
    assert read_ballots([[2, [1, 3]]]).groups == (((2,), (1, 3)),)
    assert read_ballots(["AB"], weight=[2]).weight == (2,)


BALLOT = st.permutations("ABCDE").flatmap(
    lambda order: st.lists(st.booleans(), min_size=5, max_size=5).map(lambda cuts: _cut("".join(order), cuts))
)


def _cut(order, cuts):
    groups = []
    for entry, fresh in zip(order, cuts, strict=True):
        if fresh or not groups:
            groups.append([entry])
        else:
            groups[-1].append(entry)
    return groups[:4]


def _brute_strengths(prefers):
    n = len(prefers)
    strongest = np.zeros((n, n))
    for size in range(2, n + 1):
        for path in permutations(range(n), size):
            links = [
                prefers[a, b] if prefers[a, b] > prefers[b, a] else 0 for a, b in zip(path, path[1:], strict=False)
            ]
            strongest[path[0], path[-1]] = max(strongest[path[0], path[-1]], min(links))
    return strongest


@settings(max_examples=40, deadline=None)
@given(st.lists(BALLOT, min_size=1, max_size=9))
def test_schulze_agrees_with_looking_at_every_path(ballots):
    prefers = aggregate_ranks(ballots, entries="ABCDE").prefers
    assert schulze_strengths(prefers).tolist() == _brute_strengths(prefers).tolist()


def _best_by_subsets(prefers):
    """The least cost of any order, by dynamic programming over sets."""
    n = len(prefers)
    best = {0: 0.0}
    for chosen in range(1, 1 << n):
        inside = [k for k in range(n) if chosen >> k & 1]
        best[chosen] = min(best[chosen ^ 1 << k] + sum(prefers[k, j] for j in inside if j != k) for k in inside)
    return best[(1 << n) - 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 8).flatmap(lambda n: st.lists(st.permutations(range(n)), min_size=1, max_size=7)))
def test_kemeny_is_the_cheapest_order_there_is(ballots):
    prefers = aggregate_ranks([list(map(str, ballot)) for ballot in ballots], "borda/1").prefers
    found = kemeny(prefers)
    assert found.cost == cost(prefers, found.order) == _best_by_subsets(prefers)
    if found.other is not None:
        assert cost(prefers, found.other) == found.cost


def test_kemeny_of_ten_agrees_with_dynamic_programming():
    rng = np.random.Generator(np.random.Philox(8))
    ballots = [[str(k) for k in rng.permutation(10)] for _ in range(5)]
    found = aggregate_ranks(ballots, "kemeny/1")
    assert found.working.steps[0].figures["cost"] == _best_by_subsets(found.prefers)


def test_kemeny_says_when_another_order_is_as_good():
    assert [note.code for note in aggregate_ranks(["AB", "BA"], "kemeny/1").warnings] == ["not-unique"]
    assert aggregate_ranks(["ABC", "ABC", "BAC"], "kemeny/1").warnings == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(BALLOT, min_size=1, max_size=8), st.integers(1, 4), st.sampled_from(["droop", "hare"]))
def test_no_vote_is_lost_or_made_in_any_count(ballots, seats, quota):
    result = stv("ABCDE", ballots, None, seats, quota, tuple("ABCDE"))
    assert sum(len(group) for group in result.elected) == seats
    for count in result.counts:
        assert sum(count.votes.values()) + count.exhausted + count.kept == len(ballots)


def test_a_tie_that_nothing_settles_is_refused_and_a_declared_order_settles_it():
    with pytest.raises(Refusal, match="declare a tie order"):
        aggregate_ranks(["AB", "BA"], "stv-droop/1", seats=1)
    outcome = aggregate_ranks(["AB", "BA"], "stv-droop/1", seats=1, tie_order="BA")
    assert outcome.order() == (("B",),)


def test_a_tie_that_changes_nothing_is_not_asked_about():
    outcome = aggregate_ranks(["AB", "BA"], "stv-droop/1", seats=2, entries="ABCD")
    assert outcome.order() == (("A", "B"),)


def test_equal_next_places_divide_a_paper_equally():
    result = stv("ABC", [[["A"], ["B", "C"]]] * 4 + [[["B"]]], None, 2, "droop", "BC")
    assert result.counts[0].votes == {"A": 4, "B": 1, "C": 0}
    assert result.counts[1].votes == {"B": 2, "C": 1}


def test_the_rows_of_the_ballots_do_not_matter():
    ballots = ["ABCDE", "BCDEA", "CADBE", "EBACD", "DACBE"]
    for method in (*DECISIVE, "bradley-terry/1", "bradley-terry/2", "plackett-luce/1"):
        one, two = (aggregate_ranks(each, method, ghost=0.5) for each in (ballots, ballots[::-1]))
        assert one.place == two.place


@pytest.mark.parametrize(
    "method",
    ["borda/1", "copeland/1", "schulze/1", "kemeny/1", "bradley-terry/1", "bradley-terry/2", "plackett-luce/1"],
)
def test_a_single_entry_is_first(method):
    assert aggregate_ranks(["A", "A"], method).place == (1,)

from hypothesis import given
from hypothesis import strategies as st

from ceremony.allocating import Candidate, Given, Ground, allocate

KINDS = ("city", "company", "institute")


def entry(code, rank, *, kind="city", entrant="", category="people"):
    return Candidate(code, category, kind, entrant or code, rank)


GOLD = Given("gold", 1, "people")
SILVER = Given("silver", 2, "people")
COMPANY = Given("company", 1, "people", frozenset({"company"}))


def placed(lines):
    return [(line.award, line.number, line.code) for line in lines]


def test_medals_follow_the_ranks():
    lines = allocate([GOLD, SILVER], [entry("A", 2), entry("B", 1), entry("C", 3), entry("D", 4)])
    assert placed(lines) == [("gold", 1, "B"), ("silver", 1, "A"), ("silver", 2, "C")]


def test_the_best_company_is_the_best_one_that_holds_nothing_higher():
    entries = [entry("A", 1, kind="company"), entry("B", 2), entry("C", 3), entry("D", 4, kind="company")]
    *_medals, line = allocate([GOLD, SILVER, COMPANY], entries)
    assert line.code == "D"
    assert [(passed.code, passed.holds) for passed in line.passed] == [("A", "gold")]


def test_one_body_with_two_entries_is_given_one_award():
    entries = [entry("A", 1, entrant="port"), entry("B", 2, entrant="port"), entry("C", 3)]
    gold, first, second = allocate([GOLD, SILVER], entries)
    assert (gold.code, first.code, second.code) == ("A", "C", "")
    assert first.passed == (("A", 1, "gold", ""), ("B", 2, "gold", "A"))


def test_a_place_nobody_can_be_given_stays_empty():
    line = allocate([COMPANY], [entry("A", 1)])[0]
    assert (line.code, line.ground) == ("", Ground.NOBODY)


def test_a_place_fixed_by_hand_stands_and_the_others_move_around_it():
    entries = [entry("A", 1), entry("B", 2), entry("C", 3)]
    lines = allocate([GOLD, SILVER], entries, {("gold", 1): "B", ("silver", 2): ""})
    assert placed(lines) == [("gold", 1, "B"), ("silver", 1, "A"), ("silver", 2, "")]
    assert [line.ground for line in lines] == [Ground.BY_HAND, Ground.RANK, Ground.LEFT_EMPTY]


def test_equals_at_the_last_place_are_named_for_the_committee_to_choose():
    entries = [entry("A", 1), entry("B", 1), entry("C", 3)]
    assert allocate([GOLD], entries)[0].tied == ("B",)
    assert [line.tied for line in allocate([SILVER], entries)] == [(), ()]


def test_a_partners_award_goes_to_its_nominee_only():
    entries = [entry("A", 1), entry("B", 9)]
    friends = Given("friends", 1, is_special=True, nominee="B")
    assert placed(allocate([GOLD, friends], entries)) == [("gold", 1, "A"), ("friends", 1, "B")]
    nobody = allocate([GOLD, friends._replace(nominee="")], entries)[1]
    assert (nobody.code, nobody.ground) == ("", Ground.NO_NOMINATION)
    taken = allocate([GOLD, friends._replace(nominee="A")], entries)[1]
    assert (taken.code, taken.ground, taken.passed[0].holds) == ("", Ground.NOMINEE_HOLDS, "gold")
    gone = allocate([GOLD, friends._replace(nominee="Z")], entries)[1]
    assert (gone.code, gone.ground) == ("", Ground.NOMINEE_GONE)


candidates = st.lists(
    st.tuples(
        st.sampled_from(["people", "tech"]),
        st.sampled_from(KINDS),
        st.integers(0, 12),
        st.one_of(st.none(), st.integers(1, 15)),
    ),
    max_size=25,
).map(lambda rows: [Candidate(f"E{n:02}", c, k, f"body{e}", r) for n, (c, k, e, r) in enumerate(rows)])
awards = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["", "people", "tech"]), st.frozensets(st.sampled_from(KINDS)), st.booleans()
    ),
    max_size=8,
).map(lambda rows: [Given(f"award{n}", *row, nominee=f"E{n:02}") for n, row in enumerate(rows)])


@given(awards, candidates, st.data())
def test_no_entrant_twice_no_wrong_type_no_more_than_the_quota_and_ranks_in_order(awards, candidates, data):
    fixed = drawn_by_hand(awards, candidates, data)
    lines = allocate(awards, candidates, fixed)
    by_code = {candidate.code: candidate for candidate in candidates}
    given_to = [by_code[line.code] for line in lines if line.code]

    assert len({candidate.entrant for candidate in given_to}) == len(given_to)
    assert [(line.award, line.number) for line in lines] == [(a.key, n) for a in awards for n in range(1, a.places + 1)]
    for award in awards:
        mine = [line for line in lines if line.award == award.key]
        assert all(award.admits(by_code[line.code]) for line in mine if line.code)
        ranks = [line.rank for line in mine if line.ground == Ground.RANK]
        assert ranks == sorted(ranks)
    assert {place: line.code for line in lines if (place := (line.award, line.number)) in fixed} == fixed


@given(awards, candidates)
def test_nobody_better_ranked_is_passed_over_without_a_reason(awards, candidates):
    lines = allocate(awards, candidates)
    by_code = {candidate.code: candidate for candidate in candidates}
    holders = {by_code[line.code].entrant for line in lines if line.code}
    for award in awards:
        for line in (line for line in lines if line.award == award.key and line.ground == Ground.RANK):
            better = [c for c in candidates if award.admits(c) and c.rank is not None and c.rank < line.rank]
            assert all(candidate.entrant in holders for candidate in better)


def drawn_by_hand(awards, candidates, data):
    """Some places fixed by hand as the workbench allows it: the right category and type, no entrant twice."""
    fixed, used = {}, set()
    for award in awards:
        for number in range(1, award.places + 1):
            free = [c for c in candidates if award.admits(c) and c.entrant not in used]
            choice = data.draw(st.sampled_from([None, "", *[c.code for c in free]]))
            if choice is not None:
                fixed[award.key, number] = choice
                used |= {c.entrant for c in free if c.code == choice}
    return fixed

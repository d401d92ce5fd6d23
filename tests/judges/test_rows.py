"""What the tables of judging refuse, whoever writes to them."""

import pytest
from django.db import IntegrityError, transaction

from judges.models import Ballot, Criterion


def test_a_criterion_of_every_category_stands_once_under_its_key(round):
    category = round.stage.edition.categories.first()
    Criterion.objects.create(round=round, key="novelty", name="Novelty")
    Criterion.objects.create(round=round, key="novelty", name="Novelty, of this category", category=category)
    with pytest.raises(IntegrityError, match="one_criterion_per_key"), transaction.atomic():
        Criterion.objects.create(round=round, key="novelty", name="Novelty again")
    with pytest.raises(IntegrityError, match="one_criterion_per_key"), transaction.atomic():
        Criterion.objects.create(round=round, key="novelty", name="Novelty again", category=category)
    assert list(round.criteria.filter(key="novelty").values_list("category", flat=True)) == [None, category.pk]


def test_a_judge_has_one_ballot_in_a_round_of_all_categories(round, judge_eve, judge_frank):
    Ballot.objects.create(round=round, judge=judge_eve, order=["A"])
    Ballot.objects.create(round=round, judge=judge_frank, order=["B"])
    with pytest.raises(IntegrityError, match="one_ballot_per_judge"), transaction.atomic():
        Ballot.objects.create(round=round, judge=judge_eve, order=["B"])
    assert set(Ballot.objects.values_list("judge", flat=True)) == {judge_eve.pk, judge_frank.pk}

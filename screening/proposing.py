"""What machine rules answer by themselves. A proposal is nothing until an officer confirms it."""

from collections.abc import Iterable

from applications.models import Application
from prize.models import Edition
from screening import rules
from screening.models import Check
from screening.rules import Proposal
from screening.sealed import facts_of


def proposals_for(applications: Iterable[Application], edition: Edition) -> dict[int, dict[int, Proposal]]:
    """For each entry, by check item, what a rule answers; items that no rule can answer are missing."""
    items = [item for item in edition.check_items.all() if item.rule]
    facts = facts_of(list(applications), edition) if items else {}
    return {
        key: {item.pk: found for item in items if (found := rules.propose(item.rule, known))}
        for key, known in facts.items()
    }


def unconfirmed(applications: Iterable[Application], edition: Edition) -> int:
    """How many proposals no officer has confirmed or overruled yet."""
    proposals = proposals_for(applications, edition)
    checked = set(Check.objects.standing().filter(application__in=proposals).values_list("application", "item"))
    return sum((key, item) not in checked for key, found in proposals.items() for item in found)

"""The methods by name and version. A released recipe is never edited: a change gets the next number.

`decisive` methods are simple enough for a stranger to recompute and may decide a prize; the others advise.
`exact` methods give fractions; the others are rounded as the rules say before anything is ranked by them.
"""

from typing import NamedTuple

from .refusals import ScoringError


class Recipe(NamedTuple):
    """What a name stands for: the kind of input it takes, its idea in a sentence, its formula."""

    name: str
    takes: str  # scores, ballots, ratings, indicators, formula
    title: str
    idea: str
    formula: str
    decisive: bool = False
    exact: bool = False


_ALL = (
    Recipe(
        "default/1",
        "scores",
        "Severity-adjusted where the panel allows it, else the mean",
        "Correct for severe and lenient judges when every entry has two scores and there are four judges.",
        "severity-adjusted/1 if every n >= 2 and J >= 4, else raw-mean/1",
        decisive=True,
    ),
    Recipe(
        "raw-mean/1",
        "scores",
        "Mean",
        "Add an entry's scores and divide by their number.",
        "sum of w y / sum of w",
        decisive=True,
        exact=True,
    ),
    Recipe(
        "trimmed-mean/1",
        "scores",
        "Trimmed mean",
        "Drop the lowest and the highest score, then add the rest and divide.",
        "mean of the scores left",
        decisive=True,
        exact=True,
    ),
    Recipe("median/1", "scores", "Median", "The score in the middle.", "middle score", exact=True),
    Recipe(
        "centred/1",
        "scores",
        "Centred per judge",
        "Compare each score with the judge's own average. Assumes every judge received an equally good set.",
        "mean of y - mean(judge) + mean",
    ),
    Recipe(
        "z-score/1",
        "scores",
        "Z-score per judge",
        "Compare with the judge's own average and spread. Assumes every judge received an equally good set.",
        "mean of (y - mean(judge)) / sd(judge), stretched to the range of the means",
    ),
    Recipe(
        "additive/1",
        "scores",
        "Additive, severities taken in full",
        "Take out each judge's severity as colleagues on the same entries show it, however few they are.",
        "y = a + b + error, b = pinv(L) c",
    ),
    Recipe(
        "severity-adjusted/1",
        "scores",
        "Severity-adjusted",
        "Take out each judge's severity as far as colleagues' scores of the same entries bear it out.",
        "y = a + b + error, b ~ Normal(0, tau2), REML",
        decisive=True,
    ),
    Recipe(
        "severity-averaged/1",
        "scores",
        "Severity-adjusted, for small panels",
        "As severity-adjusted, averaged over how much judges may differ.",
        "25 values of tau/sigma, half-Cauchy(1)",
    ),
    Recipe(
        "crossed/1",
        "scores",
        "Both random",
        "Draw every entry towards the general mean as far as its scores are uncertain. Unfair between panels.",
        "y = mu + u + b + error, all random, REML",
    ),
    Recipe(
        "borda/1",
        "ballots",
        "Borda",
        "A place earns as many points as there are entries below it; ties share.",
        "points = entries beaten + half of those tied",
        decisive=True,
        exact=True,
    ),
    Recipe(
        "copeland/1",
        "ballots",
        "One by one (Copeland)",
        "Compare entries two by two; count the pairs won.",
        "pairs won, then judges in favour",
        exact=True,
    ),
    Recipe(
        "schulze/1",
        "ballots",
        "Schulze",
        "Compare two by two, and let a chain of victories be as strong as its weakest link.",
        "S = max over paths of min of P; fewest defeats S[b, a] > S[a, b] first",
        decisive=True,
        exact=True,
    ),
    Recipe(
        "kemeny/1",
        "ballots",
        "Kemeny",
        "The order with the fewest disagreements with the ballots; up to 30 entries.",
        "min of sum of P[b, a] for a above b",
        exact=True,
    ),
    Recipe(
        "bradley-terry/1",
        "ballots",
        "Bradley-Terry",
        "Give each entry a worth such that the chance to win a pair fits the pairs won.",
        "P(a beats b) = w(a) / (w(a) + w(b))",
    ),
    Recipe(
        "bradley-terry/2",
        "ballots",
        "Bradley-Terry, with ties",
        "Give each entry a worth such that the chances to win or to tie a pair fit what the ballots say.",
        "P(a beats b) = w(a) / D, P(tie) = nu sqrt(w(a) w(b)) / D, D = w(a) + w(b) + nu sqrt(w(a) w(b))",
    ),
    Recipe(
        "plackett-luce/1",
        "ballots",
        "Plackett-Luce",
        "A ballot picks its first place, then its second from the rest, in proportion to worth.",
        "P = product of w / sum of what is left; ties after Davidson",
    ),
    Recipe(
        "stv-droop/1",
        "ballots",
        "Single transferable vote",
        "Elect whoever reaches the quota, pass on the surplus, drop the last, until the seats are filled.",
        "quota = floor(votes / (seats + 1)) + 1, surplus passed on in proportion",
        decisive=True,
        exact=True,
    ),
    Recipe(
        "rasch/1",
        "ratings",
        "Many-facet Rasch",
        "For short scales: each step of the scale is won or lost by entry, judge and criterion together.",
        "log P(k)/P(k-1) = theta - beta - delta - tau",
    ),
    Recipe("composite/1", "indicators", "Composite index", "Seven steps from readings to an index.", "see the stages"),
    Recipe("formula/1", "formula", "Formula", "A formula over named indicators, step by step.", "as written"),
)

METHODS: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}


def newest(name: str) -> str:
    """The newest version of a name given without one; a name with a version stands as it is.

    >>> newest("raw-mean"), newest("raw-mean/1")
    ('raw-mean/1', 'raw-mean/1')
    """
    versions = [each for each in METHODS if each.rpartition("/")[0] == name]
    return max(versions, key=lambda each: int(each.rpartition("/")[2])) if versions else name


def method(name: str, takes: str | None = None) -> Recipe:
    """The recipe of that name, its newest version if none is given; refuses an unknown name or another kind of input.

    >>> method("raw-mean/1").formula
    'sum of w y / sum of w'
    """
    name = newest(name)
    if name not in METHODS:
        raise ScoringError("unknown-method", f"Method {name!r}", "there is none", "use one of " + ", ".join(METHODS))
    recipe = METHODS[name]
    if takes is not None and recipe.takes != takes:
        names = ", ".join(each.name for each in _ALL if each.takes == takes)
        raise ScoringError("wrong-method", f"Method {name!r}", f"it takes {recipe.takes}", f"use one of {names}")
    return recipe

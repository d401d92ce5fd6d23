"""Results in plain words, for the secretariat and for an entrant's letter. Flags say "unusual", never "biased"."""

from collections.abc import Hashable

import numpy as np

from .chance import TopK
from .decide import crossings, justified_places
from .fit import Result
from .refusals import ScoringError


def severity_sentences(result: Result) -> dict[Hashable, str]:
    """What to tell of each judge's severity. It is not a fault; it is corrected as far as the scores bear it out.

    Formula: the points moved are -b; plus or minus 1.645 of its standard errors, which hold the truth nine times in ten.
    Units: score points. Shapes: a sentence for each judge. Errors: none.

    >>> from prize.scoring import RuleSet, fit_scores
    >>> entry, judge = list("AAABBBCCCDDD"), ["Kim", "Lee", "Max", "Lee", "Max", "Nia", "Kim", "Max", "Nia", "Kim", "Lee", "Nia"]
    >>> result = fit_scores(entry, judge, [6, 8, 7, 5, 5, 8, 6, 6, 9, 5, 5, 5])
    >>> print(severity_sentences(result)["Nia"])
    2.0 points higher than colleagues on the same entries. 1.0 points were taken off (plus or minus 1.0); the rest may be chance.
    >>> print(severity_sentences(result)["Lee"])
    In line with colleagues on the same entries; nothing was corrected.
    """
    seen = _seen(result)
    return {judge: _severity(result, k, float(seen[k])) for k, judge in enumerate(result.judges)}


def entry_sentence(result: Result, chances: TopK, entry: Hashable) -> str:
    """An entry's card in a line: raw and adjusted score, likely places, chance of the first k.

    Figures have the decimals that a third of the standard error justifies, one at least. Errors: an unknown entry.

    >>> from prize.scoring import RuleSet, fit_scores, top_k
    >>> rule = RuleSet(method="raw-mean/1")
    >>> result = fit_scores([1, 1, 2, 2, 3, 3], [1, 2, 1, 2, 1, 2], [9, 9, 5, 5.2, 1, 1], rule=rule)
    >>> entry_sentence(result, top_k(result, 1), 2)
    'Raw 5.10 from 2 judges. Adjusted 5.10. Likely place 2. Chance of being in the first 1: 0 %.'
    """
    if entry not in result.entries:
        raise ScoringError("unknown-entry", f"Entry {entry!r}", "it has no scores", "choose one of the entries")
    i = result.entries.index(entry)
    places = max(justified_places(float(result.se[i])), 1) if result.se is not None else 2
    number = int(result.n_scores[i])
    raw = f"Raw {result.raw[i]:.{places}f} from {number} judge{'s' if number > 1 else ''}."
    if not result.rankable[i]:
        return f"{raw} Too few scores for a place."
    low, high = int(chances.rank_low[i]), int(chances.rank_high[i])
    likely = f"{low}" if low == high else f"{low} to {high}"
    first = f"Chance of being in the first {chances.k}: {chances.prob[i]:.0%}".replace("%", " %")
    return f"{raw} Adjusted {result.adjusted[i]:.{places}f}. Likely place {likely}. {first}."


def crossing_sentence(result: Result, k: int) -> str:
    """What the adjustment does at the line: how many entries cross it, and which. Errors: as `crossings`.

    >>> from prize.scoring import fit_scores
    >>> crossing_sentence(fit_scores([1, 1, 2, 2], [1, 2, 1, 2], [5, 7, 4, 4]), 1)
    'The adjustment moves no entry across the line of the first 1.'
    """
    found = crossings(result, k)
    if not found.comes_in and not found.goes_out:
        return f"The adjustment moves no entry across the line of the first {k}."
    came, went = (", ".join(map(str, group)) or "nobody" for group in found)
    number = len(found.comes_in) + len(found.goes_out)
    many = "1 entry crosses" if number == 1 else f"{number} entries cross"
    return f"{many} the line of the first {k}: the adjustment brings in {came} and takes out {went}."


def _seen(result: Result) -> np.ndarray:
    """How far each judge's scores lie above the others' on the same entries, on average, float[J]."""
    p = result.panel
    total = np.bincount(p.e, weights=p.y, minlength=len(p.entries))
    others = (p.per_entry - 1)[p.e]
    usable = others > 0
    apart = np.where(usable, p.y - (total[p.e] - p.y) / np.maximum(others, 1), 0.0)
    number = np.bincount(p.j, weights=usable, minlength=len(p.judges))
    return np.bincount(p.j, weights=apart, minlength=len(p.judges)) / np.maximum(number, 1)


def _severity(result: Result, k: int, seen: float) -> str:
    b = float(result.severity[k])
    if result.severity_se is None or not result.severity.any():
        return "No correction: judges do not differ beyond chance, or the method does not correct."
    error = float(result.severity_se[k])
    places = max(justified_places(error), 1)
    if round(abs(b), places) == 0:
        return "In line with colleagues on the same entries; nothing was corrected."
    way, act = ("lower", "added back") if b < 0 else ("higher", "taken off")
    met = f"{abs(seen):.{places}f} points {way} than colleagues on the same entries."
    if seen * b <= 0:
        met = f"Level with colleagues on the same entries, who are themselves {way} than the rest."
    taken = f"{abs(b):.{places}f} points were {act} (plus or minus {1.645 * error:.{places}f})"
    return f"{met} {taken}; the rest may be chance."

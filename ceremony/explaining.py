"""Why a place is given as proposed, in a sentence or two."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ceremony.allocating import Ground, Line, Passed
from ceremony.models import Award

Names = Mapping[str, str]  # an entry's code: how it is called here
SHOWN = 3


def why(line: Line, award: Award, awards: Mapping[str, Award], names: Names, note: str = "") -> str:
    """The reason of one place: its ground, and whom it went past. ``note`` is what the office or the partner wrote."""
    sentences = [ground(line, award), passed_over(line.passed, awards, names), tied(line, names)]
    return " ".join(filter(None, [*sentences, note]))


def ground(line: Line, award: Award) -> str:
    values = {"rank": line.rank, "category": award.category or "", "award": award.full_name}
    if line.ground == Ground.RANK:
        return ranked(line, award)
    return {
        Ground.NOMINATED: _("Nominated by the partner."),
        Ground.BY_HAND: _("Placed by the secretariat, rank %(rank)s.") % values
        if line.rank
        else _("Placed by the secretariat."),
        Ground.LEFT_EMPTY: _("Left empty by the secretariat."),
        Ground.NOBODY: _("Stays empty: no finalist that this award admits is free of a higher one."),
        Ground.NO_NOMINATION: _("Stays empty: the partner has not nominated an entry."),
        Ground.NOMINEE_HOLDS: _("Stays empty: the partner's nominee has a higher award already."),
        Ground.NOMINEE_GONE: _("Stays empty: the partner's nominee is no longer among the finalists."),
    }[line.ground]


def ranked(line: Line, award: Award) -> str:
    types = [str(kind.name) for kind in award.applicant_types.all()]
    values = {"rank": line.rank, "category": award.category or _("all categories"), "types": ", ".join(types)}
    if types:
        return _("Rank %(rank)s in %(category)s, the best of its type (%(types)s) without a higher award.") % values
    return _("Rank %(rank)s in %(category)s.") % values


def passed_over(passed: tuple[Passed, ...], awards: Mapping[str, Award], names: Names) -> str:
    """Those with a better rank, and what each has. A long list is cut; the medals above are known anyway."""
    surprising = [one for one in passed if one.through]
    plain = [one for one in passed if not one.through]
    sentences = [
        _("%(entry)s (rank %(rank)s) is passed over: its entrant has %(award)s for %(other)s.")
        % {
            "entry": names.get(one.code, one.code),
            "rank": one.rank,
            "award": awards[one.holds].full_name,
            "other": names.get(one.through, one.through),
        }
        for one in surprising
    ]
    if plain:
        listed = ", ".join(f"{one.rank} ({awards[one.holds].name})" for one in plain[:SHOWN])
        more = len(plain) - SHOWN
        listed += ngettext(" and %(more)s more", " and %(more)s more", more) % {"more": more} if more > 0 else ""
        sentences.insert(0, _("Better ranks have higher awards: %(listed)s.") % {"listed": listed})
    return " ".join(sentences)


def tied(line: Line, names: Names) -> str:
    if not line.tied:
        return ""
    others = ", ".join(names.get(code, code) for code in line.tied)
    return _("It shares its rank with %(others)s: the place has to be fixed by hand, with a reason.") % {
        "others": others
    }

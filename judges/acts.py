"""What motions and second approvals of judging carry out."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Application
from judges import marking, recruiting, shortlisting, tallying
from judges.models import ScoreSheet
from prize.governing import act
from prize.models import Edition, Motion, Person

Content = dict[str, Any]


def recommended(content: Content, edition: Edition) -> list[str]:
    return [
        ", ".join(filter(None, [judge["name"], judge.get("bio", ""), ", ".join(judge.get("fields", []))]))
        for judge in content["judges"]
    ]


def recommendation(content: Content, edition: Edition) -> str:
    return _("Recommendation of %(count)s judges") % {"count": len(content["judges"])}


@act("judges.recommend", describe=recommended, heading=recommendation, matter=gettext_lazy("the judges"))
def recommend(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    motion = Motion.objects.filter(act="judges.recommend", content=content, committee__edition=edition).first()
    recruiting.seat(content["judges"], edition=edition, motion=motion, by=by, at=at)


def closing(content: Content, edition: Edition) -> list[str]:
    round = shortlisting.round_named(edition, content["round"])
    said = [_("%(round)s closes before its time.") % {"round": round}] if content["early"] else []
    said += [_("%(round)s closes although entries lack reviews.") % {"round": round}] if content["gaps"] else []
    text = _("Entry %(code)s lacks %(count)s of %(wanted)s reviews.")
    return said + [
        text % {"code": code, "count": missing, "wanted": round.reviews_per_entry}
        for code, missing in content["gaps"].items()
    ]


@act("judges.close_with_gaps", describe=closing)
def close_with_gaps(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    round = shortlisting.round_named(edition, content["round"])
    tallying.close_with_gaps(content, round=round, by=by, at=at)


def corrected(content: Content, edition: Edition) -> list[str]:
    """The sheet before and after. Whoever approves sees the marks, as the act changes nothing else."""
    sheet = ScoreSheet.objects.select_related("assignment__judge__person").get(code=content["sheet"])
    before = marking.marks_of(sheet)
    marks = ", ".join(
        f"{key} {marking.plain(before[key]) if key in before else '–'} → {value}"
        for key, value in content["marks"].items()
    )
    return [
        _("Sheet %(code)s of %(judge)s is corrected.") % {"code": sheet.code, "judge": sheet.assignment.judge},
        marks,
        content["reason"],
    ]


@act("judges.correct_sheet", describe=corrected)
def correct_sheet(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    marking.correct(content, by=by, at=at)


def shortlisted(content: Content, edition: Edition) -> list[str]:
    """Counts first, then every entry that would go on, by category."""
    counts = Counter(content["verdicts"].values())
    on = [code for code, verdict in content["verdicts"].items() if verdict == "advanced"]
    entries = Application.objects.filter(edition=edition, code__in=on).select_related("category")
    listed = sorted(entries, key=lambda entry: (entry.category.order, entry.title))
    said = _("%(on)s entries go on, %(off)s do not.") % {"on": counts["advanced"], "off": counts["declined"]}
    held = _("%(count)s are held, because too few reviews count.") % {"count": counts["held"]}
    return [
        said,
        *([held] if counts["held"] else []),
        *(f"{entry.category}: {entry.title} ({entry.code})" for entry in listed),
    ]


def shortlist_of(content: Content, edition: Edition) -> str:
    count = Counter(content["verdicts"].values())["advanced"]
    return _("Shortlist of %(count)s entries") % {"count": count}


@act(
    "judges.shortlist",
    describe=shortlisted,
    recused=shortlisting.recused_from,
    heading=shortlist_of,
    matter=gettext_lazy("the shortlist"),
)
def shortlist(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    shortlisting.conclude(content, edition=edition, by=by, at=at)


def announced(content: Content, edition: Edition) -> list[str]:
    counts = content["counts"]
    number = sum(counts.values())
    letters = ngettext("%(count)s letter goes out.", "%(count)s letters go out.", number) % {"count": number}
    on = _("%(count)s entries are told that they go on.") % {"count": counts.get("advanced", 0)}
    off = _("%(count)s entries are told that they do not.") % {"count": number - counts.get("advanced", 0)}
    return [letters, on, off]


@act("judges.announce_shortlist", describe=announced)
def announce_shortlist(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    shortlisting.announce(content, edition=edition, by=by, at=at)

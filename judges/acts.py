"""What motions and second approvals of judging carry out."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Application
from judges import declaring, marking, recruiting, shortlisting, tallying
from judges.models import Assignment, Judge, ScoreSheet
from prize.governing import Refused, act
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


def assignment_in(content: Content, edition: Edition) -> Assignment:
    rows = Assignment.objects.select_related("application", "judge__person", "round__stage__edition")
    return rows.get(
        round=shortlisting.round_named(edition, content["round"]),
        application__code=content["entry"],
        judge__code=content["judge"],
        withdrawn_at=None,
    )


def set_aside_described(content: Content, edition: Edition) -> list[str]:
    judge = Judge.objects.select_related("person").get(edition=edition, code=content["judge"])
    entry = Application.objects.get(edition=edition, code=content["entry"])
    return [
        _("%(judge)s stands aside from entry %(code)s, “%(title)s”.")
        % {"judge": judge, "code": entry.code, "title": entry.title},
        _("The sheet that was cast is kept and no longer counts."),
        *filter(None, [content["note"]]),
    ]


@act(declaring.SET_ASIDE, describe=set_aside_described)
def set_aside(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    found = Assignment.objects.filter(
        application__code=content["entry"], judge__code=content["judge"], withdrawn_at=None,
        sheets__digest=content["sheet"], sheets__superseded_at=None,
    )  # fmt: skip
    if not found.exists():
        raise Refused(_("The sheet is not the one that stood when this was asked. Ask again."))
    row = assignment_in(content, edition)
    declaring.step_aside(row, content["ground"], by=by, at=at, note=content["note"], approved=True)


def stepping_down(content: Content, edition: Edition) -> list[str]:
    judge = Judge.objects.select_related("person").get(edition=edition, code=content["judge"])
    count = len(content["sheets"])
    sheets = ngettext(
        "%(count)s cast sheet is kept and no longer counts.",
        "%(count)s cast sheets are kept and no longer count.",
        count,
    )
    return [_("%(judge)s leaves the jury and loses access at once.") % {"judge": judge}, sheets % {"count": count}]


@act(recruiting.STEP_DOWN, describe=stepping_down)
def step_down(content: Content, *, edition: Edition, by: Person, at: datetime) -> None:
    judge = Judge.objects.select_related("person", "edition").get(edition=edition, code=content["judge"])
    sheets = ScoreSheet.objects.counting().filter(assignment__judge=judge)
    if dict(sheets.values_list("code", "digest")) != content["sheets"]:
        raise Refused(_("The sheet is not the one that stood when this was asked. Ask again."))
    recruiting.step_down(judge, by=by, at=at, approved=True)

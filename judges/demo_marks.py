"""How the demonstration's judges come to their marks: an entry's latent quality, the judge's severity, and chance."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import yaml
from django.conf import settings
from django.db.models import prefetch_related_objects

from judges import marking
from judges.models import Round, ScoreSheet
from prize.demo import Story

# Which part of an entry's latent quality a criterion sees.
SEES = {"innovation": "problem", "planning": "plan", "outcomes": "value", "reach": "value"}
JITTER = 0.7  # of one criterion, beside what chance does to the whole sheet
TONES = ((8, "strong"), (5, "fair"), (0, "weak"))


@dataclass(frozen=True)
class Deed:
    """A sheet and the moment at which its judge casts it."""

    at: datetime
    sheet: ScoreSheet
    record: dict[str, Any]


def mark_all(story: Story, round: Round) -> None:
    """Every judge works through an own pile in an own rhythm, as far as time has come; by the evening of the 19th all is cast."""
    prefetch_related_objects([round], "criteria")
    quality = {entry["application"].code: entry["quality"] for entry in story.made["entries"]}
    records = {judge.pk: record for judge, record in story.made["judges"]}
    piles = sheets_by_judge(round)
    deeds = [deed for judge_id, pile in piles.items() for deed in rhythm(story, pile, records[judge_id])]
    waiting: dict[int, Deed] = {}
    for deed in sorted(deeds, key=lambda deed: (deed.at, deed.sheet.assignment.application.code)):
        if story.has_come(deed.at):
            fill(story, deed, round, quality, complete=True)
        else:
            waiting.setdefault(deed.sheet.assignment.judge_id, deed)
    for judge_id, deed in waiting.items():
        begun = deed.at - timedelta(hours=20)
        if story.has_come(begun) or judge_id == story.made["judge"].judgeships.get().pk:
            fill(story, deed, round, quality, complete=False)


def sheets_by_judge(round: Round) -> dict[int, list[ScoreSheet]]:
    rows = (
        ScoreSheet.objects.filter(assignment__round=round, assignment__withdrawn_at=None)
        .select_related("assignment__judge__person", "assignment__application")
        .order_by("assignment__application__category__order", "assignment__application__code")
    )
    piles: dict[int, list[ScoreSheet]] = defaultdict(list)
    for sheet in rows:
        piles[sheet.assignment.judge_id].append(sheet)
    return piles


def rhythm(story: Story, pile: list[ScoreSheet], record: dict[str, Any]) -> list[Deed]:
    """When each sheet of a pile is cast. Some begin at once and go steadily, some begin late and hurry."""
    chance = story.chance(f"rhythm of {record['name']}")
    first = story.when("2023-07-05 09:00") + timedelta(days=chance.uniform(0, 3))
    last = story.when("2023-07-19 21:40") - timedelta(days=chance.uniform(0, 2.5))
    bend = chance.uniform(0.75, 1.6)
    span = last - first
    deeds = []
    for place, sheet in enumerate(pile, 1):
        at = first + span * ((place - chance.uniform(0, 0.4)) / len(pile)) ** bend
        deeds.append(Deed(max(at, sheet.started_at + timedelta(hours=2)), sheet, record))
    return deeds


def fill(story: Story, deed: Deed, round: Round, quality: dict[str, dict[str, float]], *, complete: bool) -> None:
    sheet, at = deed.sheet, deed.at
    sheet.assignment.round = round
    entry, judge = sheet.assignment.application, sheet.assignment.judge
    chance = story.chance(f"marks of {judge.code} for {entry.code}")
    marks = marks_for(quality[entry.code], deed.record, chance, round)
    if complete:
        comment = comment_on(marks, entry.language, chance)
        marking.enter(sheet, marks, by=judge.person, at=at, comment=comment)
        return
    half = dict(list(marks.items())[: len(marks) // 2])
    at = min(at, story.now) - timedelta(minutes=chance.randint(20, 90))
    marking.save(sheet, half, version=sheet.version, by=judge.person, at=at)


def marks_for(quality: dict[str, float], record: dict[str, Any], chance: Random, round: Round) -> dict[str, Decimal]:
    """Strength as the judge sees it, less the judge's severity, with chance in the whole and in each part, on the scale."""
    tops = {row.parent_id for row in round.criteria.all()}
    seen = chance.gauss(0, record["noise"]) - record["severity"]
    low, high = float(round.scale_low), float(round.scale_high)
    marks = {}
    for row in round.criteria.all():
        if row.pk not in tops:
            mark = quality[SEES.get(row.key, row.key)] + seen + chance.gauss(0, JITTER)
            marks[row.key] = Decimal(int(min(high, max(low, mark)) + 0.5))
    return marks


def comment_on(marks: dict[str, Decimal], language: str, chance: Random) -> str:
    """A word on what stood out most, in the entry's language."""
    mean = sum(marks.values(), Decimal()) / len(marks)
    key = max(marks, key=lambda name: (abs(marks[name] - mean), name))
    tone = next(word for least, word in TONES if marks[key] >= least)
    return chance.choice(comments()[SEES.get(key, key), tone, language])


@cache
def comments() -> dict[tuple[str, str, str], list[str]]:
    path = settings.BASE_DIR / "judges" / "demo_texts" / "comments.yaml"
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for record in yaml.safe_load(path.read_text(encoding="utf-8")):
        found[record["criterion"], record["tone"], record["language"]].append(record["text"])
    return found

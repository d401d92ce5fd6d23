"""The little arithmetic the shared parts need. Pure: values in, text out; no query, no request."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django import template
from django.http import QueryDict
from django.utils.dateformat import format as formatted
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from prize import atlas

register = template.Library()

Number = int | float | Decimal


class Left(NamedTuple):
    days: int
    hours: int
    minutes: int
    seconds: int


# --- Time: an instant and the zone it is told in ---------------------------------------------------


WITHOUT_COMMA = ("ja", "ko", "zh")


def _joint() -> str:
    return " " if _language().startswith(WITHOUT_COMMA) else ", "


def _language() -> str:
    return get_language() or "en"


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(str(zone) or "UTC"))


@register.filter(expects_localtime=False)
def moment(instant: datetime | None, zone: str = "UTC") -> str:
    """Day and time of an instant in a zone: 30 June 2023, 18:00."""
    return f"{day(instant, zone)}{_joint()}{clock(instant, zone)}" if instant else ""


@register.filter
def extension(name: str) -> str:
    """What kind of file it is, as people say it: PDF, XLSX."""
    return name.rpartition(".")[2].upper() if "." in name else ""


@register.simple_tag
def brief(instant: datetime, zone: str, at: datetime | None = None) -> str:
    """The moment without its year, where the page's own moment is near enough for nobody to wonder which."""
    if at is None or abs((instant - at).days) > 180:
        return moment(instant, zone)
    return f"{formatted(_local(instant, zone), get_format('MONTH_DAY_FORMAT'))}{_joint()}{clock(instant, zone)}"


@register.filter(expects_localtime=False)
def day(instant: datetime | None, zone: str = "UTC") -> str:
    """The calendar day of an instant in a zone: 30 June 2023."""
    return formatted(_local(instant, zone), get_format("DATE_FORMAT")) if instant else ""


@register.filter(expects_localtime=False)
def clock(instant: datetime | None, zone: str = "UTC") -> str:
    """The time of day of an instant in a zone: 18:00."""
    return formatted(_local(instant, zone), "H:i") if instant else ""


gettext_noop("Seoul")  # the zones of editions we know: a zone's city is not in the texts that translators see


@register.filter
def place(zone: str) -> str:
    """The city a zone is named after: Asia/Ho_Chi_Minh is Ho Chi Minh."""
    return _(str(zone).rpartition("/")[2].replace("_", " ")) if zone else "UTC"


@register.filter
def iso(instant: datetime | None) -> str:
    """For the datetime attribute: always UTC, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""


@register.simple_tag
def left(until: datetime, at: datetime) -> Left:
    """What remains, in the units of a countdown; nothing below zero."""
    seconds = max(0, int((until - at).total_seconds()))
    return Left(seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)


@register.simple_tag
def remaining(until: datetime, at: datetime) -> str:
    """What remains, in words: 6 days 2 h left; 41 min left; Closed."""
    if until <= at:
        return _("Closed")
    span = left(until, at)
    if span.days:
        days = ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}
        return _("%(days)s %(hours)d h left") % {"days": days, "hours": span.hours}
    if span.hours:
        return _("%(hours)d h %(minutes)d min left") % {"hours": span.hours, "minutes": span.minutes}
    return _("%(minutes)d min left") % {"minutes": max(1, span.minutes)}


# --- Numbers for SVG: always with a point, whatever the reader's language ---------------------------


def _clamped(percent: float) -> str:
    return f"{min(100.0, max(0.0, percent)):.2f}".rstrip("0").rstrip(".")


@register.filter
def share(part: Number | None, whole: Number | None) -> str:
    """A part of a whole as a percentage for an SVG attribute, between 0 and 100."""
    return _clamped(100 * float(part) / float(whole)) if part and whole else "0"


@register.filter
def percent(done: Number | None, total: Number | None) -> int:
    """Whole percent for the eye: 100 only when all is done, 0 only when nothing is."""
    if not done or not total:
        return 0
    if done >= total:
        return 100
    return min(99, max(1, round(100 * float(done) / float(total))))


@register.simple_tag
def along(value: Number, first: Number, last: Number) -> str:
    """Where a value stands on an axis from first to last, in percent; an axis of one point is its middle."""
    if first == last:
        return "50"
    return _clamped(100 * (float(value) - float(first)) / (float(last) - float(first)))


@register.simple_tag
def world() -> str:
    """All land, as the path of a picture."""
    return atlas.WORLD


# --- Text ------------------------------------------------------------------------------------------


@register.filter
def digest(text: str) -> str:
    """The beginning of a digest, in two groups one can read aloud: 7f3a 91c2."""
    return f"{text[:4]} {text[4:8]}".strip() if text else ""


@register.filter
def initials(name: str) -> str:
    """One or two letters for a person without a portrait; a name without spaces gives its first letter."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def page_link(query: QueryDict | None, number: int) -> str:
    """The query string of another page of the same list, keeping what was filtered."""
    changed = query.copy() if query else QueryDict(mutable=True)
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"

"""The numbers of an edition. Each app adds its own in ``figures.py``; the edition report and the public pages read them here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from prize.models import Edition
from prize.registry import Registry

Count = Callable[[Edition], Any]
Allowed = Callable[[Edition], bool]


@dataclass(frozen=True)
class Figure:
    """How a number is counted, and from when on the public may know it."""

    count: Count
    is_public: Allowed


figures: Registry[Figure] = Registry("figures")


def figure(name: str, *, public: Allowed = lambda edition: False) -> Callable[[Count], Count]:
    """Register one figure: counted from rows, never stored. Nothing is public unless ``public`` says so."""

    def keep(count: Count) -> Count:
        figures.add(name)(Figure(count, public))
        return count

    return keep


def report(edition: Edition) -> dict[str, Any]:
    """Every figure of an edition, by name."""
    return {name: found.count(edition) for name, found in figures.all().items()}


def counted(edition: Edition, names: Iterable[str], *, public: bool) -> dict[str, Any]:
    """Some figures, as far as there are such; with ``public`` those that everybody may know by now."""
    known = ((name, found) for name, found in figures.all().items() if name in set(names))
    return {name: found.count(edition) for name, found in known if not public or found.is_public(edition)}


def public_report(edition: Edition) -> dict[str, Any]:
    """The figures that the public may know by now."""
    return {name: found.count(edition) for name, found in figures.all().items() if found.is_public(edition)}

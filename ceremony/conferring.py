"""Giving the awards: a proposal before the promotion committee, and the laureates when it carries."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from applications import concluding
from applications.lifecycle import hold_all
from applications.models import Application, Recusal
from ceremony import policy, proposing
from ceremony.models import Citation, Laureate, Nomination, Objection, Place
from prize import calendar, canonical, governing, ledger
from prize.governing import Paper, Refused
from prize.models import Committee, Edition, Motion, Person, Stage
from prize.policy import is_secretariat

ACT = policy.CONFER


@transaction.atomic
def propose(edition: Edition, *, by: Person, at: datetime, reason: str = "") -> Motion:
    """Put the proposal as computed now to the promotion committee: names, places, reasons, and the digests of the tallies."""
    calendar.require_open(edition.stage(Stage.Kind.FINAL), at)
    proposal = proposing.compute(edition)
    if proposal.problems:
        raise Refused(proposal.problems[0])
    committee = Committee.objects.get(edition=edition, kind=Committee.Kind.PROMOTION)
    content = proposal.content()
    return governing.propose(committee, ACT, content, title=heading(content, edition), by=by, at=at, reason=reason)


def heading(content: dict[str, Any], edition: Edition) -> str:
    """It goes into letters and lists, so it names nobody."""
    return _("Laureates of %(edition)s") % {"edition": edition.name}


def pending(edition: Edition):
    return Motion.objects.pending().filter(committee__edition=edition, act=ACT)


def describe(content: dict[str, Any], edition: Edition) -> list[str]:
    """Each place in a sentence: what is voted on, in the words of its content."""
    awards = {award.key: award for award in proposing.awards_in_order(edition)}
    return [describe_place(line, awards) for line in as_read(content, edition)]


def papers(content: dict[str, Any], edition: Edition, person: Person) -> list[Paper]:
    """The list as a table, each entry with the way to it for those who may read it."""
    awards = {award.key: award for award in proposing.awards_in_order(edition)}
    readable = set(policy.entries_before_committee(person).values_list("code", flat=True))
    return [paper_of(line, awards, readable) for line in as_read(content, edition)]


def as_read(content: dict[str, Any], edition: Edition) -> list[dict[str, Any]]:
    """The places with their reasons in the reader's language, as far as the same would be proposed now; else as voted on."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return content["places"]
    here, there = (proposing.compute(edition, each).rows for each in (settings.LANGUAGE_CODE, language))
    read = {canonical.digest(one.as_content()): other.why for one, other in zip(here, there, strict=True)}
    return [{**line, "reason": read.get(canonical.digest(line), line["reason"])} for line in content["places"]]


def paper_of(line: dict[str, Any], awards: dict, readable: set[str]) -> Paper:
    where, code = place_named(line, awards), line["application"]
    if not code:
        return Paper(where, "", _("nobody"), line["reason"])
    href = reverse("ceremony:committee_entry", args=[code]) if code in readable else ""
    return Paper(where, line["name"], line["title"], line["reason"], href)


def place_named(line: dict[str, Any], awards: dict) -> str:
    award = awards.get(line["award"])
    if award is None:
        return line["award"]
    return f"{award.full_name} {line['number']}" if award.quota > 1 else str(award.full_name)


def describe_place(line: dict[str, Any], awards: dict) -> str:
    where = place_named(line, awards)
    if not line["application"]:
        return _("%(place)s: nobody. %(reason)s") % {"place": where, "reason": line["reason"]}
    values = {"place": where, "name": line["name"], "title": line["title"], "reason": line["reason"]}
    return _("%(place)s: %(name)s, “%(title)s”. %(reason)s") % values


def recused(content: dict[str, Any], edition: Edition) -> set[int]:
    """Whoever stands aside from one of the named entries stands aside from the whole list."""
    standing = Recusal.objects.standing().filter(application__edition=edition, application__code__in=codes_in(content))
    return set(standing.values_list("person_id", flat=True))


def codes_in(content: dict[str, Any]) -> list[str]:
    return [line["application"] for line in content["places"] if line["application"]]


# --- Carrying it out ------------------------------------------------------------------------------


@transaction.atomic
def confer(content: dict[str, Any], *, edition: Edition, by: Person, at: datetime) -> list[Laureate]:
    """Write the laureates exactly as voted, conclude the final, and close it. Of two motions, the first to carry wins."""
    places = locked_places(edition)
    refuse_if_conferred(edition)
    refuse_other_tallies(content, edition)
    final = edition.stages.select_for_update(no_key=True).get(kind=Stage.Kind.FINAL)
    entries = locked_entries(content, edition)
    refuse_objections(content, edition)
    motion = motion_with(content, edition)
    refuse_later_nominations(motion)
    laureates = []
    for line in content["places"]:
        place = places[line["award"], line["number"]]
        if line["application"]:
            laureates.append(laureate_of(line, place, entries[line["application"]], motion, by=by, at=at))
        else:
            Place.objects.filter(pk=place.pk).update(left_empty_reason=line["reason"])
    conclude_final(final, {laureate.application_id for laureate in laureates}, by=by, at=at)
    calendar.close(final, by=by, at=at)
    facts = {"content": canonical.digest(content), "laureates": len(laureates), "places": len(content["places"])}
    ledger.record(edition, "laureates.conferred", subject=motion.code if motion else "", facts=facts, by=by, at=at)
    return laureates


def locked_places(edition: Edition) -> dict[tuple[str, int], Place]:
    """Every place, held until the end: a second motion waits here and then finds the places given."""
    rows = (
        Place.objects.select_for_update(of=("self",), no_key=True)
        .filter(award__edition=edition)
        .select_related("award")
    )
    return {(place.award.key, place.number): place for place in rows.order_by("pk")}


def refuse_if_conferred(edition: Edition) -> None:
    if Laureate.objects.standing().filter(edition=edition).exists():
        raise Refused(_("The laureates of this edition are conferred already. Another list cannot be carried."))


def refuse_other_tallies(content: dict[str, Any], edition: Edition) -> None:
    """The list was made from a result. If that was computed again since, the committee has to see the new list."""
    now = {tally.category.key: tally.digest for tally in proposing.standing_tallies(edition)}
    voted = {part["category"]: part["digest"] for part in content["tallies"]}
    if now != voted:
        raise Refused(_("The round's result has changed since this list was proposed. Propose the list again."))


def refuse_later_nominations(motion: Motion | None) -> None:
    """A partner may choose anew until the laureates are decided: a list made before that choice does not carry it."""
    if motion and (said := overtaken(motion)):
        raise Refused(said[0])


def overtaken(motion: Motion) -> list[str]:
    """Which partners have chosen since the list was proposed. Those who vote on it read so before, and not when it is closed."""
    chosen = Nomination.objects.standing().filter(
        special__award__edition=motion.committee.edition_id, nominated_at__gt=motion.proposed_at
    )
    text = _("%(award)s has another nominee since this list was proposed. Propose the list again.")
    return [text % {"award": one.special.award.full_name} for one in chosen.select_related("special__award")]


def locked_entries(content: dict[str, Any], edition: Edition) -> dict[str, Application]:
    """Every finalist is held, as every finalist is concluded about; those that the list names are returned."""
    codes = codes_in(content)
    entries = {entry.code: entry for entry in hold_all(proposing.finalists(edition))}
    gone = [code for code in codes if code not in entries]
    if gone:
        raise Refused(
            _("No longer among the finalists: %(codes)s. Propose the list again without them.")
            % {"codes": ", ".join(gone)}
        )
    return entries


def refuse_objections(content: dict[str, Any], edition: Edition) -> None:
    """Nobody is honoured while evidence against the entry lies unread, or after it was found to be right."""
    against = Objection.objects.in_the_way().filter(application__edition=edition)
    found = against.filter(application__code__in=codes_in(content)).order_by("received_at").first()
    if found is None:
        return
    if found.ruling == Objection.Ruling.UPHELD:
        text = _(
            "The objection to %(code)s was upheld. Disqualify the entry or take it off the list, and propose it again."
        )
    else:
        text = _("An objection to %(code)s waits for a ruling. The secretariat rules on it; then close the vote again.")
    raise Refused(text % {"code": found.application.code})


def motion_with(content: dict[str, Any], edition: Edition) -> Motion | None:
    """The motion that is being carried out: the one just resolved, with this content."""
    carried = Motion.objects.filter(committee__edition=edition, act=ACT, result=Motion.Result.CARRIED)
    return carried.filter(digest=canonical.digest(content)).order_by("-resolved_at").first()


def laureate_of(
    line: dict[str, Any], place: Place, entry: Application, motion: Motion | None, *, by: Person, at: datetime
) -> Laureate:
    try:
        with transaction.atomic():
            return Laureate.objects.create(
                edition_id=entry.edition_id,
                place=place,
                application=entry,
                motion=motion,
                **{name: line[name] for name in ("name", "native_name", "title", "city", "country", "reason")},
                conferred_by=by,
                conferred_at=at,
            )
    except IntegrityError:
        raise Refused(_("%(place)s has a laureate already.") % {"place": place}) from None


def conclude_final(final: Stage, honoured: set[int], *, by: Person, at: datetime) -> None:
    """Every finalist is told in the end: with an award or without. Silent until the announcement."""
    for entry in proposing.finalists(final.edition):
        verdict = "advanced" if entry.pk in honoured else "declined"
        concluding.conclude(entry, final, verdict, by=by, at=at)


@transaction.atomic
def cite(laureate: Laureate, text: dict[str, str], *, by: Person, at: datetime) -> Citation:
    """Write the sentence why, until it is printed or announced."""
    if not is_secretariat(by, laureate.edition):
        raise Refused(_("Only the secretariat may write citations."))
    announcement = getattr(laureate.edition, "announcement", None)
    if announcement and announcement.released_at and hasattr(laureate, "citation"):
        raise Refused(_("This citation is announced and stays as it was read out."))
    if hasattr(laureate, "certificate") and hasattr(laureate, "citation"):
        raise Refused(_("This citation is printed on the certificate and stays as it is there."))
    values = {"text": text, "approved_at": at}
    citation, _made = Citation.objects.update_or_create(laureate=laureate, defaults=values)
    ledger.record(laureate.edition, "citation.written", subject=laureate.code, by=by, at=at)
    return citation

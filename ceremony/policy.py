"""Who may see and do what in the ceremony app. Look-ups are querysets, permissions are predicates, reasons are lists."""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from applications.models import Application, Recusal
from ceremony.models import Certificate, Guest, Laureate, Nomination, Offer, SpecialAward
from prize.models import Edition, Motion, Person, Stage
from prize.policy import is_secretariat, sits_on

CONFER = "ceremony.confer"

# --- A partner's jurors ---------------------------------------------------------------------------


def special_awards_of(person: Person):
    """The partner's awards a person helps to give."""
    seats = {"partner__committee__seats__person": person, "partner__committee__seats__left_at": None}
    related = ("award__edition", "award__parent", "award__category", "partner__organisation", "partner__committee")
    return SpecialAward.objects.filter(**seats).select_related(*related).order_by("award__precedence", "pk")


def entries_before(special: SpecialAward, person: Person):
    """What a juror of this partner sees: entries that reached the agreed stage, that allow it, and that are no conflict."""
    award = special.award
    entries = (
        Application.objects.advanced(special.sees_advanced_by).filter(edition=award.edition_id).not_recused(person)
    )
    if special.consent_question:
        entries = entries.consenting(special.consent_question)
    if award.category_id:
        entries = entries.filter(category=award.category_id)
    types = list(award.applicant_types.all())
    return entries.filter(applicant_type__in=types) if types else entries


def nomination_of(special: SpecialAward) -> Nomination | None:
    return special.nominations.standing().select_related("application").first()


def nominating_problems(special: SpecialAward, application: Application, person: Person, at: datetime) -> list[str]:
    """Why this person cannot put this entry forward now; empty if all is well."""
    committee = special.partner.committee
    if committee is None or not sits_on(person, committee):
        return [_("Only the partner's jurors may nominate for this award.")]
    if Laureate.objects.standing().filter(edition=special.award.edition_id).exists():
        return [_("The laureates are decided. Nothing can be nominated any more.")]
    if not special.award.edition.stage(Stage.Kind.FINAL).is_open(at):
        return [_("Nominations are made while the final selection is open.")]
    if not entries_before(special, person).filter(pk=application.pk).exists():
        return [_("This entry is not before you: it did not reach the agreed stage, or it does not allow it.")]
    return []


# --- The promotion committee ----------------------------------------------------------------------


def lists_before(person: Person):
    """The lists of laureates that were put to this person's committee."""
    return Motion.objects.before(person).filter(act=CONFER, committee__kind="promotion")


def entries_before_committee(person: Person):
    """What a member may read: the entries on those lists. Whoever stands aside from one entry reads none of its list."""
    aside = set(Recusal.objects.of(person).values_list("application__code", flat=True))
    named = [named_in(motion) for motion in lists_before(person)]
    codes: set[str] = set().union(*(entries for entries in named if not entries & aside))
    return Application.objects.filter(code__in=codes)


def named_in(motion: Motion) -> set[str]:
    return {line["application"] for line in motion.content["places"]} - {""}


def list_to_decide(entry: Application, person: Person) -> Motion | None:
    """The list, not voted to its end yet, that names this entry."""
    pending = lists_before(person).pending().filter(committee__edition=entry.edition_id)
    return next((motion for motion in pending if entry.code in named_in(motion)), None)


# --- Laureates ------------------------------------------------------------------------------------


def visible_to_all(at: datetime):
    """The laureates who may be named now."""
    return Laureate.objects.announced(at).in_order()


def once_named(at: datetime):
    """Those who may be named now, and those who were named and whose award was taken back: the page says so."""
    announced = Q(edition__announcement__released_at__lte=at)
    standing = Q(revoked_at=None) | Q(revoked_at__gte=F("edition__announcement__released_at"))
    return Laureate.objects.filter(announced & standing).in_order()


def taken_back(at: datetime):
    return once_named(at).exclude(revoked_at=None)


def visible_to_laureate(person: Person, at: datetime):
    """One's own awards, from the release on."""
    return Laureate.objects.announced(at).of(person).in_order()


def offers_visible_to_laureate(person: Person, at: datetime):
    related = ("benefit", "laureate__place__award__parent", "laureate__edition")
    return Offer.objects.filter(laureate__in=Laureate.objects.announced(at).of(person)).select_related(*related)


def answering_problems(offer: Offer, person: Person, at: datetime) -> list[str]:
    """Why this person cannot answer this offer now; empty if all is well."""
    application = offer.laureate.application
    if not (
        Application.objects.of(person).filter(pk=application.pk).exists() or is_secretariat(person, application.edition)
    ):
        return [_("Only those who entered for the award may answer its offers.")]
    if offer.laureate.revoked_at:
        return [_("This award was revoked.")]
    if offer.answer:
        return [_("This offer is %(answer)s.") % {"answer": offer.get_answer_display()}]
    if at >= offer.answer_by:
        return [_("The time to answer is over. Write to the secretariat if you still want it.")]
    return []


def certificates_visible_to(person: Person, at: datetime):
    """The secretariat's always, because paper is made before the evening; a laureate's own from the release on."""
    editions = Edition.objects.filter(prize__organisers__person=person, prize__organisers__role="secretariat")
    own = Q(laureate__in=Laureate.objects.announced(at).of(person))
    if person.is_superuser and person.is_active:
        return Certificate.objects.select_related("laureate")
    return Certificate.objects.filter(own | Q(laureate__edition__in=editions)).select_related("laureate")


def guests():
    """Found by their own token only: whoever has the letter is the guest."""
    return Guest.objects.select_related("occasion__edition__prize")

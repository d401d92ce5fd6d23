"""From a recommendation of the committee to a judge who may read: recommend, invite, answer, pledge."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from judges.models import Invitation, Judge, Pledge, ScoreSheet, Terms
from prize import governing, ledger, policy, post
from prize.codes import new_code
from prize.governing import Refused
from prize.models import Committee, Edition, Motion, Organisation, Person, Seat

PROFILE = ("organisation", "bio", "fields", "languages", "seniority", "gender", "most_entries", "role")


def jury_of(edition: Edition) -> Committee:
    jury = edition.committees.filter(kind=Committee.Kind.JURY).order_by("pk").first()
    if jury is None:
        raise Refused(_("This edition has no jury committee yet. Add one to the rulebook first."))
    return jury


def terms_of(edition: Edition) -> Terms:
    return Terms.objects.filter(edition=edition).first() or Terms(edition=edition)


@transaction.atomic
def recommend(
    edition: Edition, profiles: list[dict[str, Any]], *, by: Person, at: datetime, reason: str = ""
) -> Motion:
    """Put a list of judges to the promotion committee. A profile has ``name``, ``email`` and what ``PROFILE`` lists."""
    problems = profile_problems(edition, profiles)
    if problems:
        raise Refused(" ".join(problems))
    committee = edition.committees.get(kind=Committee.Kind.PROMOTION)
    content = {"judges": [candidate(profile) for profile in profiles]}
    title = _("Recommendation of %(count)s judges") % {"count": len(profiles)}
    return governing.propose(committee, "judges.recommend", content, title=title, by=by, at=at, reason=reason)


def profile_problems(edition: Edition, profiles: list[dict[str, Any]]) -> list[str]:
    """Why these profiles cannot be recommended; empty if all is well."""
    if not profiles:
        return [_("Name at least one judge.")]
    emails = [profile["email"].lower() for profile in profiles]
    problems = [
        _("%(name)s: give a name and an address.") % {"name": profile["name"] or profile["email"]}
        for profile in profiles
        if not profile["name"] or "@" not in profile["email"]
    ]
    problems += [
        _("%(address)s is on the list twice.") % {"address": address}
        for address in sorted({a for a in emails if emails.count(a) > 1})
    ]
    known = Judge.objects.filter(edition=edition, person__email__in=emails).select_related("person")
    return problems + [_("%(name)s is a judge of this edition already.") % {"name": judge} for judge in known]


def candidate(profile: dict[str, Any]) -> dict[str, Any]:
    """What the motion says of one person. The account is made now, and has no right until the motion carries."""
    email = profile["email"].lower()
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        more = {
            key: profile[key]
            for key in ("native_name", "country", "language", "zone", "is_fictional")
            if profile.get(key)
        }
        person = Person.objects.create_user(email=email, name=profile["name"], **more)
    organisation = organisation_named(profile.get("organisation", ""), profile.get("country", ""), person)
    about = {key: profile[key] for key in PROFILE if profile.get(key)}
    return {
        **about,
        "code": profile.get("code") or new_code(),
        "person": person.code,
        "name": person.name,
        "organisation": organisation.code if organisation else "",
    }


def organisation_named(name: str, country: str, person: Person) -> Organisation | None:
    if not name:
        return None
    found = Organisation.objects.filter(name__iexact=name).first()
    return found or Organisation.objects.create(name=name, country=country, is_fictional=person.is_fictional)


@transaction.atomic
def seat(
    profiles: list[dict[str, Any]], *, edition: Edition, motion: Motion | None, by: Person, at: datetime
) -> list[Judge]:
    """What a carried recommendation does: a judge's row and a seat on the jury for each person named."""
    jury = jury_of(edition)
    made = []
    for profile in profiles:
        person = Person.objects.get(code=profile["person"])
        judge, new = Judge.objects.get_or_create(
            edition=edition,
            person=person,
            defaults={
                "code": profile.get("code") or new_code(),
                "organisation": Organisation.objects.filter(code=profile.get("organisation", "")).first(),
                "bio": profile.get("bio", ""),
                "fields": profile.get("fields", []),
                "languages": profile.get("languages", []),
                "seniority": profile.get("seniority", ""),
                "gender": profile.get("gender", ""),
                "most_entries": profile.get("most_entries"),
                "recommended_by": motion,
            },
        )
        Seat.objects.get_or_create(
            committee=jury, person=person, left_at=None, defaults={"role": profile.get("role", Seat.Role.MEMBER)}
        )
        made += [judge] if new else []
    ledger.record(edition, "judges.recommended", facts={"judges": [j.code for j in made]}, by=by, at=at)
    return made


@transaction.atomic
def invite(judge: Judge, *, by: Person, at: datetime) -> Invitation:
    """Invite a recommended judge, once: the letter leads to the page where the answer is given."""
    edition = judge.edition
    if not policy.is_secretariat(by, edition):
        raise Refused(_("Only the secretariat may invite judges."))
    answer_by = at + timedelta(days=terms_of(edition).days_to_answer)
    invitation, new = Invitation.objects.get_or_create(
        judge=judge, defaults={"invited_by": by, "invited_at": at, "answer_by": answer_by}
    )
    if not new:
        raise Refused(_("%(name)s has been invited already.") % {"name": judge})
    post.queue(
        "judges.invitation",
        key=f"judges:invitation:{invitation.code}",
        to=judge.person,
        at=at,
        edition=edition,
        about={"invitation": invitation.code},
    )
    ledger.record(edition, "judge.invited", subject=judge.code, by=by, at=at, concerns=[judge.person])
    return invitation


@transaction.atomic
def answer(invitation: Invitation, said: str, *, by: Person, at: datetime, note: str = "") -> Invitation:
    """The invited person accepts or declines, once. Who declines leaves the jury."""
    judge = invitation.judge
    if by.pk != judge.person_id:
        raise Refused(_("Only the person who was invited may answer."))
    if said not in Invitation.Answer.values:
        raise Refused(_("Accept or decline the invitation."))
    open_row = Invitation.objects.filter(pk=invitation.pk, answer="")
    if not open_row.update(answer=said, answered_at=at, note=note):
        raise Refused(_("This invitation has been answered already."))
    invitation.refresh_from_db()
    if said == Invitation.Answer.DECLINED:
        Seat.objects.filter(committee=jury_of(judge.edition), person=by, left_at=None).update(left_at=at)
    ledger.record(judge.edition, f"judge.{said}", subject=judge.code, by=by, at=at)
    return invitation


def pledge_text(judge: Judge) -> str:
    """The pledge in the judge's own language, as it will be signed."""
    with override(judge.person.language):
        return str(terms_of(judge.edition).pledge)


@transaction.atomic
def sign_pledge(judge: Judge, *, signed_as: str, by: Person, at: datetime) -> Pledge:
    """Sign the pledge with one's full name. The row keeps the words that were shown, and is sealed."""
    problems = pledge_problems(judge, by, signed_as)
    if problems:
        raise Refused(problems[0])
    text = pledge_text(judge)
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        with transaction.atomic():
            pledge = Pledge.objects.create(
                judge=judge, text=text, digest=digest, signed_as=signed_as.strip(), signed_at=at
            )
    except IntegrityError:
        raise Refused(_("You have signed the pledge already.")) from None
    ledger.record(judge.edition, "judge.pledged", subject=judge.code, facts={"text": digest}, by=by, at=at)
    return pledge


def pledge_problems(judge: Judge, person: Person, signed_as: str) -> list[str]:
    """Why this person cannot sign this pledge so; empty if all is well."""
    if person.pk != judge.person_id:
        return [_("Only the judge may sign the pledge.")]
    invitation = Invitation.objects.filter(judge=judge).first()
    if invitation is None or invitation.answer != Invitation.Answer.ACCEPTED:
        return [_("Accept the invitation first.")]
    if Pledge.objects.filter(judge=judge).exists():
        return [_("You have signed the pledge already.")]
    names = {spelled(person.name), spelled(person.native_name)} - {""}
    if spelled(signed_as) not in names:
        return [_("Sign with your full name as it stands here: %(name)s.") % {"name": person.name}]
    return []


def spelled(name: str) -> str:
    return " ".join(name.split()).casefold()


STEP_DOWN = "judges.step_down"


def has_cast(judge: Judge) -> bool:
    """Whether sheets of this judge count: then one officer alone must not take them away."""
    return ScoreSheet.objects.counting().filter(assignment__judge=judge).exists()


@transaction.atomic
def ask_to_step_down(judge: Judge, *, by: Person, at: datetime) -> governing.Approval:
    """Ask a second person to record that a judge leaves whose sheets count."""
    sheets = ScoreSheet.objects.counting().filter(assignment__judge=judge).order_by("code")
    content = {"judge": judge.code, "sheets": dict(sheets.values_list("code", "digest"))}
    title = _("A judge steps down: %(code)s") % {"code": judge.code}
    return governing.ask(judge.edition, STEP_DOWN, content, title=title, by=by, at=at)


@transaction.atomic
def step_down(judge: Judge, *, by: Person, at: datetime, approved: bool = False) -> Judge:
    """A judge leaves the edition: nothing of it stays open to this person, and what was cast no longer counts."""
    if not policy.is_secretariat(by, judge.edition):
        raise Refused(_("Only the secretariat may record that a judge steps down."))
    if has_cast(judge) and not approved:
        raise Refused(_("A sheet is cast. That it no longer counts has to be approved by a second person."))
    if not Judge.objects.filter(pk=judge.pk, stepped_down_at=None).update(stepped_down_at=at):
        raise Refused(_("%(name)s has stepped down already.") % {"name": judge})
    judge.stepped_down_at = at
    judge.assignments.standing().update(withdrawn_at=at, withdrawn_reason="stepped down")
    Seat.objects.filter(committee=jury_of(judge.edition), person=judge.person, left_at=None).update(left_at=at)
    ledger.record(judge.edition, "judge.stepped-down", subject=judge.code, by=by, at=at, concerns=[judge.person])
    return judge

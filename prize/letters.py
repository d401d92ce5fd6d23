"""Letters of the prize app itself: a motion waits for your vote, a meeting is called; and those about an account."""

from allauth.account import app_settings as accounts
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from prize.governing import acts, stands_aside
from prize.models import Letter, Meeting, Motion
from prize.post import Withheld, Words, letter


@letter("prize.motion", _("motion to vote on"))
def motion(row: Letter) -> Words:
    found = Motion.objects.select_related("committee__edition").get(code=row.about["motion"])
    if found.resolved_at:
        raise Withheld(gettext_noop("the motion is resolved"))
    if not found.committee.seats.voting().filter(person=row.person).exists():
        raise Withheld(gettext_noop("the reader has no vote on this committee any more"))
    if row.person and stands_aside(found, row.person):
        raise Withheld(gettext_noop("the reader stands aside from this matter"))
    # What is proposed is read behind the log-in only: it may name laureates, and nobody knows who reads a mailbox.
    return Words("prize/letters/motion.txt", {"motion": found, "matter": acts.get(found.act).matter})


@letter("prize.meeting", _("call to a meeting"))
def meeting(row: Letter) -> Words:
    found = Meeting.objects.select_related("committee__edition").get(code=row.about["meeting"])
    return Words("prize/letters/meeting.txt", {"meeting": found})


# --- Accounts: a link that opens one is made when the letter goes, and is not kept with it --------------------


@letter("prize.confirm_address", _("confirm an address"), is_secret=True)
def confirm_address(row: Letter) -> Words:
    found = EmailAddress.objects.filter(user__code=row.about["person"], email__iexact=row.recipient).first()
    if found is None or found.verified:
        raise Withheld(gettext_noop("the address is confirmed already, or was taken off the account"))
    link = reverse("account_confirm_email", args=[EmailConfirmationHMAC.create(found).key])
    values = {"link": link, "address": found.email, "days": accounts.EMAIL_CONFIRMATION_EXPIRE_DAYS}
    return Words("prize/letters/confirm_address.txt", values)


@letter("prize.new_password", _("new password"), is_secret=True)
def new_password(row: Letter) -> Words:
    if row.person is None or not row.person.is_active:
        raise Withheld(gettext_noop("the account is closed"))
    token = accounts.PASSWORD_RESET_TOKEN_GENERATOR().make_token(row.person)
    key = {"uidb36": user_pk_to_url_str(row.person), "key": token}
    return Words("prize/letters/new_password.txt", {"link": reverse("account_reset_password_from_key", kwargs=key)})


@letter("prize.no_account", _("no account at this address"))
def no_account(row: Letter) -> Words:
    return Words("prize/letters/no_account.txt", {"address": row.recipient})


@letter("prize.account_exists", _("there is an account already"))
def account_exists(row: Letter) -> Words:
    return Words("prize/letters/account_exists.txt", {"address": row.recipient})


CHANGES: dict[str, str | Promise] = {
    "password_changed": _("Your password was changed."),
    "password_set": _("A password was set."),
    "password_reset": _("Your password was replaced by a new one."),
    "email_changed": _("Your e-mail address was changed."),
    "email_deleted": _("An e-mail address was taken off your account."),
    "email_confirm": _("An e-mail address was confirmed."),
    "totp_activated": _("Signing in with an authenticator app was switched on."),
    "totp_deactivated": _("Signing in with an authenticator app was switched off."),
    "recovery_codes_generated": _("New recovery codes were made; the old ones no longer work."),
}


@letter("prize.account_changed", _("an account was changed"))
def account_changed(row: Letter) -> Words:
    change = CHANGES.get(row.about["what"], _("The way you sign in was changed."))
    return Words("prize/letters/account_changed.txt", {"change": change, "moment": row.queued_at})

"""A gate on every view. A test walks the URLconf, admin included, and fails on a view without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _

from prize import keeping, policy
from prize.models import Organiser, Person
from prize.requests import Request

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)


def public(why: str) -> Callable[[V], V]:
    """Open to everybody, for a reason that is written down."""

    return lambda view: named(view, f"public: {why}")


def named(view: Any, gate: str) -> Any:
    """The gate's name is written on the view, for the test to find."""
    view.gate = gate
    return view


def guard(name: str, allows: Callable[[Request], bool], refusal: Callable[[], str]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def gated(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sent_to_sign_in(request)
            if not allows(request):
                raise PermissionDenied(refusal())
            if lacks_second_factor(request):
                return redirect("mfa_activate_totp")
            response = view(request, *args, **kwargs)
            if request.method == "POST" and response.status_code < 500:
                keeping.let_go(request)
            return response

        return named(gated, name)

    return wrap


def sent_to_sign_in(request: Request) -> HttpResponseBase:
    """And back to where the visitor was. What somebody typed while the session ended is kept meanwhile."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if keeping.keep(request):
        messages.warning(
            request, _("You were signed out. What you typed is kept: sign in, and it stands in its form again.")
        )
    else:
        messages.warning(request, _("You were signed out. Sign in, and try again."))
    return redirect_to_login(keeping.page_of(request))


def lacks_second_factor(request: Request) -> bool:
    person = request.user
    return settings.MFA_REQUIRED and policy.needs_second_factor(person) and not is_mfa_enabled(person)


signed_in = guard("signed in", lambda request: True, lambda: "")


def seated(*kinds: str) -> Callable[[View], View]:
    """For those who sit on a committee of one of these kinds."""
    return guard(
        f"seated: {', '.join(kinds)}",
        lambda request: policy.has_seat(request.user, *kinds),
        lambda: _("This page is for members of the committee. If you should be one, write to the secretariat."),
    )


organiser = guard(
    "organiser",
    lambda request: policy.is_staff_of_any(request.user),
    lambda: _("This page is for the organisers. If you should be one, write to the secretariat."),
)
secretariat = guard(
    "secretariat",
    lambda request: (
        request.user.is_superuser
        or Organiser.objects.filter(person=request.user, role=Organiser.Role.SECRETARIAT).exists()
    ),
    lambda: _("This page is for the secretariat. If you should have access, ask a colleague there."),
)


def declare(patterns: list, gate: str) -> list:
    """Name the gate of somebody else's views, such as allauth's, where they are mounted."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            declare(pattern.url_patterns, gate)
        elif isinstance(pattern, URLPattern) and not hasattr(pattern.callback, "gate"):
            named(pattern.callback, gate)
    return patterns


OURS = {"prize", "applications", "screening", "judges", "ceremony"}
# What a screening officer reads beside the screening itself. No motion, approval, letter or ledger: they name laureates.
LOOKED_AT_TO_SCREEN = {
    "prize": {"edition", "stage", "category", "applicanttype", "region", "organisation", "city"},
    "applications": {"application", "submission", "outcome", "entryform", "section", "question"},
}


def roles_with(perm: str) -> set[str]:
    """The offices that hold a right such as ``prize.view_motion``. Nobody's office holds one on a library's tables."""
    app, _dot, codename = perm.partition(".")
    action, _line, model = codename.partition("_")
    if app not in OURS:
        return set()
    screens = app == "screening" and action in {"view", "add", "change"}
    looks = action == "view" and model in LOOKED_AT_TO_SCREEN.get(app, set())
    return {Organiser.Role.SECRETARIAT, *([Organiser.Role.SCREENING_OFFICER] if screens or looks else [])}


class OrganiserBackend(BaseBackend):
    """What an office may do in the admin: the secretariat everything, a screening officer the screening of entries.

    Rights are asked for without a row here; whose rows they are, ``prize.admin.base`` asks again edition by edition.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not user_obj.is_active or not isinstance(user_obj, Person):
            return False
        return bool(user_obj.office_roles & roles_with(perm))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if not user_obj.is_active or not isinstance(user_obj, Person):
            return False
        looks = app_label == "screening" or app_label in LOOKED_AT_TO_SCREEN
        allowed = {Organiser.Role.SECRETARIAT, *([Organiser.Role.SCREENING_OFFICER] if looks else [])}
        return app_label in OURS and bool(user_obj.office_roles & allowed)

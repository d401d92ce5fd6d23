"""One row for every route: what an address of it is. The walk must reach every page in some stage of the demonstration."""

from collections.abc import Iterator
from functools import cache

from django.contrib import admin
from django.urls import URLResolver, get_resolver

PAGE, BUTTON, DEED, FILE, OTHER = "page", "button", "deed", "file", "other"

# Our own, and allauth's: the pattern as the URLconf has it.
ROUTES = {
    PAGE: """
        / call/ method/ privacy/ archive/ archive/<int:year>/ desk/ patterns/ guide/
        committee/ committee/motions/<str:code>/ committee/meetings/<str:code>/ committee/entries/<str:code>/
        entries/new/ entries/<str:code>/ entries/<str:code>/about/ entries/<str:code>/sections/<slug:key>/
        entries/<str:code>/check/ entries/<str:code>/receipts/<str:receipt>/ entries/<str:code>/withdrawal/
        entries/<str:code>/reopening/ entries/<str:code>/collaborators/ collaborations/<str:code>/
        clarifications/<str:code>/
        judging/ judging/invitations/<str:code>/ judging/pledge/ judging/briefings/<str:code>/ judging/declaration/
        judging/sheets/<str:code>/ judging/sheets/<str:code>/recusal/ judging/<int:year>/<slug:slug>/
        judging/<int:year>/<slug:slug>/<slug:category>/
        laureates/ laureates/<str:code>/ certificates/<str:number>/ rsvp/<str:token>/
        partner/ partner/<str:code>/ offers/<str:code>/
        accounts/login/ accounts/logout/ accounts/inactive/ accounts/signup/ accounts/reauthenticate/ accounts/email/
        accounts/confirm-email/ accounts/password/change/ accounts/password/reset/ accounts/password/reset/done/
        accounts/password/reset/key/done/ accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$
        accounts/^confirm-email/(?P<key>[-:\\w]+)/$
        accounts/2fa/ accounts/2fa/totp/activate/
    """,
    DEED: """
        committee/motions/<str:code>/vote/ committee/motions/<str:code>/resolution/ entries/<str:code>/submission/
        entries/<str:code>/collaborators/<str:collaborator>/removal/ clarifications/<str:code>/answer/
        judging/invitations/<str:code>/answer/ judging/briefings/<str:code>/attendance/
        judging/sheets/<str:code>/casting/ judging/<int:year>/<slug:slug>/reminders/ partner/<str:code>/nomination/
        offers/<str:code>/answer/ language/
        guide/<slug:account>/entrance/ committee/entries/<str:code>/recusal/ committee/meetings/<str:code>/reply/
    """,
    FILE: """
        committee/meetings/<str:code>/calendar/ files/<str:code>/ certificates/<str:number>/file/ rsvp/<str:token>/calendar/
        accounts/2fa/recovery-codes/download/ prizes/<slug:slug>/colours.css prizes/<slug:slug>/logo.svg
    """,
    # Said to machines, or only in the middle of signing in with a second factor, which its own tests walk through.
    OTHER: """
        healthz readyz accounts/password/set/ accounts/login/code/confirm/ accounts/2fa/authenticate/
        accounts/2fa/reauthenticate/ accounts/2fa/totp/deactivate/ accounts/2fa/recovery-codes/
        accounts/2fa/recovery-codes/generate/
    """,
}

# Of every table in the office.
OF_A_TABLE = {PAGE: ["", "<path:object_id>/change/", "<path:object_id>/history/"], OTHER: ["<path:object_id>/"]}
FORMS_OF_A_TABLE = ["add/", "<path:object_id>/delete/"]

# The office's own: after admin/<app>/<table>/. The buttons of change pages are known by themselves.
OFFICE = {
    PAGE: """
        screening/check/board/ screening/check/board/<str:code>/ screening/reading/import/
        judges/judge/recommend/ judges/round/<int:pk>/coverage/ judges/assignmentrun/<int:pk>/preview/
        applications/application/export/ ceremony/guest/import/ screening/reading/export/
        ceremony/award/workbench/<int:edition_id>/ ceremony/occasion/<int:pk>/run-of-show/
        ceremony/award/workbench/<int:edition_id>/places/<int:place_id>/
    """,
    DEED: """
        ceremony/award/workbench/<int:edition_id>/places/<int:place_id>/release/
        ceremony/award/workbench/<int:edition_id>/proposal/
        ceremony/guest/process_import/ screening/reading/process_import/
        screening/check/board/comparison/ screening/check/board/closing/ screening/check/board/announcement/
        screening/check/board/<str:code>/question/ screening/check/board/<str:code>/exception/
        screening/check/board/<str:code>/correction/
    """,
}
FRAME = {
    "": PAGE,
    "login/": OTHER,
    "logout/": DEED,
    "password_change/": OTHER,
    "password_change/done/": OTHER,
    "autocomplete/": OTHER,
    "jsi18n/": OTHER,
    "r/<path:content_type_id>/<path:object_id>/": OTHER,
    "(?P<url>.*)$": OTHER,
}


def routes(patterns: list | None = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URLconf, admin included, as one string each."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        elif "(?P<app_label>" not in where:  # Django's list of an app's tables: its pattern names the apps in any order
            yield where or "/"


@cache
def table() -> dict[str, str]:
    """Route -> what its addresses are."""
    rows = {route: kind for kind, names in ROUTES.items() for route in names.split()}
    rows |= {f"admin/{route}": kind for kind, names in OFFICE.items() for route in names.split()}
    rows |= {f"admin/{route}": kind for route, kind in FRAME.items()}
    for model, model_admin in admin.site._registry.items():
        base = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        rows |= {f"{base}{route}": kind for kind, names in OF_A_TABLE.items() for route in names}
        rows |= {f"{base}{route}": OTHER for route in FORMS_OF_A_TABLE}
        rows |= {f"{base}<path:object_id>/{name}/": BUTTON for name in getattr(model_admin, "verbs", dict)()}
    return rows

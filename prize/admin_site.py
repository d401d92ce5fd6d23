"""The admin: the secretariat's and the screening officers' place of work, behind the same log-in as everything else."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models.base import ModelBase
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLResolver, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from prize import policy
from prize.access import OURS, lacks_second_factor, organiser
from prize.models import Edition
from prize.requests import HookRequest, Request
from prize.views.office import office_today

# The office's table of contents: by what one is at, in the order of an edition's year. What is set once stands at the end.
CONTENTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "edition": (gettext_lazy("Edition"), ("Edition", "Stage", "Letter")),
    "entries": (
        gettext_lazy("Entries"),
        ("Application", "Check", "Clarification", "Waiver", "Similarity", "Outcome", "Recusal", "Submission"),
    ),
    "judging": (
        gettext_lazy("Judging"),
        ("Judge", "Invitation", "Declaration", "Round", "AssignmentRun", "Assignment", "ScoreSheet", "Tally"),
    ),
    "decisions": (
        gettext_lazy("Decisions"),
        (
            "Committee",
            "Meeting",
            "Motion",
            "Approval",
            "Award",
            "SpecialAward",
            "Objection",
            "Laureate",
            "Announcement",
        ),
    ),
    "ceremony": (
        gettext_lazy("Ceremony and after"),
        ("Occasion", "Guest", "Certificate", "Benefit", "Offer", "FollowUp"),
    ),
    "index": (gettext_lazy("City index"), ("Reading", "IndexRun", "Indicator", "Formula")),
    "rules": (
        gettext_lazy("Rules"),
        (
            "Prize",
            "Category",
            "ApplicantType",
            "Region",
            "EntryForm",
            "Section",
            "Question",
            "CheckItem",
            "Terms",
            "Partner",
        ),
    ),
    "records": (gettext_lazy("People and records"), ("Person", "Organisation", "City", "LedgerEntry", "LedgerChain")),
}


@organiser
def let_in(request: Request, **_context: Any) -> HttpResponseBase:
    """Where Django sends whom its pages refuse, with a form of its own that would ask for no second factor.

    Here the gate answers, as on every page: it sends to the sign-in of everybody, to the second factor, or says whose page it is.
    """
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_ours else "admin:index")


def mark(patterns: list[Any]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            mark(pattern.url_patterns)
        elif hasattr(pattern.callback, "admin_site") or hasattr(pattern.callback, "model_admin"):
            pattern.callback.gate = "organiser"
        elif pattern.name == "login":
            pattern.callback = let_in


def office_edition(request: Request) -> Edition | None:
    """The newest edition being run that this person organises; read once per request."""
    if not hasattr(request, "office_edition"):
        rows = Edition.objects.none()
        if request.user.is_authenticated:
            rows = Edition.objects.organised_by(request.user).filter(published={}).select_related("prize")
        request.office_edition = rows.order_by("-year", "-pk").first()
    return request.office_edition


def in_the_editions_zone(view: Any) -> Any:
    """Times of the office are typed and read in the edition's own zone, wherever the office sits.

    The page is rendered before the zone is put back; left alone, Django renders it after the view. A page about a row of another
    edition changes the zone in ``EditionAdmin.get_object``.
    """

    @wraps(view)
    def zoned(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        edition = office_edition(request)
        with timezone.override(edition.tz if edition else timezone.get_default_timezone()):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return zoned


class PrizeAdminSite(AdminSite):
    site_header = gettext_lazy("Prize office")
    site_title = gettext_lazy("Prize office")
    index_title = gettext_lazy("Today")
    site_url = "/"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Libraries' tables stay out: who could edit sign-in addresses or second factors could become anybody."""
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        ours = [model for model in models if model._meta.app_label in OURS]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HookRequest) -> bool:
        return (
            request.user.is_authenticated and policy.is_staff_of_any(request.user) and not lacks_second_factor(request)
        )

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        gated = super().admin_view(in_the_editions_zone(view), cacheable)
        gated.gate = "organiser"
        return gated

    def each_context(self, request: HookRequest) -> dict[str, Any]:
        """The office works on an edition before the public sees it, so it has its own answer to which one is current."""
        edition = office_edition(request)
        return {**super().each_context(request), "edition": edition, "prize": edition.prize if edition else None}

    def get_urls(self) -> list:
        """Django wraps each of its views in ``admin_view``; here that is written on them, and the log-in says why it is open."""
        urls = super().get_urls()
        mark(urls)
        return urls

    def get_app_list(self, request: HookRequest, app_label: str | None = None) -> list[Any]:
        """Our tables by what one is at; the libraries' own tables stay out of the office."""
        if app_label:
            return super().get_app_list(request, app_label)
        if not hasattr(request, "office_contents"):  # Django asks twice for one page
            request.office_contents = self.contents(request)
        return request.office_contents

    def contents(self, request: HookRequest) -> list[Any]:
        tables = {table["object_name"]: table for app in super().get_app_list(request) for table in app["models"]}
        groups = []
        for key, (name, wanted) in CONTENTS.items():
            found = [tables[model] for model in wanted if model in tables]
            models = [line for table in found for line in (*self.own_pages(request, table), table)]
            if models:
                home = reverse("admin:index")
                groups.append(
                    {
                        "name": name,
                        "app_label": key,
                        "app_url": f"{home}#{key}",
                        "has_module_perms": True,
                        "models": models,
                    }
                )
        lines = [line for group in groups for line in group["models"]]
        here = max(
            (line["admin_url"] for line in lines if request.path.startswith(line["admin_url"])), key=len, default=""
        )
        for line in lines:
            line["is_current"] = line["admin_url"] == here
        return groups

    def own_pages(self, request: HookRequest, table: dict[str, Any]) -> list[dict[str, Any]]:
        """Pages of a table's admin that no list can show, such as the screening board: they stand before it."""
        pages = getattr(self._registry[table["model"]], "own_pages", ())
        edition = office_edition(request)
        if edition is None or not table["perms"]["view"]:
            return []
        shown = [(name, title, address(request, edition)) for name, title, address in pages]
        return [
            {"name": title, "object_name": name, "admin_url": url, "add_url": None, "view_only": True, "own": True}
            for name, title, url in shown
            if url
        ]

    def index(self, request: HookRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The office's home: where the edition stands, and what needs somebody today."""
        edition = office_edition(request)
        today = office_today(edition, request.user, request.at) if edition else {}
        return super().index(request, {**today, **(extra_context or {})})

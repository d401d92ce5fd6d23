"""The admin: the secretariat's and the screening officers' place of work, behind the same log-in as everything else."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLResolver, reverse
from django.utils.translation import gettext_lazy

from prize import policy
from prize.access import lacks_second_factor, public
from prize.views.context import current_edition
from prize.views.office import office_today

# The office's table of contents: by what one is at, not by which package a table lives in.
CONTENTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "edition": (
        gettext_lazy("Edition"),
        (
            "Edition",
            "Stage",
            "Letter",
            "Prize",
            "Category",
            "ApplicantType",
            "Region",
            "EntryForm",
            "Section",
            "Question",
        ),
    ),
    "entries": (
        gettext_lazy("Entries"),
        (
            "Application",
            "Submission",
            "CheckItem",
            "Check",
            "Waiver",
            "Clarification",
            "Similarity",
            "Outcome",
            "Recusal",
        ),
    ),
    "index": (gettext_lazy("City index"), ("Indicator", "Reading", "Formula", "IndexRun")),
    "judging": (
        gettext_lazy("Judging"),
        ("Judge", "Invitation", "Terms", "Declaration", "Round", "AssignmentRun", "Assignment", "ScoreSheet", "Tally"),
    ),
    "decisions": (
        gettext_lazy("Decisions"),
        ("Committee", "Meeting", "Motion", "Approval", "Award", "Partner", "SpecialAward", "Laureate", "Announcement"),
    ),
    "ceremony": (
        gettext_lazy("Ceremony and after"),
        ("Occasion", "Guest", "Certificate", "Benefit", "Offer", "FollowUp"),
    ),
    "records": (gettext_lazy("People and records"), ("Person", "Organisation", "City", "LedgerChain", "LedgerEntry")),
}


def mark(patterns: list[Any]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            mark(pattern.url_patterns)
        elif hasattr(pattern.callback, "admin_site") or hasattr(pattern.callback, "model_admin"):
            pattern.callback.gate = "organiser"
        elif pattern.name == "login":
            pattern.callback = public("it leads to the log-in of everybody")(secure_admin_login(pattern.callback))


class PrizeAdminSite(AdminSite):
    site_header = gettext_lazy("Prize office")
    site_title = gettext_lazy("Prize office")
    index_title = gettext_lazy("Today")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return (
            request.user.is_authenticated and policy.is_staff_of_any(request.user) and not lacks_second_factor(request)
        )

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        gated = super().admin_view(view, cacheable)
        gated.gate = "organiser"
        return gated

    def get_urls(self) -> list:
        """Django wraps each of its views in ``admin_view``; here that is written on them, and the log-in says why it is open."""
        urls = super().get_urls()
        mark(urls)
        return urls

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Our tables by what one is at; the libraries' own tables stay out of the office."""
        if app_label:
            return super().get_app_list(request, app_label)
        tables = {table["object_name"]: table for app in super().get_app_list(request) for table in app["models"]}
        groups = []
        for key, (name, wanted) in CONTENTS.items():
            models = [tables[model] for model in wanted if model in tables]
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
        return groups

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The office's home: where the edition stands, and what needs somebody today."""
        edition = current_edition()
        today = office_today(edition, request.user, request.at) if edition else {}  # type: ignore[arg-type, attr-defined]
        return super().index(request, {**today, **(extra_context or {})})

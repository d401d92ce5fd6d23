"""Times of the evening are typed and read in the edition's own zone, wherever the office sits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from prize.admin import EditionAdmin
from prize.models import Edition


class ZonedAdmin(EditionAdmin):
    """Its pages are read and rendered with the zone of the row's edition, else of the organiser's newest one."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with timezone.override(self.zone(request, object_id)):
            return rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        with timezone.override(self.zone(request, None)):
            return rendered(super().changelist_view(request, extra_context))

    def zone(self, request: HttpRequest, object_id: str | None) -> str:
        editions = Edition.objects.organised_by(request.user)  # type: ignore[arg-type]
        row = self.get_object(request, object_id) if object_id else None
        if row is not None:
            editions = editions.filter(pk=self.edition_of(row).pk)
        found = editions.order_by("-year", "-pk").values_list("zone", flat=True).first()
        return found or timezone.get_default_timezone_name()

    def edition_of(self, row: Any) -> Edition:
        for step in self.edition_path.split("__"):
            row = getattr(row, step)
        return row


def rendered(response: HttpResponse) -> HttpResponse:
    """Rendered now, while the zone holds; left alone, Django does it after the view."""
    return response.render() if hasattr(response, "render") else response

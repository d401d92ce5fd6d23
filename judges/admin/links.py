"""Buttons of a change page that only lead somewhere: no question is asked before."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import path

from prize.requests import Request


def link(model_admin, name: str):
    """The address of the button ``name``, answered at once: it stands before the one that would ask first."""
    method: Callable[..., HttpResponse] = getattr(model_admin, name)

    def view(request: Request, object_id: str) -> HttpResponse:
        row = model_admin.get_object(request, object_id)
        if row is None or not model_admin.has_view_permission(request, row):
            raise Http404
        return method(request, row)

    return path(f"<path:object_id>/{name}/", model_admin.admin_site.admin_view(view))

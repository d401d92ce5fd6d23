"""A row that is only looked at names other rows, and leads to those which its reader may open and to no others."""

from typing import Any

from django.contrib.admin import helpers, site
from django.http import HttpRequest


class ShownField(helpers.AdminReadonlyField):
    """Django links to every row that has a page, whoever reads; the reader stands in ``form.request``."""

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        request = getattr(self.form, "request", None)
        other = site._registry.get(remote_field.model)
        if request is None or other is None or not other.has_view_permission(request, remote_obj):
            return str(remote_obj)
        return super().get_admin_url(remote_field, remote_obj)


# Django makes these fields by this name and lets nobody choose another class.
helpers.AdminReadonlyField = ShownField  # type: ignore[misc]


def name_reader(request: HttpRequest, context: dict[str, Any]) -> None:
    """Tell every form of a change page who reads it."""
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
    for form in forms:
        form.request = request

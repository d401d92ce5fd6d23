"""A row that is only looked at: it leads to those rows which its reader may open and to no others, and its data can be read."""

from typing import Any

from django.contrib.admin import helpers, site
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import JSONField
from django.http import HttpRequest

from prize.admin.data import readable


class ShownField(helpers.AdminReadonlyField):
    """Django links to every row that has a page, whoever reads; the reader stands in ``form.request``."""

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        request = getattr(self.form, "request", None)
        other = site._registry.get(remote_field.model)
        if request is None or other is None or not other.has_view_permission(request, remote_obj):
            return str(remote_obj)
        return super().get_admin_url(remote_field, remote_obj)

    def contents(self) -> Any:
        row, name = self.form.instance, self.field["name"]
        try:
            stored = row._meta.get_field(name)
        except FieldDoesNotExist:
            return super().contents()
        in_a_table = isinstance(self.model_admin, InlineModelAdmin)  # a paragraph of which has no room for what folds
        return super().contents() if in_a_table or not isinstance(stored, JSONField) else readable(getattr(row, name))


# Django makes these fields by this name and lets nobody choose another class.
helpers.AdminReadonlyField = ShownField  # type: ignore[misc]


def name_reader(request: HttpRequest, context: dict[str, Any]) -> None:
    """Tell every form of a change page who reads it."""
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
    for form in forms:
        form.request = request

"""Names for what Django's admin leaves nameless: fields that stand in a table's cell, and the halves of a day and time."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst


class DayAndTime(AdminSplitDateTime):
    """No label reaches two fields at once, so each half is named by both."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for half, label in zip(context["widget"]["subwidgets"], ("date_label", "time_label"), strict=True):
            whole = half["attrs"].get("aria-label", "")
            half["attrs"]["aria-label"] = f"{whole} {context[label]}".strip().rstrip(":")
        return context


def name(field: forms.Field | None) -> None:
    """Say the field's label on the field itself."""
    if field is None or not field.label or field.widget.is_hidden:
        return
    framed = isinstance(field.widget, RelatedFieldWidgetWrapper)  # a choice of rows, with links to them
    attrs = field.widget.widget.attrs if framed else field.widget.attrs
    attrs.setdefault("aria-label", capfirst(field.label))


class NamedRows(BaseInlineFormSet):
    """Rows of a table: the heading of a column names no field in it, and the box that deletes a row has no label."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            name(field)

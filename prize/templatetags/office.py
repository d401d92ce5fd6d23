"""What Django's admin leaves to a template."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def labelled(cells: Iterable[str], heads: list[dict[str, Any]]) -> list[SafeString]:
    """The cells of a row, each with the name of its column, which a card shows before it; the one to select it needs none."""
    names = [
        capfirst(str(head["text"])) if "action-checkbox" not in head.get("class_attrib", "") else "" for head in heads
    ]
    row = list(cells)
    return [with_label(cell, name) for cell, name in zip(row, [*names, *[""] * (len(row) - len(names))], strict=True)]


def with_label(cell: str, name: str) -> SafeString:
    """``<td class="…">…``, as Django has escaped it."""
    tag, rest = cell[:3], cell[3:]
    return mark_safe(format_html('{} data-label="{}"', mark_safe(tag), name) + rest if name else cell)  # noqa: S308

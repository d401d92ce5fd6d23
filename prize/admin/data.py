"""What is stored as JSON, as a person reads it: a few values as words, more of them folded away."""

import json
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext as _

FEW = 6
Plain = str | int | float | bool


def readable(value: Any) -> str:
    """
    >>> str(readable(["en", "ko"])), str(readable({})), str(readable({"yes": 9, "no": 0}))
    ('en, ko', '–', 'yes: 9<br>no: 0')
    """
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, Plain):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, Plain) for one in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict) and len(value) <= FEW and all(isinstance(one, Plain) for one in value.values()):
        return linebreaksbr("\n".join(f"{name}: {one}" for name, one in value.items()))
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<details class="data"><summary>{}</summary><pre>{}</pre></details>', _("Show the data"), text)

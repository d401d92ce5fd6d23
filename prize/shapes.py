"""JSON that people type in the office has the shape that its readers count on: with another, their pages would fail."""

import json
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic import ValidationError as Misshapen

Count = Annotated[int, Field(ge=0, le=32_767)]
Texts = dict[str, str]  # by language


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Choice(Shape):
    key: str
    name: Texts


class Step(Shape):
    name: Texts
    days: Count


class WordsField(forms.CharField):
    """A list of words, typed with commas between them."""

    def __init__(self, **kwargs: Any):
        kwargs["help_text"] = kwargs.get("help_text") or gettext_lazy("With commas between them.")
        super().__init__(**{"widget": forms.TextInput(attrs={"class": "vTextField"})} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        found = as_json(text)
        return [word for part in text.split(",") if (word := part.strip())] if found is None else found


class CountsField(forms.CharField):
    """A whole number for each name, a line for each: ``people: 18``."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name}: {count}" for name, count in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        found = as_json(text)
        return dict(map(self.counted, filter(str.strip, text.splitlines()))) if found is None else found

    def counted(self, line: str) -> tuple[str, int]:
        name, _colon, count = (part.strip() for part in line.partition(":"))
        if not name or not count.isdecimal():
            raise ValidationError(_("“%(line)s”: write a name, a colon and a whole number.") % {"line": line.strip()})
        return name, int(count)


def as_json(text: str) -> Any:
    """A list or a record that somebody typed as JSON; None if it is plain text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # the latter of a text that opens more brackets than anybody means
        return None
    return found if isinstance(found, list | dict) else None


class ShapedField(models.JSONField):
    """A JSON field that takes one shape, written as a type. Left empty, it is what it is by default."""

    def __init__(self, *args: Any, shape: Any = Any, **kwargs: Any):
        self.shape = shape
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(self.get_default() if value is None else value, model_instance)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        try:
            TypeAdapter(self.shape).validate_python(value, strict=True)
        except Misshapen as error:
            raise ValidationError(
                [f"{'.'.join(map(str, one['loc'])) or '–'}: {one['msg']}" for one in error.errors()]
            ) from error

    def formfield(self, **kwargs: Any) -> Any:
        """Simple shapes are typed as a person would write them."""
        plain = {list[str]: WordsField, dict[str, Count]: CountsField}.get(self.shape)
        return models.Field.formfield(self, form_class=plain, **kwargs) if plain else super().formfield(**kwargs)

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        super().save_form_data(instance, self.get_default() if data is None else data)

"""JSON that people type in the office has the shape that its readers count on: with another, their pages would fail."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import models
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

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        super().save_form_data(instance, self.get_default() if data is None else data)

"""Readings from a file: looked at row by row before anything is written, then recorded by the verb, all or none.

Columns: indicator (its key), city (its code, or its name beside a country code), country, year, value, source.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from prize.exporting import Inert
from prize.models import City, Edition, Person
from prize.rulebook import plain
from screening import collecting
from screening.collecting import Value
from screening.models import Indicator, Reading


class IndicatorWidget(widgets.Widget):
    """An indicator of the edition by its key."""

    def __init__(self, edition: Edition | None = None):
        super().__init__()
        self.known = {row.key: row for row in Indicator.objects.filter(edition=edition)} if edition else {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Indicator:
        found = self.known.get(str(value or "").strip())
        if found is None:
            raise ValueError(
                _("There is no indicator “%(key)s”. Known: %(known)s.") % {"key": value, "known": ", ".join(self.known)}
            )
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.key if value else ""


class CityWidget(widgets.Widget):
    """A city by its code, or by name and country: names alone are shared by many."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[str, str], City | None] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> City:
        name, country = str(value or "").strip(), str((row or {}).get("country") or "").strip().upper()
        if (name, country) not in self.found:
            by_code = City.objects.filter(code=name.upper()).first()
            named = City.objects.filter(name__iexact=name, country=country).first() if country else None
            self.found[name, country] = by_code or named
        found = self.found[name, country]
        if found is None:
            raise ValueError(_("There is no city “%(name)s” in “%(country)s”.") % {"name": name, "country": country})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.name if value else ""


class ReadingResource(Inert, resources.ModelResource):
    """What a file says, checked as the verb will check it, and handed to the verb at the end."""

    indicator = fields.Field(attribute="indicator", column_name="indicator", widget=IndicatorWidget())
    city = fields.Field(attribute="city", column_name="city", widget=CityWidget())
    country = fields.Field(attribute="city__country", column_name="country", readonly=True)

    class Meta:
        model = Reading
        fields = ("indicator", "city", "country", "year", "value", "source")
        import_order = export_order = fields
        import_id_fields = ()
        force_init_instance = True

    def __init__(
        self, edition: Edition | None = None, by: Person | None = None, at: datetime | None = None, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.edition, self.by, self.at = edition, by, at
        self.fields["indicator"].widget = IndicatorWidget(edition)
        self.fields["city"].widget = CityWidget()
        self.fields["value"].widget = FigureWidget()
        self.values: list[Value] = []
        self.named: set[tuple[int, int, int]] = set()
        self.standing: dict[tuple[int, int, int], Reading] = {}

    def get_queryset(self) -> Any:
        return Reading.objects.standing().filter(indicator__edition=self.edition).select_related("indicator", "city")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        missing = {"indicator", "city", "year", "value", "source"} - set(dataset.headers or ())
        if missing:
            raise ValidationError(_("The file lacks the columns: %(names)s.") % {"names": ", ".join(sorted(missing))})
        self.standing = {(row.indicator_id, row.city_id, row.year): row for row in self.get_queryset()}

    def validate_instance(
        self, instance: Reading, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)
        value = value_of(instance)
        found = collecting.problems(value, self.edition, self.at)  # type: ignore[arg-type]
        key = (instance.indicator_id, instance.city_id, instance.year)
        if key in self.named:
            found.append(_("The file names this indicator, city and year twice."))
        self.named.add(key)
        if found:
            raise ValidationError(found)

    def skip_row(self, instance: Reading, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """The same figure from the same source stands already."""
        if import_validation_errors or instance.indicator_id is None or instance.city_id is None:
            return False
        standing = self.standing.get((instance.indicator_id, instance.city_id, instance.year))
        return (
            standing is not None and instance.value is not None and not collecting.differs(standing, value_of(instance))
        )

    def do_instance_save(self, instance: Reading, is_create: bool) -> None:
        self.values.append(value_of(instance))

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        wrong = result.has_errors() or result.has_validation_errors()
        if not wrong and not kwargs.get("dry_run"):
            collecting.record_readings(self.values, by=self.by, at=self.at)  # type: ignore[arg-type]


class FigureWidget(widgets.Widget):
    """A figure, read exactly; an empty cell is a mistake and not a nought."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal:
        text = str(value if value is not None else "").strip()
        if not text:
            raise ValueError(_("The value is missing."))
        try:
            return Decimal(text)
        except InvalidOperation:
            raise ValueError(_("“%(text)s” is not a number.") % {"text": text}) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return plain(value) if value is not None else ""


def value_of(instance: Reading) -> Value:
    return Value(instance.indicator, instance.city, instance.year or 0, instance.value, instance.source or "")

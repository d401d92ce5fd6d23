"""Guest lists in and out, as CSV. The columns are named, so that a new field of the model cannot slip into a file."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from ceremony.models import Guest, Occasion
from prize.exporting import Inert


class OccasionWidget(ForeignKeyWidget):
    """An occasion by its code, among those that the reader of the file organises."""

    def __init__(self, occasions: QuerySet):
        super().__init__(Occasion, field="code")
        self.occasions = occasions

    def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> QuerySet:
        return self.occasions


class GuestResource(Inert, resources.ModelResource):
    """One line per guest: occasion and address say who is meant, so the same file twice makes nobody twice."""

    occasion = fields.Field("occasion", "occasion")

    class Meta:
        model = Guest
        fields = (
            "occasion",
            "name",
            "email",
            "organisation",
            "language",
            "part",
            "answer",
            "companion",
            "needs",
            "seat",
        )
        export_order = fields
        import_id_fields = ("occasion", "email")
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def __init__(self, occasions: QuerySet | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.fields["occasion"].widget = OccasionWidget(Occasion.objects.all() if occasions is None else occasions)

    def get_import_fields(self) -> list:
        """What the guest answered is the guest's own: a file does not write it."""
        own = {"answer", "companion", "needs"}
        return [field for name, field in self.fields.items() if name not in own]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        row["email"] = (row.get("email") or "").strip().lower()

"""The list of entries as a table. Its columns are named one by one, so that no new field can slip into it."""

from typing import Any

from import_export import resources
from import_export.fields import Field

from applications.models import Application
from prize.exporting import Inert

COLUMNS = (
    "code", "title", "category", "applicant_type", "organisation", "city", "country", "region", "language", "state",
    "submitted_at", "receipt", "digest",
)  # fmt: skip


class EntryResource(Inert, resources.ModelResource):
    """No owner, no address: identities are not exported here."""

    category = Field(attribute="category__key", column_name="category")
    applicant_type = Field(attribute="applicant_type__key", column_name="applicant_type")
    organisation = Field(attribute="organisation__name", column_name="organisation")
    city = Field(attribute="city__name", column_name="city")
    country = Field(attribute="country__code", column_name="country")
    region = Field(column_name="region")
    submitted_at = Field(column_name="submitted_at")
    receipt = Field(column_name="receipt")
    digest = Field(column_name="digest")

    class Meta:
        model = Application
        fields = COLUMNS
        export_order = COLUMNS

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        return queryset.select_related(
            "category", "applicant_type", "organisation", "city", "edition"
        ).prefetch_related("submissions", "edition__regions")

    def dehydrate_region(self, entry: Application) -> str:
        region = entry.edition.region_of(str(entry.country))
        return region.key if region else ""

    def dehydrate_submitted_at(self, entry: Application) -> str:
        return entry.sealed.submitted_at.isoformat() if entry.sealed else ""

    def dehydrate_receipt(self, entry: Application) -> str:
        return entry.sealed.receipt if entry.sealed else ""

    def dehydrate_digest(self, entry: Application) -> str:
        return entry.sealed.digest if entry.sealed else ""

"""People, organisations and cities in the admin."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import forgetting
from prize.admin.base import EditionAdmin, ReasonForm, verb
from prize.models import City, Edition, Organisation, Person
from prize.requests import Request


@admin.register(Person)
class PersonAdmin(EditionAdmin):
    edition_path = ""
    list_display = ("name", "native_name", "email", "country", "language", "is_active", "joined_at")
    list_filter = ("is_active", "language")
    search_fields = ("name", "native_name", "email", "code")
    fields = (
        "code",
        "name",
        "native_name",
        "email",
        "country",
        "language",
        "zone",
        "is_active",
        "is_fictional",
        "erased_at",
    )
    readonly_fields = ("code", "erased_at", "is_fictional")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(email__endswith="@system.invalid")

    @verb(
        gettext_lazy("Ask to forget this person"),
        shown=lambda person, request: not person.erased_at,
        danger=True,
        form=ReasonForm,
        confirm=gettext_lazy(
            "Name, address, letters and the ledger's payloads are emptied. A second person has to approve it."
        ),
    )
    def ask_to_forget(self, request: Request, person: Person, form: ReasonForm) -> str:
        edition = Edition.objects.organised_by(request.user).first()
        if edition is None:
            raise PermissionDenied
        reason = form.cleaned_data["reason"]
        forgetting.ask(person, edition=edition, reason=reason, by=request.user, at=request.at)
        return _("A second person of the secretariat has to approve it: it waits under “Second approvals”.")

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(EditionAdmin):
    edition_path = ""
    list_display = ("name", "native_name", "country", "is_fictional")
    list_filter = ("country",)
    search_fields = ("name", "native_name", "code")


@admin.register(City)
class CityAdmin(EditionAdmin):
    edition_path = ""
    list_display = ("name", "native_name", "country", "population", "income", "is_fictional")
    list_filter = ("income", "country")
    search_fields = ("name", "native_name", "code")

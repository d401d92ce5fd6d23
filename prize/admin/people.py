"""People, organisations and cities in the admin."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import forgetting, policy
from prize.admin.base import EditionAdmin, ReasonForm, verb
from prize.models import City, Organisation, Person
from prize.requests import HookRequest


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

    def get_queryset(self, request: HookRequest) -> QuerySet:
        return policy.people_known_to(request.user).exclude(email__endswith="@system.invalid")

    def get_search_results(self, request: HookRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Who knows somebody's whole address may choose that person, whatever part they have elsewhere."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        if "@" in search_term and request.path == reverse("admin:autocomplete"):
            found = found | Person.objects.filter(email__iexact=search_term.strip(), is_active=True)
        return found, repeats

    def get_readonly_fields(self, request: HookRequest, obj: Person | None = None) -> tuple[str, ...]:
        """Letters that let somebody in go to the address: who could change a colleague's could be two people."""
        return (*self.readonly_fields, "email") if obj else self.readonly_fields

    def has_change_permission(self, request: HookRequest, obj: Person | None = None) -> bool:
        mine = obj is None or policy.may_edit_person(request.user, obj)
        return super().has_change_permission(request, obj) and mine

    @verb(
        gettext_lazy("Ask to forget this person"),
        shown=lambda person, request: not person.erased_at,
        danger=True,
        form=ReasonForm,
        confirm=gettext_lazy(
            "Name, address, letters and the ledger's payloads are emptied. A second person has to approve it."
        ),
    )
    def ask_to_forget(self, request: HookRequest, person: Person, form: ReasonForm) -> str:
        edition = self.editions(request).first()
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

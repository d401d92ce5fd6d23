"""What our admin pages share: they show only the organiser's editions, and their buttons call the verbs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Field, QuerySet
from django.forms import SplitDateTimeField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import access, canonical, confirming, keeping, languages, policy
from prize.admin import links
from prize.admin.naming import DayAndTime, name
from prize.calendar import StageClosed
from prize.governing import Refused
from prize.models import Edition
from prize.requests import HookRequest, Request

Verb = Callable[..., Any]


def verb(
    label: Any,
    *,
    confirm: Any = "",
    shown: Callable[[Any, Request], bool] | None = None,
    danger: bool = False,
    form: Callable[..., Any] | None = None,
    confirmed: bool = False,
) -> Callable[[Verb], Verb]:
    """Mark an admin method ``(self, request, object[, form])`` as a button of the change page.

    It is a POST behind a page that says what will happen and asks again. A ``form`` class is shown there, and given
    valid to the method. What is ``confirmed`` asks for somebody who has just shown who they are.
    """

    def mark(method: Any) -> Verb:
        method.verb = {
            "label": label,
            "confirm": confirm,
            "shown": shown,
            "danger": danger,
            "form": form,
            "confirmed": confirmed,
        }
        return method

    return mark


class ReasonForm(forms.Form):
    """Why: for whatever a second person has to approve."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class ReadOnly:
    """Looked at, never edited by hand."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the rows whose names it shows."""
        named = [field.name for field in self.opts.fields if field.many_to_one or field.one_to_one]
        shown = [name for name in named if not self.fields or name in self.fields]
        rows = super().get_queryset(request)
        return rows.select_related(*shown) if shown else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if self.fields else super().get_readonly_fields(request, obj)


class WithinReach:
    """A choice offers rows of the organiser's own editions only."""

    def reachable(self, db_field: Any, request: HookRequest) -> QuerySet | None:
        if db_field.related_model is Edition:
            return Edition.objects.organised_by(request.user)
        other = self.admin_site._registry.get(db_field.related_model)  # type: ignore[attr-defined]
        if not isinstance(other, EditionAdmin) or not other.edition_path:
            return None
        named_by = other.list_select_related  # what a row's name stands in, or each choice asks for it
        rows = other.get_queryset(request)
        return rows.select_related(*named_by) if isinstance(named_by, list | tuple) else rows

    def formfield_for_foreignkey(self, db_field: Any, request: HookRequest, **kwargs: Any) -> Any:
        found = None if "queryset" in kwargs else self.reachable(db_field, request)
        if found is not None:
            kwargs["queryset"] = found
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HookRequest, **kwargs: Any) -> Any:
        found = None if "queryset" in kwargs else self.reachable(db_field, request)
        if found is not None:
            kwargs["queryset"] = found
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class EditionAdmin(WithinReach, admin.ModelAdmin):
    """An admin of rows that belong to an edition, found along ``edition_path``.

    A right in one prize is none in another: rows are looked up among the editions of the offices that hold the right, and
    what may be done with a row is asked of its own edition.
    """

    edition_path = "edition"
    may_be_deleted = False  # what others stand on is closed, withdrawn or superseded, and stays in the books
    change_form_template = "admin/change_form_with_verbs.html"
    formfield_overrides: ClassVar = {DateTimeField: {"form_class": SplitDateTimeField, "widget": DayAndTime}}
    list_per_page = 50
    show_full_result_count = False

    def editions(self, request: HookRequest) -> QuerySet:
        """Those in which this person's office may look at rows of this kind."""
        roles = access.roles_with(f"{self.opts.app_label}.view_{self.opts.model_name}")
        return Edition.objects.organised_by(request.user, *roles)

    def formfield_for_dbfield(self, db_field: Field, request: HookRequest, **kwargs: Any) -> Any:
        if db_field.name == "language":  # one that the house speaks: a letter in another would come in the first
            label, start = capfirst(db_field.verbose_name), db_field.get_default()
            return forms.ChoiceField(label=label, initial=start, choices=languages.choices)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, DateTimeField):
            name(field)
        return field

    def get_queryset(self, request: HookRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.edition_path}__in": self.editions(request)}) if self.edition_path else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; from here on its page speaks the time of the row's edition (the site puts the zone back)."""
        row = super().get_object(request, object_id, from_field)
        edition = edition_along(row, self.edition_path)
        if edition is not None:
            timezone.activate(edition.tz)
        return row

    def edition_of(self, row: Any) -> Edition | None:
        return edition_along(row, self.edition_path)

    def holds(self, request: HookRequest, action: str, row: Any) -> bool:
        """Whether this person's office in the row's own prize holds the right."""
        roles = access.roles_with(f"{self.opts.app_label}.{action}_{self.opts.model_name}")
        if row is None or not self.edition_path:
            return request.user.is_superuser or bool(request.user.office_roles & roles)
        edition = self.edition_of(row)
        # An edition that is None hangs on no prize, such as the chain of the whole installation.
        return request.user.is_superuser if edition is None else policy.has_office(request.user, edition, *roles)

    def has_view_permission(self, request: HookRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and self.holds(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.holds(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = self.may_be_deleted and super().has_delete_permission(request, obj)
        return allowed and self.holds(request, "delete", obj)

    def lookup_allowed(self, lookup: str, value: str, request: HookRequest) -> bool:
        """Left to itself, Django filters by any relation's far end: ``?laureates__isnull=0`` would tell what is sealed."""
        first = lookup.partition("__")[0]
        fields = {field.name: field for field in self.opts.get_fields()}
        if first in fields and not fields[first].concrete:
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_list_filter(self, request: HookRequest) -> list[Any]:
        """A filter by a relation offers what stands in one's own rows, and no names of other prizes."""
        return [self.own_choices(one) for one in super().get_list_filter(request)]

    def own_choices(self, wanted: Any) -> Any:
        if not isinstance(wanted, str):
            return wanted
        field = get_fields_from_path(self.model, wanted)[-1]
        return (wanted, admin.RelatedOnlyFieldListFilter) if field.is_relation else wanted

    def changelist_view(self, request: HookRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # --- Two officers at one row ------------------------------------------------------------------

    def get_form(self, request: HookRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form that is not saved over what somebody else saved since the page was opened."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if not change or obj is None:
            return form
        state = self.state_of(request, obj)

        def clean(bound: forms.ModelForm) -> Any:
            cleaned = form.clean(bound)
            if bound.data.get("_seen", state) != state:
                raise forms.ValidationError(self.said_of_the_other(request, obj, bound))
            return cleaned

        return type(form.__name__, (form,), {"clean": clean})

    def state_of(self, request: HookRequest, row: Any) -> str:
        """A digest of the row and of the rows that are edited on its page."""
        rows = [row]
        for inline in self.get_inline_instances(request, row):
            if inline.has_change_permission(request, row):
                formset: Any = inline.get_formset(request, row)
                rows += formset.model._default_manager.filter(**{formset.fk.name: row}).order_by("pk")
        return canonical.digest(
            {"rows": [[str(f.value_from_object(one)) for f in one._meta.concrete_fields] for one in rows]}
        )

    def said_of_the_other(self, request: HookRequest, row: Any, bound: forms.ModelForm) -> list[str]:
        """Who was faster, and where what stands now differs from what was typed."""
        last = LogEntry.objects.filter(
            content_type__app_label=self.opts.app_label, content_type__model=self.opts.model_name, object_id=row.pk
        ).first()
        who = str(last.user) if last and last.user_id != request.user.pk else _("Somebody")
        fields = [bound.fields[name] for name in bound.changed_data]
        stands = [
            f"{field.label}: {bound.get_initial_for_field(field, name)}"
            for name, field in zip(bound.changed_data, fields, strict=True)
        ]
        said = _(
            "%(name)s has changed this since you opened it. Nothing of yours is saved; all you typed is still below. "
            "Look at both, then save again."
        ) % {"name": who}
        return [said, *([_("Now stands: %(values)s") % {"values": "; ".join(stands)}] if stands else [])]

    # --- Buttons --------------------------------------------------------------------------------

    def verbs(self) -> dict[str, Any]:
        found = {name: getattr(type(self), name, None) for name in dir(type(self))}
        return {name: method for name, method in found.items() if hasattr(method, "verb")}

    def get_urls(self) -> list:
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(self.verb_view(name)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name in self.verbs()
        ]
        return own + super().get_urls()

    def verb_view(self, name: str) -> Callable[..., HttpResponse]:
        method = getattr(self, name)
        about = method.verb

        @wraps(method)
        def view(request: Request, object_id: str) -> HttpResponse:
            row = self.get_object(request, unquote(object_id))
            if row is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
            if not self.may_act(request, row):
                raise PermissionDenied
            if about["confirmed"] and not confirming.is_fresh(request):
                return confirming.ask(request)
            back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
            # What was posted, empty too, as a form may ask for nothing; else what was typed here before somebody was asked for.
            sent = request.POST if request.method == "POST" else keeping.typed(request)
            form = about["form"](sent, **self.verb_form_arguments(name, row)) if about["form"] else None
            if request.method == "POST" and (form is None or form.is_valid()):
                keeping.let_go(request)
                return self.carry_out(request, method, row, form, back)
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts, "row": row, "form": form, "back": back, "title": about["label"], "about": about,
                "sentences": self.verb_sentences(name, row, request),
            }  # fmt: skip
            return render(request, "admin/verb.html", context)

        return view

    def carry_out(self, request: Request, method: Verb, row: Any, form: Any, back: str) -> HttpResponse:
        try:
            said = method(request, row, form) if form is not None else method(request, row)
        except (Refused, StageClosed) as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
        if isinstance(said, HttpResponse):
            return said
        messages.success(request, said or _("Done."))
        return redirect(back)

    def may_act(self, request: HookRequest, row: Any) -> bool:
        """Whoever's office may change such a row presses its buttons, though its page be read-only. The verb asks again."""
        return self.has_view_permission(request, row) and self.holds(request, "change", row)

    def verb_form_arguments(self, name: str, row: Any) -> dict[str, Any]:
        return {}

    def verb_sentences(self, name: str, row: Any, request: Request) -> list[str]:
        """What the confirmation page says will happen."""
        confirm = self.verbs()[name].verb["confirm"]
        return [confirm] if confirm else []

    def change_view(
        self, request: HookRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        buttons = [
            {"url": f"../{name}/", **method.verb}
            for name, method in self.verbs().items()
            if row is not None
            and self.may_act(request, row)
            and (method.verb["shown"] is None or method.verb["shown"](row, request))
        ]
        more: dict[str, Any] = {"verb_buttons": buttons}
        if row is not None:
            more |= {"title": self.title_of(row), "subtitle": capfirst(str(self.opts.verbose_name))}
            if self.has_change_permission(request, row):
                more["seen"] = self.state_of(request, row)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def title_of(self, row: Any) -> str:
        """What stands over a row's page."""
        return str(row)

    def render_change_form(self, request: HookRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        links.name_reader(request, context)
        return super().render_change_form(request, context, **kwargs)


def edition_along(row: Any, steps: str) -> Edition | None:
    """The edition at the end of the path, where there is one."""
    for step in steps.split("__") if row is not None and steps else ():
        row = getattr(row, step, None)
    return row if isinstance(row, Edition) else None


class ReadOnlyAdmin(ReadOnly, EditionAdmin):
    """Sealed rows: everything is shown, nothing is edited."""

"""The call's forms in the admin. Until the rules are adopted they may be edited; later edits need a motion."""

import itertools
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from applications.models import EntryForm, Question, Section
from prize.admin import EditionAdmin
from prize.admin.base import edition_along
from prize.admin.naming import NamedRows
from prize.requests import Request


class RuleInline(admin.TabularInline):
    formset = NamedRows
    extra = 0
    show_change_link = True


class SectionInline(RuleInline):
    model = Section
    fields = ("order", "key", "title")


class QuestionInline(RuleInline):
    model = Question
    fields = ("order", "key", "kind", "label", "required")


class RuleAdmin(EditionAdmin):
    """A part of the rules: read-only once the committee has adopted them."""

    def is_adopted(self, row: Any) -> bool:
        edition = edition_along(row, self.edition_path)
        return edition is not None and edition.rules_adopted_at is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self.is_adopted(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self.is_adopted(obj)

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        found = super().get_inline_instances(request, obj)
        if self.is_adopted(obj):
            for inline, verb in itertools.product(found, ("add", "change", "delete")):
                setattr(inline, f"has_{verb}_permission", refuse)
        return found


def refuse(request: Request, obj: Any = None) -> bool:
    return False


@admin.register(EntryForm)
class EntryFormAdmin(RuleAdmin):
    list_display = ("__str__", "category", "applicant_type", "edition")
    list_filter = ("edition", "category", "applicant_type")
    list_select_related = ("category", "applicant_type", "edition")
    inlines = (SectionInline,)


@admin.register(Section)
class SectionAdmin(RuleAdmin):
    edition_path = "form__edition"
    list_display = ("title", "key", "form", "order")
    list_filter = ("form__edition", "form__category", "form__applicant_type")
    list_select_related = ("form__category", "form__applicant_type")
    search_fields = ("key",)
    inlines = (QuestionInline,)


@admin.register(Question)
class QuestionAdmin(RuleAdmin):
    edition_path = "section__form__edition"
    list_display = ("label", "key", "kind", "required", "is_public", "identifies", "section", "whose_form")
    list_filter = ("section__form__edition", "section__form__category", "section__form__applicant_type", "kind")
    list_select_related = ("section__form__category", "section__form__applicant_type")
    search_fields = ("key",)

    @admin.display(description=gettext_lazy("form"))
    def whose_form(self, question: Question) -> str:
        return str(question.section.form)

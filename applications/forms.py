"""Forms of the applicant's pages, laid out by crispy's FormHelper. A form here says what is wrong; it never throws text away."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from applications import placing
from applications.answering import Answered, Kind, Part
from applications.inspecting import types
from applications.models import Application, EntryForm, Question
from prize import languages
from prize.lines import LineFormField
from prize.models import Edition
from prize.wording import wording

MANY = 6  # up to so many choices stand as radio buttons


def layout_of(form: forms.Form, *fields: Any) -> FormHelper:
    """The tag, the token and the buttons are the page's own."""
    helper = FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


# --- The first section, the same for every form ------------------------------------------------------------


class Readable(forms.Form):
    """A form that may be shown to be read only."""

    def only_read(self) -> None:
        for field in self.fields.values():
            field.disabled = True


class AboutForm(Readable):
    """What the entry is called, and where and whose it is."""

    title = LineFormField(
        label=gettext_lazy("Title of the entry"),
        max_length=200,
        help_text=gettext_lazy("As it will be announced. You can change it until you submit."),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    city = LineFormField(
        label=gettext_lazy("City or region"),
        max_length=150,
        help_text=gettext_lazy("Where the work was done, in Latin letters."),
    )
    organisation = LineFormField(
        label=gettext_lazy("Organisation"),
        max_length=250,
        required=False,
        help_text=gettext_lazy(
            "The body that enters, such as a city government or a company. A person entering alone leaves it empty."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language you write in"), choices=languages.choices)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *countries]  # type: ignore[attr-defined]
        # A prize that counts places has regions; one for poems or films need not ask a writer for a city.
        self.fields["city"].required = edition.regions.exists()
        self.use_required_attribute = False
        self.helper = layout_of(self, *self.fields)

    def places(self) -> dict[str, Any]:
        """The cleaned values as the verbs take them."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "country": given["country"],
            "city": placing.city_named(given["city"], given["country"]),
            "organisation": placing.organisation_named(given["organisation"], given["country"]),
            "language": given["language"],
        }


def about_values(application: Application) -> dict[str, str]:
    return {
        "title": application.title,
        "country": str(application.country),
        "city": application.city.name if application.city else "",
        "organisation": application.organisation.name if application.organisation else "",
        "language": application.language,
    }


class StartForm(AboutForm):
    """Choose what to enter, among the pairs that have a form."""

    form = forms.ChoiceField(label=gettext_lazy("Category and applicant"), widget=forms.RadioSelect)

    field_order = ("form", "title", "country", "city", "organisation", "language")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any):
        super().__init__(*args, edition=edition, **kwargs)
        rows = EntryForm.objects.filter(edition=edition).select_related("category", "applicant_type")
        self.pairs = {f"{row.category.key}.{row.applicant_type.key}": row for row in rows}
        self.fields["form"].choices = [(key, str(row)) for key, row in self.pairs.items()]  # type: ignore[attr-defined]
        self.helper = layout_of(self, *self.fields)

    def pair(self) -> dict[str, Any]:
        row = self.pairs[self.cleaned_data["form"]]
        return {"category": row.category, "applicant_type": row.applicant_type}


# --- A section of the form: fields made from questions ------------------------------------------------------


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class Files:
    """In a layout: the files that are there, each with its own button to remove it, above the field for more."""

    def __init__(self, answered: Answered):
        self.answered = answered

    def render(self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> str:
        return render_to_string("applications/_files.html", {"files": self.answered.files, "removable": True})


class SectionForm(Readable):
    """One section as a form. It shows what was written and what is wrong with it; ``answers`` are what was sent, as sent."""

    use_required_attribute = False

    def __init__(self, part: Part, data: Any = None, *, at: datetime, missing: bool = True):
        self.part, self.at, self.missing = part, at, missing
        self.questions = {answered.question.key: answered.question for answered in part.answers}
        initial = {answered.question.key: answered.value for answered in part.answers}
        super().__init__(data, initial=initial)
        for key, question in self.questions.items():
            self.fields[key] = field_for(question)
        parts: list[Any] = []
        for answered in part.answers:
            parts += [Files(answered)] if answered.files else []
            parts.append(answered.question.key)
        self.helper = layout_of(self, *parts)

    @property
    def errors(self) -> ErrorDict:
        """What stands in the way of submitting, beside the field it belongs to."""
        if self._errors is None:  # type: ignore[has-type]
            found = ErrorDict()
            for problem in self.part.problems(self.at):
                if self.missing or not problem.missing:
                    found.setdefault(problem.question, self.error_class()).append(problem.message)
            self._errors = found
        return self._errors

    def answers(self) -> dict[str, Any]:
        """What was sent, by question; files go their own way."""
        texts = {key: question for key, question in self.questions.items() if question.kind != Kind.FILE}
        return {
            key: self.fields[key].widget.value_from_datadict(self.data, self.files, key)
            for key, question in texts.items()
            if is_sent(self.data, key, question)
        }


def is_sent(data: Any, key: str, question: Question) -> bool:
    """An unchecked box sends nothing; a text that is not there was not on the page, and stays as it is."""
    return key in data or question.kind in (Kind.CONSENT, Kind.MULTIPLE, Kind.CHOICE)


def field_for(question: Question) -> forms.Field:
    label, text = str(question.label).rstrip("."), hint(question)
    label = label if question.required else _("%(label)s (optional)") % {"label": label}
    common: dict[str, Any] = {"label": label, "help_text": text, "required": question.required}
    kind = Kind(question.kind)
    if kind == Kind.CONSENT:
        return forms.BooleanField(**common)
    if kind == Kind.FILE:
        return forms.FileField(widget=ManyFiles({"multiple": True} if question.max_files > 1 else {}), **common)
    if kind == Kind.MULTIPLE:
        return forms.MultipleChoiceField(choices=names(question), widget=forms.CheckboxSelectMultiple, **common)
    if kind == Kind.CHOICE:
        few = len(question.choices) <= MANY
        choices = names(question) if few else [("", _("Choose")), *names(question)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect if few else forms.Select, **common)
    return forms.CharField(widget=text_widget(question, kind), **common)


def names(question: Question) -> list[tuple[str, str]]:
    return [(str(choice["key"]), str(wording(choice["name"]))) for choice in question.choices]


def text_widget(question: Question, kind: str) -> forms.Widget:
    if kind == Kind.LONG:
        return forms.Textarea(attrs={"rows": 9, **counted(question)})
    attrs = {
        Kind.NUMBER: {"inputmode": "decimal", "class": "input-number"},
        Kind.YEAR: {"inputmode": "numeric", "class": "input-number"},
        Kind.LINK: {"inputmode": "url"},
    }.get(Kind(kind), {})
    attrs = attrs | counted(question) if question.max_characters else attrs
    return forms.TextInput(attrs={"autocomplete": "off", **attrs})


def counted(question: Question) -> dict[str, Any]:
    """For the counter: what to count, and what to say to those who hear the page."""
    if question.max_characters and not question.max_words:
        words = {"data-left": _("Characters left: [n]"), "data-over": _("Characters too many: [n]")}
        return {"data-count": "characters", "data-most": question.max_characters, **words}
    found: dict[str, Any] = {"data-count": "words"}
    found |= {"data-least": question.min_words} if question.min_words else {}
    if question.max_words:
        found |= {"data-most": question.max_words}
        found |= {"data-left": _("Words left: [n]"), "data-over": _("Words too many: [n]")}
    return found


def hint(question: Question) -> str:
    """The question's own help, and its limits in words."""
    return " ".join(text for text in (str(question.help), limits(question)) if text)


def limits(question: Question) -> str:
    if question.kind == Kind.FILE:
        most = ngettext("One file", "Up to %(count)d files", question.max_files) % {"count": question.max_files}
        size = settings.ATTACHMENT_LIMIT // (1024 * 1024)
        return _("%(most)s, each at most %(size)d MB: %(types)s.") % {"most": most, "size": size, "types": types()}
    if question.min_words and question.max_words:
        return _("%(least)d to %(most)d words.") % {"least": question.min_words, "most": question.max_words}
    if question.max_words:
        return _("At most %(most)d words.") % {"most": question.max_words}
    if question.max_characters:
        return _("At most %(most)d characters.") % {"most": question.max_characters}
    return _("In %(unit)s.") % {"unit": question.unit} if question.unit else ""


class WithdrawalForm(forms.Form):
    """Sure, and why, if one wants to say."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("If you want to tell the secretariat."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = layout_of(self, "reason")


class InvitationForm(forms.Form):
    """Whom to ask."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("We send a letter with a link. The person signs in with this address."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = layout_of(self, "email")

"""Forms of screening: the officer's sheet, a question to an applicant, an exception, and what filters the board."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize.models import Edition
from screening.checking import Answer
from screening.correcting import RESULTS
from screening.models import Check, CheckItem

STATES = (
    ("", gettext_lazy("All entries")),
    ("todo", gettext_lazy("To be decided")),
    ("asked", gettext_lazy("Question open")),
    ("overdue", gettext_lazy("Question overdue")),
    ("answered", gettext_lazy("Answered, to be read")),
    ("waived", gettext_lazy("With an exception")),
    ("decided", gettext_lazy("Decided, not announced")),
    ("advanced", gettext_lazy("Advanced")),
    ("declined", gettext_lazy("Declined")),
)


class BoardFilter(forms.Form):
    """What of the board is shown."""

    q = forms.CharField(label=gettext_lazy("Title, code or place"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    applicant_type = forms.ChoiceField(label=gettext_lazy("Applicant"), required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, rows in (("category", edition.categories), ("applicant_type", edition.applicant_types)):
            self.fields[name].choices = [("", _("All")), *((row.key, str(row)) for row in rows.all())]  # type: ignore[attr-defined]
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = kind


class ChecksForm(forms.Form):
    """One answer and one note for each check item. An item may be left open."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, items: list[CheckItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"result_{item.key}"] = forms.ChoiceField(choices=Check.Result, required=False)
            self.fields[f"note_{item.key}"] = forms.CharField(required=False, max_length=2000)

    def answers(self) -> dict[CheckItem, Answer]:
        given = {item: self.cleaned_data[f"result_{item.key}"] for item in self.items}
        return {
            item: Answer(result, self.cleaned_data[f"note_{item.key}"].strip())
            for item, result in given.items()
            if result
        }


class ClarificationForm(forms.Form):
    """A question and the last day on which it may be answered, in the edition's zone."""

    question = forms.CharField(
        label=gettext_lazy("Question to the applicant"), widget=forms.Textarea(attrs={"rows": 4})
    )
    due = forms.DateField(label=gettext_lazy("Answer until the end of"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.edition = edition

    def due_at(self) -> datetime:
        """The first instant that is too late: midnight after the day that was named."""
        return datetime.combine(self.cleaned_data["due"] + timedelta(days=1), time(), tzinfo=self.edition.tz)


class WaiverForm(forms.Form):
    item = forms.ModelChoiceField(CheckItem.objects.none(), label=gettext_lazy("Check"))
    reason = forms.CharField(label=gettext_lazy("Why an exception is made"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, items: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    item = forms.ModelChoiceField(CheckItem.objects.none(), label=gettext_lazy("Check"))
    result = forms.ChoiceField(label=gettext_lazy("What it should have found"), choices=RESULTS)
    note = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, items: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An applicant's answer."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000
    )


class ClosingForm(forms.Form):
    """Closing early or with gaps needs a reason for the second person to read."""

    reason = forms.CharField(label=gettext_lazy("Why now"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

"""Forms of this app's pages and of its admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Recusal
from ceremony.models import Benefit, Guest, Laureate, Objection, Offer, SpecialAward
from prize import languages
from prize.models import Edition
from prize.wording import WordingFormField


class AnswerForm(forms.Form):
    """A guest's answer."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[(Guest.Answer.YES, _("Yes, I will come")), (Guest.Answer.NO, _("No, I cannot come"))],
        widget=forms.RadioSelect,
    )
    companion = forms.CharField(
        label=_("Who comes with you?"),
        required=False,
        max_length=200,
        help_text=_("The name of one person, for the door and the seat. Leave it empty if you come alone."),
    )
    language = forms.ChoiceField(
        label=_("In which language do you prefer letters and interpretation?"), choices=languages.choices
    )
    needs = forms.CharField(
        label=_("What should we know to receive you well?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Food, access, an interpreter. Only the organisers read it."),
    )


class SpecialChoice(forms.ModelChoiceField):
    def label_from_instance(self, special: Any) -> str:
        return str(special.award.name)


class NominationForm(forms.Form):
    """A partner's juror puts an entry forward."""

    special = SpecialChoice(label=_("Award"), queryset=SpecialAward.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("Why this entry"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Your colleagues and the promotion committee read it beside the nomination."),
    )

    def __init__(self, *args: Any, specials: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["special"].queryset = specials  # type: ignore[attr-defined]


class RecusalForm(forms.Form):
    """A member of the committee stands aside from an entry, and so from the list that names it."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        widget=forms.RadioSelect,
        choices=[(ground.value, ground.label) for ground in Recusal.Ground if ground != Recusal.Ground.COUNTRY],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the secretariat reads it. You need not explain."),
    )


class OfferAnswerForm(forms.Form):
    choice = forms.ChoiceField(choices=Offer.Answer)


# --- In the admin -----------------------------------------------------------------------------------


class FixForm(forms.Form):
    """A place fixed by hand: another finalist that the award admits, or nobody; always with a reason."""

    application = forms.ModelChoiceField(
        label=_("Entry"), queryset=Application.objects.none(), required=False, empty_label=_("Leave the place empty")
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The committee reads it.")
    )

    def __init__(self, *args: Any, entries: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["application"].queryset = entries  # type: ignore[attr-defined]
        self.fields["application"].label_from_instance = lambda entry: (  # type: ignore[attr-defined]
            f"{entry.organisation or entry.owner} · {entry}"
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class RevocationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The committee votes on these words, and the public page prints them."),
    )


class RulingForm(forms.Form):
    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[(ruling.value, ruling.label) for ruling in (Objection.Ruling.DISMISSED, Objection.Ruling.UPHELD)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class RescheduleForm(ReasonForm):
    due_at = forms.SplitDateTimeField(
        label=_("Planned time"),
        widget=forms.SplitDateTimeWidget(  # no label reaches two fields at once
            date_attrs={"type": "date", "aria-label": _("Planned day")},  # type: ignore[dict-item]
            time_attrs={"type": "time", "aria-label": _("Planned time")},  # type: ignore[dict-item]
        ),
        help_text=_("In the edition's time zone. The public page shows it."),
    )
    field_order = ("due_at", "reason")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any):
        self.edition = edition
        super().__init__(*args, **kwargs)

    def clean_due_at(self) -> Any:
        return self.cleaned_data["due_at"].replace(tzinfo=self.edition.tz)


class CitationForm(forms.Form):
    text = WordingFormField(
        label=_("Citation"), long=True, help_text=_("The sentence why. It is read out and printed.")
    )


class OfferForm(forms.Form):
    """To whom a benefit is offered."""

    laureates = forms.ModelMultipleChoiceField(
        label=_("Laureates"), queryset=Laureate.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, benefit: Benefit, laureates: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["laureates"].queryset = laureates  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    note = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 3}))


class ResultForm(forms.Form):
    result = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs={"rows": 4}))

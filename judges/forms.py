"""Forms of the judges' pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Recusal
from judges import criteria, marking
from judges.conflicts import ABSTAINED
from judges.models import Invitation, ScoreSheet
from prize.governing import Refused
from prize.models import Organisation

STEP_ASIDE = (
    Recusal.Ground.EMPLOYER,
    Recusal.Ground.PERSONAL,
    Recusal.Ground.PROFESSIONAL,
    Recusal.Ground.COUNTRY,
    Recusal.Ground.OTHER,
)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=Invitation.Answer)
    note = forms.CharField(
        label=_("A word to the secretariat"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PledgeForm(forms.Form):
    signed_as = forms.CharField(label=_("Your full name"), max_length=200, help_text=_("This is your signature."))


class DeclarationForm(forms.Form):
    """Every organisation that competes, by name alone; and the sentence that all were looked at."""

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("I have a conflict with"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    complete = forms.BooleanField(
        label=_("I have gone through the whole list. Where I have a conflict of interest, I have ticked it."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations  # type: ignore[attr-defined]


class RecusalForm(forms.Form):
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the secretariat reads it. You need not explain."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(ground.value, ground.label) for ground in STEP_ASIDE]  # type: ignore[attr-defined]


class GivingBackForm(RecusalForm):
    """A judge's own words: a conflict, or none and yet not able to judge this entry."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["ground"]
        offered.choices = [*offered.choices, (ABSTAINED, _("no conflict, but I cannot judge this well: I abstain"))]
        text = _("Only the secretariat reads it. A conflict need not be explained; an abstention needs its reason.")
        self.fields["note"].help_text = text

    @property
    def abstains(self) -> bool:
        return self.cleaned_data["ground"] == ABSTAINED

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ground") == ABSTAINED and not given.get("note", "").strip():
            self.add_error("note", _("Say why you cannot judge this entry: the secretariat finds somebody who can."))
        return given


class SheetForm(forms.Form):
    """What the browser sends of a score sheet. The marks are read by the verb, which knows the scale."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(required=False, strip=True)

    def __init__(self, data: Any, *, leaves: list[criteria.Leaf]):
        super().__init__(data)
        for leaf in leaves:
            self.fields[f"mark-{leaf.key}"] = forms.CharField(required=False, label=str(leaf.criterion))

    @property
    def marks(self) -> dict[str, str]:
        return {name[5:]: value for name, value in self.cleaned_data.items() if name.startswith("mark-") and value}

    def problems(self, sheet: ScoreSheet) -> dict[str, str]:
        """The marks that the scale does not have: criterion key and sentence. A browser's buttons send none."""
        found = {}
        for leaf in marking.leaves_of(sheet):
            try:
                marking.read_mark(
                    self.marks.get(leaf.key, sheet.assignment.round.scale_low), sheet.assignment.round, leaf
                )
            except Refused as refusal:
                found[leaf.key] = str(refusal)
        return found


class CorrectionForm(forms.Form):
    """The corrected sheet, as the secretariat asks a second person to approve it."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
    comment = forms.CharField(label=_("Comment for the jury"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, sheet: ScoreSheet, leaves: list[criteria.Leaf], marks: dict, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.leaves = leaves
        self.fields["comment"].initial = sheet.comment
        for leaf in leaves:
            self.fields[f"mark-{leaf.key}"] = forms.DecimalField(
                label=str(leaf.criterion), initial=marks.get(leaf.key), required=leaf.counts
            )

    @property
    def marks(self) -> dict[str, Any]:
        found = {leaf.key: self.cleaned_data[f"mark-{leaf.key}"] for leaf in self.leaves}
        return {key: value for key, value in found.items() if value is not None}

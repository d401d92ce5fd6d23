"""Forms of the prize app."""

from allauth.account.forms import SignupForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prize.lines import LineFormField
from prize.models import Person


class SignUpForm(SignupForm):
    """Address, password, and the name we write on letters."""

    name = LineFormField(label=_("Your name"), max_length=200, help_text=_("In Latin letters, as on a letter."))

    field_order = ("name", "email", "password1")

    def save(self, request: HttpRequest) -> Person:
        person = super().save(request)
        person.name = self.cleaned_data["name"]
        person.save(update_fields=["name"])
        return person

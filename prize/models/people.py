"""People, the bodies they work for, and the cities they speak of."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from prize.codes import CodeField
from prize.lines import LineField
from prize.wording import Named
from prize.zones import ZoneField

CLOCK = "clock@system.invalid"


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "Person":
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "Person":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username or "")

    def clock(self) -> "Person":
        """The named system person who signs what the clock does, so that every deed has a doer."""
        person, _made = self.get_or_create(
            email=CLOCK, defaults={"name": "The clock", "is_active": False, "password": "!"}
        )
        return person


class Person(Named, AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What a person may do follows from seats, invitations and applications, not from flags."""

    code = CodeField()
    email = models.EmailField(_("e-mail address"), unique=True)
    name = LineField(_("name"), max_length=200, help_text=_("In Latin letters."))
    native_name = LineField(_("name in its own script"), max_length=200, blank=True)
    country = CountryField(_("country"), blank=True)
    language = models.CharField(_("language of letters"), max_length=8, default="en")
    zone = ZoneField(_("time zone"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("works in the admin"), default=False)
    is_fictional = models.BooleanField(_("invented for the demonstration"), default=False)
    erased_at = models.DateTimeField(_("forgotten"), null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_address"),)

    def __str__(self) -> str:
        return self.both_names

    def get_full_name(self) -> str:
        return self.both_names

    def get_short_name(self) -> str:
        return self.called

    @cached_property
    def office_roles(self) -> set[str]:
        """Read once per request: the person object lives as long."""
        return set(self.offices.values_list("role", flat=True))


class Organisation(Named, models.Model):
    """A body that applies, employs a judge or partners with the prize. Conflicts of interest are found by it."""

    code = CodeField()
    name = LineField(_("name"), max_length=250)
    native_name = LineField(_("name in its own script"), max_length=250, blank=True)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), blank=True)
    is_fictional = models.BooleanField(_("invented for the demonstration"), default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class City(Named, models.Model):
    """A city or region of a country: what is counted, mapped and measured."""

    class Income(models.TextChoices):
        HIGH = "high", _("high income")
        UPPER_MIDDLE = "upper-middle", _("upper middle income")
        LOWER_MIDDLE = "lower-middle", _("lower middle income")
        LOW = "low", _("low income")

    code = CodeField()
    name = LineField(_("name"), max_length=150)
    native_name = LineField(_("name in its own script"), max_length=150, blank=True)
    country = CountryField(_("country"))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    income = models.CharField(_("income group"), max_length=16, choices=Income, blank=True)
    is_fictional = models.BooleanField(_("invented for the demonstration"), default=False)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint("country", Lower("name"), name="one_city_per_name_and_country"),)

    def __str__(self) -> str:
        return self.name

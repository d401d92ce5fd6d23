from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class CeremonyConfig(AppConfig):
    name = "ceremony"
    verbose_name = gettext_lazy("Awards and ceremony")

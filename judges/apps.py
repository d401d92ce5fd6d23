from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class JudgesConfig(AppConfig):
    name = "judges"
    verbose_name = gettext_lazy("Judging")

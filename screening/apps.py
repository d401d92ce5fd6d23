from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = gettext_lazy("Screening")

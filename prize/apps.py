from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class PrizeConfig(AppConfig):
    name = "prize"
    verbose_name = gettext_lazy("Edition")

    def ready(self) -> None:
        # Imported here: ``import prize.scoring`` must not drag in Celery, and models need the app registry.
        from prize import celery, sealing  # noqa: F401, PLC0415

        post_migrate.connect(sealing.install_after_migrate, dispatch_uid="prize.sealing")

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PublishingConfig(AppConfig):
    name = "publishing"

    def ready(self) -> None:
        """Each app that has content says so in its module ``kinds``."""
        autodiscover_modules("kinds")

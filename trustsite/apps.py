from django.apps import AppConfig
from django.core.checks import Tags, register

from trustsite import checks


class TrustsiteConfig(AppConfig):
    name = "trustsite"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(checks.data_is_writable, Tags.files)
        register(checks.content_is_there, Tags.files)
        register(checks.public_sites_use_https, Tags.security, deploy=True)

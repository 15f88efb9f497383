from django.apps import AppConfig


class TrustsiteConfig(AppConfig):
    name = "trustsite"
    default_auto_field = "django.db.models.BigAutoField"

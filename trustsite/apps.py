"""The site as an app, and what can be wrong with an installation, said before it hurts."""

import os
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register


class TrustsiteConfig(AppConfig):
    name = "trustsite"


class EditingConfig(AdminConfig):
    default_site = "publishing.site.EditingSite"


@register(Tags.files)
def data_is_writable(**kwargs: Any) -> list[CheckMessage]:
    if os.access(settings.DATA_DIR, os.W_OK):
        return []
    hint = "Set DATA_DIR to a folder this account may write to."
    return [Error(f"DATA_DIR {settings.DATA_DIR} cannot be written to.", hint=hint, id="trustsite.E001")]


@register(Tags.files)
def content_is_there(**kwargs: Any) -> list[CheckMessage]:
    if (settings.CONTENT_DIR / "parts.yaml").is_file():
        return []
    hint = "Restore the folder content/ from the repository; load_content reads it."
    return [Warning(f"{settings.CONTENT_DIR} holds no parts.yaml.", hint=hint, id="trustsite.W001")]


@register(Tags.security, deploy=True)
def public_sites_use_https(**kwargs: Any) -> list[CheckMessage]:
    if settings.HTTPS:
        return []
    hint = "Put a proxy that ends TLS in front and leave HTTPS unset; it is true wherever ALLOWED_HOSTS is set."
    return [Warning("HTTPS is switched off: answers and log-ins travel readable.", hint=hint, id="trustsite.W002")]

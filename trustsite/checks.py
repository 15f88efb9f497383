"""What can be wrong with an installation, said before it hurts. Run by every manage.py command."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning


def data_is_writable(**kwargs: Any) -> list[CheckMessage]:
    if os.access(settings.DATA_DIR, os.W_OK):
        return []
    hint = "Set DATA_DIR to a folder this account may write to."
    return [Error(f"DATA_DIR {settings.DATA_DIR} cannot be written to.", hint=hint, id="trustsite.E001")]


def content_is_there(**kwargs: Any) -> list[CheckMessage]:
    if (settings.CONTENT_DIR / "parts.yaml").is_file():
        return []
    hint = "Restore the folder content/ from the repository; load_content reads it."
    return [Warning(f"{settings.CONTENT_DIR} holds no parts.yaml.", hint=hint, id="trustsite.W001")]


def public_sites_use_https(**kwargs: Any) -> list[CheckMessage]:
    if settings.HTTPS:
        return []
    hint = "Put a proxy that ends TLS in front and leave HTTPS unset; it is true wherever ALLOWED_HOSTS is set."
    return [Warning("HTTPS is switched off: answers and log-ins travel readable.", hint=hint, id="trustsite.W002")]

"""The site's settings with a data folder of their own and without what only a deployment needs."""

import os
import tempfile

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop running in the process of the tests
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="trustsite-tests-")
for name in ("ALLOWED_HOSTS", "SECRET_KEY", "DATABASE_URL", "DEBUG", "HTTPS"):
    os.environ.pop(name, None)

from trustsite.settings import *  # noqa: E402, F403
from trustsite.settings import STORAGES as SITE_STORAGES  # noqa: E402

SECRET_KEY = "the same in every process that runs a part of the suite"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**SITE_STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405

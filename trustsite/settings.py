"""Every setting that differs from Django's own. The environment variables are listed in the README."""

from pathlib import Path

from csp.constants import NONE, SELF

from trustsite import environment

BASE_DIR = Path(__file__).resolve().parent.parent
CONTENT_DIR = BASE_DIR / "content"
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")

SITE_NAME = environment.text("SITE_NAME", "Learning to trust")
EXIT_URL = environment.https_url("EXIT_URL", "https://www.bbc.com/weather")

DEBUG = environment.boolean("DEBUG")
_hosts = environment.names("ALLOWED_HOSTS")
SECRET_KEY = environment.secret_key(_hosts, DATA_DIR)
ALLOWED_HOSTS = _hosts or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "trustsite.apps.TrustsiteConfig",
    "publishing",
    "articles",
    "helplines",
    "quizzes",
    "trustsite.apps.EditingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "markdownx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "trustsite.middleware.policies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "trustsite.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trustsite.views.site",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    """PostgreSQL where ``DATABASE_URL`` says so; otherwise SQLite, set up for readers beside one writer."""
    if not environment.text("DATABASE_URL"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "site.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
            },
        }
    return {**environment.postgresql("DATABASE_URL"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

TIME_ZONE = environment.text("TIME_ZONE", "UTC")
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    # Pictures are named by what they show: to write one again changes nothing but its moment.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"allow_overwrite": True}},
    "staticfiles": {"BACKEND": "trustsite.static_files.ImportInliningStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# The site ends with the browser: nothing it sets outlives the visit, except the log-in of an editor.
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "trustsite.views.csrf_failure"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Behind HTTPS: a proxy that ends TLS sets X-Forwarded-Proto, and every cookie is for HTTPS alone.
HTTPS = environment.boolean("HTTPS", default=bool(_hosts))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS

# Nothing but our own files, and nothing written into a page.
_OURS = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
_NOBODYS = ("default-src", "frame-ancestors", "base-uri")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**dict.fromkeys(_OURS, SELF), **dict.fromkeys(_NOBODYS, NONE)}}

MARKDOWNX_MARKDOWNIFY_FUNCTION = "articles.markdown.render"
MARKDOWNX_URLS_PATH = "/admin/markdown/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/markdown/upload/"
UPLOAD_MAX_BYTES = 5 * 1024 * 1024
UPLOAD_MAX_PIXELS = 25_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the largest quiz that the declarations allow, with room to spare

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

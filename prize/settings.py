"""One settings file, read from the environment.

Without DATABASE_URL the product runs embedded: SQLite under ``var/``, Celery as threads, mail into files.
With it, it runs as a service, and refuses to start on what a service must not lack.
"""

import os
import sys
import tempfile
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from prize import environment, languages, mirrored

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(environment.text("PRIZE_VAR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)

TESTING = "pytest" in sys.modules
DATABASE_URL = environment.address(
    "DATABASE_URL", ("postgres", "postgresql", "sqlite"), "postgres://user:password@host:5432/prize"
)
EMBEDDED = not DATABASE_URL or DATABASE_URL.startswith("sqlite")
REDIS_URL = environment.address("REDIS_URL", ("redis", "rediss", "unix"), "redis://host:6379/0")
if not EMBEDDED and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set. A service needs Redis: redis://host:6379/0.")

DEBUG = environment.switch("DEBUG")
SECRET_KEY = environment.secret_key(VAR, embedded=EMBEDDED)
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.listed("CSRF_TRUSTED_ORIGINS")
MAINTENANCE = environment.switch("MAINTENANCE")  # every page says that we are back soon; health checks still answer
SITE_ADDRESS = environment.text("SITE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "prize",
    "applications",
    "screening",
    "judges",
    "ceremony",
    "prize.office.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_countries",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "prize.middleware.maintenance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "prize.middleware.content_security_policy",
    "prize.middleware.request_clock",
    "prize.middleware.plain_refusals",
]

ROOT_URLCONF = "prize.urls"
WSGI_APPLICATION = "prize.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "django.template.context_processors.i18n",
                "prize.views.context.surroundings",
            ]
        },
    }
]

# --- Database -----------------------------------------------------------------------------------

DATABASES: dict = {
    "default": dj_database_url.parse(
        DATABASE_URL or f"sqlite:///{VAR / 'prize.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if EMBEDDED:
    # IMMEDIATE: a transaction that reads and then writes takes the lock at once instead of failing late.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
if EMBEDDED and TESTING:
    # A file, because threads that write to a shared database in memory do not wait for each other's locks.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.gettempdir()}/prize-test-{os.getpid()}.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
if TESTING and not EMBEDDED:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
if TESTING:
    # Tables straight from the models: Django renders every model anew for each step of a migration, which takes a minute of
    # every run. `make check` holds migrations against models; the stories and the stack run them.
    DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, sessions, Celery ---------------------------------------------------------------------

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "prize.cache.ForgetfulCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # A publish that cannot reach Redis gives up at once: the row is in the outbox, and the sweep finds it.
    {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
    }
    if REDIS_URL
    else {"polling_interval": 0.05}
)
CELERY_TASK_PUBLISH_RETRY = False
# Two queues, emptied in turn: a slow mail server does not keep stages from closing.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "letters")]
CELERY_TASK_ROUTES = {
    name: {"queue": "letters"} for name in ("prize.tasks.deliver_letter", "prize.tasks.sweep_letters")
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver the letters that are waiting": {"task": "prize.tasks.sweep_letters", "schedule": 15.0},
    "close the calls whose time is up": {"task": "applications.tasks.close_due_calls", "schedule": 30.0},
    "close the screenings whose time is up": {"task": "screening.tasks.close_due_screenings", "schedule": 60.0},
    "close the rounds whose time is up": {"task": "judges.tasks.close_due_rounds", "schedule": 30.0},
    "ask for score sheets in the last days": {"task": "judges.tasks.remind_judges", "schedule": 3600.0},
    "compute the tallies that are pending": {"task": "judges.tasks.sweep_tallies", "schedule": 20.0},
    "work out the plans that wait": {"task": "judges.tasks.sweep_plans", "schedule": 30.0},
    "verify the newest ledger entries": {"task": "prize.tasks.verify_ledgers", "schedule": 3600.0},
}

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "prize.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "prize.access.OrganiserBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "prize.accounts.Adapter"
ACCOUNT_FORMS = {"signup": "prize.forms.SignUpForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = environment.text("EMAIL_VERIFICATION", "optional" if EMBEDDED else "mandatory")
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_ADDRESS.partition("://")[0]
# For how long somebody who has shown who they are may do what cannot be undone. Embedded it is half a day: the demonstration's
# visitor has just come in, and is never asked.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * environment.whole("FRESH_SIGN_IN_MINUTES", 720 if EMBEDDED else 15)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Prize"
# Staff and chairs must use a second factor; embedded it is optional, so that the demo can be walked through.
MFA_REQUIRED = environment.switch("MFA_REQUIRED", default=not (EMBEDDED or TESTING))

# --- Language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = languages.SOURCE
LOCALE_PATHS = [BASE_DIR / "locale", *map(Path, environment.listed("LOCALES"))]
LANGUAGES = languages.found(LOCALE_PATHS)
if environment.switch("MIRRORED_LANGUAGE"):  # a made-up language from right to left, for those who look at pages
    LANGUAGES.append((mirrored.CODE, "Mirrored"))
    LOCALE_PATHS.append(mirrored.write(LOCALE_PATHS[0], VAR / "mirrored"))
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "prize.formats"
TIME_ZONE = "UTC"

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(VAR / "static")))
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(VAR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED or TESTING
WHITENOISE_AUTOREFRESH = (
    DEBUG or TESTING
)  # every client of a test makes the middleware anew, and with it the list of files
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # half the work of collecting; every page asks for the others by these
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
ATTACHMENT_LIMIT = environment.whole("ATTACHMENT_LIMIT_MB", 25) * 1024 * 1024

# --- Mail ----------------------------------------------------------------------------------------

globals().update(environment.email(VAR))
DEFAULT_FROM_EMAIL = environment.text("FROM_EMAIL", "Prize secretariat <secretariat@prize.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# How long a worker keeps a letter in hand. One that died is relieved after it; a living one must be done by then.
LETTER_CLAIM_SECONDS = environment.whole("LETTER_CLAIM_SECONDS", 120)

# --- Crispy, import and export -------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# --- Security ------------------------------------------------------------------------------------

BEHIND_TLS = environment.switch("BEHIND_TLS", default=not (EMBEDDED or TESTING))
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
if environment.switch("TRUST_PROXY_HEADERS", default=BEHIND_TLS):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "prize.views.system.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

# --- Logs ----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO")},
}

# Scores are the same on every machine only with one thread of linear algebra.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

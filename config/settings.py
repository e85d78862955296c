"""How the house is wired: one file, typed readers, units in the names.

`DEMO=1` is a laptop on loopback: own keys, plain HTTP, a page that lists every letter.
Everything else is production and refuses to start without its secrets.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# ── which house is this ─────────────────────────────────────────────────────
DEMO = env.flag("DEMO")
DEBUG = False
SITE_NAME = env.text("SITE_NAME", "Leumund")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).netloc
PAGES_URL = env.text("PAGES_URL", SITE_URL).rstrip("/")  # where browsers find the pages of a town on a laptop
NAMESPACE = env.text("NAMESPACE", "https://ns.leumund.example/pv")  # our own words; the same on every server that peers
CONTACT = env.text("CONTACT")  # for members and authorities (DSA, Art. 11 and 12): address, and in which languages
PRIVACY_CONTACT = env.text("PRIVACY_CONTACT")  # whom to ask about one's data (GDPR, Art. 13)
IMPRESSUM = env.text("IMPRESSUM")  # who answers for this server, as the law of its country asks; shown at /impressum/
_LAPTOP_KEY = "only-for-a-laptop-on-loopback-" + "0" * 40
_LAPTOP_SEALING_KEY = "laptop:" + "bGV1bXVuZC1sYXB0b3Atb25seS1rZXktMzJieXRlcyE="

SECRET_KEY = env.needed("SECRET_KEY", unless=_LAPTOP_KEY if DEMO else None)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# `kid:base64 of 32 bytes`, the current one first; older ones stay until `manage.py rotate_keys` has run.
SEALING_KEYS = env.needed("SEALING_KEYS", unless=_LAPTOP_SEALING_KEY if DEMO else None)
DATABASE_URL = env.needed("DATABASE_URL", unless=None)
REDIS_URL = env.needed("REDIS_URL", unless=None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver" if DEMO else "")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Production does not start without it; see docs/operating.md.")
_LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}
if DEMO and not all(name in _LOOPBACK or name.endswith(".localhost") for name in ALLOWED_HOSTS):
    raise ImproperlyConfigured("DEMO=1 is for loopback only: its keys are public and it shows every letter.")

# ── rooms ───────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "config",
    "foundation",
    "accounts",
    "vetting",
    "network.notices",
    "network.contacts",
    "network.messages",
    "network.offers",
    "network.moderation",
    "network.federation",
    "frontend",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "config.logs.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "frontend.api.middleware.Programs",
    "frontend.middleware.Doorman",
    "network.federation.middleware.OtherServers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "frontend.middleware.WhoIsAsking",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "frontend.middleware.Refusals",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "frontend.context.house",
            ]
        },
    }
]


# ── PostgreSQL and Redis ────────────────────────────────────────────────────
DATABASES = {"default": env.postgres(DATABASE_URL)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# ── who are you ─────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["foundation.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "foundation.passwords.NotOfTheHouse"},
]
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip"}  # the account's own limit is in accounts/adapter.py
SIGN_INS_PER_5_MINUTES = env.number("SIGN_INS_PER_5_MINUTES", 10)
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True  # one address an account: a new one takes the old one's place once it is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # within 5 minutes before address, factors, export and leaving are touched
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password, address or factor (ASVS 6.3.7)
ACCOUNT_FORMS = {"signup": "frontend.forms.JoinForm"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
MFA_ADAPTER = "accounts.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # one step of 30 s to either side, for clocks that are off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # a laptop on loopback has no TLS
PANEL_NEEDS_FACTOR = not DEMO  # moderators sign in with a second factor (security.md, threat 28)
PANEL_ENTER_MINUTES = 15  # how old the factor may be when the panel is entered
PANEL_IDLE_MINUTES = 60
PANEL_HOURS = 8  # however busy
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# ── cookies and headers ─────────────────────────────────────────────────────
_TLS = not DEMO
_OF_TOWN = f"-{SITE_HOST.removesuffix('.localhost')}" if SITE_HOST.endswith(".localhost") else ""  # ports share cookies
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # never Redis: FLUSHALL logs nobody out
SESSION_COOKIE_NAME = "__Host-sessionid" if _TLS else f"sessionid{_OF_TOWN}"
SESSION_COOKIE_SECURE = _TLS
SESSION_COOKIE_AGE = env.number("SESSION_DAYS", 14) * 86_400
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _TLS else f"csrftoken{_OF_TOWN}"
CSRF_COOKIE_SECURE = _TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "frontend.views.errors.forged"
SECURE_SSL_REDIRECT = _TLS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked by the container's own health check
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_HSTS_PRELOAD = _TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
USE_X_FORWARDED_HOST = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # nothing unsealed on the disk
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# ── words, time, files ──────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["frontend.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
# A laptop serves the files where they lie; production collects them and names them by their content.
STATIC_ROOT = None if DEMO else Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_MAX_AGE = 0 if DEMO else 60
_PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": _PLAIN_FILES if DEMO else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {25: "good", 30: "warn", 40: "stop"}  # the kinds of parts/notice.html
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── mail ────────────────────────────────────────────────────────────────────
EMAIL_BACKEND = "foundation.letters.Pigeonhole" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"{SITE_NAME} <post@{urlsplit(SITE_URL).hostname}>")

# ── Celery: wake-ups only; the work list is the Job table (docs/decisions) ──
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 15,
}

# ── logs: one JSON line each, UTC, to stderr; never bodies, tokens or addresses ─
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.plain" if DEMO else "config.logs.json"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING" if DEMO else "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL"},
    },
}

# ── the contract's numbers ──────────────────────────────────────────────────
from config.api import *  # noqa: E402, F403
from config.contract import *  # noqa: E402, F403
from config.federation import *  # noqa: E402, F403
from config.retention import *  # noqa: E402, F403

FILE_UPLOAD_MAX_MEMORY_SIZE = FILE_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE  # noqa: F405

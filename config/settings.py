"""Every setting of the site. With nothing set: SQLite, files under var/, a Redis of its own, the local Docker engine.

Judgement is not a setting: weights, thresholds and verdict rules live in vetting/policy.py.
"""

import sys
from pathlib import Path

from config.env import database_from_url, env_bool, env_int, env_list, env_str, short_socket, sqlite
from config.secrets import secret_key
from sandbox.images.recipe import IMAGE

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_str("ASSAY_DATA", str(BASE_DIR / "var")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
TESTING = "pytest" in sys.modules

# --- The site -------------------------------------------------------------------------------------------------------
DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_str("SECRET_KEY") or secret_key(DATA_DIR / "secret_key")
HOST = env_str("HOST", "127.0.0.1")
PORT = env_int("PORT", 8000)
SITE_URL = env_str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env_str("SITE_NAME", "Assay")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", SITE_URL)
HTTPS = SITE_URL.startswith("https://")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "config",
    "marketplace",
    "vetting",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "marketplace.api.problems.ProblemMiddleware",
    "marketplace.middleware.RefuseNul",
    "marketplace.middleware.KeepPrivate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

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
                "marketplace.context.site",
            ],
        },
    },
]

# --- Where things are kept ------------------------------------------------------------------------------------------
DATABASE_URL = env_str("DATABASE_URL")
DATABASES = {"default": database_from_url(DATABASE_URL) if DATABASE_URL else sqlite(DATA_DIR / "assay.sqlite3")}
S3_URL = env_str("S3_URL")
BLOB_DIR = Path(env_str("BLOB_DIR", str(DATA_DIR / "blobs")))
KEY_DIR = Path(env_str("KEY_DIR", str(DATA_DIR / "keys")))
OWN_REDIS = not env_str("REDIS_URL")
REDIS_URL = env_str("REDIS_URL") or f"unix://{short_socket(DATA_DIR / 'run' / 'redis.sock')}"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if TESTING
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{REDIS_URL}?db=1"}
}

# --- People ---------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    # Hashing is slow on purpose; four people a test would make the tests wait for nothing else.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env_str("ACCOUNT_EMAIL_VERIFICATION", "none")
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_USERNAME_VALIDATORS = "marketplace.usernames.username_validators"
# Where no address is verified, nobody has to have a verified one to turn two-factor on.
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION == "none"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "home"
EMAIL_BACKEND = env_str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env_str("EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "assay@localhost")

# --- The API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["marketplace.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "marketplace.api.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # By user, else by address. Behind a proxy NUM_PROXIES says how many entries of X-Forwarded-For are ours.
    "NUM_PROXIES": env_int("NUM_PROXIES", 0),
    "DEFAULT_THROTTLE_RATES": {
        "upload": env_str("RATE_UPLOAD", "600/hour"),
        "check": env_str("RATE_CHECK", "60/minute"),
        "write": env_str("RATE_WRITE", "120/minute"),
        "login": env_str("RATE_LOGIN", "20/minute"),
        "poll": env_str("RATE_POLL", "240/minute"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Assay API",
    "DESCRIPTION": "Push, vet, find and fetch agent skills.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
# Where nginx serves BLOB_DIR as an internal location, its address: bundles are then sent by nginx.
X_ACCEL_PREFIX = env_str("X_ACCEL_PREFIX").rstrip("/")
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES + 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Jobs -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's message comes back after about 24 s with these two, after 101 s with the defaults.
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that is away costs an upload next to nothing: the row is written, and the sweep rings again.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
# A message is a doorbell, done with once it was heard: what was begun and not finished comes back by its lease, not by
# the broker, and a worker that holds no message outlives a broker's restart.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 780
CELERY_TASK_TIME_LIMIT = 840
CELERY_TIMEZONE = "UTC"
WORKERS = env_int("WORKERS", 2)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat")
CELERY_BEAT_SCHEDULE = {
    "sweep-lost-runs": {"task": "vetting.jobs.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "revet-under-new-rules": {"task": "vetting.jobs.revet", "schedule": 30.0, "options": {"expires": 30}},
    "reap-orphan-rooms": {"task": "vetting.jobs.reap", "schedule": 60.0, "options": {"expires": 60}},
}
# A worker holds a run for this long after its last heartbeat; then another may take it.
VETTING_LEASE_SECONDS = env_int("VETTING_LEASE_SECONDS", 40)

# A dry run of the static stage happens while somebody waits: in a process of its own with so much time and memory.
CHECK_SECONDS = env_int("CHECK_SECONDS", 30)
CHECK_MEGABYTES = env_int("CHECK_MEGABYTES", 1024)

# So many releases at a time wait for being vetted again under a new ruleset; 0 leaves them as they are.
REVETS_AT_ONCE = env_int("REVETS_AT_ONCE", 4)

# --- The sandbox ----------------------------------------------------------------------------------------------------
DOCKER_ENDPOINTS = env_list("DOCKER_ENDPOINTS", env_str("DOCKER_HOST", "unix:///var/run/docker.sock"))
SANDBOX_IMAGE = env_str("SANDBOX_IMAGE") or IMAGE
SANDBOX_RUNTIME = env_str("SANDBOX_RUNTIME", "")
SEMGREP = Path(env_str("SEMGREP", str(BASE_DIR / ".tools" / "semgrep" / "bin" / "semgrep")))

# --- The optional reviewer: a language model that may add findings, off without an address ----------------------------
REVIEWER_URL = env_str("REVIEWER_URL")
REVIEWER_MODEL = env_str("REVIEWER_MODEL")
REVIEWER_KEY = env_str("REVIEWER_KEY")

# --- Static files and headers ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Only a debugger asks for source maps, and they are the largest files of all.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*("jpg", "jpeg", "png", "gif", "webp", "ico", "gz", "br", "woff2"), "map")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "upgrade-insecure-requests": HTTPS,
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
# Where the site is reached by https, a proxy ends TLS and says by this header how it was asked.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 30 * 24 * 3600) if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS and env_bool("SSL_REDIRECT", False)
# The supervisor asks on loopback, where there is no TLS.
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
if HTTPS:
    # Browsers take cookies of these names from this very host alone, and over https.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SILENCED_SYSTEM_CHECKS = [
    # What lies on other names below the site's is not ours to bind to https, nor to put on the browsers' lists.
    "security.W005",
    "security.W021",
    # Redirecting is the proxy's: where it does not tell how it was asked, ours would go round for ever.
    "security.W008",
]
if not HTTPS:
    # Without https there is nothing to bind to it. marketplace.checks warns where others could listen.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W012", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
    # A line each time a bell rings, and a second when it has rung, would bury what became of the releases.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")},
}

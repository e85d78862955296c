"""The settings of `_bare_django`: the same database, and nothing else."""

import os

from config import env

DATABASES = {"default": env.postgres(os.environ["DATABASE_URL"])}
ROOT_URLCONF = "benchmarks._bare_django"
ALLOWED_HOSTS = ["127.0.0.1"]
SECRET_KEY = "bare"  # noqa: S105
USE_TZ = True
MIDDLEWARE: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

"""Typed readers for the environment: a wrong value stops the start with a sentence that names it."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The value of `name`; `name_FILE` may name a file that holds it (for secrets)."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from None
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; say a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """A list parted by commas; empty parts are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def needed(name: str, *, unless: str | None) -> str:
    """The value of `name`; without one, `unless` (a value for laptops), and in production a refusal to start."""
    value = text(name)
    if value:
        return value
    if unless is None:
        raise ImproperlyConfigured(f"{name} is not set. Production does not start without it; see docs/operating.md.")
    return unless


def postgres(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name`; a socket folder goes in `?host=`."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    options: dict[str, object] = {
        "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s",
    }
    if flag("DATABASE_POOL", default=True):  # not in workers: a pool's threads do not survive a fork
        options["pool"] = {
            "min_size": 1,
            "max_size": number("DATABASE_POOL_SIZE", 12),
            "timeout": number("DATABASE_POOL_TIMEOUT_S", 5),
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def rates(name: str, default: str) -> dict[str, float]:
    """`EUR:1,USD:0.9`: what one unit of each currency is worth in a common one."""
    found = {}
    for part in words(name, default):
        code, _colon, worth = part.partition(":")
        try:
            found[code.strip().upper()] = float(worth)
        except ValueError:
            raise ImproperlyConfigured(f"{name}: {part!r} is not `EUR:1`.") from None
        if not 0 < found[code.strip().upper()] < 1e9:
            raise ImproperlyConfigured(f"{name}: {part!r} is no rate.")
    return found


def places(name: str) -> dict[str, tuple[float, float]]:
    """A file of lines `region code, latitude, longitude` in degrees; nothing where no file is named."""
    file = os.environ.get(name)
    if not file:
        return {}
    try:
        rows = [line.split(",") for line in Path(file).read_text().splitlines() if line.strip() and line[0] != "#"]
        return {code.strip().upper(): (float(latitude), float(longitude)) for code, latitude, longitude in rows}
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None

"""One client a process for what goes straight to Redis: limits and live pages. Celery has its own."""

from functools import cache

import redis
from django.conf import settings

SOCKET_TIMEOUT_S = 2


@cache
def client() -> "redis.Redis":
    """A client that gives up after two seconds; its pool notices a fork by itself."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=SOCKET_TIMEOUT_S,
        health_check_interval=15,
    )

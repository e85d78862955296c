"""`python -m config.probe web|worker|beat|metrics`: what a container's health check asks; exit code 0 is well.

A worker is well while nothing due has waited longer than OVERDUE_S: it may live and yet stand still (security.md).
"""

import os
import sys
import urllib.request

OVERDUE_S = 120  # twice the alarm's 60 s: the restart is the last means


def web() -> bool:
    """This process group answers and finds its tables; asked under a name it accepts."""
    from config import env

    name = env.words("ALLOWED_HOSTS")[0].lstrip(".")
    port = env.number("PORT", 8000)
    headers = {"Host": name, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers=headers)
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return bool(answer.status == 200)


def worker() -> bool:
    """The work gets done."""
    import django

    django.setup()
    from foundation.worker import oldest_due_s

    return oldest_due_s() < OVERDUE_S


def beat() -> bool:
    """What beat says can reach somebody."""
    import redis

    from config import env

    with redis.Redis.from_url(env.text("REDIS_URL"), socket_timeout=3, socket_connect_timeout=3) as door:
        return bool(door.ping())


def metrics() -> bool:
    """The figures can be read."""
    from config import env

    port = env.number("METRICS_PORT", 9100)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return b"leumund_jobs_oldest_due_seconds" in answer.read()


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        well = {"web": web, "worker": worker, "beat": beat, "metrics": metrics}[arguments[0]]()
    except Exception as error:  # whatever it is, it is not well
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Celery carries wake-ups and a clock's ticks; the work list is the Job table (docs/decisions/0004-workers.md)."""

import os
from typing import Any

from celery import Celery
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LANES = ("quick", "mail", "standing", "slow", "arrivals", "deliveries")


def lane_of(name: str, args: Any, kwargs: Any, options: Any, task: Any = None, **rest: Any) -> dict[str, str] | None:
    """A wake-up for a lane goes to the queue of that lane, so that a night's job never delays a notice."""
    if name == "foundation.drain" and args and args[0] in LANES:
        return {"queue": args[0]}
    return None


app = Celery("leumund")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "quick"
app.conf.task_queues = [Queue(lane, Exchange(lane), routing_key=lane) for lane in LANES]
app.conf.task_routes = (lane_of,)
app.conf.beat_schedule = {"tick": {"task": "foundation.tick", "schedule": 1.0}}
app.conf.beat_max_loop_interval = 1
app.autodiscover_tasks()


def _poll_by_themselves() -> None:
    from foundation.worker import OwnPolling

    app.steps["worker"].add(OwnPolling)


app.on_after_finalize.connect(lambda **_: _poll_by_themselves(), weak=False)

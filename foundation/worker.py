"""Workers look by themselves, every two seconds, so that Redis, beat and all clocks may be wrong.

`config/celery.py` adds `OwnPolling` to the worker's steps; `manage.py drain --loop` does the same without Celery.
"""

import logging
import threading
from typing import Any

from celery import bootsteps
from django.db import connection, connections

from foundation import drains, jobs, periodic, registry

log = logging.getLogger(__name__)

POLL_S = 2.0
OVERDUE_S = 60
WATCH_EVERY = 5  # polls

_OLDEST_DUE = """
SELECT extract(epoch FROM statement_timestamp() - min(available_at)) FROM foundation_job
WHERE done_at IS NULL AND dead_at IS NULL AND available_at <= statement_timestamp()
"""


def oldest_due_s() -> float:
    """Age of the oldest job that could be worked now, in seconds; 0.0 if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_DUE)
        return float(cursor.fetchone()[0] or 0)


def poll(lane: str) -> int:
    """One look: ask for what is periodic, work what is due in `lane`."""
    periodic.tick()
    return jobs.drain(lane)


def watch() -> None:
    """Say so when something has been due for over a minute: then no worker is doing its work."""
    age_s = oldest_due_s()
    if age_s > OVERDUE_S:
        log.warning("The oldest due job has waited %d s: are the workers well?", age_s)


class Poller(threading.Thread):
    """A daemon thread that looks into one lane until `stop`; whatever happens, it looks again.

    One thread a lane, so that letters to a slow mail server keep nobody else waiting.
    """

    def __init__(self, lane: str, *, watches: bool = False, every_s: float = POLL_S) -> None:
        super().__init__(name=f"poll-{lane}", daemon=True)
        self.lane, self.watches, self.every_s = lane, watches, every_s
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Finish the job in hand and look no more; the rest is another worker's."""
        self._stopped.set()

    def run(self) -> None:
        looks = 0
        while not self._stopped.is_set():
            self._look(watch_too=self.watches and looks % WATCH_EVERY == 0)
            looks += 1
            self._stopped.wait(self.every_s)

    def _look(self, *, watch_too: bool) -> None:
        try:
            if watch_too:
                watch()
            poll(self.lane)
        except Exception as error:
            log.warning("Looking into %s failed (%s); trying again.", self.lane, drains.describe(error))
        finally:
            _let_go()


def pollers(lanes: list[str] | None = None) -> list[Poller]:
    """One for each lane; the first of them also watches the age of the oldest due job."""
    return [Poller(lane, watches=number == 0) for number, lane in enumerate(lanes or registry.lanes())]


class OwnPolling(bootsteps.StartStopStep):
    """Celery's parent process polls, in threads that start after the pool has forked and end before it goes."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self.threads: list[Poller] = []

    def start(self, parent: Any) -> None:
        self.threads = pollers()
        for thread in self.threads:
            thread.start()

    def stop(self, parent: Any) -> None:
        for thread in self.threads:
            thread.stop()
        for thread in self.threads:
            thread.join(timeout=5)


def _let_go() -> None:
    """Close this thread's connections; a broken one may raise while it is closed."""
    try:
        connections.close_all()
    except Exception as error:
        log.info("Closing a connection failed (%s).", type(error).__name__)

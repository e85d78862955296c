"""Work what is due without Celery."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from foundation import jobs, periodic, registry, worker


class Command(BaseCommand):
    help = "Work what is due now; with --loop look again every two seconds until SIGINT or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="do not stop when nothing is due")
        parser.add_argument(
            "--lane", action="append", choices=registry.lanes(), help="only this lane (may be repeated)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        lanes: list[str] = options["lane"] or registry.lanes()
        if options["loop"]:
            self._loop(lanes)
            return
        periodic.tick()
        self.stdout.write(f"{sum(jobs.drain(lane, for_s=3600) for lane in lanes)} done")

    def _loop(self, lanes: list[str]) -> None:
        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        threads = worker.pollers(lanes)
        for thread in threads:
            thread.start()
        over.wait()
        for thread in threads:
            thread.stop()
        for thread in threads:
            thread.join(timeout=30)

"""After a new key was put first in SEALING_KEYS: everything sealed moves under it."""

from typing import Any

from django.core.management.base import BaseCommand

from foundation import rotation, sealing


class Command(BaseCommand):
    help = "Re-wrap every sealed text under the first key of SEALING_KEYS. May be stopped and run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for place, count in rotation.rewrap_all().items():
            self.stdout.write(f"{place}: {count} re-wrapped")
        kid, _key = sealing.current()
        used = set().union(*rotation.keys_in_use().values())
        if used <= {kid}:
            self.stdout.write(f"Everything opens with {kid!r}. Older keys may leave SEALING_KEYS.")
        else:
            self.stdout.write(f"Still needed: {', '.join(sorted(used))}. Run this again.")

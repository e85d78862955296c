"""Keys of actors elsewhere as a process of the web server remembers them: for seconds, so that a burst asks once.

What is remembered is older than ten seconds in no process: a server that is closed in the panel is out by then, a key
that its owner has withdrawn as well.
"""

import time
from threading import Lock

from network.federation import actors
from network.federation.models import ActorKey

REMEMBERED_S = 10.0
REMEMBERED = 2000
"""Keys; some 3 KB each."""

_kept: dict[str, tuple[float, ActorKey]] = {}
_lock = Lock()


class Keys(actors.Keys):
    """How the gate finds keys at the letter box."""

    def named(self, key_id: str) -> ActorKey | None:
        until, key = _kept.get(key_id, (0.0, None))
        if key is not None and time.monotonic() < until:
            return key
        found = super().named(key_id)
        if found is not None:
            _remember(found)
        return found

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        _kept.pop(key_id, None)
        return super().refetch(actor_uri, key_id)


def forget() -> None:
    """This process remembers none."""
    with _lock:
        _kept.clear()


def _remember(key: ActorKey) -> None:
    with _lock:
        if len(_kept) >= REMEMBERED:
            _kept.clear()
        _kept[key.key_id] = (time.monotonic() + REMEMBERED_S, key)

"""Keys of actors elsewhere as a process of the web server remembers them: for seconds, so that a burst asks once.

What is remembered is older than ten seconds in no process: a server that is closed in the panel is out by then, a key
that its owner has withdrawn as well. That a server is closed is remembered, too: its floods cost no questions.
"""

import time
from collections.abc import Iterable
from threading import Lock

from network.federation import actors, peers
from network.federation.models import ActorKey, Policy

REMEMBERED_S = 10.0
REMEMBERED = 2000
"""Keys; some 3 KB each."""

_kept: dict[str, tuple[float, ActorKey, bool]] = {}
"""Until when, what, and whether its server is closed."""
_lock = Lock()


class Later(Exception):
    """Another server has to be asked first, and nobody else may wait for that."""


class Keys(actors.Keys):
    """How the gate finds keys at the letter box."""

    def named(self, key_id: str) -> ActorKey | None:
        until, key, closed = _kept.get(key_id) or (0.0, None, False)
        if key is None or time.monotonic() >= until:
            self.foresee([key_id])
            _until, key, closed = _kept.get(key_id) or (0.0, None, False)
        if closed:
            raise peers.Closed
        return key

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        _kept.pop(key_id, None)
        return super().refetch(actor_uri, key_id)

    def foresee(self, key_ids: Iterable[str]) -> None:
        """What we know of these keys is at hand: two questions for all of them."""
        now = time.monotonic()
        wanted = {key_id for key_id in key_ids if key_id not in _kept or _kept[key_id][0] <= now}
        if not wanted:
            return
        for key_id in wanted:
            _kept.pop(key_id, None)
        found = list(ActorKey.objects.select_related("actor__peer", "actor__member").filter(key_id__in=wanted))
        policies = peers.policies_of({key.actor.peer.host for key in found}) if found else {}
        for key in found:
            _remember(key, closed=policies[key.actor.peer.host] == Policy.CLOSED)


class Remembered(Keys):
    """As far as nobody else has to be asked; else `Later`."""

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        raise Later


def forget() -> None:
    """This process remembers none."""
    with _lock:
        _kept.clear()


def _remember(key: ActorKey, *, closed: bool) -> None:
    with _lock:
        if len(_kept) >= REMEMBERED:
            _kept.clear()
        _kept[key.key_id] = (time.monotonic() + REMEMBERED_S, key, closed)

"""Keys as the gate finds them: those that are known are real rows, and what a fetch would bring the test says."""

from collections.abc import Callable

import pytest

from network.federation import actors, gate
from network.federation.models import ActorKey, Inbound
from network.federation.wire import Knock


class Keyring(actors.Keys):
    """`fetched` notes what was asked of other servers; `answers` is asked for what they say, nothing if not given."""

    def __init__(self, answers: Callable[[str, str], ActorKey | None] | None = None) -> None:
        self.fetched: list[tuple[str, str]] = []
        self.answers = answers

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        self.fetched.append((actor_uri, key_id))
        return self.answers(actor_uri, key_id) if self.answers else None


def replaced(key: ActorKey, **values: str) -> ActorKey:
    """What the owner's server says now: the row with other values, as a fetch leaves it."""
    for name, value in values.items():
        setattr(key, name, value)
    key.save()
    return key


def refused(knock: Knock, kind: type[Exception], keys: Keyring | None = None) -> None:
    """The gate says no in that way, and nothing is kept."""
    with pytest.raises(kind):
        gate.admit(knock, keys=keys or Keyring())
    assert not Inbound.objects.exists()

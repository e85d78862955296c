"""Who makes sense of what has come in. Rooms of `arriving` register what they understand; the inbox asks here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from foundation import audit
from foundation.refusals import Forbidden, Refusal
from foundation.signing import Document
from network.federation import addresses, references, vocabulary
from network.federation.models import Actor, Inbound


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A verified activity in a worker's hands. `actor` is its author, proved by the gate."""

    activity: Document
    actor: Actor
    inbound: Inbound

    @property
    def id(self) -> str:
        return str(self.activity["id"])

    @property
    def type(self) -> str:
        return str(self.activity.get("type", ""))

    @property
    def object(self) -> Any:
        return self.activity.get("object")

    @property
    def object_uri(self) -> str:
        return vocabulary.uri_of(self.object)

    @property
    def object_type(self) -> str:
        """The kind under which the object is known here (`references`), else the type it states, else ""."""
        known = references.find(self.object_uri)
        if known:
            return known.kind
        return str(self.object.get("type", "")) if isinstance(self.object, dict) else ""

    @property
    def audience(self) -> list[str]:
        """Everybody the activity and its object are addressed to. The widest statement counts (federation.md, 37).

        What cannot be read stands there as "": it may be anybody.
        """
        inner = self.object if isinstance(self.object, dict) else {}
        fields = [
            where.get(name) for where in (self.activity, inner) for name in ("to", "cc", "bto", "bcc", "audience")
        ]
        return [vocabulary.uri_of(one) for value in fields for one in vocabulary.listed(value)]

    def local_members(self) -> list[Member]:
        """The local members it is addressed to, each once."""
        found = [addresses.member_at(uri) for uri in dict.fromkeys(self.audience)]
        return [member for member in found if member]


class Parked(Exception):
    """What it needs is not here yet: it is looked at again when `waits_for` is (7 days, security.md).

    `ask`: whoever has to be looked at again by their own server first. They are asked once, as soon as it waits.
    """

    def __init__(self, waits_for: str, *, ask: Actor | None = None) -> None:
        super().__init__(waits_for)
        self.waits_for, self.ask = waits_for, ask


class NotTheirs(Forbidden):
    """The actor speaks of what is not theirs: dropped, and kept in the audit log (federation.md, 14, 17)."""

    code = "not-theirs"


Understanding = Callable[[Arrival], bool]
_ROOMS: dict[tuple[str, str], list[Understanding]] = {}


def understands(activity: str, of: str = "") -> Callable[[Understanding], Understanding]:
    """The function makes sense of activities of that type about objects of that type (`Arrival.object_type`), or of
    objects of every type if `of` is empty. It answers False to leave it to the next one.

    It runs in the transaction that notes the outcome. A `Refusal` it raises undoes its rows and is noted; `Parked`
    puts the activity aside; anything else is tried again later.
    """

    def enter(room: Understanding) -> Understanding:
        rooms = _ROOMS.setdefault((activity, of), [])
        if room not in rooms:
            rooms.append(room)
        return room

    return enter


def understand(arrival: Arrival) -> bool:
    """Whether somebody made sense of it."""
    exact, any_object = _ROOMS.get((arrival.type, arrival.object_type), []), _ROOMS.get((arrival.type, ""), [])
    return any(room(arrival) for room in (*exact, *any_object))


def understood() -> set[tuple[str, str]]:
    """Every pair of activity and kind of object for which there is a room ("": objects of every kind)."""
    return set(_ROOMS)


def refused(inbound: Inbound, refusal: Refusal) -> str:
    """The outcome of what a room refused. Attempts on what is not theirs are in the audit log besides."""
    if isinstance(refusal, NotTheirs):
        act = f"was-refused-{inbound.body.get('type', '')}"
        audit.note(inbound.actor.uri, act.lower()[:60], f"inbound:{inbound.pk}")
    return f"refused:{refusal.code}"[:60]

"""Which work there is, who does it, and who wants to hear of what. Filled in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured

INSIDE_LEASE_S = 15
OUTSIDE_LEASE_LIMITS = 3

Work = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Handler:
    """How one kind is done, and how long that may take."""

    kind: str
    work: Work
    lane: str
    time_limit_s: int
    deadline: timedelta
    outside: bool

    @property
    def lease_s(self) -> int:
        """How long a claim stands without being finished, in seconds.

        Outside: three times the hard time limit (security.md, the job room). Inside: only from the claim to
        the finishing transaction, because that one holds the row locked while the handler runs.
        """
        return self.time_limit_s * OUTSIDE_LEASE_LIMITS if self.outside else INSIDE_LEASE_S


HANDLERS: dict[str, Handler] = {}
LISTENERS: dict[str, list[str]] = {}
PERIODS: dict[str, timedelta] = {}


def enter(handler: Handler) -> None:
    """Make `handler` the one for its kind; a second one from elsewhere raises ImproperlyConfigured."""
    there = HANDLERS.get(handler.kind)
    if there and _name(there.work) != _name(handler.work):
        raise ImproperlyConfigured(
            f"Two handlers for the job {handler.kind!r}: {_name(there.work)}, {_name(handler.work)}"
        )
    HANDLERS[handler.kind] = handler


def handler_of(kind: str) -> Handler:
    """The handler of `kind`; an unknown kind raises LookupError when the job is added, not when it is due."""
    try:
        return HANDLERS[kind]
    except KeyError:
        raise LookupError(
            f"No handler for the job {kind!r}: is its tasks module imported in AppConfig.ready?"
        ) from None


def lanes() -> list[str]:
    return sorted({handler.lane for handler in HANDLERS.values()})


def kinds_in(lane: str) -> list[Handler]:
    return [handler for handler in HANDLERS.values() if handler.lane == lane]


def _name(work: Work) -> str:
    return f"{work.__module__}.{work.__qualname__}"

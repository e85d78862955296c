"""The one source of now. Jobs go by the database's clock instead, so that servers may disagree."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """This moment, aware and in UTC; inside `at(moment)` that moment, which stands still."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """The UTC date: quotas, windows and quiet periods turn at 00:00 UTC for everybody."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at `moment` in this thread or task; blocks nest. A naive `moment` raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("clock.at needs an aware moment")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _held.reset(token)

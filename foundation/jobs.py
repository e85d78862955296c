"""What must still be done. A `Job` row is written with the fact that asks for it; workers do the rest.

`add` and `announce` write rows in the caller's transaction. `handles`, `listen` and `every` say, at start,
who does what. `drain` does what is due. Redis only wakes workers earlier; nothing depends on it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from psycopg import Cursor
from psycopg.types.json import Jsonb

from foundation import registry, wakes
from foundation.drains import claim, drain, drain_everything, finish
from foundation.registry import Handler

__all__ = [
    "add",
    "add_for_rows",
    "add_many",
    "announce",
    "claim",
    "drain",
    "drain_everything",
    "every",
    "finish",
    "handles",
    "listen",
]

F = TypeVar("F", bound=Callable[..., Any])
THREE_DAYS = timedelta(days=3)

# DO UPDATE rather than DO NOTHING: it locks the waiting row, so that no worker can do it before the fact that
# asks for it is committed (the job would look too early and the wish be lost).
_ADD = """
INSERT INTO foundation_job (id, kind, dedup_key, payload, attempts, lost, last_error, due_at, available_at)
SELECT gen_random_uuid(), %(kind)s, key, payload, 0, 0, '',
       statement_timestamp() + %(delay)s, statement_timestamp() + %(delay)s
FROM unnest(%(keys)s::text[], %(payloads)s::jsonb[]) AS wish (key, payload)
ON CONFLICT (dedup_key) WHERE done_at IS NULL AND dead_at IS NULL AND token IS NULL
DO UPDATE SET available_at = least(foundation_job.available_at, excluded.available_at),
              due_at = least(foundation_job.due_at, excluded.due_at), payload = excluded.payload
"""

_ADD_FOR_ROWS = """
WITH made AS ({query})
INSERT INTO foundation_job (id, kind, payload, attempts, lost, last_error, due_at, available_at)
SELECT gen_random_uuid(), %(kind)s, made.payload, 0, 0, '', statement_timestamp(), statement_timestamp() FROM made
"""


def add(kind: str, payload: dict[str, Any], *, key: str | None = None, delay: timedelta | None = None) -> None:
    """The job will be done once this transaction is committed, and after `delay` by the database's clock.

    `payload` holds ids, no content; its keys become the handler's keyword arguments, its values must survive
    JSON (a UUID arrives as str). While a job with the same `key` waits, no second one is made: the latest payload
    and the earliest time count. One that already runs does not count as waiting. An unknown kind raises LookupError.
    """
    _add(kind, [key], [payload], delay)


def add_many(kind: str, wishes: Mapping[str, dict[str, Any]]) -> None:
    """`add` for every key with its payload, in one statement and in the order of the keys."""
    if wishes:
        keys = sorted(wishes)  # one order, so that no two wait for each other
        _add(kind, keys, [wishes[key] for key in keys], None)


def add_for_rows(kind: str, query: str, values: Mapping[str, Any]) -> int:
    """A job for every row that `query` makes, in the same statement: rows and jobs are there together or not at all.

    `query` is an `INSERT … RETURNING … AS payload` with named `values`; it is no place for text from outside. Returns
    how many there are. For what comes hundreds of times a second: outside a transaction this is one, in one round trip.
    """
    handler = registry.handler_of(kind)
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as bare:  # Django's own cursor never prepares
        bare.execute(_ADD_FOR_ROWS.replace("{query}", query).encode(), {**values, "kind": kind}, prepare=True)
        made = bare.rowcount
    if made:
        _wake_on_commit(handler.lane)
    return made


def _add(kind: str, keys: Sequence[str | None], payloads: Sequence[dict[str, Any]], delay: timedelta | None) -> None:
    handler = registry.handler_of(kind)
    values: dict[str, Any] = {"kind": kind, "keys": keys, "delay": delay or timedelta()}
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values | {"payloads": [Jsonb(payload, dumps=_dumps) for payload in payloads]})
    if delay is None:
        _wake_on_commit(handler.lane)


def handles(
    kind: str,
    *,
    lane: str = "quick",
    time_limit_s: int = 30,
    deadline: timedelta = THREE_DAYS,
    outside: bool = False,
) -> Callable[[F], F]:
    """The decorated function does the jobs of `kind`.

    Inside (the default) it runs in the transaction that marks the job done: its rows are written exactly once.
    `outside=True` (mail, HTTP) runs without lock or transaction and may run again with the same payload.
    Whatever it raises is tried again, later and later, until `deadline` has passed since the job was due.
    """

    def enter(work: F) -> F:
        registry.enter(
            Handler(kind=kind, work=work, lane=lane, time_limit_s=time_limit_s, deadline=deadline, outside=outside)
        )
        return work

    return enter


def every(
    kind: str,
    period: timedelta,
    *,
    lane: str = "quick",
    time_limit_s: int = 30,
    deadline: timedelta = THREE_DAYS,
    outside: bool = False,
) -> Callable[[F], F]:
    """`kind` is asked for once every `period` by the database's clock, however many beats and pollers there are.

    Use it as a decorator of a handler without arguments, or call it alone for a kind that has a handler.
    """
    registry.PERIODS[kind] = period
    return handles(kind, lane=lane, time_limit_s=time_limit_s, deadline=deadline, outside=outside)


def listen(news: str, kind: str) -> None:
    """Each `announce(news, payload)` adds a job of `kind` with that payload."""
    kinds = registry.LISTENERS.setdefault(news, [])
    if kind not in kinds:
        kinds.append(kind)


def announce(news: str, payload: dict[str, Any], *, key: str | None = None) -> None:
    """Whoever listens gets one job, in this transaction; nobody listening is fine.

    With a `key` the same news told again while a listener's job waits is one job (`add`).
    """
    for kind in registry.LISTENERS.get(news, []):
        add(kind, payload, key=f"{kind}:{key}" if key else None)


def _dumps(payload: object) -> str:
    return DjangoJSONEncoder().encode(payload)


def _wake_on_commit(lane: str) -> None:
    def wake() -> None:  # named: on_commit(partial, robust=True) raises AttributeError in 5.2 (ticket 36487)
        wakes.nudge(lane)

    transaction.on_commit(wake, robust=True)

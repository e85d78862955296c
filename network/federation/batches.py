"""Deliveries of one server, taken and given back by the handful. All times are the database's (security.md, job room).

A claim stands for five minutes: what a killed worker had in hand comes back then, and is sent again under its old id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from network.federation.models import Delivery

LEASE_S = 300

_UNDONE = "done_at IS NULL AND dead_at IS NULL"
_CLAIM = f"""
UPDATE federation_delivery SET token = %(token)s, attempts = attempts + 1,
    available_at = statement_timestamp() + make_interval(secs => %(lease_s)s)
WHERE id IN (
    SELECT id FROM federation_delivery
    WHERE peer_id = %(peer)s AND {_UNDONE} AND available_at <= statement_timestamp()
    ORDER BY available_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
"""  # noqa: S608
# A probe takes what has been tried least: one letter that breaks the other side must not keep the circuit open.
_PROBE = _CLAIM.replace("ORDER BY available_at, id", "ORDER BY attempts, available_at, id")
_FINISH = f"""
UPDATE federation_delivery AS delivery SET token = NULL, last_status = told.status, last_error = told.error,
    done_at = CASE WHEN told.fate = 'done' THEN statement_timestamp() END,
    dead_at = CASE WHEN told.fate = 'dead'
        OR told.fate = 'again' AND due_at + make_interval(days => %(days)s) < statement_timestamp()
        THEN statement_timestamp() END,
    available_at = statement_timestamp() + make_interval(secs => greatest(told.after_s,
        least(%(last_s)s, %(first_s)s * 2 ^ least(attempts - 1, 30)) * (0.75 + random() / 2)))
FROM unnest(%(ids)s::bigint[], %(fates)s::text[], %(statuses)s::int[], %(errors)s::text[], %(afters_s)s::float8[])
    AS told (id, fate, status, error, after_s)
WHERE delivery.id = told.id AND delivery.token = %(token)s AND {_UNDONE}
"""  # noqa: S608
_GIVE_BACK = f"""
UPDATE federation_delivery SET token = NULL, attempts = attempts - 1, available_at = statement_timestamp()
WHERE id = ANY(%(ids)s) AND token = %(token)s AND {_UNDONE}
"""  # noqa: S608
_NEXT_DUE_S = f"""
SELECT extract(epoch FROM min(available_at) - statement_timestamp()) FROM federation_delivery
WHERE peer_id = %s AND {_UNDONE}
"""  # noqa: S608
_FORGET = """
DELETE FROM federation_delivery WHERE id IN (
    SELECT id FROM federation_delivery WHERE done_at < statement_timestamp() - make_interval(days => %(done)s)
        OR dead_at < statement_timestamp() - make_interval(days => %(dead)s) LIMIT %(most)s)
"""
FORGET_AT_ONCE = 10_000


class Fate(StrEnum):
    DONE = "done"
    DEAD = "dead"
    AGAIN = "again"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of one try. `after_s`: not before so many seconds, whatever the pause would be."""

    delivery: Delivery
    fate: Fate
    status: int | None = None
    error: str = ""
    after_s: float = 0.0


@dataclass(frozen=True)
class Batch:
    """What is in hand. Only the holder of `token` can finish it."""

    token: UUID
    deliveries: list[Delivery]


def claim(peer: int, *, most: int, probe: bool = False) -> Batch:
    """So many of what is due for that server, oldest first; nobody else sends them meanwhile."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_PROBE if probe else _CLAIM, {"token": token, "peer": peer, "most": most, "lease_s": LEASE_S})
        if not cursor.rowcount:
            return Batch(token, [])
    mine = Delivery.objects.filter(token=token, peer_id=peer).select_related("outbound__sender")
    return Batch(token, list(mine.order_by("due_at", "pk")))


def finish(batch: Batch, told: Sequence[Told]) -> None:
    """Every outcome is written, and what was not tried is due again as if it had never been taken."""
    values: dict[str, Any] = {
        "token": batch.token,
        "ids": [one.delivery.pk for one in told],
        "fates": [one.fate for one in told],
        "statuses": [one.status for one in told],
        "errors": [one.error[:200] for one in told],
        "afters_s": [one.after_s for one in told],
        "days": settings.DELIVERY_DAYS,
        "first_s": settings.DELIVERY_FIRST_PAUSE_S,
        "last_s": settings.DELIVERY_LAST_PAUSE_S,
    }
    tried = {one.delivery.pk for one in told}
    left = [one.pk for one in batch.deliveries if one.pk not in tried]
    with connection.cursor() as cursor:
        if told:
            cursor.execute(_FINISH, values)
        if left:
            cursor.execute(_GIVE_BACK, {"ids": left, "token": batch.token})


def next_due_s(peer: int) -> float | None:
    """Seconds until something for that server is due (at least 0), None if nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE_S, [peer])
        (seconds,) = cursor.fetchone()
    return None if seconds is None else max(0.0, float(seconds))


def forget() -> None:
    """What was delivered a month ago and what was given up three months ago is gone. It is sent again by nobody: the
    activity itself stays, and is made once (`outbox`)."""
    values = {"done": settings.DELIVERY_DONE_DAYS, "dead": settings.DELIVERY_DEAD_DAYS, "most": FORGET_AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, values)

"""How a due job is claimed, worked and finished. All times are the database's (security.md, the job room).

claim   one statement: the oldest due row of a lane gets a new token and a lease
work    inside: the effect in the finishing transaction · outside: the effect, then finish
finish  `done_at` is set only if the token still fits; an older claimer hits no row and has no effect
back_off  a failure moves the row into the future, later each time, until its deadline
"""

import json
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error, IntegrityError, connection, transaction

from foundation import registry
from foundation.registry import Handler

log = logging.getLogger(__name__)

RETRIED = {"40001", "40P01"}  # serialization failure, deadlock: the same again may go well
RETRIES = 3
BACK_OFF_FIRST_S = 1
BACK_OFF_MAX_S = 3600
ALL_DAY_S = 86_400

# One index probe for each kind, so that a long queue of one kind costs nothing to the others. MATERIALIZED,
# because a locking sub-select that is evaluated twice would lock twice.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT job.id, wanted.lease_s
    FROM unnest(%(kinds)s::text[], %(leases_s)s::int[]) AS wanted (kind, lease_s)
    CROSS JOIN LATERAL (
        SELECT id, available_at FROM foundation_job
        WHERE kind = wanted.kind AND done_at IS NULL AND dead_at IS NULL AND available_at <= statement_timestamp()
        ORDER BY available_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS job
    ORDER BY job.available_at LIMIT 1
)
UPDATE foundation_job AS job
SET token = gen_random_uuid(), attempts = attempts + 1, lost = lost + (token IS NOT NULL)::int,
    available_at = statement_timestamp() + make_interval(secs => due.lease_s)
FROM due WHERE job.id = due.id
RETURNING job.id, job.kind, job.payload::text, job.token, job.lost
"""
_FINISH = """
UPDATE foundation_job SET done_at = statement_timestamp(), last_error = ''
WHERE id = %s AND token = %s AND done_at IS NULL AND dead_at IS NULL
"""
_BACK_OFF = """
UPDATE foundation_job SET token = NULL, last_error = %(error)s,
    available_at = statement_timestamp() + make_interval(
        secs => least(%(max_s)s, %(first_s)s * 2 ^ least(attempts - 1, 30)) * (0.5 + random())),
    dead_at = CASE WHEN due_at + %(deadline)s < statement_timestamp() THEN statement_timestamp() END
WHERE id = %(id)s AND token = %(token)s AND done_at IS NULL AND dead_at IS NULL
RETURNING dead_at IS NOT NULL
"""
_SUPERSEDE = """
UPDATE foundation_job SET done_at = statement_timestamp(), last_error = 'left to a later job with the same key'
WHERE id = %s AND token = %s AND done_at IS NULL
"""
_BURY = "UPDATE foundation_job SET dead_at = statement_timestamp(), last_error = %s WHERE id = %s AND token = %s"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One job in hand. Only the holder of the latest `token` can finish it."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    token: UUID
    lost: int


def claim(lane: str) -> Claim | None:
    """Take the oldest due job of `lane`, or None. A claimed one comes back when its lease has run out."""
    handlers = registry.kinds_in(lane)
    wanted: dict[str, Any] = {"kinds": [one.kind for one in handlers], "leases_s": [one.lease_s for one in handlers]}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, wanted)
        row = cursor.fetchone()
    if row is None:
        return None
    id_, kind, payload, token, lost = row
    return Claim(id=id_, kind=kind, payload=_read(payload), token=token, lost=lost)


def finish(job: Claim, effect: Callable[[], Any] | None = None) -> bool:
    """`job` is done and `effect` has happened, in one transaction; False and neither if the token is stale.

    The UPDATE comes first: it holds the row while the effect is written, so nobody else can claim it meanwhile.
    Serialization failures and deadlocks are tried three times (security.md); other errors are raised.
    """
    for left in reversed(range(RETRIES)):
        try:
            return _finish_once(job, effect)
        except Error as error:
            if not left or sqlstate(error) not in RETRIED or connection.in_atomic_block:
                raise
    raise AssertionError("not reached")


def drain(lane: str, for_s: float = 20) -> int:
    """Work what is due in `lane` for at most `for_s` seconds; return how many were done.

    When the database is away this ends quietly with its connection closed: the next poll tries again.
    """
    done = 0
    ends = time.monotonic() + for_s
    try:
        while time.monotonic() < ends and (job := claim(lane)):
            done += work(job)
    except Error as error:
        if not is_outage(error):
            raise
        log.warning("The database is away (%s); %s waits for the next poll.", type(error).__name__, lane)
        step_back()
    return done


def drain_everything(*, strict: bool = False) -> int:
    """Work in this process until nothing is due in any lane; with `strict` the first failing handler raises."""
    done = 0
    while True:
        before = done
        for lane in registry.lanes():
            while job := claim(lane):
                done += work(job, strict=strict)
        if done == before:
            return done


def work(job: Claim, *, strict: bool = False) -> bool:
    """Do the job. True if this claimer did it; a failure is written into the row, never lost."""
    handler = registry.handler_of(job.kind)
    if job.lost >= settings.JOB_ATTEMPTS_MAX:
        return bury(job)
    try:
        return _do(handler, job)
    except Exception as error:
        if strict or is_outage(error):
            raise
        back_off(job, handler, error)
        return False


def back_off(job: Claim, handler: Handler, error: BaseException) -> None:
    """The job waits again, twice as long each time (with jitter), or is dead if its deadline has passed."""
    words = f"{describe(error)} · job {job.id}"
    values: dict[str, Any] = {
        "id": job.id,
        "token": job.token,
        "error": words,
        "first_s": BACK_OFF_FIRST_S,
        "max_s": BACK_OFF_MAX_S,
        "deadline": handler.deadline,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BACK_OFF, values)
            dead = bool((cursor.fetchone() or [False])[0])
        log.log(
            logging.ERROR if dead else logging.WARNING, "%s %s: %s", job.kind, "is dead" if dead else "waits", words
        )
    except IntegrityError:  # a later one with the same key waits already and will do this one's work
        with connection.cursor() as cursor:
            cursor.execute(_SUPERSEDE, [job.id, job.token])


def bury(job: Claim) -> bool:
    """A job whose worker died too often is dead: it may be what kills them. Shown to admins."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, [f"its worker died {job.lost} times · job {job.id}", job.id, job.token])
    log.error("%s is dead: its worker died %d times · job %s", job.kind, job.lost, job.id)
    return False


def describe(error: BaseException) -> str:
    """Class and place of an error, without its words: those may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five letters for what went wrong, None if it never came to an answer."""
    return getattr(error.__cause__, "sqlstate", None)


def is_outage(error: BaseException) -> bool:
    """Whether the database itself is away: no answer, connection lost (08), no room (53), going down (57P, 25P)."""
    if not isinstance(error, Error) or isinstance(error, IntegrityError):
        return False
    state = sqlstate(error)
    if state is None:
        return type(error).__name__ in {"OperationalError", "InterfaceError"}
    return state[:2] in {"08", "53"} or (state[:3] in {"57P", "25P"} and state != "25P02")


def step_back() -> None:
    """Drop this thread's connection, unless a caller's transaction still holds it."""
    if not connection.in_atomic_block:
        connection.close()


def _do(handler: Handler, job: Claim) -> bool:
    if not handler.outside:
        return finish(job, lambda: handler.work(**job.payload))
    handler.work(**job.payload)
    return finish(job)


def _finish_once(job: Claim, effect: Callable[[], Any] | None) -> bool:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if outermost and effect:
                _limit_time(registry.handler_of(job.kind).time_limit_s)
            cursor.execute(_FINISH, [job.id, job.token])
            if not cursor.rowcount:
                return False
        if effect:
            effect()
    return True


def _limit_time(limit_s: int) -> None:
    """The server ends this transaction after `limit_s` (PostgreSQL 17 and later know how)."""
    if connection.pg_version >= 170000:  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('transaction_timeout', %s, true)", [f"{limit_s}s"])


def _read(payload: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(payload)
    return words

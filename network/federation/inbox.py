"""What came in and was verified: kept once, made sense of by a worker, whatever the order and however often.

`keep_all` is called by the door after the gate; the job `arrival` calls `handle`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DataError, connection, transaction
from django.db.models import Q

from foundation import clock, jobs
from foundation.refusals import Invalid, Refusal
from foundation.signing import Document
from network.federation import client, dispatch, refreshing
from network.federation.dispatch import Arrival, Parked
from network.federation.models import Actor, Inbound, Peer, Tombstone
from network.federation.parking import look_again as look_again

_KEEP = """
INSERT INTO federation_inbound (inbox, activity_id, actor_id, body, received_at, outcome, waits_for)
SELECT inbox, activity_id, actor, body::jsonb, %(now)s, '', ''
FROM unnest(%(inboxes)b::text[], %(names)b::text[], %(actors)b::bigint[], %(bodies)b::text[])
    AS letter (inbox, activity_id, actor, body)
ON CONFLICT (inbox, activity_id) DO NOTHING
RETURNING jsonb_build_object('inbound', id) AS payload
"""
_FORGET_BODIES = """
UPDATE federation_inbound SET body = '{}' WHERE id IN (
    SELECT id FROM federation_inbound WHERE handled_at < %s AND body <> '{}' ORDER BY id LIMIT %s)
"""
FORGET_AT_ONCE = 10_000
_LOCK = 0x1E0D  # beside that of `delivery`


class Unkept(Invalid):
    """It holds what no database can: a NUL, half a surrogate, a name too long."""

    code = "unkept"


@dataclass(frozen=True)
class Letter:
    """A verified activity by that actor, and the inbox it came to: a member's handle, or empty for the shared one."""

    activity: Document
    actor: Actor
    inbox: str = ""


def keep(activity: Document, *, actor: Actor, inbox: str = "") -> bool:
    """The verified activity is stored with the job that looks at it; False if this inbox has had it before.

    Raises what `keep_all` raises.
    """
    return bool(keep_all([Letter(activity, actor, inbox)]))


def keep_all(letters: Iterable[Letter]) -> int:
    """Each is stored with the job that looks at it, if its inbox has not had it before; how many were new.

    One statement: outside a transaction all are committed when this returns, or none. Raises `Unkept` if one of them
    is, and the database's errors.
    """
    rows = sorted(letters, key=lambda one: (one.inbox, one.activity["id"]))  # one order, so that no two wait in a ring
    if not rows:
        return 0
    values = {
        "inboxes": [one.inbox for one in rows],
        "names": [one.activity["id"] for one in rows],
        "actors": [one.actor.pk for one in rows],
        "bodies": [_text(one.activity) for one in rows],
        "now": clock.now(),
    }
    try:
        return jobs.add_for_rows("arrival", _KEEP, values)
    except (DataError, UnicodeEncodeError):
        raise Unkept from None


def handle(inbound: int) -> None:
    """The activity has had its effect, or none; which, is noted. Call it inside a transaction.

    What one actor says is made sense of in one place at a time: an end that comes with its beginning cannot miss it.
    """
    row = Inbound.objects.select_for_update(of=["self"]).select_related("actor__peer", "actor__member").get(pk=inbound)
    if row.handled_at is not None:
        return
    _alone_with(row.actor)
    _note_heard(row.actor)
    try:
        with client.at_most(settings.FETCHES_AN_ACTIVITY), transaction.atomic():
            row.outcome = _outcome(Arrival(activity=row.body, actor=row.actor, inbound=row))
    except Refusal as refusal:
        row.outcome = dispatch.refused(row, refusal)
    except Parked as parked:
        _put_aside(row, parked)
    if row.outcome != "parked":
        row.handled_at, row.waits_for = clock.now(), ""
    row.save(update_fields=["outcome", "waits_for", "parked_until", "handled_at"])


def _put_aside(row: Inbound, parked: Parked) -> None:
    """It waits. Whom that hangs on is asked for the first time it does, not each time it is looked at."""
    if parked.ask and row.parked_until is None:
        refreshing.ask(parked.ask)
    row.waits_for, row.parked_until = parked.waits_for[:500], _waits_until(row)
    row.outcome = "parked" if clock.now() < row.parked_until else "expired"


def forget(now: datetime) -> None:
    """What was handled long ago has no body any more. That it came stays known for ever: it cannot come again."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_BODIES, [now - timedelta(days=settings.INBOUND_BODY_DAYS), FORGET_AT_ONCE])


def _text(activity: Document) -> str:
    return json.dumps(activity, ensure_ascii=False, separators=(",", ":"))


def _alone_with(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, actor.pk % 2**31])


def _note_heard(actor: Actor) -> None:
    """For operators, to within an hour."""
    now = clock.now()
    unheard = Q(last_heard_at=None) | Q(last_heard_at__lt=now - timedelta(hours=1))
    Peer.objects.filter(unheard, pk=actor.peer_id).update(last_heard_at=now)


def _waits_until(row: Inbound) -> datetime:
    return row.received_at + timedelta(days=settings.PARKED_DAYS)


def _outcome(arrival: Arrival) -> str:
    names = [name for name in (arrival.id, arrival.object_uri) if name]
    if arrival.actor.gone_at is not None and arrival.type != "Delete":  # are they there again? Their server says
        raise Parked(arrival.actor.uri, ask=arrival.actor)
    if Tombstone.objects.filter(uri__in=names).exists():
        return "ignored:deleted"
    return "done" if dispatch.understand(arrival) else "ignored"

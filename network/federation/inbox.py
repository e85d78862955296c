"""What came in and was verified: kept once, made sense of by a worker, whatever the order and however often.

`keep` is called by the door after the gate; the job `arrival` calls `handle`.
"""

from datetime import timedelta

from django.conf import settings
from django.db import DataError, transaction
from psycopg.types.json import Jsonb

from foundation import clock, jobs
from foundation.refusals import Invalid, Refusal
from foundation.signing import Document
from network.federation import dispatch
from network.federation.dispatch import Arrival, Parked
from network.federation.models import Actor, Inbound, Tombstone

_KEEP = """
INSERT INTO federation_inbound (inbox, activity_id, actor_id, body, received_at, outcome, waits_for)
VALUES (%(inbox)s, %(activity_id)s, %(actor)s, %(body)s, %(now)s, '', '')
ON CONFLICT (inbox, activity_id) DO NOTHING
RETURNING jsonb_build_object('inbound', id) AS payload
"""


class Unkept(Invalid):
    """It holds what no database can: a NUL, half a surrogate, a name too long."""

    code = "unkept"


def keep(activity: Document, *, actor: Actor, inbox: str = "") -> bool:
    """The verified activity is stored with the job that looks at it; False if this inbox has had it before.

    One statement: outside a transaction it is committed when this returns. Raises `Unkept`, and the database's errors.
    """
    values = {"inbox": inbox, "activity_id": activity["id"], "actor": actor.pk, "now": clock.now()}
    try:
        return bool(jobs.add_for_rows("arrival", _KEEP, {**values, "body": Jsonb(activity)}))
    except DataError:
        raise Unkept from None


def handle(inbound: int) -> None:
    """The activity has had its effect, or none; which, is noted. Call it inside a transaction."""
    row = Inbound.objects.select_for_update(of=["self"]).select_related("actor__peer", "actor__member").get(pk=inbound)
    if row.handled_at is not None:
        return
    try:
        with transaction.atomic():
            row.outcome = _outcome(Arrival(activity=row.body, actor=row.actor, inbound=row))
    except Refusal as refusal:
        row.outcome = f"refused:{refusal.code}"
    except Parked as parked:
        row.outcome, row.waits_for = "parked", parked.waits_for[:500]
        row.parked_until = row.received_at + timedelta(days=settings.PARKED_DAYS)
    if row.outcome != "parked":
        row.handled_at, row.waits_for = clock.now(), ""
    row.save(update_fields=["outcome", "waits_for", "parked_until", "handled_at"])


def look_again(uri: str) -> None:
    """What was put aside until `uri` is here is looked at again. Call it where a name becomes known."""
    for pk in Inbound.objects.filter(waits_for=uri, handled_at=None).values_list("pk", flat=True):
        jobs.add("arrival", {"inbound": pk}, key=f"arrival:{pk}")


def _outcome(arrival: Arrival) -> str:
    names = [name for name in (arrival.id, arrival.object_uri) if name]
    if Tombstone.objects.filter(uri__in=names).exists():
        return "ignored:deleted"
    return "done" if dispatch.understand(arrival) else "ignored"

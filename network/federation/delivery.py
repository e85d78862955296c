"""What must go out is sent: one server at a time, in batches, over one kept connection, for so long and no longer.

A job `deliver` is one server's turn, however much waits for it. When its fifteen seconds are over it asks for the next
turn and stands at the end of the queue, so a server with a million letters keeps no other waiting.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from foundation import jobs
from network.federation import actors, batches, circuit, peers, posting
from network.federation.batches import Batch, Told
from network.federation.models import Actor, Delivery, Peer

BATCH = 50
TURN_S = 15.0
"""With a last letter that waits ten seconds for its answer a turn stays below the job's 45 s."""
BUSY = timedelta(seconds=5)

_LOCK = 0x1E0C  # one number space for advisory locks of this kind
_DUE_PEERS = """
SELECT DISTINCT peer_id FROM federation_delivery
WHERE done_at IS NULL AND dead_at IS NULL AND available_at <= statement_timestamp()
"""


def send_due(peer: int) -> None:
    """What is due for that server has been tried, as far as one turn goes; for the rest there is a job."""
    if not settings.FEDERATION:
        return
    with _alone(peer) as alone:
        again = _turn(peer) if alone else BUSY
    if again is not None:
        ask(peer, delay=again)


def ask(peer: int, *, delay: timedelta | None = None) -> None:
    """There is a turn for that server, after `delay` at the latest."""
    jobs.add("deliver", {"peer": peer}, key=f"deliver:{peer}", delay=delay)


def ask_for_all() -> None:
    """Every server for which something is due has a turn: whatever was lost, nothing waits longer than until this."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_PEERS)
        due = [peer for (peer,) in cursor.fetchall()]
    jobs.add_many("deliver", {f"deliver:{peer}": {"peer": peer} for peer in due})


def _turn(pk: int) -> timedelta | None:
    """When to come again; None if nothing waits."""
    ends = time.monotonic() + TURN_S
    sender: posting.Sender | None = None
    while True:
        peer = Peer.objects.filter(pk=pk).first()
        if peer is None or not peers.may_send(peer):
            _drop(pk)
            return None
        rests_s = circuit.rests_s(pk)
        if rests_s:
            return timedelta(seconds=rests_s) if batches.next_due_s(pk) is not None else None
        probe = circuit.is_open(peer)
        batch = batches.claim(pk, most=1 if probe else BATCH, probe=probe)
        if not batch.deliveries:
            next_s = batches.next_due_s(pk)
            return None if next_s is None else timedelta(seconds=next_s)
        sender = sender or posting.Sender(peer)
        _send(peer, batch, sender, ends=ends)
        if time.monotonic() >= ends:
            return timedelta()


def _send(peer: Peer, batch: Batch, sender: posting.Sender, *, ends: float) -> None:
    """The batch is sent until something says stop: the turn's end, a wish to be left alone, failures in a row.

    A letter counts against the circuit once, unless it is the one that tries the way: one that breaks the other side
    each time keeps no other waiting.
    """
    in_a_row, probes = peer.failures, circuit.is_open(peer)
    told: list[Told] = []
    for delivery in batch.deliveries:
        one = sender.send(delivery)
        told.append(one)
        in_a_row = in_a_row + (probes or delivery.attempts == 1) if posting.is_down(one) else 0
        if one.after_s or in_a_row >= circuit.OPEN_FROM or time.monotonic() >= ends:
            break
    batches.finish(batch, told)
    reached = not all(posting.is_down(one) for one in told)
    circuit.note(peer.pk, in_a_row, reached=reached, after_s=told[-1].after_s)
    for one in told:
        if one.status == 410:
            _end(peer, one.delivery.inbox)


def _end(peer: Peer, inbox: str) -> None:
    """That inbox is gone for good, and whoever lived there (410)."""
    _drop(peer.pk, inbox=inbox, why="answered 410")
    for actor in Actor.objects.filter(peer=peer, inbox=inbox, gone_at=None):
        actors.mark_gone(actor)


def _drop(peer: int, *, why: str = "closed", **which: str) -> None:
    """What waits for that server is dead."""
    waiting = Delivery.objects.filter(peer_id=peer, done_at=None, dead_at=None, **which)
    waiting.update(dead_at=Now(), token=None, last_error=why)


@contextmanager
def _alone(peer: int) -> Iterator[bool]:
    """Whether nobody else has that server's turn. The lock ends with this worker's connection, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, peer])
        (mine,) = cursor.fetchone()
    try:
        yield bool(mine)
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, peer])

"""The clerk's hand in the post: letters that wait, opened and carried by hand, late, twice or in another order."""

import json
from typing import Any

from foundation import clock
from network.federation import delivery, http_keys, http_signatures, posting
from network.federation.models import Delivery, Inbound, Peer, SignsWith


def letters(host: str) -> list[dict[str, Any]]:
    """Everything that was ever on its way to that server, signed now, in the order in which it was written."""
    rows = Delivery.objects.filter(peer__host=host).select_related("outbound__sender", "peer").order_by("pk")
    return [_carried(row) for row in rows]


def types_since(host: str, *, after: int) -> list[str]:
    """The types of what was written for that server after the first so many letters."""
    rows = Delivery.objects.filter(peer__host=host).select_related("outbound").order_by("pk")
    return [row.outbound.body["type"] for row in rows][after:]


def undelivered(host: str) -> int:
    return Delivery.objects.filter(peer__host=host, done_at=None, dead_at=None).count()


def tried_in_vain(host: str) -> bool:
    """Whether something for that server was tried, and nobody answered."""
    return Delivery.objects.filter(peer__host=host, done_at=None, attempts__gte=1).exclude(last_error="").exists()


def hurries(host: str) -> None:
    """What waits for that server is tried now, not when its pause is over."""
    Peer.objects.filter(host=host).update(rests_until=None, failures=0)
    Delivery.objects.filter(peer__host=host, done_at=None).update(available_at=clock.now(), token=None)
    delivery.ask(Peer.objects.get(host=host).pk)


def forgets_how_they_sign(host: str) -> None:
    """Which signature that server took last is not known: the next letter goes out as the first did."""
    Peer.objects.filter(host=host).update(signs_with=SignsWith.CAVAGE)


def sends_again(host: str) -> None:
    """Everything that was delivered goes out once more."""
    Delivery.objects.filter(peer__host=host).update(done_at=None, dead_at=None, attempts=0)
    hurries(host)


def outcomes(host: str) -> list[str]:
    """What became of all that came from that server, sorted."""
    rows = Inbound.objects.filter(actor__peer__host=host).values_list("body__type", "outcome")
    return sorted(f"{type_} {outcome}" for type_, outcome in rows)


def _carried(row: Delivery) -> dict[str, Any]:
    body = posting.Sender(row.peer)._written(row.outbound)
    signer = http_keys.signer(row.outbound.sender)
    now = clock.now()
    headers = http_signatures.sign("POST", row.inbox, body, signer=signer, how=SignsWith.CAVAGE, now=now)
    target = row.inbox.partition(row.peer.host)[2]
    kind = {"Content-Type": "application/activity+json"}
    said = json.loads(body)
    return {"type": said["type"], "id": said["id"], "target": target, "headers": headers | kind, "body": body.decode()}
